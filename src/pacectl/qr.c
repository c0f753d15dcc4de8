// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Draws a QR code with characters. What is hard is that a line which breaks, or a theme that swaps
// dark and light, makes it unreadable: so its width is checked and its colours are said.

#include "pacectl/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MARGIN 4
#define BEGIN  "\x1b[38;5;16;48;5;231m" // black on white of the fixed 256
#define END    "\x1b[0m"

static gboolean is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width &&
           (code->data[y * code->width + x] & 1) != 0;
}

static void print_code(const QRcode *code)
{
    static const char *const blocks[] = {" ", "▀", "▄", "█"}; // by upper and lower half
    for (int y = -MARGIN; y < code->width + MARGIN; y += 2) {
        fputs(BEGIN, stdout);
        for (int x = -MARGIN; x < code->width + MARGIN; x++)
            fputs(blocks[is_dark(code, x, y) + 2 * is_dark(code, x, y + 1)], stdout);
        puts(END);
    }
}

int qr_print(const char *text)
{
    struct winsize size;
    QRcode *code =
        QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_L);
    if (!code && errno == ERANGE)
        return complain(EXIT_BAD_INPUT,
                        "its text has %zu bytes, and a QR code holds %d: share it without --qr",
                        strlen(text), QR_BYTES_MAX);
    if (!code)
        return complain(EXIT_OTHER, "no QR code can be made: %s", g_strerror(errno));
    int result = EXIT_DONE;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
        size.ws_col < code->width + 2 * MARGIN)
        result = complain(EXIT_OTHER,
                          "the code is %d columns wide and the terminal %d: widen it, or make its "
                          "letters smaller",
                          code->width + 2 * MARGIN, size.ws_col);
    else
        print_code(code);
    QRcode_free(code);
    return result;
}
