// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// SQLite finds a page by the page above it, and the first of all by the schema, so that one torn
// page can hide all that is below it. Here each page is read for itself, whatever is left of the
// others: rows are in its cells, and what table they are of shows in their columns. An event
// vouches for itself by its checksum, every other row is held against the types of its table
// (STRICT). For the form of pages, records and the log see https://www.sqlite.org/fileformat2.html.
//
// Pages that were freed do not show: secure_delete has made them zeros.

#include "store/salvage.h"

#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "io/notify.h"
#include "store/sql.h"
#include "store/tables.h"

#define PAGE       4096       // SQLite's default, in every file of ours
#define PIECE      256        // pages a transaction
#define RESERVE    (4u << 20) // bytes of the disk that are left to what is to come
#define FILE_HEAD  100        // bytes of the first page
#define LOG_HEAD   32
#define FRAME_HEAD 24
#define FRAME      (FRAME_HEAD + PAGE)
#define LOG_MAGIC  (0x377f0682u | (G_BYTE_ORDER == G_BIG_ENDIAN))

// Of a row on its page; what is longer goes on elsewhere.
#define LOCAL_LEAST   489
#define LOCAL_MOST    (PAGE - 35)
#define LOCAL_OF_KEYS 1002
#define ROW_MOST      (1 << 20)
#define COLUMNS_MOST  24

typedef enum {
    KEY_BRANCH = 2,
    ROW_BRANCH = 5,
    KEY_LEAF = 10,
    ROW_LEAF = 13,
} PageKind;

// How the columns begin (null, integer, text, blob), and how many there are, in any version. Laps
// of before targets had quantities are made anew from the journal.
typedef struct {
    char name[14], begin[6];
    guint8 least, most;
    gboolean keys; // WITHOUT ROWID: a tree of keys
} Table;
static const Table tables[] = {
    {"events", "nib", 4, 4},     {"workouts", "ntt", 3, 3},       {"runs", "nii", 14, 21},
    {"sittings", "nti", 7, 9},   {"answers", "ntti", 6, 6},       {"sensors", "ntt", 4, 17},
    {"trials", "ni", 5, 5},      {"laps", "iiitt", 20, 20, TRUE}, {"athletes", "tt", 3, 3, TRUE},
    {"races", "ti", 6, 7, TRUE}, {"boots", "nti", 4, 4},          {"sqlite_schema", "ttti", 5, 5},
};
#define EVENTS (&tables[0])
#define SCHEMA (&tables[G_N_ELEMENTS(tables) - 1])

typedef struct {
    gint64 type; // as SQLite numbers them
    const guint8 *at;
    int length;
} Column;

typedef struct {
    int file, log;
    GHashTable *frames; // of the log: page → frame, from 1 on
    guint32 pages;
    sqlite3 *to;
    sqlite3_stmt *into;
    const Table *table; // of `into`
    int columns;        // of `into`
    GByteArray *row;
    gboolean known;                // all but the journal is there
    gboolean journal;              // its turn
    gint64 newest, newest_sitting; // event, and whose
    gint64 sitting, first;         // the one noted last
    gboolean lost;
    int code;
} Salvage;

static guint32 number(const guint8 *at, int length)
{
    guint32 value = 0;
    while (length-- > 0)
        value = value << 8 | *at++;
    return value;
}

static const guint8 *varint(const guint8 *at, const guint8 *end, gint64 *ret_value)
{
    guint64 value = 0;
    for (int i = 0; i < 9 && at < end; i++) {
        const guint8 byte = *at++;
        value = i == 8 ? value << 8 | byte : value << 7 | (byte & 0x7f);
        if (byte < 0x80)
            break;
    }
    *ret_value = (gint64)value;
    return at;
}

// ── pages ──

static gboolean read_at(int file, gint64 at, void *ret_bytes, gsize length)
{
    return pread(file, ret_bytes, length, at) == (gssize)length;
}

static gboolean read_page(const Salvage *from, guint32 page, guint8 *ret_bytes, gsize length)
{
    const gint64 frame =
        GPOINTER_TO_UINT(g_hash_table_lookup(from->frames, GUINT_TO_POINTER(page)));
    return frame > 0 ? read_at(from->log, LOG_HEAD + frame * FRAME - PAGE, ret_bytes, length)
                     : read_at(from->file, ((gint64)page - 1) * PAGE, ret_bytes, length);
}

static void add_sums(const guint8 *bytes, gsize length, guint32 *sums)
{
    for (gsize i = 0; i < length; i += 8) {
        guint32 words[2];
        memcpy(words, bytes + i, sizeof words);
        sums[0] += words[0] + sums[1];
        sums[1] += words[1] + sums[0];
    }
}

static gboolean sums_match(const guint8 *at, const guint32 *sums)
{
    return number(at, 4) == sums[0] && number(at + 4, 4) == sums[1];
}

