// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The floor of StartNotify with a leaner library: one byte of each packet is read.
// Usage: collect-sdbus CHARACTERISTIC… (object paths; linked already). Prints "ready".

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

static unsigned sum;

static void check(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, strerror(-result));
    exit(1);
}

static int on_changed(sd_bus_message *message, void *data, sd_bus_error *ret_error)
{
    const char *name;
    const void *bytes;
    size_t length;
    check(sd_bus_message_skip(message, "s"), "interface");
    check(sd_bus_message_enter_container(message, 'a', "{sv}"), "properties");
    while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
        check(sd_bus_message_read(message, "s", &name), "name");
        if (strcmp(name, "Value") == 0) {
            check(sd_bus_message_enter_container(message, 'v', "ay"), "value");
            check(sd_bus_message_read_array(message, 'y', &bytes, &length), "bytes");
            if (length > 1)
                sum += ((const unsigned char *)bytes)[1];
            check(sd_bus_message_exit_container(message), "value");
        } else {
            check(sd_bus_message_skip(message, "v"), "value");
        }
        check(sd_bus_message_exit_container(message), "property");
    }
    return 0;
}

int main(int argc, char **argv)
{
    sd_bus *bus;
    check(sd_bus_open_system(&bus), "the bus");
    for (int i = 1; i < argc; i++) {
        check(sd_bus_match_signal(bus, NULL, "org.bluez", argv[i],
                                  "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                  on_changed, NULL),
              "match");
        check(sd_bus_call_method(bus, "org.bluez", argv[i], "org.bluez.GattCharacteristic1",
                                 "StartNotify", NULL, NULL, ""),
              "StartNotify");
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        int worked = sd_bus_process(bus, NULL);
        check(worked, "process");
        if (worked == 0)
            check(sd_bus_wait(bus, UINT64_MAX), "wait");
    }
}
