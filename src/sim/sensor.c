// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Virtual sensors in real time. A strap and a pod share the runner, so neither may advance it by
// its own second: each runs it up to now.

#include "sim/sensor-kinds.h"

#include <string.h>

#include "codec/hrs.h"
#include "codec/location.h"
#include "codec/sccp.h"

#define CALIBRATION_MS 3000
#define PROCEDURE_MS   30
#define SLEPT_US       1000000
#define FLOOD_MS       5
#define FLOOD_MAX      512

static const char *const TABLES[] = {
    [SENSOR_TABLE_NORMAL] = "normal",       [SENSOR_TABLE_SHIFTED] = "shifted",
    [SENSOR_TABLE_BARE] = "bare",           [SENSOR_TABLE_TWICE] = "twice",
    [SENSOR_TABLE_UNFLAGGED] = "unflagged",
};
static const char *const REFUSALS[] = {
    [SENSOR_REFUSES_NOTHING] = "",
    [SENSOR_HANGS_UP] = "hang-up",
    [SENSOR_IS_SILENT] = "silent",
};
static const char *const MUTES[] = {
    [SENSOR_MUTE_SUBSCRIPTION] = "subscription",
    [SENSOR_MUTE_LINK] = "link",
    [SENSOR_MUTE_ORDER] = "order",
};
// What can be subscribed to; the bits of Sensor.subscriptions.
static const uint16_t SENDERS[] = {HEART,     STEPS,    STEPS_CONTROL,   BATTERY,       POWER,
                                   TREADMILL, TRAINING, MACHINE_CONTROL, MACHINE_STATUS};
// Where the pod may be put.
static const uint8_t LOCATIONS[] = {SENSOR_LOCATION_TOP_OF_SHOE, SENSOR_LOCATION_IN_SHOE,
                                    SENSOR_LOCATION_HIP};

void body_init(Body *body, uint64_t seed)
{
    runner_init(&body->runner, &RUNNER_DEFAULT, seed);
    body->now_us = g_get_monotonic_time();
}

void body_catch_up(Body *body)
{
    gint64 now = g_get_monotonic_time();
    runner_advance(&body->runner, usec_to_s(now - body->now_us));
    body->now_us = now;
}

// The part that counts steps.
static WornSensor *pod_of(Sensor *sensor)
{
    return sensor->kind == SENSOR_KIND_WATCH ? &sensor->steps : &sensor->worn;
}

// The measurement as the table has it. A part of the sensor, freed with it.
static const CharacteristicSpec *spoil(Sensor *sensor, const CharacteristicSpec *from)
{
    g_autoptr(GArray) made = g_array_new(TRUE, FALSE, sizeof *from); // ends in zeroes
    for (; from->uuid; from++) {
        CharacteristicSpec spec = *from;
        if (spec.uuid == HEART || spec.uuid == STEPS || spec.uuid == TREADMILL) {
            if (sensor->table == SENSOR_TABLE_BARE)
                continue;
            if (sensor->table == SENSOR_TABLE_UNFLAGGED)
                spec.flags[0] = "read";
        }
        g_array_append_val(made, spec);
    }
    gpointer kept = g_array_free(g_steal_pointer(&made), FALSE);
    sensor->made = g_slist_prepend(sensor->made, kept);
    return kept;
}

static ServiceSpec *make_services(Sensor *sensor)
{
    g_autoptr(GArray) made = g_array_new(TRUE, FALSE, sizeof(ServiceSpec));
    if (sensor->table == SENSOR_TABLE_SHIFTED)
        g_array_append_val(made, SENSOR_VENDOR);
    for (const ServiceSpec *from = SENSOR_KIND_SPECS[sensor->kind].services; from->uuid; from++) {
        const ServiceSpec service = {from->uuid, spoil(sensor, from->characteristics)};
        g_array_append_val(made, service);
        if (sensor->table == SENSOR_TABLE_TWICE && from->uuid != 0x180a)
            g_array_append_val(made, service);
    }
    return (ServiceSpec *)g_array_free(g_steal_pointer(&made), FALSE);
}

