// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// SQLite's five calls a statement, as one. Text and blobs are bound without a copy: each statement
// ends before its caller's arguments do.

#include "store/sql.h"

#include <stdarg.h>
#include <string.h>

static int bind_all(sqlite3_stmt *statement, const char *types, va_list arguments)
{
    int code = SQLITE_OK;
    for (int i = 1; *types && code == SQLITE_OK; i++, types++) {
        const void *bytes;
        switch (*types) {
        case 'i':
            code = sqlite3_bind_int64(statement, i, va_arg(arguments, gint64));
            break;
        case 'd':
            code = sqlite3_bind_double(statement, i, va_arg(arguments, double));
            break;
        case 't':
            code =
                sqlite3_bind_text(statement, i, va_arg(arguments, const char *), -1, SQLITE_STATIC);
            break;
        case 'b':
            bytes = va_arg(arguments, const void *);
            code =
                sqlite3_bind_blob64(statement, i, bytes, va_arg(arguments, gsize), SQLITE_STATIC);
            break;
        default:
            g_assert_not_reached();
        }
    }
    return code;
}

static int prepare(sqlite3 *db, sqlite3_stmt **ret_statement, const char *sql, const char *types,
                   va_list arguments)
{
    int code = sqlite3_prepare_v2(db, sql, -1, ret_statement, NULL);
    if (code == SQLITE_OK)
        code = bind_all(*ret_statement, types, arguments);
    if (code != SQLITE_OK) {
        sqlite3_finalize(*ret_statement);
        *ret_statement = NULL;
    }
    return code;
}

int sql_prepare(sqlite3 *db, sqlite3_stmt **ret_statement, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    int code = prepare(db, ret_statement, sql, types, arguments);
    va_end(arguments);
    return code;
}

int sql_run(sqlite3 *db, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement;
    va_list arguments;
    va_start(arguments, types);
    int code = prepare(db, &statement, sql, types, arguments);
    va_end(arguments);
    if (code != SQLITE_OK)
        return code;
    while (sqlite3_step(statement) == SQLITE_ROW)
        continue;
    return sqlite3_finalize(statement);
}

// SQLite keeps a list of a connection's statements: it is all the memory that is needed.
static sqlite3_stmt *find_kept(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    while ((statement = sqlite3_next_stmt(db, statement)))
        if (!sqlite3_stmt_busy(statement) && strcmp(sqlite3_sql(statement), sql) == 0)
            return statement;
    return NULL;
}

int sql_run_often(sqlite3 *db, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement = find_kept(db, sql);
    int code = SQLITE_OK;
    if (!statement)
        code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    va_list arguments;
    va_start(arguments, types);
    code = bind_all(statement, types, arguments);
    va_end(arguments);
    if (code == SQLITE_OK) {
        while (sqlite3_step(statement) == SQLITE_ROW)
            continue;
        code = sqlite3_reset(statement);
    }
    sqlite3_clear_bindings(statement); // what they point to goes now
    return code;
}

void sql_close(sqlite3 *db)
{
    if (!db)
        return;
    sqlite3_stmt *statement;
    while ((statement = sqlite3_next_stmt(db, NULL)))
        sqlite3_finalize(statement);
    sqlite3_close_v2(db);
}

int sql_int(sqlite3 *db, gint64 *ret_value, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement;
    va_list arguments;
    va_start(arguments, types);
    int code = prepare(db, &statement, sql, types, arguments);
    va_end(arguments);
    if (code != SQLITE_OK)
        return code;
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        *ret_value = sqlite3_column_int64(statement, 0);
    return sqlite3_finalize(statement);
}
