// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// All that are kept go together: the sensors are the same for each.

#include "hub/wake.h"

#include "io/clock.h"

#define WAKE_WITHIN (15 * USEC_PER_SEC)

typedef struct {
    guint32 id;
    char *text;
    gsize length;
    char *sender;
} Kept;

struct Wake {
    WakeReady ready;
    gpointer data;
    Alarm *alarm;
    GPtrArray *kept; // Kept, from one caller or several
};

static void kept_free(gpointer data)
{
    Kept *kept = data;
    g_free(kept->text);
    g_free(kept->sender);
    g_free(kept);
}

static void let_go(gpointer data)
{
    Wake *wake = data;
    alarm_set(wake->alarm, USEC_NEVER);
    g_autoptr(GPtrArray) all = g_steal_pointer(&wake->kept);
    wake->kept = g_ptr_array_new_with_free_func(kept_free);
    for (guint i = 0; i < all->len; i++) {
        const Kept *kept = all->pdata[i];
        wake->ready(kept->id, COMMAND_PREFLIGHT, kept->text, kept->length, kept->sender,
                    wake->data);
    }
}

static guint count(const GArray *sensors, LinkState state, guint *ret_enrolled)
{
    guint found = *ret_enrolled = 0;
    for (guint i = 0; i < sensors->len; i++) {
        const RadioSensor *sensor = &g_array_index(sensors, RadioSensor, i);
        *ret_enrolled += sensor->slot != SENSOR_NONE;
        found += sensor->slot != SENSOR_NONE && sensor->state == state;
    }
    return found;
}

gboolean wake_keep(Wake *wake, const GArray *sensors, guint32 id, const char *text, gsize length,
                   const char *sender)
{
    guint enrolled;
    if (count(sensors, LINK_IDLE, &enrolled) == 0)
        return FALSE;
    Kept *kept = g_new(Kept, 1);
    *kept = (Kept){id, text ? g_strndup(text, length) : NULL, length, g_strdup(sender)};
    if (wake->kept->len == 0)
        alarm_set(wake->alarm, clock_now() + WAKE_WITHIN);
    g_ptr_array_add(wake->kept, kept);
    return TRUE;
}

void wake_look(Wake *wake, const GArray *sensors)
{
    guint enrolled;
    if (wake->kept->len > 0 && count(sensors, LINK_LIVE, &enrolled) == enrolled)
        let_go(wake);
}

Wake *wake_new(WakeReady ready, gpointer data)
{
    Wake *wake = g_new0(Wake, 1);
    wake->ready = ready;
    wake->data = data;
    wake->alarm = alarm_new(let_go, wake);
    wake->kept = g_ptr_array_new_with_free_func(kept_free);
    return wake;
}

void wake_free(Wake *wake)
{
    if (!wake)
        return;
    alarm_free(wake->alarm);
    g_ptr_array_unref(wake->kept);
    g_free(wake);
}
