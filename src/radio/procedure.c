// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that three parties can say no in three languages: BlueZ by its errors, the sensor's
// attribute server by a byte, its control point by another. Each outcome keeps its own name, for
// what helps is another thing each time.

#include "radio/procedure.h"

#include <math.h>

#include "io/clock.h"

#define CHARACTERISTIC "org.bluez.GattCharacteristic1"
#define NOTIFY_TIMEOUT (5 * USEC_PER_SEC)
#define DOUBT_TIME     USEC_PER_SEC

#define RESET_ENERGY      0x01 // HRS 1.0 table 3.5
#define HRS_NOT_SUPPORTED 0x80 // ATT error, HRS 1.0 table 4.1
#define ATT_UNLIKELY      0x0E

typedef struct {
    Procedures *all;
    Procedure procedure;
    ProcedureCallback callback;
    gpointer data;
    char *device; // path
    guint connection;
    char *point;     // path of the control point, once it is found
    bool subscribed; // to its indications, by us
    guint8 bytes[SCCP_REQUEST_BYTES];
    gsize length;
    ProcedureResult result;
    Alarm *alarm; // the time-out; then the moment to say how it ended
    bool over;
    bool doubted; // it failed with `result`, perhaps only because the link is lost
    GCancellable *cancellable;
} Run;

struct Procedures {
    Bluez *bluez;
    ProcedureMoved moved;
    gpointer data;
    GPtrArray *runs;
};

static void run_free(gpointer data)
{
    Run *run = data;
    g_cancellable_cancel(run->cancellable);
    g_object_unref(run->cancellable);
    alarm_free(run->alarm);
    g_free(run->device);
    g_free(run->point);
    g_free(run);
}

static void finish(Run *run, ProcedureOutcome outcome)
{
    if (run->over)
        return;
    run->over = true;
    run->result.outcome = outcome;
    g_cancellable_cancel(run->cancellable); // what is under way is of no interest any more
    if (run->subscribed)
        bluez_call(run->all->bluez, run->point, CHARACTERISTIC, "StopNotify", NULL, USEC_PER_SEC,
                   NULL, NULL, NULL);
    alarm_set(run->alarm, 0);
}

static void on_alarm(gpointer data)
{
    Run *run = data;
    Procedures *all = run->all;
    if (!run->over) {
        finish(run, run->doubted ? run->result.outcome : PROCEDURE_TIMED_OUT);
        return;
    }
    ProcedureResult result = run->result;
    Procedure procedure = run->procedure;
    g_autofree char *device = g_steal_pointer(&run->device);
    ProcedureCallback callback = run->callback;
    gpointer callback_data = run->data;
    g_ptr_array_remove(all->runs, run); // another may begin within the callback
    if (procedure.kind == PROCEDURE_SET_LOCATION && result.outcome == PROCEDURE_DONE)
        all->moved(device, procedure.location, all->data);
    callback(&result, callback_data);
}

static ProcedureOutcome from_sccp(SccpOutcome outcome)
{
    switch (outcome) {
    case SCCP_SUCCESS:
        return PROCEDURE_DONE;
    case SCCP_UNSUPPORTED:
        return PROCEDURE_NOT_SUPPORTED;
    case SCCP_INVALID_PARAMETER:
        return PROCEDURE_INVALID;
    case SCCP_FAILED:
        return PROCEDURE_FAILED;
    case SCCP_BUSY:
        return PROCEDURE_IN_PROGRESS;
    case SCCP_NOT_SUBSCRIBED:
        return PROCEDURE_NOT_CONFIGURED;
    case SCCP_NOT_PERMITTED:
        return PROCEDURE_NOT_PERMITTED;
    case SCCP_NEEDS_PAIRING:
        return PROCEDURE_NEEDS_PAIRING;
    case SCCP_TIMED_OUT:
        return PROCEDURE_TIMED_OUT;
    case SCCP_LINK_LOST:
        return PROCEDURE_LINK_LOST;
    case SCCP_UNKNOWN:
        return PROCEDURE_ERROR;
    }
    g_assert_not_reached();
}

static ProcedureOutcome from_trouble(Trouble trouble)
{
    switch (trouble) {
    case TROUBLE_NONE:
        return PROCEDURE_DONE;
    case TROUBLE_TRANSIENT:
        return PROCEDURE_IN_PROGRESS;
    case TROUBLE_TIMEOUT:
        return PROCEDURE_TIMED_OUT;
    case TROUBLE_GONE:
    case TROUBLE_NOT_READY:
    case TROUBLE_BLOCKED:
    case TROUBLE_NO_SERVICE:
        return PROCEDURE_LINK_LOST;
    case TROUBLE_REFUSED:
    case TROUBLE_NO_PERMISSION:
        return PROCEDURE_NOT_PERMITTED;
    case TROUBLE_SLOTS:
    case TROUBLE_OTHER:
        return PROCEDURE_ERROR;
    }
    g_assert_not_reached();
}

