// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A table of numbers from a CSV file: a line of column names, then rows. A byte-order mark, CRLF,
// blank lines and blanks about a field are nothing; an empty field is unknown (NAN). A column may
// be a list: then its field is kept as text.

#pragma once

#include <glib.h>

typedef struct Table Table;

// `what` is how errors call the file. Errors say the line and what was expected; NULL then.
Table *table_read(const char *what, const char *text, gsize length, GError **error);
// Reads the file, "-" for standard input. The error's message begins with the file's name.
Table *table_load(const char *path, GError **error);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

guint table_rows(const Table *table);
guint table_line(const Table *table, guint row);        // in the file, from 1
int table_column(const Table *table, const char *name); // -1: there is none
// -1: an error says which columns there are.
int table_need(const Table *table, const char *name, GError **error);

double table_number(const Table *table, guint row, int column); // NAN: unknown, or no such column
const char *table_text(const Table *table, guint row, int column); // "" for no such column

// Whether every field of a column is a number or empty.
gboolean table_numeric(const Table *table, int column, GError **error);

// Whether a column that every row has to have is a time that never runs backwards.
gboolean table_in_order(const Table *table, int column, GError **error);

// An error of a row: "FILE:LINE: …".
void table_error(const Table *table, guint row, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

// An error of the line with the names.
void table_header_error(const Table *table, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