Sensor *sensor_new(SensorKind kind, guint n, guint i, Body *body, uint64_t seed)
{
    Sensor *sensor = g_new0(Sensor, 1);
    sensor->kind = kind;
    sensor->body = body;
    sensor->location = LOCATIONS[0];
    g_snprintf(sensor->address, sizeof sensor->address, "00:AA:01:00:00:%02X", n + 1);
    sensor->name = i == 0 ? g_strdup(SENSOR_KIND_SPECS[kind].title)
                          : g_strdup_printf("%s %u", SENSOR_KIND_SPECS[kind].title, i + 1);
    Random random;
    random_seed(&random, seed);
    sensor->battery = (uint8_t)(60 + 40 * random_uniform(&random));
    double scale = 1 + 0.005 * random_normal(&random); // within a percent, as good pods are
    scale = fmin(fmax(scale, 0.99), 1.01);
    worn_init(&sensor->worn, seed + 1, scale);
    worn_init(&sensor->steps, seed + 2, scale);
    treadmill_init(&sensor->treadmill);
    for (int table = 0; table < SENSOR_TABLES; table++) {
        sensor->table = (SensorTable)table;
        sensor->services[table] = make_services(sensor);
    }
    sensor->table = SENSOR_TABLE_NORMAL;
    return sensor;
}

void sensor_free(Sensor *sensor)
{
    g_clear_handle_id(&sensor->timer, g_source_remove);
    g_clear_handle_id(&sensor->procedure, g_source_remove);
    g_clear_handle_id(&sensor->flood, g_source_remove);
    for (int table = 0; table < SENSOR_TABLES; table++)
        g_free(sensor->services[table]);
    g_slist_free_full(sensor->made, g_free);
    g_free(sensor->name);
    g_free(sensor);
}

static void send(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length)
{
    if (length > 0 && !sensor->away && sensor->handlers && characteristic != sensor->muted)
        sensor->handlers->packet(sensor, characteristic, bytes, length, sensor->data);
}

static gboolean on_period(gpointer data);

// Its clock does not drift with the time that this process takes; what it slept through is lost.
static void arm(Sensor *sensor)
{
    const gint64 now_us = g_get_monotonic_time();
    sensor->next_us += usec_from_s(sensor->worn.period_s);
    if (sensor->next_us < now_us - SLEPT_US)
        sensor->next_us = now_us;
    const gint64 wait_us = MAX(sensor->next_us - now_us, 0);
    sensor->timer = g_timeout_add((guint)((wait_us + 999) / 1000), on_period, sensor);
}

typedef struct {
    TreadmillPacket packets[TREADMILL_PACKETS_MAX];
    size_t count;
} Outgoing;

typedef size_t (*WornPacket)(WornSensor *worn, const Runner *runner, uint8_t *ret_bytes,
                             size_t size);

static void add(Outgoing *outgoing, uint16_t characteristic, WornPacket make, WornSensor *worn,
                const Runner *runner)
{
    TreadmillPacket *packet = &outgoing->packets[outgoing->count++];
    packet->characteristic = characteristic;
    packet->length = make(worn, runner, packet->bytes, sizeof packet->bytes);
}

static void measure(Sensor *sensor, Outgoing *outgoing)
{
    const Runner *runner = &sensor->body->runner;
    switch (sensor->kind) {
    case SENSOR_KIND_STRAP:
        add(outgoing, HEART, worn_strap_packet, &sensor->worn, runner);
        break;
    case SENSOR_KIND_POD:
        add(outgoing, STEPS, worn_pod_packet, &sensor->worn, runner);
        break;
    case SENSOR_KIND_WATCH:
        add(outgoing, HEART, worn_strap_packet, &sensor->worn, runner);
        add(outgoing, STEPS, worn_pod_packet, &sensor->steps, runner);
        break;
    case SENSOR_KIND_POWER_POD:
        add(outgoing, STEPS, worn_pod_packet, &sensor->worn, runner);
        add(outgoing, POWER, worn_power_packet, &sensor->worn, runner);
        break;
    case SENSOR_KIND_TREADMILL:
        outgoing->count =
            treadmill_packets(&sensor->treadmill, &sensor->worn, runner, outgoing->packets);
        break;
    }
}

static gboolean on_period(gpointer data)
{
    Sensor *sensor = data;
    Outgoing outgoing = {0};
    arm(sensor);
    body_catch_up(sensor->body);
    measure(sensor, &outgoing);
    sensor->handlers->tick(sensor, sensor->data);
    for (size_t i = 0; i < outgoing.count; i++)
        send(sensor, outgoing.packets[i].characteristic, outgoing.packets[i].bytes,
             outgoing.packets[i].length);
    return G_SOURCE_REMOVE;
}

