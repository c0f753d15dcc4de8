// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl doctor: what is in the runner's hands and on the skin. The daemon's own judgement
// (hands/input.h) of each device, and whether it can be opened; a machine without any has nothing
// to be told.

#include "pacectl/doctor.h"

#include "hands/input.h"
#include "io/config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <sys/ioctl.h>
#include <unistd.h>

static gboolean is_pressed(int fd, const Buttons *buttons, gboolean named)
{
    guint8 down[KEY_CNT / 8] = {0};
    if (ioctl(fd, EVIOCGKEY(sizeof down), down) < 0)
        return FALSE;
    for (guint16 code = 1; code < KEY_CNT; code++)
        if (down[code / 8] >> code % 8 & 1 &&
            buttons_key(buttons, code, named).use != KEY_IS_NOTHING)
            return TRUE;
    return FALSE;
}

static void find_closed(Doctor *doctor, const char *area, const Input *input, const char *why)
{
    g_autofree char *remedy = g_strdup_printf(
        "Put hardware/70-paced.rules into /etc/udev/rules.d (with a line for a device that you "
        "named), run: sudo usermod -aG input %s, and start the machine again",
        g_get_user_name());
    doctor_find(doctor, area, FINDING_PROBLEM, remedy, "“%s” cannot be opened: %s", input->name,
                why);
}

static void look_at(Doctor *doctor, const Input *input, int fd, const Config *config)
{
    if (input->buttons && is_pressed(fd, config->buttons, input->named))
        doctor_find(doctor, "buttons", FINDING_NOTE,
                    "Let it go; if nobody presses it, it sticks, and is left out until it does not",
                    "“%s” is pressed", input->name);
    else if (input->buttons)
        doctor_find(doctor, "buttons", FINDING_GOOD, NULL, "“%s” steers a run%s", input->name,
                    input->headset ? " while there is one" : "");
    if (input->vibrates)
        doctor_find(doctor, "vibrator", FINDING_GOOD, NULL, "“%s” %s", input->name,
                    config->haptics ? "is felt" : "is left alone, as [haptics] on=no says");
}

static void find_missing(Doctor *doctor, const Config *config, const GPtrArray *seen)
{
    for (char **device = config->buttons->devices; *device; device++)
        if (**device &&
            !g_ptr_array_find_with_equal_func((GPtrArray *)seen, *device, g_str_equal, NULL))
            doctor_find(doctor, "buttons", FINDING_NOTE,
                        "Switch it on; a Bluetooth remote must have been paired once "
                        "(bluetoothctl pair)",
                        "“%s” of [buttons] devices is not there", *device);
}

void doctor_hands(Doctor *doctor)
{
    g_autoptr(Config) config = config_load(NULL);
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *root = doctor_path("");
    g_auto(GStrv) events = doctor_list("/dev/input");
    for (char **event = events; *event; event++) {
        Input input;
        if (!input_look(root, *event, config->buttons, &input))
            continue;
        g_autofree char *path = input_path(root, *event);
        const int fd = open(path, (input.vibrates ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0)
            find_closed(doctor, input.buttons ? "buttons" : "vibrator", &input, g_strerror(errno));
        else
            look_at(doctor, &input, fd, config);
        if (fd >= 0)
            close(fd);
        g_ptr_array_add(seen, g_strdup(input.name));
        input_clear(&input);
    }
    find_missing(doctor, config, seen);
}