static void fail(Run *run, Trouble trouble)
{
    guint8 error = bluez_att_error(run->all->bluez);
    bool heart = run->procedure.kind == PROCEDURE_RESET_ENERGY;
    run->result.att_error = error;
    ProcedureOutcome outcome = heart && error == HRS_NOT_SUPPORTED ? PROCEDURE_NOT_SUPPORTED
                               : error ? from_sccp(sccp_outcome_from_att(error))
                                       : from_trouble(trouble);
    if (error != ATT_UNLIKELY && trouble != TROUBLE_TRANSIENT) {
        finish(run, outcome);
        return;
    }
    // So BlueZ ends what is under way when the link is lost, a moment before it says that.
    run->doubted = true;
    run->result.outcome = outcome;
    alarm_set(run->alarm, clock_now() + DOUBT_TIME);
}

static void on_written(GVariant *reply, Trouble trouble, gpointer data)
{
    Run *run = data;
    if (trouble != TROUBLE_NONE)
        fail(run, trouble);
    else if (run->procedure.kind == PROCEDURE_RESET_ENERGY)
        finish(run, PROCEDURE_DONE);
}

static void write_request(Run *run)
{
    GVariantBuilder options;
    g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add_parsed(&options, "{'type', <'request'>}");
    GVariant *bytes =
        g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, run->bytes, run->length, sizeof(guint8));
    bluez_call(run->all->bluez, run->point, CHARACTERISTIC, "WriteValue",
               g_variant_new("(@aya{sv})", bytes, &options), PROCEDURE_TIMEOUT, run->cancellable,
               on_written, run);
}

static void on_listening(GVariant *reply, Trouble trouble, gpointer data)
{
    Run *run = data;
    run->subscribed = trouble == TROUBLE_NONE;
    if (run->subscribed)
        write_request(run);
    else
        fail(run, trouble);
}

// False when the sensor could not take it.
static bool encode(Run *run)
{
    const Procedure *procedure = &run->procedure;
    SccpRequest request = {.location = procedure->location};
    switch (procedure->kind) {
    case PROCEDURE_SET_DISTANCE:
        if (!(procedure->distance_m >= 0 && procedure->distance_m * 10 < 4294967295.5))
            return false;
        request.opcode = SCCP_SET_DISTANCE;
        request.distance_dm = (uint32_t)llround(procedure->distance_m * 10);
        break;
    case PROCEDURE_CALIBRATE:
        request.opcode = SCCP_START_CALIBRATION;
        break;
    case PROCEDURE_SET_LOCATION:
        request.opcode = SCCP_UPDATE_LOCATION;
        break;
    case PROCEDURE_LIST_LOCATIONS:
        request.opcode = SCCP_REQUEST_LOCATIONS;
        break;
    case PROCEDURE_RESET_ENERGY:
        run->bytes[0] = RESET_ENERGY;
        run->length = 1;
        return true;
    }
    run->length = sccp_request_encode(&request, run->bytes, sizeof run->bytes);
    return run->length > 0;
}

static ProcedureOutcome begin(Run *run, const MirrorDevice *device)
{
    const Mirror *mirror = bluez_mirror(run->all->bluez);
    bool heart = run->procedure.kind == PROCEDURE_RESET_ENERGY;
    for (guint i = 0; device && i < run->all->runs->len; i++) {
        const Run *other = g_ptr_array_index(run->all->runs, i);
        if (other != run && !other->over && g_str_equal(other->device, device->path))
            return PROCEDURE_BUSY;
    }
    if (!device || !device->connected || !device->resolved)
        return PROCEDURE_NOT_CONNECTED;
    const MirrorCharacteristic *stream =
        mirror_characteristic(mirror, device, heart ? CHARACTERISTIC_HEART : CHARACTERISTIC_STRIDE);
    const MirrorCharacteristic *point = mirror_beside(
        mirror, stream, heart ? CHARACTERISTIC_HEART_CONTROL : CHARACTERISTIC_STRIDE_CONTROL);
    if (!point || (!heart && !point->notifies))
        return PROCEDURE_NO_POINT;
    if (!encode(run))
        return PROCEDURE_INVALID;
    run->point = g_strdup(point->path);
    run->connection = device->connection;
    alarm_set(run->alarm, clock_now() + PROCEDURE_TIMEOUT);
    if (heart)
        write_request(run);
    else
        bluez_call(run->all->bluez, run->point, CHARACTERISTIC, "StartNotify", NULL, NOTIFY_TIMEOUT,
                   run->cancellable, on_listening, run);
    return PROCEDURE_DONE; // so far
}

void procedures_begin(Procedures *procedures, const MirrorDevice *device,
                      const Procedure *procedure, ProcedureCallback callback, gpointer data)
{
    Run *run = g_new0(Run, 1);
    run->all = procedures;
    run->procedure = *procedure;
    run->callback = callback;
    run->data = data;
    run->device = g_strdup(device ? device->path : "");
    run->cancellable = g_cancellable_new();
    run->alarm = alarm_new(on_alarm, run);
    g_ptr_array_add(procedures->runs, run);
    ProcedureOutcome outcome = begin(run, device);
    if (outcome != PROCEDURE_DONE)
        finish(run, outcome);
}

