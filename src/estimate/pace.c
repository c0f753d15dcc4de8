// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Who owns the speed, what its packets mean, and what to say in its silence; the filter proper is
// in track.c, and bank.c decides what is a spike.
//
// The tracks stay at the newest packet and are only looked at from later instants, so that how
// often somebody asks changes nothing.
//
// Some pods hold their speed long after the runner has stopped; their cadence betrays them. Some
// belts run with nobody on them; the pod betrays that.

#include "estimate/pace-inside.h"

#include "base/square.h"

#define SPEED_MAX        12.0 // m/s; beyond, no runner
#define SPEED_ZERO       0.3  // m/s; below, nobody goes anywhere: a mean that is still falling
#define SPEED_TOLD       1.0  // m/s; so much, and it is a speed
#define TOTAL_SPEED_MAX  8.0  // m/s; a gap's mean speed by the pod's counter
#define STILL_BELIEVED   (10 * USEC_PER_SEC) // speed without steps for longer: the cadence is broken
#define CONFIDENT        0.03                // relative deviation at which confidence is a half
#define SILENCE_BELIEVED (120 * USEC_PER_SEC) // to be standing still, of a pod that is known for it
#define SILENCE_TRUSTED  0.4
#define BRIDGED          (30 * USEC_PER_SEC) // a silence in which the runner is taken to have gone on
#define WENT_ON          0.5                 // of the speed before it, at its end
#define SILENT_AFTER     (2500 * USEC_PER_MSEC) // and others may stand in for the owner
#define STANDS_IN        0.45                   // the most that one who stands in is trusted
#define DOUBTED          0.4                    // and a pod whose speed and counter part
#define ALONE            0.5                    // the most that a belt is with nobody seen on it
#define BELT_LEFT        (60 * USEC_PER_SEC)
#define SAME_DOUBT       0.02 // of a deviation: a long run's drift is no other
#define SURFACES_APART   0.01 // by how much a pod's scale on a belt may differ from the ground's

void pace_init(Pace *pace)
{
    *pace = (Pace){
        .measured_at = USEC_NEVER,
        .heard_at = USEC_NEVER,
        .stood_in_at = USEC_NEVER,
        .owner = SENSOR_NONE,
        .anchored = SENSOR_NONE,
        .belted_at = USEC_NEVER,
    };
    rivals_init(&pace->rivals);
    abreast_init(&pace->abreast);
    for (SensorId sensor = 0; sensor < SENSORS_MAX; sensor++) {
        pace->sensors[sensor].at = USEC_NEVER;
        pace->sensors[sensor].still_since = USEC_NEVER;
    }
}

// ── scales ──

ScaleKnown pace_scale_known(const Pace *pace, SensorId sensor, Surface surface)
{
    return pace->sensors[sensor].scales[surface];
}

// Where a sensor's scale begins. On a belt of which nothing is known it is about the ground's.
static ScaleKnown scale_of(const Pace *pace, SensorId sensor, Surface surface)
{
    const typeof(*pace->sensors) *one = &pace->sensors[sensor];
    if (scale_is_known(&one->scales[surface]))
        return one->scales[surface];
    ScaleKnown known = one->scales[SURFACE_GROUND];
    if (one->belt || !scale_is_known(&known))
        return scale_unknown(one->belt ? BELT_SCALE_DEVIATION : POD_SCALE_DEVIATION);
    known = scale_doubted(&known, SURFACES_APART);
    known.compared = false;
    return known;
}

static Surface surface_of(const Pace *pace, Usec at, SensorId sensor)
{
    const bool belted = pace->belted_at != USEC_NEVER && at - pace->belted_at <= BELT_LEFT;
    return belted || pace->sensors[sensor].belt ? SURFACE_TREADMILL : SURFACE_GROUND;
}

double pace_rescale(Pace *pace, const Scale *scale, double seconds)
{
    const double raw = scale_raw(&pace->scale, bank_look(&pace->bank, seconds).speed);
    const double old = scale_at(&pace->scale, raw);
    const double longer = scale_way(scale) - scale_way(&pace->scale);
    pace->scale = *scale;
    pace->before -= longer;
    bank_scale(&pace->bank, scale_at(&pace->scale, raw) / old);
    return longer;
}

