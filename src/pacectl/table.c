// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Reads CSV as spreadsheets and scripts write it. Every field of a numeric column has to be a
// number or empty; what is not, is an error with its line, since a row that is left out is a wrong
// number later on. Numbers are read where they are asked for, so that a column of text does no
// harm.

#include "pacectl/table.h"

#include "io/error.h"
#include "pacectl/pacectl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAMES_SHOWN 200

struct Table {
    char *what;
    GPtrArray *lines; // char **, the fields; the first has the names
    GArray *numbers;  // guint, of each line
};

static void table_complain(const Table *table, guint line, GError **error, const char *format,
                           va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%s:%u: %s", table->what, line, text);
}

void table_error(const Table *table, guint row, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    table_complain(table, table_line(table, row), error, format, arguments);
    va_end(arguments);
}

void table_header_error(const Table *table, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    table_complain(table, 1, error, format, arguments);
    va_end(arguments);
}

// A list within a field (RR intervals) may be quoted.
static char **split(char *line)
{
    char **fields = g_strsplit(line, ",", -1);
    for (gsize i = 0; fields[i]; i++) {
        g_strstrip(fields[i]);
        gsize length = strlen(fields[i]);
        if (length >= 2 && fields[i][0] == '"' && fields[i][length - 1] == '"') {
            fields[i][length - 1] = '\0';
            memmove(fields[i], fields[i] + 1, length - 1);
        }
    }
    return fields;
}

static gboolean number_of(const char *field, double *ret_number)
{
    char *end;
    *ret_number = NAN;
    if (*field == '\0' || g_ascii_strcasecmp(field, "nan") == 0)
        return TRUE;
    double number = g_ascii_strtod(field, &end);
    if (*end != '\0' || !isfinite(number))
        return FALSE;
    *ret_number = number;
    return TRUE;
}

Table *table_read(const char *what, const char *text, gsize length, GError **error)
{
    g_autoptr(Table) table = g_new0(Table, 1);
    table->what = g_strdup(what);
    table->lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    table->numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    if (length > INPUT_MAX) {
        table_header_error(table, error, "the file is longer than %d MB", INPUT_MAX >> 20);
        return NULL;
    }
    if (memchr(text, '\0', length) || !g_utf8_validate(text, (gssize)length, NULL)) {
        table_header_error(table, error, "expected a table of numbers as text (CSV, UTF-8)");
        return NULL;
    }
    if (g_str_has_prefix(text, "\xef\xbb\xbf"))
        text += 3;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (*g_strstrip(lines[i]) == '\0')
            continue;
        g_ptr_array_add(table->lines, split(lines[i]));
        guint number = i + 1;
        g_array_append_val(table->numbers, number);
    }
    if (table->lines->len == 0) {
        table_header_error(table, error, "expected a line of column names: the file is empty");
        return NULL;
    }
    return g_steal_pointer(&table);
}

Table *table_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    g_autoptr(GError) local = NULL;
    if (!g_file_get_contents(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &text, &length,
                             &local)) {
        g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_TEXT, "%s: %s", path, local->message);
        return NULL;
    }
    return table_read(path, text, length, error);
}

void table_free(Table *table)
{
    if (!table)
        return;
    g_free(table->what);
    g_clear_pointer(&table->lines, g_ptr_array_unref);
    g_clear_pointer(&table->numbers, g_array_unref);
    g_free(table);
}

guint table_rows(const Table *table)
{
    return table->lines->len - 1;
}

guint table_line(const Table *table, guint row)
{
    return g_array_index(table->numbers, guint, row + 1);
}

int table_column(const Table *table, const char *name)
{
    char **names = g_ptr_array_index(table->lines, 0);
    for (int i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}

int table_need(const Table *table, const char *name, GError **error)
{
    int column = table_column(table, name);
    if (column < 0) {
        g_autofree char *all = g_strjoinv(", ", g_ptr_array_index(table->lines, 0));
        g_autofree char *names = g_utf8_substring(all, 0, MIN(g_utf8_strlen(all, -1), NAMES_SHOWN));
        table_header_error(table, error, "expected a column “%s”; there are: %s", name, names);
    }
    return column;
}

const char *table_text(const Table *table, guint row, int column)
{
    char **fields = g_ptr_array_index(table->lines, row + 1);
    for (int i = 0; fields[i] && column >= 0; i++) {
        if (i == column)
            return fields[i];
    }
    return "";
}

double table_number(const Table *table, guint row, int column)
{
    double number;
    return number_of(table_text(table, row, column), &number) ? number : NAN;
}

gboolean table_numeric(const Table *table, int column, GError **error)
{
    for (guint row = 0; row < table_rows(table); row++) {
        double number;
        const char *field = table_text(table, row, column);
        if (!number_of(field, &number)) {
            table_error(table, row, error, "expected a number, or nothing: “%s”", field);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean table_in_order(const Table *table, int column, GError **error)
{
    double before = -INFINITY;
    for (guint row = 0; row < table_rows(table); row++) {
        double at = table_number(table, row, column);
        if (isnan(at)) {
            table_error(table, row, error, "expected a time in seconds: “%s”",
                        table_text(table, row, column));
            return FALSE;
        }
        if (at < before) {
            table_error(table, row, error, "time runs backwards, from %g to %g s", before, at);
            return FALSE;
        }
        before = at;
    }
    return TRUE;
}
