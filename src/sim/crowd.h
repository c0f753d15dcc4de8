// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Passers-by: devices that advertise a service we look for and are nothing else. They cannot be
// connected. One in ten is heard again each second.

#pragma once

#include "sim/device.h"

typedef struct Crowd Crowd;

Crowd *crowd_new(const Controller *controller); // borrowed
void crowd_free(Crowd *crowd);                  // the objects go
void crowd_grow(Crowd *crowd, guint count);

// Discovery runs, and lets those through whose service is wanted. Goes on until crowd_unheard().
void crowd_heard(Crowd *crowd, gboolean (*wanted)(uint16_t service, gpointer data), gpointer data);
void crowd_unheard(Crowd *crowd);
gboolean crowd_forget(Crowd *crowd, const char *path); // FALSE: it is none of them
