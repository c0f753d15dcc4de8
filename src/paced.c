// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The daemon: options, wiring, signals. No decisions.

int main(void)
{
    return 0;
}
