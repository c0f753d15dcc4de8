// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Hard here is to do no harm: a read that hangs would hold up every other request to the sensor, so
// the first one that does is the last of the connection; and some sensors end the link when they
// are asked what they do not like, which quirks know.

#include "radio/details.h"

#include "radio/gatt.h"
#include "session/event.h"

#define CHARACTERISTIC "org.bluez.GattCharacteristic1"
#define READ_TIMEOUT   (5 * USEC_PER_SEC)

typedef struct {
    guint16 number;
    guint16 service;
    guint16 beside; // of the service that has this one; 0: of any
} Wanted;

static const Wanted wanted[] = {
    {CHARACTERISTIC_STRIDE_FEATURE, 0x1814, CHARACTERISTIC_STRIDE},
    {CHARACTERISTIC_HEART_LOCATION, 0x180D, CHARACTERISTIC_HEART},
    {CHARACTERISTIC_STRIDE_LOCATION, 0x1814, CHARACTERISTIC_STRIDE},
    {CHARACTERISTIC_MACHINE_FEATURE, 0x1826, CHARACTERISTIC_TREADMILL},
    {CHARACTERISTIC_SPEED_RANGE, 0x1826, CHARACTERISTIC_TREADMILL},
    {CHARACTERISTIC_SLOPE_RANGE, 0x1826, CHARACTERISTIC_TREADMILL},
    {CHARACTERISTIC_MANUFACTURER, 0x180A, 0},
    {CHARACTERISTIC_MODEL, 0x180A, 0},
    {CHARACTERISTIC_FIRMWARE, 0x180A, 0},
    {CHARACTERISTIC_BATTERY, 0x180F, 0},
};
#define WANTED G_N_ELEMENTS(wanted)

struct Details {
    Bluez *bluez;
    const DetailsHandlers *handlers;
    gpointer data;
    GCancellable *cancellable;
    gsize next; // into `wanted`
    bool calling;
    DetailsTexts texts;
};

static char *text_of(Details *details, guint16 number, gsize *ret_size)
{
    *ret_size = sizeof details->texts.model;
    return number == CHARACTERISTIC_MANUFACTURER ? details->texts.manufacturer
           : number == CHARACTERISTIC_MODEL      ? details->texts.model
           : number == CHARACTERISTIC_FIRMWARE   ? details->texts.firmware
                                                 : NULL;
}

static void take(Details *details, guint16 number, const guint8 *bytes, gsize length)
{
    gsize size;
    char *text = text_of(details, number, &size);
    if (!text) {
        details->handlers->value(number, bytes, MIN(length, NOTIFY_BYTES_MAX), details->data);
        return;
    }
    g_autofree char *raw = g_strndup((const char *)bytes, MIN(length, 4 * size));
    name_sanitize(raw, text, size);
    details->handlers->texts(details->data);
}

static void on_read(GVariant *reply, Trouble trouble, gpointer data)
{
    Details *details = data;
    guint16 number = wanted[details->next].number;
    details->calling = false;
    details->next = trouble == TROUBLE_TIMEOUT ? WANTED : details->next + 1;
    if (trouble == TROUBLE_NONE && g_variant_is_of_type(reply, G_VARIANT_TYPE("(ay)"))) {
        g_autoptr(GVariant) value = g_variant_get_child_value(reply, 0);
        gsize length;
        const guint8 *bytes = g_variant_get_fixed_array(value, &length, 1);
        if (length > 0)
            take(details, number, bytes, length);
    }
    details->handlers->changed(details->data);
}

static const MirrorCharacteristic *find(Details *details, const MirrorDevice *device,
                                        const Wanted *want)
{
    const Mirror *mirror = bluez_mirror(details->bluez);
    if (!want->beside)
        return mirror_characteristic(mirror, device, want->number);
    return mirror_beside(mirror, mirror_characteristic(mirror, device, want->beside), want->number);
}

void details_step(Details *details, const MirrorDevice *device, const RadioQuirk *quirk)
{
    for (; !details->calling && details->next < WANTED; details->next++) {
        const Wanted *want = &wanted[details->next];
        const MirrorCharacteristic *characteristic = find(details, device, want);
        gsize size;
        const char *text = text_of(details, want->number, &size);
        bool known =
            (text && text[0]) || (want->number == CHARACTERISTIC_BATTERY && device->battery >= 0);
        if (!characteristic || known || gatt_avoided(quirk, want->service, want->number))
            continue;
        details->calling = true;
        bluez_call(details->bluez, characteristic->path, CHARACTERISTIC, "ReadValue",
                   g_variant_new("(a{sv})", NULL), READ_TIMEOUT, details->cancellable, on_read,
                   details);
        return;
    }
}

const DetailsTexts *details_texts(const Details *details)
{
    return &details->texts;
}

void details_reset(Details *details)
{
    g_cancellable_cancel(details->cancellable);
    g_object_unref(details->cancellable);
    details->cancellable = g_cancellable_new();
    details->calling = false;
    details->next = 0;
}

Details *details_new(Bluez *bluez, const DetailsHandlers *handlers, gpointer data)
{
    Details *details = g_new0(Details, 1);
    details->bluez = bluez;
    details->handlers = handlers;
    details->data = data;
    details->cancellable = g_cancellable_new();
    return details;
}

void details_free(Details *details)
{
    g_cancellable_cancel(details->cancellable);
    g_object_unref(details->cancellable);
    g_free(details);
}
