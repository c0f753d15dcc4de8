# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""FIT files by hand, for those who are to read them."""
import struct


def crc(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def fit(*messages):
    data = b"".join(messages)
    head = struct.pack("<BBHI4s", 14, 0x20, 21217, len(data), b".FIT")
    head += struct.pack("<H", crc(head))
    return head + data + struct.pack("<H", crc(head + data))


def definition(local, message, *fields):
    return struct.pack("<BBBHB", 0x40 | local, 0, 0, message, len(fields)) + b"".join(struct.pack("BBB", *one) for one in fields)


def messages(data):
    """Of a file as paced writes it: (message, {field: number as it stands there, or None}), of HRV a list."""
    head, length = data[0], struct.unpack_from("<I", data, 4)[0]
    at, end, shapes, found = head, head + length, {}, []
    assert data[8:12] == b".FIT" and crc(data) == 0
    while at < end:
        header, at = data[at], at + 1
        if header & 0x40:
            number, count = struct.unpack_from("<HB", data, at + 2)
            fields = [tuple(data[at + 5 + 3 * i:at + 8 + 3 * i]) for i in range(count)]
            at += 5 + 3 * count
            own = 0
            if header & 0x20:
                own = sum(data[at + 2 + 3 * i] for i in range(data[at]))
                at += 1 + 3 * data[at]
            shapes[header & 15] = number, fields, own
            continue
        number, fields, own = shapes[header & 15]
        values = {}
        for field, size, kind in fields:
            code = {0x00: "B", 0x01: "b", 0x02: "B", 0x83: "h", 0x84: "H", 0x85: "i", 0x86: "I", 0x8c: "I"}.get(kind)
            if code:
                raw = struct.unpack_from(f"<{size // struct.calcsize(code)}{code}", data, at)
                nothing = 2 ** (8 * struct.calcsize(code) - code.islower()) - 1
                known = [None if value == nothing else value for value in raw]
                values[field] = known if number == 78 else known[0]
            at += size
        at += own
        found.append((number, values))
    return found


U8, U16, U32, ENUM, S8, S16, S32 = (1, 0x02), (2, 0x84), (4, 0x86), (1, 0x00), (1, 0x01), (2, 0x83), (4, 0x85)
RECORD = definition(0, 20, (253, *U32), (3, *U8), (4, *U8), (53, *U8), (73, *U32), (5, *U32), (7, *U16), (9, *S16))
HRV, SESSION, EVENT = definition(1, 78, (0, 4, 0x84)), definition(2, 18, (5, *ENUM), (6, *ENUM)), definition(3, 21, (0, *ENUM), (1, *ENUM))
SINCE = 0x40000000
