// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl: the command line of paced. This file finds the verb; each verb has a file of its own.

#include "pacectl/pacectl.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

const Verb VERBS[] = {
    {"status", "[--json]", "what the daemon, its sensors and the workout are doing", verb_status},
    {"doctor", "[--json]", "what stands in the way of a run, and what to do about it", verb_doctor},
    {"monitor", "[--json]", "follow cues and values until Ctrl-C", verb_monitor},
    {"sensors", "[scan [SECONDS]|add ADDRESS [NAME]|forget ADDRESS] [--json]",
     "list, look for, enrol and forget sensors", verb_sensors},
    {"workouts", "[show NAME] [--json]", "the workouts that can be started by name", verb_workouts},
    {"start", "FILE|NAME|--free [--wait-sensors] [--follow]", "begin a workout (- reads its text)",
     verb_start},
    {"pause", "", "stop the clock", verb_steer},
    {"resume", "", "go on after a pause", verb_steer},
    {"lap", "", "end this step and begin the next; in a free run, begin another lap", verb_steer},
    {"skip", "", "abandon this step", verb_steer},
    {"stop", "", "end the workout; what was run is kept", verb_steer},
    {"history", "[RUN] [--limit N] [--json]", "the runs that were kept, or the laps of one",
     verb_history},
    {"decode", "2a37|2a53|2a54 HEX", "what a sensor's packet says, as JSON", verb_decode},
    {"check", "FILE [--json]", "read a workout's text and say what it holds and what is doubtful",
     verb_check},
    {"simulate", "FILE [--seed N] [--json]", "run a workout with a virtual runner, in no time",
     verb_simulate},
    {NULL},
};

const Verb *verb_find(const char *name)
{
    for (const Verb *verb = VERBS; verb->name; verb++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}

static void print_usage(FILE *to)
{
    fputs("pacectl VERB ...\n\n", to);
    for (const Verb *verb = VERBS; verb->name; verb++)
        fprintf(to, "  %-9s %s\n            %s\n", verb->name, verb->arguments, verb->summary);
    fputs("\nExit status: 0 done, 64 wrong usage, 65 bad input, 69 no daemon, 1 anything else.\n",
          to);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    // Numbers are printed for scripts too: a decimal comma would break them.
    setlocale(LC_NUMERIC, "C");
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_BAD_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("pacectl " PACED_VERSION);
        return EXIT_DONE;
    }
    const Verb *verb = verb_find(argv[1]);
    if (!verb)
        return complain(EXIT_BAD_USAGE, "there is no verb '%s'; pacectl --help lists them",
                        argv[1]);
    int code = verb->run(argc - 1, argv + 1);
    // A script that keeps the output must not take half of it for all.
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_DONE)
        return complain(EXIT_OTHER, "the output cannot be written: %s", g_strerror(errno));
    return code;
}