static gboolean on_phase(gpointer data)
{
    Sensor *sensor = data;
    sensor->next_us = g_get_monotonic_time();
    arm(sensor);
    return G_SOURCE_REMOVE;
}

void sensor_start(Sensor *sensor, guint phase_ms, const SensorHandlers *handlers, gpointer data)
{
    sensor->handlers = handlers;
    sensor->data = data;
    sensor->timer = g_timeout_add(phase_ms, on_phase, sensor);
}

const char *sensor_kind_name(SensorKind kind)
{
    return SENSOR_KIND_SPECS[kind].name;
}

bool sensor_kind_from_name(const char *name, SensorKind *ret_kind)
{
    for (guint i = 0; i < SENSOR_KINDS; i++) {
        if (strcmp(name, SENSOR_KIND_SPECS[i].name) == 0) {
            *ret_kind = (SensorKind)i;
            return true;
        }
    }
    return false;
}

bool sensor_table_from_name(const char *name, SensorTable *ret_table)
{
    for (guint i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        if (strcmp(name, TABLES[i]) == 0) {
            *ret_table = (SensorTable)i;
            return true;
        }
    }
    return false;
}

bool sensor_refusal_from_name(const char *name, SensorRefusal *ret_refusal)
{
    for (guint i = 0; i < G_N_ELEMENTS(REFUSALS); i++) {
        if (strcmp(name, REFUSALS[i]) == 0) {
            *ret_refusal = (SensorRefusal)i;
            return true;
        }
    }
    return false;
}

bool sensor_mute_from_name(const char *name, SensorMute *ret_mute)
{
    for (guint i = 0; i < G_N_ELEMENTS(MUTES); i++) {
        if (strcmp(name, MUTES[i]) == 0) {
            *ret_mute = (SensorMute)i;
            return true;
        }
    }
    return false;
}

Sensor *sensor_find(const GPtrArray *sensors, const char *name)
{
    for (guint i = 0; i < sensors->len; i++) {
        Sensor *sensor = sensors->pdata[i];
        if (strcmp(name, SENSOR_KIND_SPECS[sensor->kind].name) == 0 ||
            g_ascii_strcasecmp(name, sensor->address) == 0 || strcmp(name, sensor->name) == 0)
            return sensor;
    }
    return NULL;
}

uint16_t sensor_service(const Sensor *sensor)
{
    return SENSOR_KIND_SPECS[sensor->kind].advertised[0];
}

const uint16_t *sensor_advertised(const Sensor *sensor)
{
    return SENSOR_KIND_SPECS[sensor->kind].advertised;
}

const uint8_t *sensor_service_data(const Sensor *sensor, size_t *ret_length)
{
    *ret_length = SENSOR_KIND_SPECS[sensor->kind].service_data_length;
    return (const uint8_t *)SENSOR_KIND_SPECS[sensor->kind].service_data;
}

uint16_t sensor_measurement(const Sensor *sensor)
{
    return SENSOR_KIND_SPECS[sensor->kind].measurement;
}

const ServiceSpec *sensor_services(const Sensor *sensor)
{
    return sensor->services[sensor->table];
}

bool sensor_reachable(const Sensor *sensor)
{
    return !sensor->away && sensor->refusal != SENSOR_IS_SILENT && worn_linked(&sensor->worn);
}

static const CharacteristicSpec *find_spec(const Sensor *sensor, uint16_t characteristic)
{
    for (const ServiceSpec *service = sensor_services(sensor); service->uuid; service++) {
        for (const CharacteristicSpec *spec = service->characteristics; spec->uuid; spec++) {
            if (spec->uuid == characteristic)
                return spec;
        }
    }
    return NULL;
}

uint8_t sensor_read(const Sensor *sensor, uint16_t characteristic, uint8_t *ret_bytes, size_t size,
                    size_t *ret_length)
{
    const CharacteristicSpec *spec = find_spec(sensor, characteristic);
    const void *value = spec ? spec->value : NULL;
    size_t length = spec ? spec->length : 0;
    uint8_t training[20];
    if (characteristic == BATTERY) {
        value = &sensor->battery;
        length = sizeof sensor->battery;
    } else if (value && characteristic == LOCATION) {
        value = &sensor->location;
    } else if (value && characteristic == TRAINING) {
        length = treadmill_training(&sensor->treadmill, training, sizeof training);
        value = training;
    }
    if (!value)
        return ATT_READ_NOT_PERMITTED;
    *ret_length = MIN(length, size);
    memcpy(ret_bytes, value, *ret_length);
    return ATT_OK;
}