static void begin_scale(Pace *pace, Surface surface)
{
    const ScaleKnown known = scale_of(pace, pace->owner, surface);
    Scale scale;
    scale_init(&scale, &known);
    pace_rescale(pace, &scale, 0);
    pace->surface = surface;
    pace->marked = false;
    pace->anchored = SENSOR_NONE;
}

double pace_ahead(const Pace *pace, Usec at)
{
    return usec_to_s(at - pace->heard_at);
}

double pace_ahead_given(const Pace *pace, Usec at)
{
    const Usec limit = pace->on_stop == ON_STOP_SILENT ? STALE_AFTER : STALE_LIMIT;
    Usec until = pace->measured_at + limit;
    if (pace->stood_in_at != USEC_NEVER)
        until = usec_later(until, pace->stood_in_at + limit);
    return fmax(0, pace_ahead(pace, usec_earlier(at, until)));
}

// The runner as he is given out at `at`.
static TrackView given_out(const Pace *pace, Usec at)
{
    return at == pace->at ? pace->now : bank_look(&pace->bank, pace_ahead_given(pace, at));
}

void pace_look(Pace *pace)
{
    if (pace->owner != SENSOR_NONE)
        pace->now = bank_look(&pace->bank, pace_ahead_given(pace, pace->at));
}

// Whether nothing but a doubt is known.
static bool as_it_comes(const ScaleKnown *known)
{
    return !scale_is_known(known) || (known->scale == 1 && known->slope == 0 && !known->compared);
}

void pace_scale(Pace *pace, SensorId sensor, Surface surface, const ScaleKnown *known)
{
    const ScaleKnown own = scale_known_recorded(&pace->sensors[sensor].scales[surface]);
    const bool known_doubt = !scale_is_known(known) ||
                             fabs(own.scale_deviation / known->scale_deviation - 1) < SAME_DOUBT;
    if (scale_known_same(&own, known) || (as_it_comes(&own) && as_it_comes(known) && known_doubt))
        return;
    pace->sensors[sensor].scales[surface] = *known;
    if (sensor == pace->owner)
        begin_scale(pace, pace->surface);
    pace_look(pace);
}

static double distance_to(const Pace *pace, const TrackView *view)
{
    return fmax(pace->given, pace->before + scale_way(&pace->scale) + view->way - pace->way);
}

static void travel(Pace *pace, double own, double raw)
{
    scale_travel(&pace->scale, own, raw);
    scale_travel(&pace->unmarked, own, raw);
}

double pace_travel(Pace *pace, double seconds)
{
    const TrackView view = bank_look(&pace->bank, seconds);
    const double raw = scale_raw(&pace->scale, view.speed), metres = view.way - pace->way;
    const double own = metres / scale_at(&pace->scale, raw);
    travel(pace, own, raw);
    counter_follow(&pace->counter, own);
    pace->way = view.way;
    return metres;
}

void pace_hold_on(Pace *pace, Usec at)
{
    const TrackView view = given_out(pace, at);
    if (pace->owner != SENSOR_NONE)
        pace->given = distance_to(pace, &view);
}

// The tracks begin anew, and nothing of the old owner's counter or doubts carries over.
static void change_owner(Pace *pace, Usec at, SensorId sensor, double raw)
{
    pace->before = pace->given;
    pace->owner = sensor;
    pace->surface = surface_of(pace, at, sensor);
    pace->marked = false;
    pace->anchored = SENSOR_NONE;
    const ScaleKnown known = scale_of(pace, sensor, pace->surface);
    scale_init(&pace->scale, &known);
    bank_init(&pace->bank, usec_to_s(at), raw * scale_at(&pace->scale, raw));
    pace->way = 0;
    counter_init(&pace->counter);
}

// Whether a pod that counts steps has counted none: for a second packet in a row, or for the first
// where the speed is known to hang on.
static bool stands(Pace *pace, const SensorProfile *profile, Usec at, SensorId sensor,
                   const RscsMeasurement *measurement)
{
    typeof(*pace->sensors) *pod = &pace->sensors[sensor];
    if (measurement->cadence > 0) {
        pod->counts_steps = true;
        pod->still_since = USEC_NEVER;
        return false;
    }
    if (pod->still_since == USEC_NEVER) {
        pod->still_since = at;
        return pod->counts_steps && profile->on_stop == ON_STOP_HOLDS;
    }
    return pod->counts_steps && at - pod->still_since <= STILL_BELIEVED;
}

