// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Which sensor gets which treatment, and what mistakes in the files cost.

#include "io/quirks.h"

#include "radio/radio.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>
#include <string.h>

#define SHIPPED TEST_DATA "/../../config/quirks.conf"

static char *directory, *shipped, *user;

static void setup(void)
{
    directory = g_dir_make_tmp("paced-test-XXXXXX", NULL);
    cr_assert(directory != NULL);
    shipped = g_build_filename(directory, "shipped.conf", NULL);
    user = g_build_filename(directory, "user.conf", NULL);
}

static void teardown(void)
{
    g_remove(shipped);
    g_remove(user);
    g_rmdir(directory);
    g_free(directory);
    g_free(shipped);
    g_free(user);
}

TestSuite(quirks, .init = setup, .fini = teardown);

#define EXPECT_TEXT(text, expected) cr_expect(eq(str, (char *)(text), (char *)(expected)))

// Loads two texts (the second may be NULL: no such file); `warnings`: what is told, one a line,
// with the files' names alone.
static Quirks *load(const char *first, const char *second, const char *warnings)
{
    cr_assert(g_file_set_contents(shipped, first, -1, NULL));
    if (second)
        cr_assert(g_file_set_contents(user, second, -1, NULL));
    g_auto(GStrv) told = NULL;
    Quirks *quirks = quirks_load(shipped, user, &told);
    g_autoptr(GString) text = g_string_new(NULL);
    for (char **warning = told; *warning; warning++)
        g_string_append_printf(text, "%s\n", *warning + strlen(directory) + 1);
    EXPECT_TEXT(text->str, warnings);
    return quirks;
}

static void expect_id(const Quirks *quirks, const char *name, const char *manufacturer,
                      const char *model, guint services, const char *expected)
{
    Quirk quirk = quirks_find(quirks, name, manufacturer, model, services);
    EXPECT_TEXT(quirk.id, expected);
}

Test(quirks, the_shipped_file_is_in_order_and_says_its_sources)
{
    g_auto(GStrv) warnings = NULL;
    g_autoptr(Quirks) quirks = quirks_load(SHIPPED, user, &warnings);
    for (char **warning = warnings; *warning; warning++)
        cr_expect(false, "%s", *warning);
    // The loader tells of a missing source; this holds that each is a sentence somebody can follow.
    g_autoptr(GKeyFile) file = g_key_file_new();
    cr_assert(g_key_file_load_from_file(file, SHIPPED, G_KEY_FILE_NONE, NULL));
    g_auto(GStrv) ids = g_key_file_get_groups(file, NULL);
    cr_expect(g_strv_length(ids) >= 10);
    for (char **id = ids; *id; id++) {
        g_autofree char *source = g_key_file_get_string(file, *id, "source", NULL);
        cr_expect(source && strlen(source) > 40 && g_str_has_suffix(source, "."), "%s", *id);
    }
}

Test(quirks, what_is_known_of_sold_sensors_is_heeded)
{
    g_auto(GStrv) warnings = NULL;
    g_autoptr(Quirks) quirks = quirks_load(SHIPPED, user, &warnings);
    Quirk tickr = quirks_find(quirks, "TICKR X 1234", NULL, NULL, SERVICE_HEART | SERVICE_STRIDE);
    cr_expect(tickr.cadence == CADENCE_STEPS);
    Quirk runpod = quirks_find(quirks, "Zwift Runpod", NULL, NULL, SERVICE_STRIDE);
    cr_expect(runpod.cadence == CADENCE_ONE_LEG);
    Quirk stryd = quirks_find(quirks, "Stryd", NULL, NULL, SERVICE_STRIDE);
    cr_expect(stryd.cadence == CADENCE_UNSETTLED && *stryd.source);
    cr_expect(quirks_find(quirks, "Polar OH1 7A3F", NULL, NULL, SERVICE_HEART).contact_untrusted);
    Quirk chest = quirks_find(quirks, "Polar H10 7A3F", NULL, NULL, SERVICE_HEART);
    cr_expect(chest.pair && !chest.contact_untrusted);
    cr_expect(quirks_find(quirks, "MilestonePod", NULL, NULL, 0).on_stop == ON_STOP_HOLDS);
    Quirk band = quirks_find(quirks, "Amazfit Bip", NULL, NULL, SERVICE_HEART);
    cr_expect(quirk_avoids(&band, 0xFEE0) && !quirk_avoids(&band, 0x180D));
    Quirk belt = quirks_find(quirks, "RUNN 001", NULL, NULL, SERVICE_STRIDE | SERVICE_TREADMILL);
    cr_expect(quirk_avoids(&belt, 0x2AD9));
    expect_id(quirks, "Acme Strap", "Acme", "1", SERVICE_HEART, "");
}