static gboolean on_procedure(gpointer data)
{
    Sensor *sensor = data;
    sensor->procedure = 0;
    const bool mute = sensor->worn.kind == MISBEHAVE_FREEZE || !worn_linked(&sensor->worn);
    if (!mute)
        send(sensor, sensor->kind == SENSOR_KIND_TREADMILL ? MACHINE_CONTROL : STEPS_CONTROL,
             sensor->procedure_bytes, sensor->procedure_length);
    return G_SOURCE_REMOVE;
}

// It needs steps to measure.
static gboolean on_calibrated(gpointer data)
{
    Sensor *sensor = data;
    body_catch_up(sensor->body);
    const bool moves = sensor->body->runner.speed_mps >= RUNNER_STANDING_BELOW_MPS;
    if (moves)
        pod_of(sensor)->scale = 1;
    const SccpResponse response = {
        SCCP_START_CALIBRATION, moves ? SCCP_SUCCESS : SCCP_FAILED, 0, {0}};
    sensor->procedure_length =
        sccp_response_encode(&response, sensor->procedure_bytes, sizeof sensor->procedure_bytes);
    return on_procedure(sensor);
}

static SccpOutcome update_location(Sensor *sensor, uint8_t location)
{
    if (!memchr(LOCATIONS, location, sizeof LOCATIONS))
        return SCCP_INVALID_PARAMETER;
    sensor->location = location;
    return SCCP_SUCCESS;
}

static SccpOutcome carry_out(Sensor *sensor, const SccpRequest *request, SccpResponse *response)
{
    switch (request->opcode) {
    case SCCP_SET_DISTANCE:
        worn_set_distance(pod_of(sensor), request->distance_dm);
        return SCCP_SUCCESS;
    case SCCP_UPDATE_LOCATION:
        return update_location(sensor, request->location);
    case SCCP_REQUEST_LOCATIONS:
        response->location_count = sizeof LOCATIONS;
        memcpy(response->locations, LOCATIONS, sizeof LOCATIONS);
        return SCCP_SUCCESS;
    }
    return SCCP_UNSUPPORTED;
}

static uint8_t start_procedure(Sensor *sensor, const uint8_t *bytes, size_t length)
{
    if (!sensor_subscribed(sensor, STEPS_CONTROL))
        return SCCP_ATT_NOT_SUBSCRIBED;
    if (sensor->procedure)
        return SCCP_ATT_IN_PROGRESS;
    SccpRequest request;
    const DecodeStatus status = sccp_request_decode(bytes, length, &request);
    if (status == DECODE_REJECT)
        return ATT_INVALID_LENGTH;
    if (status == DECODE_OK && request.opcode == SCCP_START_CALIBRATION) {
        sensor->procedure = g_timeout_add(CALIBRATION_MS, on_calibrated, sensor);
        return ATT_OK;
    }
    SccpResponse response = {.request = request.opcode};
    response.outcome =
        status == DECODE_OK ? carry_out(sensor, &request, &response) : SCCP_INVALID_PARAMETER;
    sensor->procedure_length =
        sccp_response_encode(&response, sensor->procedure_bytes, sizeof sensor->procedure_bytes);
    sensor->procedure = g_timeout_add(PROCEDURE_MS, on_procedure, sensor);
    return ATT_OK;
}

static uint8_t request_machine(Sensor *sensor, const uint8_t *bytes, size_t length)
{
    if (!sensor_subscribed(sensor, MACHINE_CONTROL))
        return SCCP_ATT_COMMON_NOT_SUBSCRIBED;
    if (sensor->procedure)
        return SCCP_ATT_COMMON_IN_PROGRESS;
    sensor->procedure_length = treadmill_request(
        &sensor->treadmill, bytes, length, sensor->procedure_bytes, sizeof sensor->procedure_bytes);
    if (sensor->procedure_length == 0)
        return ATT_INVALID_LENGTH;
    sensor->procedure = g_timeout_add(PROCEDURE_MS, on_procedure, sensor);
    return ATT_OK;
}

