// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The virtual treadmill. As with what is worn, measuring goes on whatever goes wrong in the
// sending.

#include "sim/treadmill.h"

#include "codec/ftms-control.h"
#include "codec/ftms-machine.h"
#include "codec/ftms-record.h"
#include "sim/wear-inside.h"

#define DATA     0x2acd
#define TRAINING 0x2ad3
#define STATUS   0x2ada

#define BELT_ACCELERATION 0.5 // m/s²
#define BELT_STEP         (0.1 / 3.6)
#define KCAL_PER_KM       70.0
#define KM_PER_MILE       (METRES_PER_MILE / 1000)
#define SPIKE_KMH         24.0
#define METRES_MAX        0xffffff
#define METRES_BEFORE_END 10

void treadmill_init(Treadmill *treadmill)
{
    *treadmill = (Treadmill){0};
}

static bool is_running(const Treadmill *treadmill)
{
    return treadmill->belt_mps >= BELT_STEP;
}

// By its keys: to what the runner aims at, in steps of 0.1 km/h.
static void move_belt(Treadmill *treadmill, const Runner *runner, double seconds)
{
    double aim = isnan(runner->target_mps) ? runner->traits.easy_speed_mps : runner->target_mps;
    if (treadmill->traits.runs_on && aim < BELT_STEP)
        aim = treadmill->belt_mps;
    aim = BELT_STEP * round(aim / BELT_STEP);
    const double most = BELT_ACCELERATION * seconds;
    treadmill->belt_mps += fmax(-most, fmin(aim - treadmill->belt_mps, most));
    const double moved = treadmill->belt_mps * seconds;
    const double risen = moved * treadmill->traits.incline_percent / 100;
    treadmill->distance_m += moved;
    treadmill->climbed_m += fmax(risen, 0);
    treadmill->descended_m += fmax(-risen, 0);
    treadmill->energy_kcal += moved / 1000 * KCAL_PER_KM;
    treadmill->elapsed_s += is_running(treadmill) ? seconds : 0;
}

static double told_kmh(const Treadmill *treadmill, WornSensor *worn)
{
    const double kmh = treadmill->belt_mps * 3.6;
    if (worn->kind == MISBEHAVE_ZERO)
        return 0;
    if (worn->kind == MISBEHAVE_SPIKES && worn_chance(worn, WORN_SPIKE_CHANCE))
        return SPIKE_KMH;
    return treadmill->traits.miles ? kmh / KM_PER_MILE : kmh;
}

static void set_paces(FtmsTreadmill *data, double kmh, double average_kmh)
{
    data->pace_bytes = 1;
    ftms_set(data, FTMS_PACE, (int32_t)lround(fmin(kmh / 60 * 10, UINT8_MAX)));
    ftms_set(data, FTMS_AVERAGE_PACE, (int32_t)lround(fmin(average_kmh / 60 * 10, UINT8_MAX)));
}

static void set_travelled(const Treadmill *treadmill, FtmsTreadmill *data)
{
    ftms_set(data, FTMS_DISTANCE, (int32_t)fmin(treadmill->distance_m, METRES_MAX));
    ftms_set(data, FTMS_INCLINATION, (int32_t)lround(treadmill->traits.incline_percent * 10));
}

// Paces leave no room for the energy in a single notification.
static void set_effort(const Treadmill *treadmill, const Runner *runner, FtmsTreadmill *data)
{
    if (treadmill->traits.split || !treadmill->traits.byte_pace)
        ftms_set(data, FTMS_ENERGY, (int32_t)treadmill->energy_kcal);
    if (treadmill->traits.grips)
        ftms_set(data, FTMS_HEART_RATE, (int32_t)lround(runner->heart_bpm));
}

static void add(TreadmillPacket *packets, size_t *count, WornSensor *worn,
                const FtmsTreadmill *data)
{
    TreadmillPacket *packet = &packets[(*count)++];
    packet->characteristic = DATA;
    packet->length = worn_send(worn, ftms_encode(data, packet->bytes, sizeof packet->bytes));
}

