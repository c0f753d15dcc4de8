// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// FIT, the files that watches write and load: bytes in memory in, messages out, one at a time. Of a
// run it gives what was measured, the beats, the laps and what kind of activity it was, of a
// workout its steps, and who and what made the file; everything else is walked over. Several files
// in a row (chained) are read as one. The other way round: fit-write.h. Layout: the public FIT
// protocol 2.0, profile 21.217. A file is a header, definitions of messages, data by these
// definitions, and a check sum (CRC-16/ARC) over all of it. Either byte order; compressed
// timestamps; developer fields are walked over.
//
// A value that a file marks as invalid, or that is no finite number, is absent: NAN. A field whose
// size is no multiple of its type's, or whose type is unknown, is walked over, as the protocol
// wants it.

#pragma once

#include "base/units.h"

// Seconds since this are the time of a file; its offset to Unix time.
#define FIT_EPOCH_UNIX_S 631065600

// CRC-16/ARC (polynomial 0xA001 reflected, from 0), carried on from `crc`: 0 to begin. Over a whole
// file with its check sum it is 0.
uint16_t fit_crc(uint16_t crc, const uint8_t *bytes, size_t length);

// Whether these bytes begin like a FIT file. Twelve are enough to tell.
bool fit_is(const uint8_t *bytes, size_t length);

typedef enum {
    FIT_END, // all was read
    FIT_BAD, // the rest cannot be read: `fault` and `offset` say why; so it stays
    FIT_FILE,
    FIT_RECORD,
    FIT_EVENT,
    FIT_LAP,
    FIT_SESSION,
    FIT_HRV,
    FIT_WORKOUT,
    FIT_STEP,
    FIT_CREATOR,
    FIT_DEVICE,
    FIT_DEVELOPER, // whose fields beyond the profile are in the file
    FIT_OWN_FIELD, // what one of these is
    FIT_ACTIVITY,
} FitKind;

typedef enum {
    FIT_FAULT_NONE,
    FIT_FAULT_HEADER,        // it is no FIT header
    FIT_FAULT_HEADER_CRC,    // the header's check sum is not that of its bytes
    FIT_FAULT_CUT,           // the file is shorter than its header says
    FIT_FAULT_CRC,           // the file's check sum is not that of its bytes
    FIT_FAULT_BYTE_ORDER,    // a definition has neither order
    FIT_FAULT_UNDEFINED,     // data without a definition
    FIT_FAULT_NO_TIMESTAMP,  // a compressed timestamp that has none to go by
    FIT_FAULT_BEYOND_ITS_END // a message goes on where the file's data end
} FitFault;

// What to tell people: a sentence without an end.
const char *fit_fault_text(FitFault fault);

// All times: s since the FIT epoch.

#define FIT_DEGREES (180 / 2147483648.0) // a place's unit: 2³¹ of them are half a circle

// The five together tell one file from all others.
typedef struct {
    double type;         // 4: an activity, 5: a workout, 6: a course
    double manufacturer; // 255: whoever has no number of its own
    double product;
    double serial;  // above 0
    double created; // time
} FitFileId;

typedef struct {
    double time;
    double heart_rate;           // bpm
    double cadence;              // turns a minute; of a runner one leg's
    double cadence_fraction;     // to be added to it
    double distance;             // m, since the start
    double speed;                // m/s; the enhanced one where there are both
    double altitude;             // m; likewise
    double latitude, longitude;  // in FIT_DEGREES, north and east
    double power;                // W
    double grade;                // %
    double vertical_oscillation; // mm
    double stance_time;          // ms
    double stance_share;         // % of a step's time
    double stance_balance;       // %, the left foot's
    double vertical_ratio;       // %, of what is up and down to a step's length
    double temperature;          // °C
    double step_length;          // mm
    double speed_confidence, heart_confidence, effort, d_prime; // FitOwn; not read
} FitRecord;

// Fields of a record that the profile lacks, by their numbers: floats, as session/snapshot.h has
// them. A FIT_DEVELOPER and a FIT_OWN_FIELD of each come before the first record.
typedef enum {
    FIT_OWN_SPEED_CONFIDENCE, // 0 … 1
    FIT_OWN_HEART_CONFIDENCE,
    FIT_OWN_EFFORT,  // 0 … 10
    FIT_OWN_D_PRIME, // m
} FitOwn;

typedef struct {
    double time;
    double event; // 0: the timer
    double type;  // 0: start, 1: stop, 4: stop all, 8 and 9: likewise, with a lap's end
} FitEvent;

// A lap; and a session, which has the sport.
typedef struct {
    double time;                       // of its end
    double start;                      // time
    double elapsed;                    // s
    double timer;                      // s, without pauses
    double distance;                   // m
    double heart_rate, heart_rate_max; // bpm
    double trigger;    // of a lap. 0: by hand, 1: time, 2: distance, 7: the session's end
    double intensity;  // of a lap. 0: active, 1: rest, 2: warm-up, 3: cool-down
    double sport;      // 0: any, 1: running, 2: cycling, 4: indoors on a machine, 5: swimming
    double sub_sport;  // 1: treadmill, 2: street, 4: track, 45: indoor running
    double index;      // from 0
    double event;      // 9: a lap, 8: a session
    double event_type; // 1: its end
    double cadence, cadence_fraction; // as of a record
    double power;                     // W
    double speed, speed_max;          // m/s
    double step_length;               // mm
    double step_index;                // of a lap: which step of the workout
    double first_lap, lap_count;      // of a session
    double stress;                    // of a session: training stress score
} FitLap;