// As far as its sums vouch for it, up to the last commit.
static void read_log(Salvage *from)
{
    guint8 head[LOG_HEAD], frame[FRAME];
    guint32 sums[2] = {0};
    g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint taken = 0;
    if (!read_at(from->log, 0, head, sizeof head) || number(head, 4) != LOG_MAGIC)
        return;
    add_sums(head, 24, sums);
    while (sums_match(head + 24, sums) &&
           read_at(from->log, LOG_HEAD + (gint64)pages->len * FRAME, frame, sizeof frame) &&
           memcmp(frame + 8, head + 16, 8) == 0) {
        const guint32 page = number(frame, 4);
        add_sums(frame, 8, sums);
        add_sums(frame + FRAME_HEAD, PAGE, sums);
        if (!sums_match(frame + 16, sums))
            break;
        memcpy(head + 24, frame + 16, 8);
        g_array_append_val(pages, page);
        for (; number(frame + 4, 4) > 0 && taken < pages->len; taken++) {
            const guint32 done = g_array_index(pages, guint32, taken);
            g_hash_table_insert(from->frames, GUINT_TO_POINTER(done), GUINT_TO_POINTER(taken + 1));
            from->pages = MAX(from->pages, done);
        }
    }
}

static gboolean is_tree(guint8 kind)
{
    return kind == KEY_BRANCH || kind == ROW_BRANCH || kind == KEY_LEAF || kind == ROW_LEAF;
}

// What a tree names is one.
static void check_tree(Salvage *from, gint64 page)
{
    guint8 kind;
    from->lost |= !read_page(from, (guint32)page, &kind, 1) || !is_tree(kind);
}

// ── rows ──

static gint64 integer(const Column *column)
{
    guint64 value = column->type == 9;
    if (column->length > 0 && column->at[0] >= 0x80)
        value = G_MAXUINT64;
    for (int i = 0; i < column->length; i++)
        value = value << 8 | column->at[i];
    return (gint64)value;
}

// A text whose bytes have turned goes on D-Bus all the same.
static int bind(sqlite3_stmt *into, int index, const Column *column, gint64 row)
{
    const char *bytes = (const char *)column->at;
    if (column->type >= 12)
        return column->type % 2 == 0
                   ? sqlite3_bind_blob(into, index, bytes, column->length, SQLITE_STATIC)
                   : sqlite3_bind_text(into, index, g_utf8_make_valid(bytes, column->length), -1,
                                       g_free);
    if (column->type == 0) // the number of a row stands for its first column
        return index == 1 ? sqlite3_bind_int64(into, index, row) : SQLITE_OK;
    const gint64 value = integer(column);
    double real;
    memcpy(&real, &value, sizeof real);
    return column->type == 7 ? sqlite3_bind_double(into, index, real)
                             : sqlite3_bind_int64(into, index, value);
}

static void prepare(Salvage *from, const Table *table, int columns)
{
    if (from->table == table && from->columns == columns)
        return;
    sqlite3_stmt *all = NULL;
    g_autofree char *select = g_strconcat("SELECT * FROM ", table->name, NULL);
    g_autoptr(GString) sql = g_string_new("INSERT OR IGNORE INTO ");
    g_string_append(sql, table->name);
    from->code = sqlite3_prepare_v2(from->to, select, -1, &all, NULL);
    for (int i = 0; i < columns; i++)
        g_string_append_printf(sql, "%c%s", i == 0 ? '(' : ',', sqlite3_column_name(all, i));
    g_string_append_printf(sql, ") VALUES(%.*s)", 2 * columns - 1,
                           "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?");
    sqlite3_finalize(all);
    sqlite3_finalize(from->into);
    from->into = NULL;
    if (from->code == SQLITE_OK)
        from->code = sqlite3_prepare_v2(from->to, sql->str, -1, &from->into, NULL);
    from->table = table;
    from->columns = columns;
}

static void insert(Salvage *from, const Table *table, const Column *columns, int count, gint64 row)
{
    prepare(from, table, count);
    for (int i = 0; from->code == SQLITE_OK && i < count; i++)
        from->code = bind(from->into, i + 1, &columns[i], row);
    if (from->code != SQLITE_OK)
        return;
    sqlite3_step(from->into);
    from->code = sqlite3_reset(from->into);
    sqlite3_clear_bindings(from->into);
    if ((from->code & 0xff) == SQLITE_CONSTRAINT) // it is there, or makes no sense
        from->code = SQLITE_OK;
}

