#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
# One shape for every C file; `./run format` mends what this finds. Usage: format.sh SOURCE_ROOT.
cd "$1" && find src tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