uint8_t sensor_write(Sensor *sensor, uint16_t characteristic, const uint8_t *bytes, size_t length)
{
    if (!find_spec(sensor, characteristic))
        return ATT_WRITE_NOT_PERMITTED;
    if (characteristic == STEPS_CONTROL)
        return start_procedure(sensor, bytes, length);
    if (characteristic == MACHINE_CONTROL)
        return request_machine(sensor, bytes, length);
    if (characteristic != HEART_CONTROL)
        return ATT_WRITE_NOT_PERMITTED;
    if (length != 1 || bytes[0] != HRS_CONTROL_RESET_ENERGY)
        return HRS_ATT_CONTROL_NOT_SUPPORTED;
    worn_reset_energy(&sensor->worn);
    return ATT_OK;
}

static uint32_t subscription_bit(uint16_t characteristic)
{
    for (guint i = 0; i < G_N_ELEMENTS(SENDERS); i++) {
        if (SENDERS[i] == characteristic)
            return 1u << i;
    }
    return 0;
}

void sensor_subscribe(Sensor *sensor, uint16_t characteristic, bool subscribed)
{
    if (characteristic == sensor->muted && subscribed &&
        sensor->muted_until == SENSOR_MUTE_SUBSCRIPTION)
        sensor->muted = 0;
    if (subscribed)
        sensor->subscriptions |= subscription_bit(characteristic);
    else
        sensor->subscriptions &= ~subscription_bit(characteristic);
}

bool sensor_subscribed(const Sensor *sensor, uint16_t characteristic)
{
    return sensor->subscriptions & subscription_bit(characteristic);
}

void sensor_link_lost(Sensor *sensor)
{
    sensor->subscriptions = 0;
    if (sensor->muted_until != SENSOR_MUTE_ORDER)
        sensor->muted = 0;
    sensor->treadmill.controlled = false;
    g_clear_handle_id(&sensor->procedure, g_source_remove);
}

void sensor_misbehave(Sensor *sensor, Misbehaviour kind, double seconds)
{
    worn_misbehave(&sensor->worn, kind, seconds);
    worn_misbehave(&sensor->steps, kind, seconds);
}

void sensor_mute(Sensor *sensor, uint16_t characteristic, SensorMute until)
{
    sensor->muted = characteristic;
    sensor->muted_until = until;
}

void sensor_set_rate(Sensor *sensor, double hz)
{
    sensor->worn.period_s = sensor->steps.period_s = 1 / hz;
    if (!sensor->timer)
        return;
    g_clear_handle_id(&sensor->timer, g_source_remove);
    on_phase(sensor);
}

void sensor_set_battery(Sensor *sensor, uint8_t percent)
{
    sensor->battery = percent;
    send(sensor, BATTERY, &sensor->battery, 1);
}

void sensor_rename(Sensor *sensor, const char *name)
{
    g_free(sensor->name);
    sensor->name = g_strdup(name);
}

static gboolean on_flood(gpointer data)
{
    Sensor *sensor = data;
    const double run_s = usec_to_s(g_get_monotonic_time() - sensor->flooding.from_us);
    const double upto_s = fmin(run_s, sensor->flooding.seconds);
    while ((double)sensor->flooding.sent < upto_s * sensor->flooding.hz) {
        uint8_t bytes[FLOOD_MAX];
        for (guint i = 0; i < sensor->flooding.length; i++)
            bytes[i] = (uint8_t)(sensor->flooding.sent + i);
        sensor->flooding.sent++;
        if (!sensor->away)
            sensor->handlers->packet(sensor, sensor_measurement(sensor), bytes,
                                     sensor->flooding.length, sensor->data);
    }
    if (run_s < sensor->flooding.seconds)
        return G_SOURCE_CONTINUE;
    sensor->flood = 0;
    return G_SOURCE_REMOVE;
}

void sensor_flood(Sensor *sensor, guint length, double hz, double seconds)
{
    g_clear_handle_id(&sensor->flood, g_source_remove);
    sensor->flooding.length = MIN(length, FLOOD_MAX);
    sensor->flooding.hz = hz;
    sensor->flooding.seconds = seconds;
    sensor->flooding.from_us = g_get_monotonic_time();
    sensor->flooding.sent = 0;
    sensor->flood = g_timeout_add(FLOOD_MS, on_flood, sensor);
}