// So many; 0: it makes no sense.
static int read_columns(const GByteArray *row, Column *ret_columns)
{
    static const guint8 lengths[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    gint64 head = 0;
    int count = 0;
    const guint8 *end = row->data + row->len, *at = varint(row->data, end, &head);
    if (head < 1 || head > row->len)
        return 0;
    for (const guint8 *body = row->data + head; at < row->data + head; count++) {
        gint64 type;
        at = varint(at, row->data + head, &type);
        const gint64 length =
            type >= (gint64)sizeof lengths ? (type - 12) / 2 : lengths[MAX(type, 0)];
        if (type < 0 || length > end - body || count == COLUMNS_MOST)
            return 0;
        ret_columns[count] = (Column){type, body, (int)length};
        body += length;
    }
    return count;
}

static char letter(gint64 type)
{
    return type == 0 ? 'n' : type < 12 ? (type == 7 ? 'r' : 'i') : type % 2 == 0 ? 'b' : 't';
}

static const Table *find_table(gboolean keys, const Column *columns, int count)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        const Table *table = &tables[i];
        int same = 0;
        while (same < count && table->begin[same] == letter(columns[same].type))
            same++;
        if (table->begin[same] == '\0' && table->keys == keys && count >= table->least &&
            count <= table->most)
            return table;
    }
    return NULL;
}

// Where it is lost, from its first event on. All that are not lost
// are there by then.
static void note_sitting(Salvage *from, gint64 sitting, gint64 event)
{
    from->sitting = sitting;
    from->first = event;
    if (from->code == SQLITE_OK && event > 0)
        from->code = sql_run_often(from->to,
                                   "INSERT INTO sittings(sitting, boot, started, config, first_seq)"
                                   " VALUES(?, '', 0, '', ?) ON CONFLICT DO UPDATE SET first_seq ="
                                   " min(first_seq, excluded.first_seq) WHERE boot = ''",
                                   "ii", sitting, event);
}

static void take_row(Salvage *from, gint64 row, gboolean keys)
{
    Column columns[COLUMNS_MOST];
    const int count = read_columns(from->row, columns);
    const Table *table = find_table(keys, columns, count);
    if (table == SCHEMA && columns[3].length > 0)
        check_tree(from, integer(&columns[3]));
    if (!table || table == SCHEMA)
        return;
    const gboolean event = table == EVENTS;
    if (event &&
        tables_crc(row, columns[2].at, (gsize)columns[2].length) != (guint32)integer(&columns[3])) {
        from->lost = TRUE;
        return;
    }
    // The newest goes first: what is new is numbered after it.
    const gboolean due = event ? from->journal || row > from->newest : !from->known;
    if (due && from->to)
        insert(from, table, columns, count, row);
    if (!event)
        return;
    const gint64 sitting = integer(&columns[1]);
    if (from->journal && (sitting != from->sitting || row < from->first))
        note_sitting(from, sitting, row);
    if (row <= from->newest)
        return;
    from->newest = row;
    from->newest_sitting = sitting;
}

// What does not fit goes on in a chain of pages.
static gboolean gather(Salvage *from, const guint8 *at, const guint8 *end, gint64 length, int most)
{
    gint64 here = length;
    if (length > most) {
        here = LOCAL_LEAST + (length - LOCAL_LEAST) % (PAGE - 4);
        here = here <= most ? here : LOCAL_LEAST;
    }
    if (length < 0 || length > ROW_MOST || here + 4 * (here < length) > end - at)
        return FALSE;
    g_byte_array_set_size(from->row, 0);
    g_byte_array_append(from->row, at, (guint)here);
    guint8 page[PAGE];
    guint32 next = here < length ? number(at + here, 4) : 0;
    while (from->row->len < length) {
        if (next == 0 || !read_page(from, next, page, sizeof page))
            return FALSE;
        g_byte_array_append(from->row, page + 4, (guint)MIN(PAGE - 4, length - from->row->len));
        next = number(page, 4);
    }
    return TRUE;
}

static void take_cell(Salvage *from, const guint8 *at, const guint8 *end, PageKind kind)
{
    gint64 length, row = 0;
    if ((kind == ROW_BRANCH || kind == KEY_BRANCH) && end - at >= 4) {
        check_tree(from, number(at, 4));
        at += 4;
    }
    if (kind == ROW_BRANCH)
        return;
    at = varint(at, end, &length);
    if (kind == ROW_LEAF)
        at = varint(at, end, &row);
    if (gather(from, at, end, length, kind == ROW_LEAF ? LOCAL_MOST : LOCAL_OF_KEYS))
        take_row(from, row, kind != ROW_LEAF);
    else
        from->lost = TRUE;
}

