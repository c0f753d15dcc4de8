#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What somebody would write in an evening, to compare the daemon with: takes heart rate and RR intervals of a strap, and
the pod's packets, and does nothing with them. The system bus is the one of the environment.

Usage: collect-bleak.py STRAP POD (addresses). Prints "ready" once both are subscribed to.
"""
import asyncio
import sys

from bleak import BleakClient, BleakScanner

HEART = "00002a37-0000-1000-8000-00805f9b34fb"
STRIDE = "00002a53-0000-1000-8000-00805f9b34fb"
latest = {}


def on_heart(_sender, data):
    flags, at = data[0], 1
    if flags & 1:
        rate, at = int.from_bytes(data[at:at + 2], "little"), at + 2
    else:
        rate, at = data[at], at + 1
    if flags & 8:
        at += 2
    intervals = []
    if flags & 16:
        while at + 1 < len(data):
            intervals.append(int.from_bytes(data[at:at + 2], "little") / 1024)
            at += 2
    latest["heart"] = rate, intervals


def on_stride(_sender, data):
    latest["stride"] = data


async def main(strap, pod):
    clients = []
    for address, characteristic, handler in ((strap, HEART, on_heart), (pod, STRIDE, on_stride)):
        device = await BleakScanner.find_device_by_address(address)
        client = BleakClient(device)
        await client.connect()
        await client.start_notify(characteristic, handler)
        clients.append(client)
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
