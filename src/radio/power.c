// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is to tell who switched it off: bluetoothd that starts, a user who wants it so, rfkill,
// or ourselves while we try to bring it back to its senses.

#include "radio/power.h"

#include "io/clock.h"
#include "radio/recovery.h"
#include "radio/rfkill.h"

#define ADAPTER      "org.bluez.Adapter1"
#define CALL_TIMEOUT (10 * USEC_PER_SEC)
#define SHOW_TIMEOUT (5 * USEC_PER_SEC) // of the change, after the answer

struct Power {
    Bluez *bluez;
    char *preferred;
    void (*changed)(gpointer data);
    gpointer data;
    Rfkill *rfkill;
    Alarm *alarm; // for another try
    GCancellable *cancellable;

    char *path;   // of the adapter in use
    guint serial; // the appearance that was powered, or found powered
    bool powering;
    Usec shows_by; // what was answered well has an effect, or it is no answer; USEC_NEVER
    Trouble trouble;
    guint tries;

    Recovery recovery;
    guint generation; // of bluetoothd, that `recovery` is about
    bool cycling;     // calls are under way
    char *cycled;     // path of the adapter that they are about, until it has power again

    RadioState state;
    const char *reason;
};

static void set_power(Power *power, const char *path, bool on, BluezReply reply)
{
    bluez_call(power->bluez, path, "org.freedesktop.DBus.Properties", "Set",
               g_variant_new("(ssv)", ADAPTER, "Powered", g_variant_new_boolean(on)), CALL_TIMEOUT,
               power->cancellable, reply, power);
}

// The answer says that it is switched on; it is when its property says so.
static void expect_power(Power *power)
{
    power->powering = true;
    power->shows_by = clock_now() + SHOW_TIMEOUT;
}

static void on_powered(GVariant *reply, Trouble trouble, gpointer data)
{
    Power *power = data;
    power->trouble = trouble;
    // While bluetoothd starts it refuses: it is at the adapter itself.
    power->powering = trouble == TROUBLE_TRANSIENT;
    if (power->powering)
        alarm_set(power->alarm, clock_now() + retry_delay(trouble, ++power->tries));
    else
        power->tries = 0;
    if (trouble == TROUBLE_NONE)
        expect_power(power);
    power->changed(power->data);
}

static void on_power_again(gpointer data)
{
    Power *power = data;
    power->serial = 0;
    power->changed(power->data);
}

static void on_rfkill(gpointer data)
{
    Power *power = data;
    if (!rfkill_blocked(power->rfkill))
        power->serial = 0; // as good as a new appearance
    power->changed(power->data);
}

static void power_on(Power *power, const MirrorAdapter *adapter)
{
    if (power->serial == adapter->serial)
        return;
    power->serial = adapter->serial;
    power->trouble = TROUBLE_NONE;
    power->powering = false;
    power->shows_by = USEC_NEVER;
    recovery_well(&power->recovery);
    alarm_set(power->alarm, USEC_NEVER);
    if (adapter->powered)
        return;
    power->powering = true;
    set_power(power, adapter->path, true, on_powered);
}

// ── off and on again ─────────────────────────────────────────────────────────────────────────────

static void on_cycled(GVariant *reply, Trouble trouble, gpointer data)
{
    Power *power = data;
    power->cycling = power->powering = false;
    if (trouble == TROUBLE_NONE)
        expect_power(power);
    else
        g_clear_pointer(&power->cycled, g_free);
    recovery_cycled(&power->recovery, trouble == TROUBLE_NONE);
    power->changed(power->data);
}

static void on_cycled_off(GVariant *reply, Trouble trouble, gpointer data)
{
    Power *power = data;
    if (trouble == TROUBLE_NONE)
        set_power(power, power->cycled, true, on_cycled);
    else
        on_cycled(NULL, trouble, power);
}

static Usec recover(Power *power, const MirrorAdapter *adapter, Usec now)
{
    Usec due;
    if (power->generation != bluez_generation(power->bluez)) {
        power->generation = bluez_generation(power->bluez);
        power->cycling = false;
        g_clear_pointer(&power->cycled, g_free);
        recovery_well(&power->recovery);
    }
    if (!adapter->powered && !power->cycling && power->recovery.stage == RECOVERY_CYCLING)
        recovery_well(&power->recovery); // somebody else has switched it off
    RecoveryStage stage = recovery_step(&power->recovery, now, &due);
    if (stage == RECOVERY_CYCLING && !power->cycling && adapter->powered) {
        g_message("The Bluetooth adapter no longer does what it is told: switching it off and on");
        power->cycling = true;
        g_free(power->cycled);
        power->cycled = g_strdup(adapter->path);
        set_power(power, adapter->path, false, on_cycled_off);
    }
    return due;
}

// It was to come on by then.
static Usec miss_power(Power *power, Usec now)
{
    if (now < power->shows_by)
        return power->shows_by;
    power->shows_by = USEC_NEVER;
    power->powering = false;
    power->trouble = TROUBLE_TIMEOUT;
    g_clear_pointer(&power->cycled, g_free);
    if (power->recovery.stage == RECOVERY_CYCLED)
        recovery_cycled(&power->recovery, false);
    return now; // another adapter may do
}

// ── what is the matter ───────────────────────────────────────────────────────────────────────────

