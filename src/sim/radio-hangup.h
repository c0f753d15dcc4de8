// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// How a peripheral ends a link at once. bluetoothd's Disconnect lets two seconds pass first, in
// which a client resolves services and gets data; a sensor that hangs up gives it neither. So the
// kernel is asked, over its management interface (BlueZ, doc/mgmt-api.txt), which takes
// CAP_NET_ADMIN.

#pragma once

#include <glib.h>

// `adapter`: "hci1". `device`: a path that ends in "dev_XX_XX_XX_XX_XX_XX". FALSE: not permitted,
// or not possible; ask bluetoothd instead.
gboolean radio_hang_up(const char *adapter, const char *device);
