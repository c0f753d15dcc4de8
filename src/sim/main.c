// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// paced-sim: the virtual runner as a program.

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "sim/fake.h"
#include "sim/radio.h"

static const char USAGE[] = "usage: paced-sim fake [OPTION…]   an org.bluez with virtual sensors\n"
                            "       paced-sim radio [OPTION…]  virtual sensors on real adapters\n"
                            "       paced-sim --version\n"
                            "Each has --help.\n";

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); // for the help; never LC_NUMERIC
    if (argc > 1 && strcmp(argv[1], "fake") == 0)
        return fake_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "radio") == 0)
        return radio_main(argc - 1, argv + 1);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("paced-sim " PACED_VERSION);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(USAGE, stdout);
        return 0;
    }
    fputs(USAGE, stderr);
    return 64;
}
