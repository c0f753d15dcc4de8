// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl decode for the Cycling Power Measurement. Its two counters say how fast they turn only
// from one packet to the next, so packets are taken as a row.

#include "codec/cps.h"
#include "pacectl/decode.h"

#include <math.h>

static void add_shares(JsonBuilder *builder, const CpsMeasurement *m)
{
    if (m->has & CPS_BALANCE) {
        json_add_double(builder, "balance_percent", m->balance_half_pct / 2.0);
        json_add_string(builder, "balance_reference", m->balance_from_left ? "left" : "unknown");
    }
    if (m->has & CPS_TORQUE) {
        json_add_double(builder, "torque_nm", m->torque_32 / 32.0);
        json_add_string(builder, "torque_source", m->torque_from_crank ? "crank" : "wheel");
    }
}

static void add_turns(JsonBuilder *builder, const CpsMeasurement *m, double wheel, double crank)
{
    if (m->has & CPS_WHEEL) {
        json_add_int(builder, "wheel_revolutions", m->wheel_turns);
        json_add_double(builder, "wheel_time_s", m->wheel_time_2048 / 2048.0);
        json_add_double(builder, "wheel_per_minute", wheel);
    }
    if (m->has & CPS_CRANK) {
        json_add_int(builder, "crank_revolutions", m->crank_turns);
        json_add_double(builder, "crank_time_s", m->crank_time_1024 / 1024.0);
        json_add_double(builder, "crank_per_minute", crank);
    }
}

static void add_extremes(JsonBuilder *builder, const CpsMeasurement *m)
{
    if (m->has & CPS_FORCES) {
        json_add_int(builder, "maximum_force_n", m->force_max_n);
        json_add_int(builder, "minimum_force_n", m->force_min_n);
    }
    if (m->has & CPS_TORQUES) {
        json_add_double(builder, "maximum_torque_nm", m->torque_max_32 / 32.0);
        json_add_double(builder, "minimum_torque_nm", m->torque_min_32 / 32.0);
    }
    if (m->has & CPS_ANGLES) {
        json_add_int(builder, "maximum_angle_deg", m->angle_max_deg);
        json_add_int(builder, "minimum_angle_deg", m->angle_min_deg);
    }
    if (m->has & CPS_TOP_DEAD_SPOT)
        json_add_int(builder, "top_dead_spot_deg", m->top_dead_spot_deg);
    if (m->has & CPS_BOTTOM_DEAD_SPOT)
        json_add_int(builder, "bottom_dead_spot_deg", m->bottom_dead_spot_deg);
}

gssize decode_power(const DecodePacket *packets, gsize count, GPtrArray *builders)
{
    CpsCadence wheel = CPS_CADENCE_NEW, crank = CPS_CADENCE_NEW;
    for (gsize i = 0; i < count; i++) {
        CpsMeasurement m;
        double wheel_rate = NAN, crank_rate = NAN;
        const DecodeStatus status = cps_decode(packets[i].bytes, packets[i].length, &m);
        if (status == DECODE_REJECT)
            return (gssize)i;
        // When they came is not known, and is not needed unless something stands.
        if (m.has & CPS_WHEEL)
            wheel_rate = cps_wheel_cadence(&wheel, 0, &m);
        if (m.has & CPS_CRANK)
            crank_rate = cps_crank_cadence(&crank, 0, &m);
        JsonBuilder *builder = json_builder_new();
        json_builder_begin_object(builder);
        json_add_status(builder, status);
        json_add_int(builder, "power_w", m.power_w);
        add_shares(builder, &m);
        add_turns(builder, &m, wheel_rate, crank_rate);
        add_extremes(builder, &m);
        if (m.has & CPS_ENERGY)
            json_add_int(builder, "energy_kj", m.energy_kj);
        json_add_boolean(builder, "offset_compensation", m.offset_compensation);
        json_builder_end_object(builder);
        g_ptr_array_add(builders, builder);
    }
    return -1;
}