static void answered(Run *run, const SccpResponse *response)
{
    if (response->outcome == SCCP_SUCCESS && response->request == SCCP_REQUEST_LOCATIONS) {
        run->result.location_count = response->location_count;
        for (guint i = 0; i < response->location_count; i++)
            run->result.locations[i] = response->locations[i];
    }
    finish(run, from_sccp(response->outcome));
}

void procedures_value(Procedures *procedures, const MirrorDevice *device, guint16 characteristic,
                      const guint8 *bytes, gsize length)
{
    SccpResponse response;
    if (characteristic != CHARACTERISTIC_STRIDE_CONTROL ||
        sccp_response_decode(bytes, length, &response) == DECODE_REJECT)
        return;
    for (guint i = 0; i < procedures->runs->len; i++) {
        Run *run = g_ptr_array_index(procedures->runs, i);
        if (!run->over && run->subscribed && run->bytes[0] == response.request &&
            g_str_equal(run->device, device->path))
            answered(run, &response);
    }
}

void procedures_look(Procedures *procedures)
{
    const Mirror *mirror = bluez_mirror(procedures->bluez);
    for (guint i = 0; i < procedures->runs->len; i++) {
        Run *run = g_ptr_array_index(procedures->runs, i);
        const MirrorDevice *device = g_hash_table_lookup(mirror->devices, run->device);
        if (!device || !device->connected || device->connection != run->connection)
            finish(run, PROCEDURE_LINK_LOST);
    }
}

Procedures *procedures_new(Bluez *bluez, ProcedureMoved moved, gpointer data)
{
    Procedures *procedures = g_new0(Procedures, 1);
    procedures->bluez = bluez;
    procedures->moved = moved;
    procedures->data = data;
    procedures->runs = g_ptr_array_new_with_free_func(run_free);
    return procedures;
}

void procedures_free(Procedures *procedures)
{
    g_ptr_array_unref(procedures->runs);
    g_free(procedures);
}

const char *procedure_outcome_name(ProcedureOutcome outcome)
{
    switch (outcome) {
    case PROCEDURE_DONE:
        return "done";
    case PROCEDURE_BUSY:
        return "busy";
    case PROCEDURE_NOT_CONNECTED:
        return "not-connected";
    case PROCEDURE_NO_POINT:
        return "no-control-point";
    case PROCEDURE_NOT_SUPPORTED:
        return "not-supported";
    case PROCEDURE_INVALID:
        return "invalid";
    case PROCEDURE_FAILED:
        return "failed";
    case PROCEDURE_IN_PROGRESS:
        return "in-progress";
    case PROCEDURE_NOT_CONFIGURED:
        return "not-configured";
    case PROCEDURE_NOT_PERMITTED:
        return "not-permitted";
    case PROCEDURE_NEEDS_PAIRING:
        return "needs-pairing";
    case PROCEDURE_TIMED_OUT:
        return "timed-out";
    case PROCEDURE_LINK_LOST:
        return "link-lost";
    case PROCEDURE_ERROR:
        return "error";
    }
    g_assert_not_reached();
}

const char *procedure_outcome_text(ProcedureOutcome outcome)
{
    switch (outcome) {
    case PROCEDURE_DONE:
        return "the sensor has done it";
    case PROCEDURE_BUSY:
        return "another request to this sensor is under way; ask again when it has ended";
    case PROCEDURE_NOT_CONNECTED:
        return "the sensor is not connected; wake it and wait until it is live";
    case PROCEDURE_NO_POINT:
        return "this sensor cannot be told anything of the kind";
    case PROCEDURE_NOT_SUPPORTED:
        return "this sensor does not know that request";
    case PROCEDURE_INVALID:
        return "the sensor does not take that value";
    case PROCEDURE_FAILED:
        return "the sensor tried and failed; is it where it should be, and moving?";
    case PROCEDURE_IN_PROGRESS:
        return "the sensor is busy with somebody else's request; ask again in half a minute";
    case PROCEDURE_NOT_CONFIGURED:
        return "the sensor says that its answers are not switched on; connect it anew and ask "
               "again";
    case PROCEDURE_NOT_PERMITTED:
        return "the sensor does not permit it";
    case PROCEDURE_NEEDS_PAIRING:
        return "the sensor wants to be paired first: 'bluetoothctl pair ADDRESS'";
    case PROCEDURE_TIMED_OUT:
        return "the sensor did not answer within half a minute";
    case PROCEDURE_LINK_LOST:
        return "the connection was lost before the sensor answered";
    case PROCEDURE_ERROR:
        return "it could not be asked; the log has BlueZ's words";
    }
    g_assert_not_reached();
}
