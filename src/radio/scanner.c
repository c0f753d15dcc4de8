// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is that a start and a stop both take their time, and that BlueZ ends a discovery by
// itself when the adapter loses power: what we asked for and what is are kept apart. A discovery
// that runs costs us nothing: BlueZ signals only devices of our services that are new or much
// nearer than before.

#include "radio/scanner.h"

#include "io/clock.h"

#define ADAPTER      "org.bluez.Adapter1"
#define CALL_TIMEOUT (3 * USEC_PER_SEC)
// Discovering=false this long while we believe that it runs: it does not. BlueZ itself rests
// between two sweeps.
#define LOST_AFTER (15 * USEC_PER_SEC)

typedef enum {
    SCAN_OFF,
    SCAN_STARTING,
    SCAN_ON,
    SCAN_STOPPING,
} ScanPhase;

struct Scanner {
    Bluez *bluez;
    const ScannerHandlers *handlers;
    gpointer data;
    ScanPhase phase;
    char *adapter; // path, while not off
    guint serial;  // of that adapter
    Usec on_since;
    Usec lost_at; // since when Discovering is false
    Usec retry_at;
    guint failures;
    GCancellable *cancellable;
};

Scanner *scanner_new(Bluez *bluez, const ScannerHandlers *handlers, gpointer data)
{
    Scanner *scanner = g_new0(Scanner, 1);
    scanner->bluez = bluez;
    scanner->handlers = handlers;
    scanner->data = data;
    scanner->lost_at = USEC_NEVER;
    scanner->cancellable = g_cancellable_new();
    return scanner;
}

void scanner_free(Scanner *scanner)
{
    g_cancellable_cancel(scanner->cancellable);
    g_object_unref(scanner->cancellable);
    g_free(scanner->adapter);
    g_free(scanner);
}

static void go_off(Scanner *scanner)
{
    g_cancellable_cancel(scanner->cancellable);
    g_object_unref(scanner->cancellable);
    scanner->cancellable = g_cancellable_new();
    g_clear_pointer(&scanner->adapter, g_free);
    scanner->phase = SCAN_OFF;
    scanner->lost_at = USEC_NEVER;
}

void scanner_release(Scanner *scanner)
{
    if (scanner->phase == SCAN_ON || scanner->phase == SCAN_STARTING)
        bluez_call(scanner->bluez, scanner->adapter, ADAPTER, "StopDiscovery", NULL, USEC_PER_SEC,
                   NULL, NULL, NULL);
}

static void on_started(GVariant *reply, Trouble trouble, gpointer data)
{
    Scanner *scanner = data;
    if (trouble == TROUBLE_NONE) {
        scanner->phase = SCAN_ON;
        scanner->on_since = clock_now();
        scanner->failures = 0;
    } else {
        // It may yet start; or one that we gave up has started after all, and is in the way.
        if (trouble == TROUBLE_TIMEOUT || trouble == TROUBLE_TRANSIENT)
            scanner_release(scanner);
        go_off(scanner);
        scanner->retry_at = clock_now() + retry_delay(trouble, ++scanner->failures);
        scanner->handlers->failed(trouble, scanner->data);
    }
    scanner->handlers->changed(scanner->data);
}

static void on_filter(GVariant *reply, Trouble trouble, gpointer data)
{
    // Without the filter there is more to look at, and the same to be found.
    Scanner *scanner = data;
    bluez_call(scanner->bluez, scanner->adapter, ADAPTER, "StartDiscovery", NULL, CALL_TIMEOUT,
               scanner->cancellable, on_started, scanner);
}

static void on_stopped(GVariant *reply, Trouble trouble, gpointer data)
{
    // An error here says that there was nothing to stop; no answer, that something is wrong.
    Scanner *scanner = data;
    if (trouble == TROUBLE_TIMEOUT)
        scanner->handlers->failed(trouble, scanner->data);
    go_off(scanner);
    scanner->handlers->changed(scanner->data);
}

static void start(Scanner *scanner, const MirrorAdapter *adapter)
{
    if (adapter->serial != scanner->serial)
        scanner->failures = 0; // those were another's
    scanner->phase = SCAN_STARTING;
    scanner->adapter = g_strdup(adapter->path);
    scanner->serial = adapter->serial;
    GVariantBuilder filter;
    g_variant_builder_init(&filter, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add_parsed(&filter, "{'UUIDs', <['0000180d-0000-1000-8000-00805f9b34fb',"
                                          "'00001814-0000-1000-8000-00805f9b34fb',"
                                          "'00001826-0000-1000-8000-00805f9b34fb']>}");
    g_variant_builder_add_parsed(&filter, "{'Transport', <'le'>}");
    g_variant_builder_add_parsed(&filter, "{'DuplicateData', <false>}");
    bluez_call(scanner->bluez, scanner->adapter, ADAPTER, "SetDiscoveryFilter",
               g_variant_new("(a{sv})", &filter), CALL_TIMEOUT, scanner->cancellable, on_filter,
               scanner);
}

static void stop(Scanner *scanner)
{
    scanner->phase = SCAN_STOPPING;
    bluez_call(scanner->bluez, scanner->adapter, ADAPTER, "StopDiscovery", NULL, CALL_TIMEOUT,
               scanner->cancellable, on_stopped, scanner);
}

Usec scanner_step(Scanner *scanner, const MirrorAdapter *adapter, bool wanted, Usec now)
{
    bool same = adapter && adapter->serial == scanner->serial;
    if (scanner->phase != SCAN_OFF && !same) {
        if (adapter && !g_str_equal(adapter->path, scanner->adapter))
            scanner_release(scanner); // the other one may be there still
        go_off(scanner); // else the adapter, or its power, has gone, and our discovery with it
    }
    if (!adapter)
        return USEC_NEVER;
    if (scanner->phase == SCAN_ON) {
        if (adapter->discovering)
            scanner->lost_at = USEC_NEVER;
        else if (scanner->lost_at == USEC_NEVER)
            scanner->lost_at = now;
        bool lost = scanner->lost_at != USEC_NEVER && now >= scanner->lost_at + LOST_AFTER;
        if (!wanted || lost)
            stop(scanner);
        else if (scanner->lost_at != USEC_NEVER)
            return scanner->lost_at + LOST_AFTER;
    }
    if (scanner->phase == SCAN_OFF && wanted) {
        if (same && now < scanner->retry_at)
            return scanner->retry_at;
        start(scanner, adapter);
    }
    return USEC_NEVER;
}

bool scanner_quiet(const Scanner *scanner)
{
    return scanner->phase == SCAN_OFF;
}

Usec scanner_on_since(const Scanner *scanner)
{
    return scanner->phase == SCAN_ON ? scanner->on_since : USEC_NEVER;
}
