// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// A run as a media player (MPRIS), for whoever routes the keys of a headset there, and for a
// display that shows what is playing: a desktop, or mpris-proxy of BlueZ. Its name is on the bus
// only while somebody runs, or is asked something after a run, for at other times the keys are the
// music's. What the words promise is
// kept: a program that says Pause because a call comes in must get a pause, and no lap.

#include "bus/objects.h"

#include "workout/text.h"

#include <math.h>
#include <stdio.h>

#define PLAYER_NAME "org.mpris.MediaPlayer2.paced"
#define PLAYER_PATH "/org/mpris/MediaPlayer2"
#define TITLE_MAX   (TARGET_TEXT_MAX + 64)

static gboolean press(Bus *bus, const ExportCall *call, PlayerKey key)
{
    bus->handlers.player(key, bus->data);
    return export_answer(call, NULL);
}

static gboolean on_next(Bus *bus, const ExportCall *call, GError **error)
{
    return press(bus, call, PLAYER_NEXT);
}

static gboolean on_previous(Bus *bus, const ExportCall *call, GError **error)
{
    return press(bus, call, PLAYER_PREVIOUS);
}

static gboolean on_pause(Bus *bus, const ExportCall *call, GError **error)
{
    return press(bus, call, PLAYER_PAUSE);
}

static gboolean on_play(Bus *bus, const ExportCall *call, GError **error)
{
    return press(bus, call, PLAYER_PLAY);
}

static gboolean on_play_pause(Bus *bus, const ExportCall *call, GError **error)
{
    return press(bus, call, PLAYER_PLAY_PAUSE);
}

// As MPRIS wants it of a player that says that it cannot.
static gboolean on_nothing(Bus *bus, const ExportCall *call, GError **error)
{
    return export_answer(call, NULL);
}

static void print_length(const Step *step, char *text, gsize size)
{
    const double length = step_length(step);
    if (isnan(length))
        text[0] = '\0';
    else if (step_ends_by_clock(step))
        snprintf(text, size, "%d:%02d", (int)length / 60, (int)length % 60);
    else if (length < METRES_PER_KM)
        snprintf(text, size, "%.0f m", length);
    else
        snprintf(text, size, "%g km", length / METRES_PER_KM);
}

// "2 of 5: 1 km @ 4'00''/km", "rest 2:00"
static void print_title(const Snapshot *snapshot, char *text)
{
    const PlanStep *step = &snapshot->plan->steps[snapshot->step];
    char length[32], target[TARGET_TEXT_MAX];
    print_length(&snapshot->now, length, sizeof length);
    text_print_target(snapshot->plan, snapshot->step, target);
    const char *at = target[0] != '\0' ? " @ " : "";
    if (step->repetitions > 1 && step->step.kind != STEP_REST)
        snprintf(text, TITLE_MAX, "%u of %u: %s%s%s", step->repetition, step->repetitions, length,
                 at, target);
    else
        snprintf(text, TITLE_MAX, "%s %s%s%s", step_kind_name(step->step.kind), length, at, target);
}

static GVariant *metadata(const Snapshot *snapshot)
{
    const char *const artist[] = {"paced", NULL};
    char title[TITLE_MAX];
    GVariantBuilder builder;
    print_title(snapshot, title);
    g_autofree char *track = g_strdup_printf("/org/paced1/step/%u", snapshot->step);
    g_autofree char *shown = g_strchomp(g_utf8_make_valid(title, -1));
    g_autofree char *album = g_utf8_make_valid(snapshot->plan->name, -1);
    g_variant_builder_init(&builder, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add(&builder, "{sv}", "mpris:trackid", g_variant_new_object_path(track));
    g_variant_builder_add(&builder, "{sv}", "xesam:title", g_variant_new_string(shown));
    g_variant_builder_add(&builder, "{sv}", "xesam:album", g_variant_new_string(album));
    g_variant_builder_add(&builder, "{sv}", "xesam:artist", g_variant_new_strv(artist, -1));
    return g_variant_builder_end(&builder);
}

static void player_export(Bus *bus)
{
    static const ExportMethod root_methods[] = {
        {"Raise", on_nothing}, {"Quit", on_nothing}, {NULL, NULL}};
    static const ExportMethod methods[] = {
        {"Next", on_next},    {"Previous", on_previous},   {"Pause", on_pause},
        {"Stop", on_pause},   {"Play", on_play},           {"PlayPause", on_play_pause},
        {"Seek", on_nothing}, {"SetPosition", on_nothing}, {"OpenUri", on_nothing},
        {NULL, NULL},
    };
    static const char *const can[] = {"CanGoNext", "CanGoPrevious", "CanPlay", "CanPause",
                                      "CanControl"};
    static const char *const one[] = {"Rate", "MinimumRate", "MaximumRate", "Volume"};
    Export *root = export_new(&org_mpris_media_player2_interface, root_methods);
    Export *player = export_new(&org_mpris_media_player2_player_interface, methods);
    export_set_flag(root, "CanQuit", FALSE);
    export_set_flag(root, "CanRaise", FALSE);
    export_set_flag(root, "HasTrackList", FALSE);
    export_set_text(root, "Identity", "paced");
    export_set(root, "SupportedUriSchemes", g_variant_new("as", NULL));
    export_set(root, "SupportedMimeTypes", g_variant_new("as", NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(can); i++)
        export_set_flag(player, can[i], TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(one); i++)
        export_set_number(player, one[i], 1);
    export_set_flag(player, "CanSeek", FALSE);
    export_set(player, "Position", g_variant_new_int64(0));
    export_set_text(player, "PlaybackStatus", "Stopped");
    export_set(player, "Metadata", g_variant_new("a{sv}", NULL));
    exports_add(bus->players, PLAYER_PATH, root);
    exports_add(bus->players, PLAYER_PATH, player);
    bus->player = player;
}

void bus_offer_player(Bus *bus)
{
    bus->players = exports_new(PLAYER_PATH, bus);
    player_export(bus);
    exports_serve(bus->players, bus->connection);
}

void player_serve(Bus *bus)
{
    if (!bus->players)
        return;
    exports_serve(bus->players, bus->connection);
    if (bus->plays)
        bus_want_name(bus, PLAYER_NAME, TRUE);
}

static void show(Bus *bus)
{
    const gboolean plays = bus->running != PLAYBACK_NONE || bus->player_held;
    export_set_text(bus->player, "PlaybackStatus",
                    bus->running == PLAYBACK_ON ? "Playing"
                    : plays                     ? "Paused"
                                                : "Stopped");
    if (plays != bus->plays)
        bus_want_name(bus, PLAYER_NAME, plays);
    bus->plays = plays;
}

void player_publish(Bus *bus, const Snapshot *snapshot)
{
    if (!bus->players)
        return;
    bus->running = !snapshot->plan                    ? PLAYBACK_NONE
                   : snapshot->state == STATE_RUNNING ? PLAYBACK_ON
                                                      : PLAYBACK_PAUSED;
    if (snapshot->plan)
        export_set(bus->player, "Metadata", metadata(snapshot));
    show(bus);
}

void bus_hold_player(Bus *bus, gboolean held)
{
    if (!bus->players || bus->player_held == held)
        return;
    bus->player_held = held;
    show(bus);
    export_flush(bus->player);
}