static void take_page(Salvage *from, guint32 which)
{
    guint8 page[PAGE];
    const guint8 *head = which == 1 ? page + FILE_HEAD : page, *end = page + PAGE;
    const gboolean read = read_page(from, which, page, sizeof page);
    if (!read || !is_tree(*head)) {
        from->lost |= !read || which == 1 || *head != 0; // else it is free, or the rest of a row
        return;
    }
    const PageKind kind = *head;
    const gboolean branch = kind == ROW_BRANCH || kind == KEY_BRANCH;
    const guint8 *cell = head + (branch ? 12 : 8);
    if (branch)
        check_tree(from, number(head + 8, 4));
    for (guint32 left = number(head + 3, 2); left > 0 && cell + 2 <= end; left--, cell += 2) {
        const guint32 offset = number(cell, 2);
        if (offset < PAGE)
            take_cell(from, page + offset, end, kind);
    }
}

// ── all of it ──

static void run(Salvage *from, const char *sql)
{
    if (from->code == SQLITE_OK)
        from->code = sqlite3_exec(from->to, sql, NULL, NULL, NULL);
}

// Of what no run has, something may yet be made by hand: nothing is pruned.
static const char mend[] =
    "INSERT OR IGNORE INTO sittings(sitting, boot, started, config, first_seq)"
    " SELECT sitting, '', 0, '', min(first_seq) FROM runs GROUP BY sitting;"
    "UPDATE sittings SET pruned = 1;"
    "UPDATE runs SET workout = NULL WHERE workout NOT IN (SELECT workout FROM workouts);"
    "DELETE FROM laps WHERE run NOT IN (SELECT run FROM runs);"
    "DELETE FROM trials WHERE run NOT IN (SELECT run FROM runs)";

// Of a sitting that is lost, when it was. Only as all is there: until then it is known by its lack.
static const char date[] =
    "UPDATE sittings SET boot = b.boot, shift = b.shift, wall_offset = b.wall_offset"
    " FROM boots b WHERE b.sitting = sittings.sitting AND sittings.boot = '';"
    "DELETE FROM boots WHERE sitting NOT IN (SELECT sitting FROM sittings)";

static gboolean has_room(const Salvage *from)
{
    struct statvfs disk;
    return fstatvfs(from->file, &disk) < 0 || (guint64)disk.f_bavail * disk.f_frsize > RESERVE;
}

// The newest are most often at the end.
static void go_through(Salvage *from)
{
    run(from, "BEGIN IMMEDIATE");
    for (guint32 page = from->pages; page > 0 && from->code == SQLITE_OK; page--) {
        take_page(from, page);
        if (page % PIECE != 0)
            continue;
        notify_busy();
        if (from->journal)
            run(from, "COMMIT; BEGIN IMMEDIATE");
        if (from->journal && from->code == SQLITE_OK && !has_room(from))
            from->code = SQLITE_FULL;
    }
    note_sitting(from, from->newest_sitting, from->newest);
    run(from, mend);
    run(from, "COMMIT");
    if (from->code != SQLITE_OK)
        sqlite3_exec(from->to, "ROLLBACK", NULL, NULL, NULL);
}

static Salvage salvage_open(const char *path)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    Salvage from = {.file = open(path, O_RDONLY | O_CLOEXEC),
                    .log = open(log, O_RDONLY | O_CLOEXEC),
                    .frames = g_hash_table_new(NULL, NULL),
                    .row = g_byte_array_new()};
    from.pages = (guint32)(MAX(lseek(from.file, 0, SEEK_END), 0) / PAGE);
    read_log(&from);
    return from;
}

static void salvage_close(Salvage *from)
{
    sqlite3_finalize(from->into);
    g_hash_table_unref(from->frames);
    g_byte_array_unref(from->row);
    if (from->file >= 0)
        close(from->file);
    if (from->log >= 0)
        close(from->log);
}

gboolean salvage_knows(const char *path, guint32 mark)
{
    Salvage from = salvage_open(path);
    guint8 head[72] = {1};
    read_at(from.file, 0, head, sizeof head);
    gboolean ours = number(head, 4) == 0 || number(head + 68, 4) == mark;
    for (guint32 page = from.pages; page > 0 && !ours; page--) {
        take_page(&from, page);
        ours = from.newest > 0;
    }
    salvage_close(&from);
    return ours;
}

// Rows come in the order of the pages, and so before those that they name.
int salvage(const char *path, sqlite3 *to, gboolean *ret_lost, gboolean *ret_all_but_journal)
{
    Salvage from = salvage_open(path);
    gint64 sittings = 0;
    from.to = to;
    from.code = sql_int(to, &sittings, "SELECT count(*) FROM sittings", "");
    from.known = sittings > 0;
    run(&from, "PRAGMA foreign_keys = OFF");
    go_through(&from);
    *ret_all_but_journal = from.known || from.code == SQLITE_OK;
    from.known = from.journal = TRUE;
    if (from.code == SQLITE_OK)
        go_through(&from);
    run(&from, date);
    sqlite3_exec(to, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    *ret_lost = from.lost;
    salvage_close(&from);
    return from.code;
}