static void tell_record(Treadmill *treadmill, WornSensor *worn, const Runner *runner,
                        TreadmillPacket *packets, size_t *count)
{
    const double kmh = told_kmh(treadmill, worn);
    const double average_kmh =
        treadmill->elapsed_s > 0 ? treadmill->distance_m / treadmill->elapsed_s * 3.6 : 0;
    FtmsTreadmill last = {0}, first = {.more_data = true};
    FtmsTreadmill *other = treadmill->traits.split ? &first : &last;
    ftms_set(&last, FTMS_SPEED, (int32_t)lround(kmh * 100));
    ftms_set(&last, FTMS_ELAPSED, (int32_t)treadmill->elapsed_s);
    set_travelled(treadmill, other);
    if (treadmill->traits.byte_pace)
        set_paces(other, kmh, average_kmh);
    if (treadmill->traits.split) {
        ftms_set(&first, FTMS_AVERAGE_SPEED, (int32_t)lround(average_kmh * 100));
        ftms_set(&first, FTMS_ELEVATION_GAIN, (int32_t)lround(treadmill->climbed_m * 10));
        ftms_set(&first, FTMS_ELEVATION_LOSS, (int32_t)lround(treadmill->descended_m * 10));
        add(packets, count, worn, &first);
    }
    set_effort(treadmill, runner, &last);
    add(packets, count, worn, &last);
}

size_t treadmill_training(const Treadmill *treadmill, uint8_t *ret_bytes, size_t size)
{
    const FtmsTrainingStatus status = {.status = is_running(treadmill) ? FTMS_TRAINING_MANUAL
                                                                       : FTMS_TRAINING_IDLE};
    return ftms_training_encode(&status, ret_bytes, size);
}

static void tell_status(Treadmill *treadmill, WornSensor *worn, TreadmillPacket *packets,
                        size_t *count)
{
    const bool running = is_running(treadmill);
    if (running == treadmill->told_running)
        return;
    treadmill->told_running = running;
    const FtmsMessage started = {.op = FTMS_STATUS_STARTED};
    const FtmsMessage stopped = {.op = FTMS_STATUS_STOPPED, .count = 1, .value = {FTMS_STOP}};
    TreadmillPacket *status = &packets[(*count)++], *training = &packets[(*count)++];
    status->characteristic = STATUS;
    status->length = worn_send(worn, ftms_status_encode(running ? &started : &stopped,
                                                        status->bytes, sizeof status->bytes));
    training->characteristic = TRAINING;
    training->length =
        worn_send(worn, treadmill_training(treadmill, training->bytes, sizeof training->bytes));
}

size_t treadmill_packets(Treadmill *treadmill, WornSensor *worn, const Runner *runner,
                         TreadmillPacket ret_packets[TREADMILL_PACKETS_MAX])
{
    size_t count = 0;
    worn_pass_time(worn);
    move_belt(treadmill, runner, worn->period_s);
    if (worn->kind == MISBEHAVE_WRAP)
        treadmill->distance_m = fmax(treadmill->distance_m, METRES_MAX - METRES_BEFORE_END);
    if (treadmill->distance_m > METRES_MAX)
        treadmill->distance_m = 0;
    tell_record(treadmill, worn, runner, ret_packets, &count);
    tell_status(treadmill, worn, ret_packets, &count);
    return count;
}

static FtmsResult judge(Treadmill *treadmill, const FtmsMessage *request, DecodeStatus status)
{
    if (status != DECODE_OK)
        return FTMS_RESULT_INVALID_PARAMETER;
    switch (request->op) {
    case FTMS_REQUEST_CONTROL:
        treadmill->controlled = true;
        return FTMS_RESULT_SUCCESS;
    case FTMS_REQUEST_RESET:
        if (!treadmill->controlled)
            return FTMS_RESULT_NOT_PERMITTED;
        treadmill->controlled = false;
        return FTMS_RESULT_SUCCESS;
    case FTMS_REQUEST_SPEED:
    case FTMS_REQUEST_INCLINATION:
    case FTMS_REQUEST_START:
    case FTMS_REQUEST_STOP:
        return treadmill->controlled ? FTMS_RESULT_FAILED : FTMS_RESULT_NOT_PERMITTED;
    }
    return FTMS_RESULT_UNSUPPORTED;
}

size_t treadmill_request(Treadmill *treadmill, const uint8_t *bytes, size_t length,
                         uint8_t *ret_bytes, size_t size)
{
    FtmsMessage request;
    const DecodeStatus status = ftms_request_decode(bytes, length, &request);
    if (status == DECODE_REJECT)
        return 0;
    const FtmsResponse response = {.request = request.op,
                                   .result = (uint8_t)judge(treadmill, &request, status)};
    return ftms_response_encode(&response, ret_bytes, size);
}
