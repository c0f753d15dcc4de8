#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
#
# usage: pipewire-server.sh DIR [no-sink]
#
# As pulse-server.sh, but PipeWire in PulseAudio's clothes, until killed. What it starts dies with it.
set -eu
dir=$1
mkdir -p "$dir/config/pipewire/pipewire.conf.d"
chmod 700 "$dir"
rm -f "$dir/native" "$dir/pipewire-0" "$dir/bus"
[ "${2-}" = no-sink ] || cat >"$dir/config/pipewire/pipewire.conf.d/ear.conf" <<'SINK'
context.objects = [
  { factory = adapter
    args = {
      factory.name = support.null-audio-sink
      node.name = ear
      media.class = Audio/Sink
      audio.position = [ MONO ]
      audio.rate = 48000
      object.linger = true
    } }
]
SINK
cd "$dir"
exec env -i PATH="$PATH" LC_ALL=C HOME="$dir" XDG_RUNTIME_DIR="$dir" XDG_CONFIG_HOME="$dir/config" \
    PULSE_RUNTIME_PATH="$dir" DBUS_SESSION_BUS_ADDRESS="unix:path=$dir/bus" \
    /bin/sh -c '
      begin() { setpriv --pdeathsig KILL "$@" & }
      until_there() { until [ -S "$1" ]; do sleep 0.01; done; }
      begin dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" 2>/dev/null
      until_there bus
      begin pipewire
      until_there pipewire-0
      begin wireplumber 2>/dev/null
      begin pipewire-pulse
      wait'
