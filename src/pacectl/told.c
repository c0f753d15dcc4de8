// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A runner from options or from the bus; told.h is its manual.

#include "pacectl/told.h"

#include "bus/athlete-dict.h"
#include "estimate/load.h"
#include "io/clock.h"

#include <math.h>
#include <string.h>

Told told_nothing(void)
{
    return (Told){.athlete = athlete_unknown()};
}

void told_clear(Told *told)
{
    g_clear_pointer(&told->races, g_strfreev);
    g_clear_pointer(&told->sex, g_free);
}

static int add_races(Athlete *athlete, char **races)
{
    char why[WHY_MAX];
    for (; races && *races; races++) {
        if (!argument_check(*races))
            return EXIT_BAD_INPUT;
        if (athlete->race_count == RACES_MAX)
            return complain(EXIT_BAD_INPUT, "--race %s: there are at most %d races", *races,
                            RACES_MAX);
        if (!race_parse(*races, &athlete->races[athlete->race_count++], why))
            return complain(EXIT_BAD_INPUT, "--race %s: %s", *races, why);
    }
    return EXIT_DONE;
}

int told_finish(Told *told)
{
    char why[WHY_MAX];
    if (told->sex && !sex_parse(told->sex, &told->athlete.sex))
        return complain(EXIT_BAD_USAGE, "--sex takes f or m, by which standards of age differ");
    int code = add_races(&told->athlete, told->races);
    if (code == EXIT_DONE && !athlete_check(&told->athlete, why))
        return complain(EXIT_BAD_INPUT, "%s", why);
    return code;
}

Paced1Athlete *told_by_daemon(Athlete *ret_athlete, int *ret_code)
{
    g_autoptr(GDBusObjectManager) objects = NULL;
    g_autoptr(GError) error = NULL;
    *ret_code = daemon_open(&objects);
    if (*ret_code != EXIT_DONE)
        return NULL;
    g_autoptr(Paced1Athlete) proxy = daemon_find(objects, "org.paced1.Athlete");
    GVariant *settings = proxy ? paced1_athlete_get_settings(proxy) : NULL;
    Athlete athlete = athlete_unknown();
    if (!settings || !athlete_dict_read(settings, &athlete, &error)) {
        *ret_code = complain_stranger();
        return NULL;
    }
    *ret_athlete = athlete;
    return g_steal_pointer(&proxy);
}

// ── without a word ──

#define PATIENCE_MS 2000
#define RUN_LEAST_S 300.0 // what was stopped before tells nothing of what its runner is used to
#define RUNS_ASKED  100
#define DAY_S       (24 * 3600.0)

// Only what is there already: GIO would start a bus, and the bus a daemon.
static GDBusConnection *open_bus(void)
{
    g_autofree char *socket = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
    if (!g_getenv("DBUS_SESSION_BUS_ADDRESS") && !g_file_test(socket, G_FILE_TEST_EXISTS))
        return NULL;
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
    if (bus)
        g_dbus_connection_set_exit_on_close(bus, FALSE);
    return bus;
}

// The one value of an answer, or NULL.
static GVariant *ask(GDBusConnection *bus, const char *path, const char *interface,
                     const char *method, GVariant *arguments, const char *type)
{
    g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
        bus, "org.paced1", path, interface, method, arguments, G_VARIANT_TYPE(type),
        G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE_MS, NULL, NULL);
    return answer ? g_variant_get_child_value(answer, 0) : NULL;
}

static gboolean find_athlete(GVariant *objects, Athlete *ret_athlete)
{
    GVariantIter iter;
    GVariant *interfaces;
    gboolean found = FALSE;
    g_variant_iter_init(&iter, objects);
    while (!found && g_variant_iter_next(&iter, "{o@a{sa{sv}}}", NULL, &interfaces)) {
        g_autoptr(GVariant) athlete =
            g_variant_lookup_value(interfaces, "org.paced1.Athlete", NULL);
        g_autoptr(GVariant) settings =
            athlete ? g_variant_lookup_value(athlete, "Settings", G_VARIANT_TYPE_VARDICT) : NULL;
        Athlete told = athlete_unknown();
        found = settings && athlete_dict_read(settings, &told, NULL);
        if (found)
            *ret_athlete = told;
        g_variant_unref(interfaces);
    }
    return found;
}

static double run_double(GVariant *run, const char *key)
{
    double value = NAN;
    g_variant_lookup(run, key, "d", &value);
    return value;
}

// Of a run that only a strap saw nothing is known: its 0 m are no measurement.
static double run_metres(GVariant *run)
{
    const double corrected = run_double(run, "corrected-distance");
    const double metres = isnan(corrected) ? run_double(run, "distance") : corrected;
    return metres > 0 ? metres : NAN;
}

// A run without a date was one when no clock was known: it counts as one of the last.
static RunnerHistory read_history(GVariant *runs)
{
    RunnerHistory history = history_unknown();
    const double now = usec_to_s(clock_wall());
    double weeks_rtss = 0, days_rtss = 0, unmeasured_s = 0, measured_s = 0;
    gboolean long_enough = FALSE;
    for (gsize i = 0; i < g_variant_n_children(runs); i++) {
        g_autoptr(GVariant) run = g_variant_get_child_value(runs, i);
        gint64 started;
        const gboolean dated = g_variant_lookup(run, "started", "x", &started);
        const double ago = dated ? now - usec_to_s(started) : 0;
        long_enough |= ago >= LOAD_WEEKS_DAYS * DAY_S;
        const double seconds = run_double(run, "duration"), metres = run_metres(run);
        if (ago > HISTORY_WEEKS * 7 * DAY_S || !(seconds >= RUN_LEAST_S))
            continue;
        double *its_s = isnan(metres) ? &unmeasured_s : &measured_s;
        *its_s = fmax(*its_s, seconds);
        history.runs++;
        history.longest_m = fmax(history.longest_m, metres);
        history.longest_s = fmax(history.longest_s, seconds);
        const double rtss = run_double(run, "rtss");
        history.heaviest_rtss = fmax(history.heaviest_rtss, rtss);
        // A run whose load is not known leaves its week's unknown as well.
        if (ago < LOAD_WEEKS_DAYS * DAY_S)
            weeks_rtss += rtss;
        if (ago < (LOAD_WEEK_DAYS - 1) * DAY_S)
            days_rtss += rtss;
    }
    // The longest by far may be one of those.
    if (unmeasured_s > measured_s)
        history.longest_m = NAN;
    history.days_rtss = days_rtss;
    history.week_rtss = long_enough ? weeks_rtss * LOAD_WEEK_DAYS / LOAD_WEEKS_DAYS : NAN;
    return history;
}

gboolean told_quietly(Athlete *ret_athlete, RunnerHistory *ret_history)
{
    g_autoptr(GDBusConnection) bus = open_bus();
    g_autoptr(GVariant) objects =
        bus ? ask(bus, "/org/paced1", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
                  NULL, "(a{oa{sa{sv}}})")
            : NULL;
    if (!objects || !find_athlete(objects, ret_athlete))
        return FALSE;
    g_autoptr(GVariant) runs = ask(bus, "/org/paced1/history", "org.paced1.History", "List",
                                   g_variant_new("(u)", RUNS_ASKED), "(aa{sv})");
    *ret_history = runs ? read_history(runs) : history_unknown();
    return TRUE;
}