static void judge_off(Power *power, const MirrorAdapter *adapter)
{
    power->state = RADIO_OFF;
    if (adapter->blocked || power->trouble == TROUBLE_BLOCKED || rfkill_blocked(power->rfkill)) {
        power->state = RADIO_BLOCKED;
        power->reason = "Bluetooth is blocked: 'rfkill unblock bluetooth' or the machine's switch "
                        "unblocks it";
    } else if (power->powering) {
        power->reason = "switching the Bluetooth adapter on";
    } else if (power->trouble == TROUBLE_TIMEOUT || power->trouble == TROUBLE_OTHER ||
               power->recovery.stage == RECOVERY_STUCK) {
        power->state = RADIO_STUCK;
        power->reason = "the Bluetooth adapter cannot be switched on: 'sudo systemctl restart "
                        "bluetooth'; if that does not help, plug it in anew or reboot";
    } else {
        power->reason = "the Bluetooth adapter is off: 'bluetoothctl power on' switches it on";
    }
}

static void judge(Power *power, const MirrorAdapter *adapter)
{
    if (!adapter) {
        power->state = RADIO_NO_ADAPTER;
        power->reason = "no Bluetooth adapter: plug one in; reboot if the built-in one is missing";
    } else if (power->cycling) {
        power->state = RADIO_OFF;
        power->reason = "switching the Bluetooth adapter off and on, for it no longer connects";
    } else if (!adapter->powered) {
        judge_off(power, adapter);
    } else if (power->recovery.stage == RECOVERY_STUCK) {
        power->state = RADIO_STUCK;
        power->reason =
            "the Bluetooth adapter connects to nothing, nor after it was switched off "
            "and on: 'sudo systemctl restart bluetooth'; then plug it in anew, or reboot";
    } else {
        power->state = RADIO_READY;
        power->reason = "";
    }
}

static bool judge_service(Power *power)
{
    switch (bluez_state(power->bluez)) {
    case BLUEZ_NO_BUS:
        power->state = RADIO_NO_BUS;
        power->reason = "no system bus: 'sudo systemctl start dbus' starts it ('sudo apt-get "
                        "install dbus bluez' if it is not installed)";
        return false;
    case BLUEZ_NO_SERVICE:
        power->state = RADIO_NO_SERVICE;
        power->reason = "the Bluetooth service does not run: 'sudo systemctl enable --now "
                        "bluetooth' starts it ('sudo apt-get install bluez' if it is not "
                        "installed)";
        return false;
    case BLUEZ_NO_PERMISSION:
        power->state = RADIO_NO_PERMISSION;
        power->reason = "no permission to use Bluetooth: add the user to the group bluetooth "
                        "('sudo adduser USER bluetooth') and log in again";
        return false;
    case BLUEZ_LOADING:
        power->state = RADIO_NO_SERVICE;
        power->reason = "the Bluetooth service is starting";
        return false;
    case BLUEZ_READY:
        return true;
    }
    g_assert_not_reached();
}

// One that we have switched off ourselves is not forsaken for another.
static const MirrorAdapter *choose(const Power *power, bool settled)
{
    const MirrorAdapter *cycled =
        power->cycled ? g_hash_table_lookup(bluez_mirror(power->bluez)->adapters, power->cycled)
                      : NULL;
    return cycled
               ? cycled
               : mirror_adapter(bluez_mirror(power->bluez), power->path, power->preferred, settled);
}

Usec power_step(Power *power, bool settled, Usec now)
{
    Usec due = USEC_NEVER;
    if (!judge_service(power))
        return due;
    const MirrorAdapter *adapter = choose(power, settled);
    if (adapter) {
        if (adapter->powered) {
            power->powering = false;
            power->trouble = TROUBLE_NONE;
            power->shows_by = USEC_NEVER;
        }
        if (adapter->powered && !power->cycling)
            g_clear_pointer(&power->cycled, g_free);
        if (!power->cycling)
            power_on(power, adapter);
        due = MIN(recover(power, adapter, now), miss_power(power, now));
    }
    judge(power, adapter);
    if (adapter && adapter->powered && g_strcmp0(power->path, adapter->path) != 0) {
        g_free(power->path);
        power->path = g_strdup(adapter->path);
    }
    return due;
}

const MirrorAdapter *power_adapter(const Power *power, bool settled)
{
    if (bluez_state(power->bluez) != BLUEZ_READY)
        return NULL;
    const MirrorAdapter *adapter = choose(power, settled);
    return adapter && adapter->powered && !power->cycling ? adapter : NULL;
}

bool power_rests(const Power *power)
{
    return power->recovery.stage == RECOVERY_RESTING || power->recovery.stage == RECOVERY_CYCLING;
}

const char *power_path(const Power *power)
{
    return power->path;
}

void power_live(Power *power)
{
    recovery_well(&power->recovery);
}

void power_failed(Power *power, Trouble trouble, bool heard, Usec now)
{
    const MirrorAdapter *adapter = power_adapter(power, true);
    if (adapter && recovery_is_strike(trouble, heard) &&
        !mirror_in_use(bluez_mirror(power->bluez), adapter->path))
        recovery_strike(&power->recovery, now);
}

RadioState power_state(const Power *power)
{
    return power->state;
}

const char *power_reason(const Power *power)
{
    return power->reason;
}

Power *power_new(Bluez *bluez, const char *preferred, void (*changed)(gpointer data), gpointer data)
{
    Power *power = g_new0(Power, 1);
    power->bluez = bluez;
    power->preferred = g_strdup(preferred);
    power->changed = changed;
    power->data = data;
    power->state = RADIO_NO_BUS;
    power->reason = "";
    power->shows_by = USEC_NEVER;
    power->cancellable = g_cancellable_new();
    power->alarm = alarm_new(on_power_again, power);
    power->rfkill = rfkill_new(on_rfkill, power);
    return power;
}

void power_free(Power *power)
{
    g_cancellable_cancel(power->cancellable);
    g_object_unref(power->cancellable);
    rfkill_free(power->rfkill);
    alarm_free(power->alarm);
    g_free(power->preferred);
    g_free(power->path);
    g_free(power->cycled);
    g_free(power);
}