void pace_expect_change(Pace *pace, Usec at, double speed)
{
    if (pace->owner != SENSOR_NONE)
        bank_expect(&pace->bank, usec_to_s(at), speed);
    pace_look(pace);
}

void pace_advance(Pace *pace, Usec at)
{
    if (at == pace->at)
        return;
    pace->at = at;
    pace_look(pace);
}

// ── a packet of the owner ──

// What the owner says. Of a belt only the speed.
typedef struct {
    double raw;    // m/s, by its own scale
    bool standing; // whatever the speed says
    bool has_total;
    uint32_t total_dm;
} Packet;

static bool at_rest(const Packet *packet)
{
    return packet->standing || packet->raw < SPEED_ZERO;
}

// What the owner's own counter says that we covered since its last packet, in its metres; NAN when
// it says nothing. A counter that was reset, or jumped, says nothing; one that wrapped does.
static double counted(const Pace *pace, Usec at, const Packet *packet)
{
    if (!pace->has_total || !packet->has_total || pace->heard_at != pace->measured_at)
        return NAN;
    const double gone = (packet->total_dm - pace->total_dm) / 10.0;
    return gone > TOTAL_SPEED_MAX * pace_ahead(pace, at) ? NAN : gone;
}

// A silence ends with a packet of `speed`. The bank has the runner go on all the while; what of
// that is to be counted is known from the owner's counter, or was given out already, or is guessed
// where the silence was short and the runner still goes on.
static void bridge(Pace *pace, Usec at, double speed, double counted_raw)
{
    const TrackView before = bank_look(&pace->bank, 0);
    const double foretold = bank_look(&pace->bank, pace_ahead(pace, at)).way - pace->way;
    double hidden = bank_look(&pace->bank, pace_ahead_given(pace, at)).way - pace->way;
    if (!isnan(counted_raw))
        hidden = counted_raw * scale_at(&pace->scale, scale_raw(&pace->scale, before.speed));
    else if (at - pace->heard_at <= BRIDGED && speed >= WENT_ON * before.speed) {
        hidden = foretold;
        pace->guessed += foretold;
    } else if (pace->on_stop != ON_STOP_SILENT)
        pace->anchored = SENSOR_NONE;
    pace->way += foretold - hidden;
}

// Whether the packet may move the state; if so, it has.
static bool follow(Pace *pace, Usec at, const Packet *packet)
{
    const bool long_ago = at - pace->heard_at > BRIDGED;
    const bool rests = at_rest(packet);
    const double speed = rests ? 0 : packet->raw * scale_at(&pace->scale, packet->raw);
    if (at - pace->heard_at > STALE_AFTER) {
        bridge(pace, at, speed, counted(pace, at, packet));
        bank_loosen(&pace->bank);
    }
    if (packet->standing || long_ago) {
        bank_restart(&pace->bank, usec_to_s(at), speed);
        return true;
    }
    if (bank_look(&pace->bank, 0).speed < SPEED_ZERO && !rests) {
        bank_set_off(&pace->bank);
        if (surface_of(pace, at, pace->owner) != pace->surface)
            begin_scale(pace, surface_of(pace, at, pace->owner));
    }
    if (!bank_measure(&pace->bank, usec_to_s(at), speed))
        return false;
    if (rests)
        bank_restart(&pace->bank, usec_to_s(at), 0);
    return true;
}

// ── whose packet it is ──

void pace_link(Pace *pace, SensorId sensor, bool up)
{
    pace->sensors[sensor].linked = up;
}

void pace_forget(Pace *pace, Usec at, SensorId sensor)
{
    pace->sensors[sensor].at = USEC_NEVER;
    for (int surface = 0; surface < SURFACES; surface++)
        pace->sensors[sensor].scales[surface] = (ScaleKnown){0};
    if (pace->sensors[sensor].belt)
        rivals_init(&pace->rivals);
    if (pace->owner != sensor)
        return;
    pace_hold_on(pace, at);
    pace->owner = pace->anchored = SENSOR_NONE;
    pace->marked = false;
    pace->on_stop = ON_STOP_ZERO;
    pace->has_total = false;
}

