// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What people write into the files, and what it costs them.

#include "io/config.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>
#include <string.h>

#define SHIPPED TEST_DATA "/../../config"

static char *home, *shipped;

// Directories of their own for the user's files and for shipped ones that a test breaks.
static void setup(void)
{
    home = g_dir_make_tmp("paced-test-XXXXXX", NULL);
    cr_assert(home != NULL);
    shipped = g_build_filename(home, "shipped", NULL);
    g_autofree char *own = g_build_filename(home, "paced", NULL);
    g_autofree char *phrases = g_build_filename(own, "phrases", NULL);
    g_mkdir(shipped, 0700);
    g_mkdir(own, 0700);
    g_mkdir(phrases, 0700);
    g_setenv("XDG_CONFIG_HOME", home, TRUE);
}

static void remove_file(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(home, directory, name, NULL);
    g_remove(path);
}

static void teardown(void)
{
    for (int i = 0; i < 2; i++) {
        const char *directory = i ? "shipped" : "paced";
        remove_file(directory, "paced.conf");
        remove_file(directory, "phrases.conf");
        remove_file(directory, "quirks.conf");
        for (const char *const *language = (const char *const[]){"en", "de", "de-at", "sv", NULL};
             *language; language++) {
            g_autofree char *name = g_strdup_printf("phrases/%s.conf", *language);
            remove_file(directory, name);
        }
        remove_file(directory, "phrases");
        remove_file(directory, "");
    }
    g_rmdir(home);
    g_free(home);
    g_free(shipped);
}

TestSuite(config, .init = setup, .fini = teardown);

