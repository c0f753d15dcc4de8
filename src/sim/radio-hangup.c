// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "sim/radio-hangup.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cursor.h"

// From the kernel's ABI; its headers are not in every C library's package.
#define HCI_PROTOCOL    1
#define NO_DEVICE       0xffff
#define CONTROL_CHANNEL 3
#define OP_DISCONNECT   0x0014
#define ADDRESS_BYTES   6

typedef struct {
    sa_family_t family;
    unsigned short device, channel;
} ControlAddress;

static gboolean parse_address(const char *device, uint8_t ret_address[ADDRESS_BYTES])
{
    unsigned int byte[ADDRESS_BYTES];
    const char *at = strrchr(device, '/');
    if (!at || sscanf(at, "/dev_%2x_%2x_%2x_%2x_%2x_%2x", &byte[5], &byte[4], &byte[3], &byte[2],
                      &byte[1], &byte[0]) != ADDRESS_BYTES)
        return FALSE;
    for (int i = 0; i < ADDRESS_BYTES; i++)
        ret_address[i] = (uint8_t)byte[i];
    return TRUE;
}

static gboolean order(int control, guint index, const uint8_t address[ADDRESS_BYTES], uint8_t type)
{
    uint8_t bytes[6 + ADDRESS_BYTES + 1];
    Writer writer = {.bytes = bytes, .size = sizeof bytes};
    writer_u16(&writer, OP_DISCONNECT);
    writer_u16(&writer, (uint16_t)index);
    writer_u16(&writer, ADDRESS_BYTES + 1);
    writer_bytes(&writer, address, ADDRESS_BYTES);
    writer_u8(&writer, type);
    return send(control, bytes, writer.length, MSG_NOSIGNAL) == (ssize_t)writer.length;
}

gboolean radio_hang_up(const char *adapter, const char *device)
{
    uint8_t address[ADDRESS_BYTES];
    guint index;
    if (!parse_address(device, address) || sscanf(adapter, "hci%u", &index) != 1)
        return FALSE;
    int control = socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC, HCI_PROTOCOL);
    if (control < 0)
        return FALSE;
    const ControlAddress all = {AF_BLUETOOTH, NO_DEVICE, CONTROL_CHANNEL};
    // Its address is a public or a random one; the wrong guess finds no link.
    const uint8_t public = 1, random = 2;
    gboolean asked = bind(control, (const struct sockaddr *)&all, sizeof all) == 0 &&
                     order(control, index, address, public) &&
                     order(control, index, address, random);
    close(control);
    return asked;
}
