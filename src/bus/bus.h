// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// org.paced1 on the bus: turns the hub's values into objects, properties and signals, and callers'
// methods into requests. It holds no state of its own beyond what it last published and who
// asked to hold the sensors, and decides nothing.

#pragma once

#include <gio/gio.h>

#include "audio/voice.h"
#include "radio/radio.h"
#include "session/session.h"
#include "store/store.h"

typedef struct Bus Bus;

// What a caller wants of a sensor; what is not said stays, or is as for any new one.
typedef struct {
    const char *name;   // NULL: not said
    const char *runner; // NULL: not said; "": whoever runs
    int match_name;     // -1: not said
    int roles;          // -1: not said; else ServiceSet, 0: all that it serves
    int rank;           // -1: not said; 0 … 255
    int cadence;        // -1: not said; CADENCE_UNSETTLED: to be found out, else fixed to this
} SensorWish;

#define SENSOR_WISH_NOTHING ((SensorWish){.match_name = -1, .roles = -1, .rank = -1, .cadence = -1})

// What a caller wants the scale of a sensor to be: a number, what it was before, or not known.
typedef struct {
    Surface surface;
    gboolean take_back;
    double scale; // 0: not known
} ScaleWish;

// What a caller wants of the voice's sound; what is not said stays.
typedef struct {
    const char *device;       // NULL: not said; else as VoiceSound
    int volume, clicks, duck; // -1: not said; else as VoiceSound
} SoundWish;

// All that is shown of one sensor.
typedef struct {
    const RadioSensor *radio;
    const EnrolledSensor *enrolled; // NULL: a candidate
    const SensorView *view; // the session's; NULL: what comes from it (Packets, Location, Cadence)
                            // stays as it is
    const History *history; // NULL: none yet
    const SensorKnown *known; // NULL: nothing
} SensorShown;

// What a media player is told to do.
typedef enum {
    PLAYER_PLAY,
    PLAYER_PAUSE,
    PLAYER_PLAY_PAUSE,
    PLAYER_NEXT,
    PLAYER_PREVIOUS,
} PlayerKey;

// What the hub does for callers. `sender` is the unique bus name of who asked.
typedef struct {
    // The answer comes through bus_answer() with the same id, in the same turn or later.
    void (*command)(guint32 id, CommandVerb verb, const char *text, gsize length,
                    const char *sender, gpointer data);
    // The same with a length in metres, 0 to COMMAND_NUMBER_MAX, for those that have one.
    void (*measure)(guint32 id, CommandVerb verb, double metres, const char *sender, gpointer data);
    gboolean (*scan)(double seconds, GError **error, gpointer data);
    gboolean (*add_sensor)(const char *address, const SensorWish *wish, GError **error,
                           gpointer data);
    gboolean (*configure_sensor)(const char *address, const SensorWish *wish, GError **error,
                                 gpointer data);
    gboolean (*scale_sensor)(const char *address, const ScaleWish *wish, GError **error,
                             gpointer data);
    gboolean (*forget_sensor)(const char *address, GError **error, gpointer data);
    void (*set_sound)(const SoundWish *wish, gpointer data);
    // All that the runner tells of himself from now on.
    gboolean (*set_athlete)(const Athlete *athlete, GError **error, gpointer data);
    // These two are answered through bus_answer_call(). Takes what is proposed, or leaves it.
    void (*answer_proposal)(guint32 id, gboolean accepted, gpointer data);
    // A run, or a lap of it from 1 on, was a race over `metres`; NAN: not said.
    void (*call_race)(guint32 id, gint64 run, guint lap, double metres, gboolean maximal,
                      gpointer data);
    // As radio_procedure(). Not called back any more after bus_free().
    void (*procedure)(const char *address, const Procedure *procedure, ProcedureCallback callback,
                      gpointer callback_data, gpointer data);
    // `language` NULL: the voice's own.
    gboolean (*say)(const char *text, const char *language, GError **error, gpointer data);
    // Somebody watches from now on, or nobody does any more.
    void (*hold)(gboolean held, gpointer data);
    void (*player)(PlayerKey key, gpointer data);
    void (*name_acquired)(gpointer data);
    // Another daemon has the name, or the bus is gone: free the bus, or serve again when there is
    // hope.
    void (*name_lost)(gpointer data);
} BusHandlers;

// For how many days runs are kept; 0: for ever.
void bus_set_keep(Bus *bus, guint days);

// Exports the objects on `connection` and asks for the name. `store` answers History and is
// borrowed; NULL: History says that there is none. `shipped` is the directory of the workouts that
// came with the program; may be NULL.
Bus *bus_new(GDBusConnection *connection, const char *runner, const char *shipped, Store *store,
             const BusHandlers *handlers, gpointer data);
// Serves on `connection` from now on, which may be the same, and asks for the name again. The
// objects are there as they were.
void bus_serve(Bus *bus, GDBusConnection *connection);

// The run is a media player (MPRIS) from now on, whenever there is one. Once.
void bus_offer_player(Bus *bus);
// Or for as long as its keys answer something that was asked after one.
void bus_hold_player(Bus *bus, gboolean held);

// Gives up the name and answers whoever still waits with NotReady. Takes NULL.
void bus_free(Bus *bus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bus, bus_free)

// Answers the command `id`; nothing happens when that was done already or `id` is not the bus's.
void bus_answer(Bus *bus, guint32 id, CommandVerb verb, AnswerReason reason,
                const TextError *error);

// One PropertiesChanged an object, with all that changed. bus_publish_session() also makes the
// session's object when there is a plan; only bus_signal_finished() removes it, so publish first,
// then signal, then answer.
void bus_publish_session(Bus *bus, const Snapshot *snapshot);
void bus_publish_hub(Bus *bus, RadioState radio, const char *radio_reason, VoiceState voice,
                     const char *voice_reason, StoreStatus store);
void bus_publish_sound(Bus *bus, const VoiceSound *sound);
void bus_publish_track(Bus *bus, double metres);
void bus_publish_athlete(Bus *bus, const Athlete *athlete, const AthleteModel *model);
// `run`: whose race it is. With `news`, the signal as well.
void bus_publish_proposal(Bus *bus, const Proposal *proposal, gint64 run, gboolean news);
void bus_answer_call(Bus *bus, guint32 id, GError *error); // takes the error; NULL: it was done
// All there are; objects of others go.
void bus_publish_sensors(Bus *bus, const SensorShown *sensors, gsize count);

void bus_signal_workout(Bus *bus, const char *name); // the library has it anew
void bus_signal_adopted(Bus *bus, const char *address, const char *name);
void bus_signal_cue(Bus *bus, const Cue *cue); // of the session; without one, of the runner
// Without a session object these do nothing. `by` is who asked, or NULL.
// `plan` has what the text says of the step; NULL when the run is over already.
void bus_signal_step(Bus *bus, const Plan *plan, guint index, const PlanStep *step);
void bus_signal_lap(Bus *bus, const Lap *lap);
void bus_signal_adapted(Bus *bus, const Adaptation *adaptation);
void bus_signal_state(Bus *bus, SessionState state, const char *by); // idle: "finished"
void bus_signal_finished(Bus *bus, const RunSummary *summary, const char *by);