static void write_file(const char *directory, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(home, directory, name, NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

#define EXPECT_TEXT(text, expected) cr_expect(eq(str, (char *)(text), (char *)(expected)))

// The warnings without the directory, one a line.
static void expect_warnings(const GStrv warnings, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; warnings[i]; i++) {
        const char *name = strstr(warnings[i], "p");
        if (g_str_has_prefix(warnings[i], home))
            name = strchr(warnings[i] + strlen(home) + 1, '/') + 1;
        g_string_append_printf(text, "%s\n", name);
    }
    EXPECT_TEXT(text->str, expected);
}

Test(config, the_shipped_files_are_in_order)
{
    g_autoptr(Config) config = config_load(SHIPPED);
    expect_warnings(config->warnings, "");
    EXPECT_TEXT(config->runner, "me");
    EXPECT_TEXT(config->language, "en-us");
    EXPECT_TEXT(config->voice, "+f2");
    EXPECT_TEXT(config->directory, SHIPPED);
    EXPECT_TEXT(config->phrases.language, "en-us");
    cr_expect(eq(int, config->words_a_minute, 160));
    cr_expect(eq(dbl, config->drift_band, 0.03));
    cr_expect(eq(dbl, config->track_m, 0));
    cr_expect(eq(u32, config->metronome + config->pacer_m, 0));
}

Test(config, a_metronome_and_a_pacer)
{
    write_file("paced", "paced.conf", "[coach]\nmetronome=172\npacer=100\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    expect_warnings(config->warnings, "");
    cr_expect(eq(u32, config_session(config).metronome, 172));
    cr_expect(eq(u32, config_session(config).pacer_m, 100));
    write_file("paced", "paced.conf", "[coach]\nmetronome=fast\npacer=75\n");
    g_autoptr(Config) broken = config_load(SHIPPED);
    expect_warnings(broken->warnings,
                    "paced.conf: [coach] metronome: off, on, or 120 to 240 steps a minute are "
                    "expected\npaced.conf: [coach] pacer: off, 50, 100 or 200 is expected\n");
    cr_expect(eq(u32, broken->metronome + broken->pacer_m, 0));
}

// Both are edited by hand; nobody may hear the difference.
Test(config, the_shipped_phrases_are_the_built_in_ones)
{
    Phrases english, read;
    phrases_init_english(&english);
    const char *const directories[] = {SHIPPED, NULL};
    g_autoptr(GKeyFile) file = g_key_file_new();
    cr_assert(g_key_file_load_from_file(file, SHIPPED "/phrases/en.conf", G_KEY_FILE_NONE, NULL));
    g_auto(GStrv) warnings = phrases_load(directories, "en", &read);
    expect_warnings(warnings, "");
    for (guint id = 0; id < PHRASE_COUNT; id++)
        cr_expect(eq(int, g_key_file_has_key(file, "phrases", phrase_key((PhraseId)id), NULL),
                     english.phrase[id][0] != 0),
                  "%s", phrase_key((PhraseId)id));
    for (guint id = 0; id < PHRASE_COUNT; id++)
        EXPECT_TEXT(read.phrase[id], english.phrase[id]);
    for (guint n = 0; n < NUMBER_WORDS; n++)
        EXPECT_TEXT(read.number[n], english.number[n]);
}

Test(config, the_users_settings_win_one_by_one)
{
    write_file("paced", "paced.conf",
               "[runner]\nname = anna_2 \n[voice]\nlanguage=de_AT\nvariant=+m3\nrate=150\n"
               "device=bluez_output.12_34\nvolume=80\nclicks=0\nduck=no\n");
    write_file("paced", "phrases/de.conf", "[phrases]\ngo=auf geht's\neasy=ruhig\n");
    write_file("paced", "phrases/de-at.conf", "[phrases]\ngo=geh ma\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    EXPECT_TEXT(config->runner, "anna_2");
    EXPECT_TEXT(config->language, "de-AT");
    EXPECT_TEXT(config->voice, "+m3");
    cr_expect(eq(int, config->words_a_minute, 150));
    EXPECT_TEXT(config->device, "bluez_output.12_34");
    cr_expect(eq(int, config->volume, 80));
    cr_expect(eq(int, config->clicks, 0));
    cr_expect(not(config->duck));
    cr_expect(eq(dbl, config->drift_band, 0.03));
    EXPECT_TEXT(config->phrases.phrase[PHRASE_GO], "geh ma");
    EXPECT_TEXT(config->phrases.phrase[PHRASE_EASY], "ruhig");
    EXPECT_TEXT(config->phrases.phrase[PHRASE_STEADY], "so halten");
    EXPECT_TEXT(config->phrases.language, "de-AT");
    expect_warnings(config->warnings, "");
}

Test(config, the_voice_speaks_the_language_of_the_words)
{
    write_file("paced", "paced.conf", "[voice]\nlanguage=sv_SE\n");
    g_autoptr(Config) foreign = config_load(SHIPPED);
    EXPECT_TEXT(foreign->language, "en-us");
    cr_assert(eq(int, (int)g_strv_length(foreign->warnings), 1));
    EXPECT_TEXT(foreign->warnings[0],
                "there are no phrases in “sv-SE”, so they are English and so is "
                "the voice; write phrases/sv.conf");
    write_file("paced", "phrases/sv.conf", "[phrases]\ngo=kör\n");
    g_autoptr(Config) translated = config_load(SHIPPED);
    EXPECT_TEXT(translated->language, "sv-SE");
    EXPECT_TEXT(translated->phrases.phrase[PHRASE_GO], "kör");
    write_file("paced", "paced.conf", "[voice]\nlanguage=fr\n");
    g_autoptr(Config) french = config_load(SHIPPED);
    EXPECT_TEXT(french->language, "fr");
    expect_warnings(french->warnings, "");
    write_file("paced", "paced.conf", "[voice]\nlanguage=en-gb\n");
    g_autoptr(Config) english = config_load(SHIPPED);
    EXPECT_TEXT(english->language, "en-gb");
}

Test(config, the_users_quirks_come_after_the_shipped_ones)
{
    write_file("paced", "quirks.conf", "[mine]\nname=TICKR X*\ncadence=one-leg\npair=perhaps\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    expect_warnings(config->warnings, "quirks.conf: [mine] pair: yes or no is expected\n");
    Quirk quirk = quirks_find(config->quirks, "TICKR X 1234", NULL, NULL, SERVICE_STRIDE);
    EXPECT_TEXT(cadence_convention_name(quirk.cadence), "one-leg");
}

Test(config, a_bad_setting_costs_only_itself)
{
    write_file("paced", "paced.conf",
               "[runner]\nname=Anna Müller\ncolour=red\n[voice]\nlanguage=1\nvariant=a b\n"
               "rate=500\n[coach]\nband=3%\n[extra]\nx=1\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    expect_warnings(config->warnings,
                    "paced.conf: [runner] name: a name of letters, digits and underscores is "
                    "expected\n"
                    "paced.conf: [voice] language: a language such as en-us or de is expected\n"
                    "paced.conf: [voice] variant: a variant such as +f2 is expected, or nothing\n"
                    "paced.conf: [voice] rate: a number from 80 to 450 is expected\n"
                    "paced.conf: [coach] band: a fraction from 0.01 to 0.2 is expected\n"
                    "paced.conf: [runner] colour: there is no such setting\n"
                    "paced.conf: [extra] x: there is no such setting\n");
    EXPECT_TEXT(config->runner, "me");
    EXPECT_TEXT(config->language, "en-us");
    cr_expect(eq(int, config->words_a_minute, 160));
    cr_expect(eq(dbl, config->drift_band, 0.03));
}

Test(config, buttons_and_what_is_felt)
{
    write_file(
        "paced", "paced.conf",
        "[buttons]\npress=skip\nhold=fly\nKEY_STOPCD=stop\ndevices=AB \"Shutter\"\nbutton=lap\n"
        "[haptics]\non=no\nstrength=101\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    const Buttons *buttons = config->buttons;
    g_autofree char *all = g_strjoinv("\n", config->warnings);
    cr_expect(eq(int, (int)g_strv_length(config->warnings), 3), "%s", all);
    cr_expect(strstr(all, "[buttons] hold: up to four of lap,") != NULL, "%s", all);
    cr_expect(strstr(all, "[buttons] button: there is no such setting") != NULL, "%s", all);
    cr_expect(strstr(all, "[haptics] strength: a number from 0 to 100") != NULL, "%s", all);
    cr_expect(eq(int, buttons->deeds[GESTURE_PRESS].verbs[0], COMMAND_SKIP));
    cr_expect(eq(int, buttons->deeds[GESTURE_HOLD].verbs[0], COMMAND_VETO));
    cr_expect(eq(int, (int)buttons->keys->len, 1));
    EXPECT_TEXT(buttons->devices[0], "AB \"Shutter\"");
    cr_expect(eq(int, config->haptics, FALSE));
    cr_expect(eq(int, config->strength, 100));
}

Test(config, values_out_of_range)
{
    static const char *const files[] = {
        "[coach]\nband=0.3\n",   "[coach]\nband=nan\n",
        "[coach]\nband=\n",      "[voice]\nrate=79\n",
        "[voice]\nrate=fast\n",  "[runner]\nname=\n",
        "[run]\ntrack=round\n",  "[run]\ntrack=40\n",
        "[voice]\nlanguage=\n",  "[voice]\nlanguage=a-language-of-its-own\n",
        "[voice]\nvolume=101\n", "[voice]\nclicks=-1\n",
        "[voice]\nvolume=\n",    "[voice]\nduck=maybe\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        write_file("paced", "paced.conf", files[i]);
        g_autoptr(Config) config = config_load(SHIPPED);
        cr_expect(eq(int, (int)g_strv_length(config->warnings), 1), "%s", files[i]);
    }
}

Test(config, a_broken_line_costs_itself_and_no_other)
{
    write_file("paced", "paced.conf", "rate=100\n[runner]\nname: ben\nname=anna\n");
    write_file("paced", "phrases/en.conf",
               "[phrases]\ngo=run\nthis is no phrase\n\x80\x81\neasy=gently\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    expect_warnings(
        config->warnings,
        "paced.conf: line 1 stands before the first [group]; it is left out\n"
        "paced.conf: line 3 is neither key=value, nor a [group], nor a # comment; it is left out\n"
        "phrases/en.conf: line 3 is neither key=value, nor a [group], nor a # comment; it is left "
        "out\n"
        "phrases/en.conf: line 4 is not UTF-8; it is left out\n");
    EXPECT_TEXT(config->runner, "anna");
    EXPECT_TEXT(config->phrases.phrase[PHRASE_GO], "run");
    EXPECT_TEXT(config->phrases.phrase[PHRASE_EASY], "gently");
}

Test(config, a_file_of_nothing_but_noise_leaves_the_defaults)
{
    write_file("paced", "paced.conf", "[[[\n===\n");
    write_file("paced", "phrases/en.conf", "\x80\x81\n");
    g_autoptr(Config) config = config_load(SHIPPED);
    cr_expect(g_strv_length(config->warnings) >= 3);
    EXPECT_TEXT(config->runner, "me");
    EXPECT_TEXT(config->phrases.phrase[PHRASE_GO], "go");
}

Test(config, without_any_file_the_built_in_defaults_hold)
{
    g_autoptr(Config) config = config_load(shipped);
    cr_expect(eq(int, (int)g_strv_length(config->warnings), 2));
    EXPECT_TEXT(config->language, "en-us");
    EXPECT_TEXT(config->phrases.phrase[PHRASE_GO], "go");
    EXPECT_TEXT(config->phrases.number[99], "ninety-nine");
}

Test(config, the_environment_says_where_the_shipped_files_are)
{
    g_setenv("PACED_CONFIG_DIR", shipped, TRUE);
    g_autoptr(Config) other = config_load(NULL);
    EXPECT_TEXT(other->directory, shipped);
    g_unsetenv("PACED_CONFIG_DIR");
    // This test runs from the build tree.
    g_autofree char *source = g_canonicalize_filename(SHIPPED, NULL);
    g_autoptr(Config) config = config_load(NULL);
    g_autofree char *found = g_canonicalize_filename(config->directory, NULL);
    if (g_file_test("/proc/self/exe", G_FILE_TEST_EXISTS) && strcmp(found, PACED_DATA_DIR) != 0)
        EXPECT_TEXT(found, source);
}

static GStrv load(const char *text, const char *language, Phrases *phrases)
{
    g_autofree char *primary = g_strndup(language, strcspn(language, "-"));
    g_autofree char *name = g_strdup_printf("phrases/%s.conf", primary);
    g_autofree char *own = g_build_filename(home, "paced", NULL);
    write_file("paced", name, text);
    return phrases_load((const char *const[]){own, NULL}, language, phrases);
}

Test(config, mistakes_in_phrases_are_named)
{
    Phrases phrases;
    g_auto(GStrv) warnings =
        load("[phrases]\ngo={step}\neasy=\nstaedy=hold\nstaedy[de]=halt\nnumbers=one;two;\n"
             "plural=xx\nendings-f=one\nhundred-words=one;two\npush=\xff\n",
             "en", &phrases);
    expect_warnings(
        warnings,
        "phrases/en.conf: numbers: not a hundred words, zero to ninety-nine\n"
        "phrases/en.conf: go: an unknown placeholder\n"
        "phrases/en.conf: easy: empty\n"
        "phrases/en.conf: push: Key file contains key “push” with value “\357\277\275” which is "
        "not UTF-8\n"
        "phrases/en.conf: hundred-words: not nine words, one hundred to nine hundred\n"
        "phrases/en.conf: plural: not one of en, fr, pl, ru, cs and ja\n"
        "phrases/en.conf: endings-f: not pairs of endings, as in \"eins ein;zwei zwo\"\n"
        "phrases/en.conf: staedy: there is no such phrase\n"
        "phrases/en.conf: staedy[de]: there is no such phrase\n");
    EXPECT_TEXT(phrases.phrase[PHRASE_GO], "go");
    EXPECT_TEXT(phrases.phrase[PHRASE_EASY], "easy now");
    EXPECT_TEXT(phrases.number[0], "zero");
}

Test(config, missing_phrases_are_one_warning)
{
    Phrases phrases;
    g_auto(GStrv) warnings = load("[phrases]\ngo=kör\n", "sv", &phrases);
    cr_assert(eq(int, (int)g_strv_length(warnings), 1));
    cr_expect(g_str_has_prefix(
                  warnings[0],
                  "sv: not translated, English is used: three, two, one, first, coming and "),
              "%s", warnings[0]);
    EXPECT_TEXT(phrases.phrase[PHRASE_GO], "kör");
    EXPECT_TEXT(phrases.phrase[PHRASE_EASY], "easy now");
    g_auto(GStrv) headless = load("[words]\ngo=go\n", "en", &phrases);
    expect_warnings(headless, "phrases/en.conf: it has no [phrases] heading\n");
}
