// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

#include "io/error.h"

static const GDBusErrorEntry entries[] = {
    {PACED_ERROR_FAILED, "org.paced1.Error.Failed"},
    {PACED_ERROR_BAD_TEXT, "org.paced1.Error.BadText"},
    {PACED_ERROR_LACKS_NUMBER, "org.paced1.Error.LacksNumber"},
    {PACED_ERROR_BAD_ARGUMENT, "org.paced1.Error.BadArgument"},
    {PACED_ERROR_NOT_RUNNING, "org.paced1.Error.NotRunning"},
    {PACED_ERROR_ALREADY_RUNNING, "org.paced1.Error.AlreadyRunning"},
    {PACED_ERROR_NOT_PAUSED, "org.paced1.Error.NotPaused"},
    {PACED_ERROR_ALREADY_PAUSED, "org.paced1.Error.AlreadyPaused"},
    {PACED_ERROR_UNKNOWN_WORKOUT, "org.paced1.Error.UnknownWorkout"},
    {PACED_ERROR_UNKNOWN_SENSOR, "org.paced1.Error.UnknownSensor"},
    {PACED_ERROR_NOT_READY, "org.paced1.Error.NotReady"},
    {PACED_ERROR_NOT_SUPPORTED, "org.paced1.Error.NotSupported"},
    {PACED_ERROR_BUSY, "org.paced1.Error.Busy"},
    {PACED_ERROR_TIMED_OUT, "org.paced1.Error.TimedOut"},
    {PACED_ERROR_EXISTS, "org.paced1.Error.Exists"},
    {PACED_ERROR_STORE, "org.paced1.Error.Store"},
};

GQuark paced_error_quark(void)
{
    static gsize quark;
    g_dbus_error_register_error_domain("paced-error-quark", &quark, entries, G_N_ELEMENTS(entries));
    return (GQuark)quark;
}