#define FIT_RR_MAX 127

typedef struct {
    uint8_t count;
    uint16_t rr_ms[FIT_RR_MAX]; // intervals between beats, oldest first
} FitHrv;

// Text as it stands in the file, without a NUL: any bytes. NULL: absent. At most FIT_TEXT_MAX bytes
// are written.
typedef struct {
    const char *at; // borrowed
    size_t length;
} FitText;

#define FIT_TEXT_MAX 254

typedef struct {
    double sport;        // as of a lap
    double capabilities; // bits; 0x20 as is customary
    double step_count;   // of FIT_STEP that follow
    FitText name;
} FitWorkout;

typedef enum {
    FIT_LASTS_TIME = 0,        // ms
    FIT_LASTS_DISTANCE = 1,    // cm
    FIT_LASTS_HEART_BELOW = 2, // up to 100: percent of the maximum; else bpm + 100
    FIT_LASTS_OPEN = 5,        // until the lap key
    FIT_LASTS_REPEAT = 6,      // no step, but again from that step on; `target` times in all
    FIT_LASTS_UNTIL_FIRST = 7, // the first that repeat until something is reached …
    FIT_LASTS_UNTIL_LAST = 13, // … and the last
    FIT_LASTS_REPETITION = 28, // ms
    FIT_LASTS_TIME_ONLY = 31,  // ms
} FitLasts;

typedef enum {
    FIT_TARGET_SPEED = 0,    // mm/s
    FIT_TARGET_HEART = 1,    // up to 100: percent of the maximum; else bpm + 100
    FIT_TARGET_OPEN = 2,     // none
    FIT_TARGET_CADENCE = 3,  // turns a minute: of a runner one leg's
    FIT_TARGET_POWER = 4,    // up to 1000: percent of the threshold; else W + 1000
    FIT_TARGET_POWER_3S = 7, // the same as averages
    FIT_TARGET_POWER_LAP = 10,
    FIT_TARGET_SPEED_LAP = 12,
    FIT_TARGET_HEART_LAP = 13,
} FitTarget;

typedef enum {
    FIT_ACTIVE = 0,
    FIT_REST = 1,
    FIT_WARM_UP = 2,
    FIT_COOL_DOWN = 3,
    FIT_RECOVERY = 4,
} FitIntensity;

// A step of a workout. The numbers are raw: what they mean follows from the types.
typedef struct {
    double index;         // from 0; what a repeat refers to
    double duration_type; // FitLasts
    double duration;      // of a repeat: the index that it goes back to
    double target_type;   // FitTarget
    double target;        // 0: from low to high; else a zone of the watch's; of a repeat: how often
    double low, high;
    double intensity;          // FitIntensity
    double second_target_type; // FitTarget
    FitText name, notes;
} FitStep;

typedef struct {
    double software; // the version, of whoever made the file
} FitCreator;

typedef struct {
    double time;
    double index; // 0: who made the file
    double type;  // of a sensor on Bluetooth LE: 1 heart rate, 2 power, 6 foot pod, 7 trainer
    double manufacturer;
    double battery_status; // 2: good, 3: ok, 4: low, 5: critical
    double source;         // 3: Bluetooth LE, 5: local
    double battery;        // percent
    FitText name;
} FitDevice;

typedef struct {
    FitText application; // 16 bytes
    double index;        // from 0
} FitDeveloper;

typedef struct {
    double developer; // FitDeveloper.index
    double number;    // FitOwn
    double type;      // FIT's base type: FIT_OWN_TYPE
    FitText name, unit;
} FitOwnField;

#define FIT_OWN_TYPE 0x88 // float32

typedef struct {
    double time;              // of its end
    double timer;             // s
    double sessions, type;    // 0: by hand
    double event, event_type; // 26, 1
    double local;             // the same as `time`, by the clocks where it was
} FitActivity;

typedef struct {
    FitKind kind;
    FitFault fault; // FIT_BAD
    size_t offset;  // from the first byte: of the message, or of what cannot be read
    union {
        FitFileId file;
        FitRecord record;
        FitEvent event;
        FitLap lap; // FIT_LAP, FIT_SESSION
        FitHrv hrv;
        FitWorkout workout;
        FitStep step;
        FitCreator creator;
        FitDevice device;
        FitDeveloper developer;
        FitOwnField own;
        FitActivity activity;
    };
} FitMessage;

// Steps a minute, both feet, of someone on foot; NAN when the record has none.
double fit_record_steps(const FitRecord *record);

// Of the file being read, what each of its local numbers stands for. Nothing is copied.
typedef struct {
    const uint8_t *fields; // three bytes each: number, size, base type; NULL: not defined
    uint8_t field_count;
    uint16_t message; // global number
    bool big_endian;
    uint16_t developer_bytes; // of each message, to be walked over
} FitDefinition;

typedef struct {
    const uint8_t *bytes; // borrowed
    size_t length;
    size_t at;
    size_t data_end; // of the file being read; its check sum follows. 0: before a header
    uint32_t time;   // the newest timestamp
    bool has_time;
    FitFault fault; // no more to read after one
    size_t fault_at;
    FitDefinition definitions[16];
} FitReader;

// The bytes have to stay as long as the reader is used. They may be anything.
void fit_reader_init(FitReader *reader, const uint8_t *bytes, size_t length);

// The next message of a kind above; FIT_END or FIT_BAD at last, for good.
FitMessage fit_read(FitReader *reader);