void pace_break(Pace *pace, Usec at)
{
    if (pace->owner == SENSOR_NONE)
        return;
    pace_hold_on(pace, at);
    pace->owner = pace->anchored = SENSOR_NONE;
    pace->marked = false;
    pace->has_total = false;
}

// Whether a belt comes before a pod now; `undecided` where nothing speaks for either.
static bool belt_comes_first(const Pace *pace, Usec at, bool pod_compared, bool undecided)
{
    switch (rivals_verdict(&pace->rivals, at)) {
    case RIVALS_AGREE:
        return true;
    case RIVALS_DISAGREE:
        return !pod_compared;
    case RIVALS_STRANGERS:
    case RIVALS_EMPTY:
        return false;
    case RIVALS_UNTOLD:
        break;
    }
    // A belt that stands is not the one that is being run on.
    const bool runs_elsewhere = pace->rivals.belt < SPEED_ZERO && pace->rivals.pod > 1;
    return undecided && !runs_elsewhere;
}

static bool may_take_over(const Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at,
                          SensorId sensor)
{
    const SensorId owner = pace->owner;
    if (owner == SENSOR_NONE || at - pace->measured_at > STALE_AFTER)
        return true;
    const typeof(*pace->sensors) *one = &pace->sensors[sensor], *other = &pace->sensors[owner];
    if (one->belt == other->belt)
        return sensor_precedes(profiles, at, sensor, one->since, owner, other->since);
    if (one->belt)
        return belt_comes_first(pace, at, other->scales[SURFACE_GROUND].compared, false);
    return !belt_comes_first(pace, at, one->scales[SURFACE_GROUND].compared, true);
}

static bool take(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                 const Packet *packet)
{
    typeof(*pace->sensors) *one = &pace->sensors[sensor];
    if (one->at == USEC_NEVER || at - one->at > STALE_AFTER)
        one->since = at;
    one->at = at;
    if (sensor != pace->owner && !may_take_over(pace, profiles, at, sensor))
        return true;
    pace_hold_on(pace, at);
    bool taken = true;
    if (sensor == pace->owner)
        taken = follow(pace, at, packet);
    else
        change_owner(pace, at, sensor, packet->standing ? 0 : packet->raw);
    pace->heard_at = at;
    pace_travel(pace, 0);
    if (!taken) {
        pace_look(pace);
        return false;
    }
    pace->measured_at = at;
    pace->stood_in_at = USEC_NEVER;
    pace->on_stop = profiles[sensor].on_stop; // of the silence from now on, not of the one before
    pace->has_total = packet->has_total;
    pace->total_dm = packet->total_dm;
    if (packet->has_total)
        travel(pace,
               counter_see(&pace->counter, at, at_rest(packet) ? 0 : packet->raw, packet->total_dm),
               packet->raw);
    pace_look(pace);
    return true;
}

// A pod that is compared with the belt it is on learns from it.
static void learn_from_belt(Pace *pace, Usec at, SensorId pod, double raw)
{
    if (rivals_verdict(&pace->rivals, at) != RIVALS_AGREE)
        return;
    pace->belted_at = at;
    ScaleKnown *own = &pace->sensors[pod].scales[SURFACE_TREADMILL];
    const ScaleKnown before = scale_of(pace, pod, SURFACE_TREADMILL);
    if (pace->owner == SENSOR_NONE || !pace->sensors[pace->owner].belt)
        return;
    const double belt = pace->rivals.belt * scale_at(&pace->scale, pace->rivals.belt);
    abreast_see(&pace->abreast, at, pod, raw, belt, &before, own);
}

bool pace_measure(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
                  const RscsMeasurement *measurement)
{
    pace_advance(pace, at);
    const Packet packet = {
        .raw = measurement->speed_256 / 256.0,
        .standing = stands(pace, &profiles[sensor], at, sensor, measurement),
        .has_total = measurement->has_distance,
        .total_dm = measurement->distance_dm,
    };
    if (packet.raw > SPEED_MAX)
        return false;
    typeof(*pace->sensors) *pod = &pace->sensors[sensor];
    pod->belt = false;
    pod->tells_speed |= packet.raw >= SPEED_TOLD;
    if (!pod->tells_speed && measurement->cadence > 0)
        return true;
    const ScaleKnown known = scale_of(pace, sensor, SURFACE_TREADMILL);
    rivals_pod(&pace->rivals, at, packet.raw * known.scale, packet.standing);
    learn_from_belt(pace, at, sensor, packet.raw);
    return take(pace, profiles, at, sensor, &packet);
}