Test(quirks, all_that_a_section_asks_for_must_fit)
{
    g_autoptr(Quirks) quirks = load("[a]\nname=Pod ?;*runner*\nsource=S.\n"
                                    "[b]\nmanufacturer=acme\nmodel=X-1*\nsource=S.\n"
                                    "[c]\nservices=heart;stride\nsource=S.\n",
                                    NULL, "");
    expect_id(quirks, "POD 7", NULL, NULL, 0, "a");
    expect_id(quirks, "My Runner's", NULL, NULL, 0, "a");
    expect_id(quirks, "Pod 77", NULL, NULL, 0, "");
    expect_id(quirks, "pod ä", NULL, NULL, 0, "a");
    expect_id(quirks, NULL, "ACME", "x-12", 0, "b");
    expect_id(quirks, NULL, "ACME", NULL, 0, "");
    expect_id(quirks, NULL, "ACME Ltd", "X-1", 0, "");
    expect_id(quirks, "", NULL, NULL, SERVICE_HEART, "");
    expect_id(quirks, "", NULL, NULL, SERVICE_HEART | SERVICE_STRIDE | SERVICE_TREADMILL, "c");
    expect_id(quirks, "Pod 1", "acme", "x-1", SERVICE_HEART | SERVICE_STRIDE, "a+b+c");
    expect_id(quirks, "Pod \xff", NULL, NULL, 0, "");
    expect_id(quirks, "runner\xe2\x82", NULL, NULL, 0, "");
}

Test(quirks, without_a_section_nothing_is_presumed)
{
    g_autoptr(Quirks) quirks = load("", NULL, "");
    Quirk quirk = quirks_find(quirks, "Pod", "Acme", "1", SERVICE_STRIDE);
    EXPECT_TEXT(quirk.id, "");
    EXPECT_TEXT(quirk.source, "");
    EXPECT_TEXT(cadence_convention_name(quirk.cadence), "unsettled");
    EXPECT_TEXT(on_stop_name(quirk.on_stop), "zero");
    EXPECT_TEXT(quirk_subscribe_name(quirk.subscribe), "auto");
    cr_expect(quirk.avoid_count == 0 && !quirk.contact_untrusted && !quirk.pair);
}

Test(quirks, the_later_section_wins_key_by_key)
{
    g_autoptr(Quirks) quirks =
        load("[all]\nname=*\ncadence=steps\ncontact=untrusted\non-stop=zero\navoid=2ad9;0x1818\n"
             "subscribe=acquire\npair=yes\nsource=First.\n"
             "[pod]\nname=Pod*\ncadence=one-leg\navoid=\nsource=Second.\n",
             NULL, "");
    Quirk pod = quirks_find(quirks, "Pod 1", NULL, NULL, 0);
    EXPECT_TEXT(pod.id, "all+pod");
    EXPECT_TEXT(pod.source, "Second.");
    cr_expect(pod.cadence == CADENCE_ONE_LEG && pod.avoid_count == 0);
    cr_expect(pod.contact_untrusted && pod.pair);
    EXPECT_TEXT(on_stop_name(pod.on_stop), "zero");
    EXPECT_TEXT(quirk_subscribe_name(pod.subscribe), "acquire");
    Quirk other = quirks_find(quirks, "Strap", NULL, NULL, 0);
    cr_expect(other.cadence == CADENCE_STEPS);
    cr_expect(quirk_avoids(&other, 0x1818) && quirk_avoids(&other, 0x2AD9));
}

Test(quirks, the_user_has_the_last_word)
{
    g_autoptr(Quirks) quirks =
        load("[pod]\nname=Pod*\ncadence=steps\npair=yes\nsource=Shipped.\n"
             "[late]\nname=Pod*\ncadence=none\nsource=Late.\n",
             "[pod]\ncadence=one-leg\n[mine]\nname=Strap*\ncontact=untrusted\nbeats=trusted\n", "");
    Quirk pod = quirks_find(quirks, "Pod 1", NULL, NULL, 0);
    EXPECT_TEXT(pod.id, "late+pod");
    cr_expect(pod.cadence == CADENCE_ONE_LEG && pod.pair, "changed, and kept");
    Quirk strap = quirks_find(quirks, "Strap", NULL, NULL, 0);
    cr_expect(strap.contact_untrusted && strap.beats_trusted);
    cr_expect(not(pod.beats_trusted));
    EXPECT_TEXT(strap.source, "");
}

