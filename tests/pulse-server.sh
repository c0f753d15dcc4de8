#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
#
# usage: pulse-server.sh DIR [no-sink]
#
# A private PulseAudio server without sound card, D-Bus or anything of the user's, until killed. Clients
# set PULSE_SERVER=unix:DIR/native. Its only sink is "ear", what it plays is heard at "ear.monitor".
# norewinds matters: without it the null sink renders two seconds ahead, and a recording loses them.
set -eu
dir=$1
sink='-Lmodule-null-sink sink_name=ear rate=48000 channels=1 norewinds=1'
[ "${2-}" = no-sink ] && sink=
mkdir -p "$dir"
chmod 700 "$dir"
rm -f "$dir/native"
exec env -i PATH="$PATH" LC_ALL=C HOME="$dir" XDG_RUNTIME_DIR="$dir" \
    PULSE_RUNTIME_PATH="$dir/server" PULSE_STATE_PATH="$dir/state" \
    pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --disable-shm=yes \
    --log-target=stderr --log-level=error ${sink:+"$sink"} \
    -L "module-native-protocol-unix auth-anonymous=1 socket=$dir/native"