bool pace_belt(Pace *pace, const SensorProfile profiles[SENSORS_MAX], Usec at, SensorId sensor,
               double speed)
{
    pace_advance(pace, at);
    pace->sensors[sensor].belt = true;
    rivals_belt(&pace->rivals, at, speed);
    const Packet packet = {.raw = pace->rivals.belt};
    return packet.raw <= SPEED_MAX && take(pace, profiles, at, sensor, &packet);
}

bool pace_owner_speaks(const Pace *pace, Usec at)
{
    return pace->owner != SENSOR_NONE && at - pace->measured_at <= SILENT_AFTER;
}

void pace_stand_in(Pace *pace, Usec at, EstimateSource source, double speed, double deviation)
{
    pace_advance(pace, at);
    if (pace->owner == SENSOR_NONE || at - pace->measured_at <= SILENT_AFTER ||
        at - pace->heard_at > BRIDGED || speed > SPEED_MAX)
        return;
    pace_hold_on(pace, at);
    const bool taken = bank_stand_in(&pace->bank, usec_to_s(at), speed, deviation);
    pace->heard_at = at;
    pace->guessed += pace_travel(pace, 0);
    pace_look(pace);
    if (!taken)
        return;
    pace->stood_in_at = at;
    pace->stood_in = source;
    pace_look(pace);
}

// Standing, as far as the silence of a pod that is known for it can tell.
static bool stands_silently(const Pace *pace, Usec at)
{
    const Usec silence = at - pace->measured_at;
    return pace->on_stop == ON_STOP_SILENT && pace->sensors[pace->owner].linked &&
           silence > STALE_AFTER && silence <= SILENCE_BELIEVED;
}

// What the track does not know of the speed, and what the scale does not know of metres.
static double confidence(const Pace *pace, const TrackView *view)
{
    const double half = square(CONFIDENT * fmax(view->speed, 2));
    const double scale = scale_deviation(&pace->scale, view->speed) * view->speed;
    return half / (half + view->variance + square(scale));
}

Estimate pace_speed(const Pace *pace, Usec at)
{
    if (pace->owner == SENSOR_NONE)
        return ESTIMATE_UNKNOWN;
    if (stands_silently(pace, at)) {
        const Reading standing = {.value = 0, .at = at, .confidence = SILENCE_TRUSTED};
        return estimate_from(&standing, SOURCE_POD, pace->owner, at);
    }
    const TrackView view = given_out(pace, at);
    const bool belt = pace->sensors[pace->owner].belt;
    const bool alone = belt && rivals_verdict(&pace->rivals, at) != RIVALS_AGREE;
    const bool replaced = pace->stood_in_at != USEC_NEVER && at - pace->measured_at > STALE_AFTER;
    const double most = replaced                  ? STANDS_IN
                        : pace->counter.disagrees ? DOUBTED
                        : alone                   ? ALONE
                                                  : 1;
    const Reading reading = {
        .value = view.speed,
        .at = replaced ? pace->stood_in_at : pace->measured_at,
        .confidence = fmin(most, confidence(pace, &view)),
    };
    const EstimateSource own = belt ? SOURCE_TREADMILL : SOURCE_POD;
    return estimate_from(&reading, replaced ? pace->stood_in : own, pace->owner, at);
}

double pace_distance(const Pace *pace)
{
    if (pace->owner == SENSOR_NONE)
        return pace->given;
    return distance_to(pace, &pace->now);
}

PaceForetold pace_foretell(const Pace *pace, Usec at)
{
    if (pace->owner == SENSOR_NONE)
        return (PaceForetold){.speed = NAN, .distance = pace->given + pace->corrected};
    const TrackView view = bank_look(&pace->bank, pace_ahead(pace, at));
    return (PaceForetold){
        .speed = view.speed,
        .distance = distance_to(pace, &view) + pace->corrected,
        .confidence = confidence(pace, &view),
    };
}