Test(quirks, a_mistake_costs_its_own_key)
{
    g_autoptr(Quirks) quirks = load(
        "[pod]\nname=Pod*\ncadence=both\ncontact=no\nbeats=no\non-stop=stops\navoid=2ad9;heart\n"
        "subscribe=poll\npair=maybe\ncolour=red\n",
        NULL,
        "shipped.conf: [pod] cadence: steps, one-leg, none or auto is expected\n"
        "shipped.conf: [pod] contact: untrusted or trusted is expected\n"
        "shipped.conf: [pod] beats: trusted or auto is expected\n"
        "shipped.conf: [pod] on-stop: zero, holds, silent or auto is expected\n"
        "shipped.conf: [pod] avoid: at most 8 numbers of four hexadecimal digits are expected, "
        "such as 2ad9, separated by semicolons\n"
        "shipped.conf: [pod] subscribe: notify, acquire or auto is expected\n"
        "shipped.conf: [pod] pair: yes or no is expected\n"
        "shipped.conf: [pod] colour: there is no such key\n"
        "shipped.conf: [pod] source: a sentence on where this is known from is expected\n");
    Quirk pod = quirks_find(quirks, "Pod 1", NULL, NULL, 0);
    EXPECT_TEXT(pod.id, "pod");
    cr_expect(pod.cadence == CADENCE_UNSETTLED && pod.avoid_count == 0);
}

// Without the key that cannot be read, each of these would be meant for more sensors than before.
Test(quirks, a_mistake_in_who_is_meant_costs_the_section)
{
    g_autoptr(Quirks) quirks = load(
        "[a]\nname=;\nservices=heart\npair=yes\nsource=S.\n"
        "[b]\nname=*\nservices=heart;legs\npair=yes\nsource=S.\n"
        "[c]\npair=yes\nsource=S.\n",
        NULL,
        "shipped.conf: [a] name: a pattern such as Polar H10* is expected; the section is "
        "left out\n"
        "shipped.conf: [b] services: heart, stride, treadmill or power is expected, or several "
        "separated by semicolons; the section is left out\n"
        "shipped.conf: [c]: name, manufacturer, model or services is expected; the section is "
        "left out\n");
    expect_id(quirks, "Strap", "Acme", "1", SERVICE_HEART, "");
}

Test(quirks, numbers_to_avoid_have_a_form_and_a_limit)
{
    static const char *const bad[] = {"2ad",
                                      "2ad9a",
                                      "0000",
                                      "+2ad",
                                      "0x2a",
                                      "zzzz",
                                      "1801;1802;1803;1804;1805;1806;1807;1808;1809"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *text = g_strdup_printf("[a]\nname=*\nsource=S.\navoid=%s\n", bad[i]);
        cr_assert(g_file_set_contents(shipped, text, -1, NULL));
        g_auto(GStrv) warnings = NULL;
        g_autoptr(Quirks) quirks = quirks_load(shipped, user, &warnings);
        cr_expect(eq(int, (int)g_strv_length(warnings), 1), "%s", bad[i]);
        cr_expect(eq(int, (int)quirks_find(quirks, "x", NULL, NULL, 0).avoid_count, 0));
    }
    g_autoptr(Quirks) quirks = load(
        "[a]\nname=*\nsource=S.\navoid= 1801; 1802;1803;1804;1805;1806;1807;0x18FF;\n", NULL, "");
    Quirk quirk = quirks_find(quirks, "x", NULL, NULL, 0);
    cr_expect(eq(int, (int)quirk.avoid_count, QUIRK_AVOID_MAX));
    cr_expect(quirk_avoids(&quirk, 0x18FF));
}

Test(quirks, broken_and_missing_files_are_told_and_survived)
{
    g_autoptr(Quirks) quirks = load(
        "pair=yes\n[pod\n[pod]\nname=Pod*\nsource=S.\nno key\n\x80\n", "\x80\x81\n",
        "shipped.conf: line 1 stands before the first [group]; it is left out\n"
        "shipped.conf: line 2 begins a [group] without an end; it is left out\n"
        "shipped.conf: line 6 is neither key=value, nor a [group], nor a # comment; it is left "
        "out\n"
        "shipped.conf: line 7 is not UTF-8; it is left out\n"
        "user.conf: line 1 is not UTF-8; it is left out\n");
    expect_id(quirks, "Pod", NULL, NULL, 0, "pod");
    g_remove(shipped);
    g_auto(GStrv) warnings = NULL;
    g_autoptr(Quirks) none = quirks_load(shipped, user, &warnings);
    cr_expect(eq(int, (int)g_strv_length(warnings), 2));
    expect_id(none, "Pod", NULL, NULL, 0, "");
}

Test(quirks, too_many_names_are_cut_between_names)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 40; i++)
        g_string_append_printf(text, "[quirk-%02d]\nname=*\nsource=S.\n", i);
    g_autoptr(Quirks) quirks = load(text->str, NULL, "");
    Quirk quirk = quirks_find(quirks, "x", NULL, NULL, 0);
    cr_expect(g_str_has_prefix(quirk.id, "quirk-00+quirk-01+"));
    cr_expect(eq(int, (int)(strlen(quirk.id) % 9), 8));
}
