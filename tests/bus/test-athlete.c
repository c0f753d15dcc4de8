// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What a program on the bus can tell of the runner, and what it reads back.

#include "world.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define ATHLETE "org.paced1.Athlete"

TestSuite(athlete, .init = world_begin, .fini = world_end, .timeout = 60);

// `text` is a dictionary as GVariant writes it.
static Reply set(const char *text)
{
    GError *error = NULL;
    GVariant *settings = g_variant_parse(G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
    cr_assert(error == NULL, "%s: %s", text, error ? error->message : "");
    return call(RUNNER, ATHLETE, "Set", g_variant_new("(@a{sv})", settings));
}

static void set_well(const char *text)
{
    Reply reply = set(text);
    cr_expect(reply.error == NULL, "%s: %s", text, reply.message);
    reply_clear(&reply);
}

static char *print_property(const char *name)
{
    g_autoptr(GVariant) value = property(RUNNER, ATHLETE, name);
    return g_variant_print(value, FALSE);
}

Test(athlete, of_nobody_nothing_is_known)
{
    g_autofree char *settings = print_property("Settings"), *derived = print_property("Derived");
    g_autofree char *warnings = print_property("Warnings");
    cr_expect(eq(str, settings, (char *)"{}"));
    cr_expect(eq(str, derived, (char *)"{}"));
    cr_expect(eq(str, warnings, (char *)"[]"));
}

Test(athlete, what_is_told_is_shown_and_what_is_not_stays)
{
    set_well("{'sex': <'F'>, 'age': <35.0>, 'heart-rest': <48.0>}");
    set_well("{'mass': <61.5>, 'heart-max': <187.0>}");
    cr_expect(eq(int, world.athlete.sex, SEX_FEMALE));
    cr_expect(eq(dbl, world.athlete.age, 35));
    cr_expect(eq(dbl, world.athlete.mass_kg, 61.5));
    g_autoptr(GVariant) settings = property(RUNNER, ATHLETE, "Settings");
    const char *sex;
    double rest;
    cr_expect(eq(sz, g_variant_n_children(settings), 5));
    cr_expect(g_variant_lookup(settings, "sex", "&s", &sex) && strcmp(sex, "female") == 0);
    cr_expect(g_variant_lookup(settings, "heart-rest", "d", &rest) && rest == 48);
}

Test(athlete, what_was_told_can_be_taken_back)
{
    set_well(
        "{'sex': <'m'>, 'age': <35.0>, 'races': <[{'distance': <5000.0>, 'time': <1200.0>}]>}");
    set_well("{'sex': <''>, 'age': <nan>, 'races': <@aa{sv} []>}");
    g_autofree char *settings = print_property("Settings");
    cr_expect(eq(str, settings, (char *)"{}"));
    cr_expect(athlete_is_unknown(&world.athlete));
}

Test(athlete, a_race_keeps_its_date_and_whether_it_was_run_all_out)
{
    set_well("{'races': <[{'distance': <5000.0>, 'time': <1200.0>, 'date': <'2026-03-01'>},"
             " {'distance': <10000.0>, 'time': <2700.0>, 'maximal': <false>}]>}");
    cr_assert(eq(sz, world.athlete.race_count, 2));
    cr_expect(eq(int, world.athlete.races[0].day, 20513));
    cr_expect(world.athlete.races[0].maximal);
    cr_expect(not(world.athlete.races[1].maximal));
    g_autofree char *settings = print_property("Settings");
    cr_expect(strstr(settings, "'date': <'2026-03-01'>") != NULL, "%s", settings);
    cr_expect(strstr(settings, "'maximal': <false>") != NULL, "%s", settings);
}

Test(athlete, a_goal_has_a_distance_and_a_time)
{
    set_well("{'goals': <[{'distance': <42195.0>, 'time': <13500.0>}]>}");
    cr_expect(eq(dbl, athlete_goal(&world.athlete, METRES_MARATHON), 13500));
    g_autofree char *settings = print_property("Settings"), *derived = print_property("Derived");
    cr_expect(strstr(settings, "'distance': <42195.0>") && strstr(settings, "'time': <13500.0>"),
              "%s", settings);
    cr_expect(strstr(settings, "maximal") == NULL, "%s", settings);
    cr_expect(eq(str, derived, (char *)"{}"), "nothing that he can do follows from it");
    set_well("{'goals': <@aa{sv} []>}");
    cr_expect(athlete_is_unknown(&world.athlete));
}

Test(athlete, what_follows_says_how_it_is_known)
{
    set_well("{'races': <[{'distance': <5000.0>, 'time': <1140.0>},"
             " {'distance': <1609.344>, 'time': <330.0>}]>, 'heart-threshold': <170.0>}");
    g_autoptr(GVariant) derived = property(RUNNER, ATHLETE, "Derived");
    g_autoptr(GVariant) critical =
        g_variant_lookup_value(derived, "critical-speed", G_VARIANT_TYPE_VARDICT);
    g_autoptr(GVariant) paces = g_variant_lookup_value(derived, "paces", NULL);
    g_autoptr(GVariant) zones = g_variant_lookup_value(derived, "threshold-zones", NULL);
    double vdot, value, deviation, threshold;
    const char *from;
    cr_assert(g_variant_lookup(derived, "vdot", "d", &vdot));
    cr_expect(epsilon_eq(dbl, vdot, 53.3725, 5e-5));
    cr_assert(critical && paces && zones);
    cr_assert(g_variant_lookup(critical, "value", "d", &value));
    cr_assert(g_variant_lookup(critical, "deviation", "d", &deviation));
    cr_assert(g_variant_lookup(critical, "from", "&s", &from));
    cr_expect(epsilon_eq(dbl, value, 4.185995, 1e-6));
    cr_expect(epsilon_eq(dbl, deviation, 0.02 * 4.185995, 1e-6));
    cr_expect(strcmp(from, "trials") == 0);
    cr_assert(g_variant_lookup(paces, "threshold", "d", &threshold));
    cr_expect(epsilon_eq(dbl, 1000 / threshold, 242, 1));
    cr_expect(eq(sz, g_variant_n_children(zones), 7));
    cr_expect(not(g_variant_lookup(derived, "reserve-zones", "ad", NULL)));
}

Test(athlete, doubts_are_told)
{
    set_well("{'races': <[{'distance': <5000.0>, 'time': <1125.0>},"
             " {'distance': <42195.0>, 'time': <14000.0>}]>}");
    g_autofree char *warnings = print_property("Warnings");
    cr_expect(strstr(warnings, "the 5 km a VDOT of 53.7, the marathon of 39.2") != NULL, "%s",
              warnings);
}

Test(athlete, what_cannot_be_is_refused_and_changes_nothing)
{
    static const struct {
        const char *settings, *said;
    } bad[] = {
        {"{'shoe-size': <42.0>}", "“shoe-size” is not known"},
        {"{'age': <35>}", "must be of type d"},
        {"{'age': <200.0>}", "an age is 5 to 100 years"},
        {"{'age': <inf>}", "an age is 5 to 100 years"},
        {"{'sex': <'x'>}", "female or male"},
        {"{'heart-max': <60.0>}", "90 to 230 bpm"},
        {"{'heart-rest': <190.0>}", "25 to 120 bpm"},
        {"{'races': <[{'distance': <5000.0>}]>}", "a distance and a time"},
        {"{'races': <[{'distance': <5000.0>, 'time': <540.0>}]>}", "5 km in 9:00"},
        {"{'goals': <[{'distance': <5000.0>, 'time': <540.0>}]>}", "5 km in 9:00"},
        {"{'goals': <[{'distance': <5000.0>, 'time': <1200.0>, 'maximal': <true>}]>}", "“maximal”"},
        {"{'goals': <[{'distance': <5e3>, 'time': <1e3>}, {'distance': <1e3>, 'time': <200.0>},"
         " {'distance': <1e4>, 'time': <3e3>}, {'distance': <2e4>, 'time': <7e3>}]>}",
         "at most 3 goals"},
        {"{'races': <[{'distance': <nan>, 'time': <540.0>}]>}", "800 m to 100 km"},
        {"{'races': <[{'distance': <5000.0>, 'time': <1200.0>, 'shoes': <'red'>}]>}", "“shoes”"},
        {"{'races': <[{'distance': <5000.0>, 'time': <1200.0>, 'date': <'yesterday'>}]>}",
         "is no date"},
        {"{'races': <[{'distance': <5000.0>, 'time': <1200.0>, 'date': <'2026-02-30'>}]>}",
         "is no date"},
        {"{'races': <[{'distance': <5000.0>, 'time': <1200.0>, 'date': <'1969-01-01'>}]>}",
         "is no date"},
    };
    set_well("{'age': <35.0>}");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        Reply reply = set(bad[i].settings);
        cr_assert(reply.error != NULL, "%s", bad[i].settings);
        cr_expect(strcmp(reply.error, "org.paced1.Error.BadArgument") == 0, "%s", reply.error);
        cr_expect(strstr(reply.message, bad[i].said) != NULL, "%s: %s", bad[i].settings,
                  reply.message);
        reply_clear(&reply);
    }
    g_autofree char *settings = print_property("Settings");
    cr_expect(eq(str, settings, (char *)"{'age': <35.0>}"));
}

Test(athlete, a_seventh_race_is_refused)
{
    g_autoptr(GString) races = g_string_new("{'races': <[");
    for (int i = 0; i < 7; i++)
        g_string_append_printf(races, "%s{'distance': <5000.0>, 'time': <1200.0>}", i ? ", " : "");
    g_string_append(races, "]>}");
    Reply reply = set(races->str);
    cr_expect(reply.error != NULL && strstr(reply.message, "at most 6 races") != NULL);
    reply_clear(&reply);
}

Test(athlete, it_changes_in_one_signal_that_comes_before_the_answer)
{
    signals_watch(RUNNER);
    set_well("{'age': <35.0>, 'heart-rest': <48.0>}");
    cr_expect(eq(u32, signals_seen("PropertiesChanged"), 1));
}
