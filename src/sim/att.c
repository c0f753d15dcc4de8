// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// ATT errors under BlueZ's names.

#include "sim/att.h"

#include "sim/sensor.h"
#include "sim/tree.h"

void att_refuse(GDBusMethodInvocation *invocation, guint error)
{
    static const struct {
        guint error;
        const char *name, *message;
    } named[] = {
        {ATT_READ_NOT_PERMITTED, "NotPermitted", "Read not permitted"},
        {ATT_WRITE_NOT_PERMITTED, "NotPermitted", "Write not permitted"},
        {ATT_AUTHENTICATION, "NotPermitted", "Not paired"},
        {ATT_ENCRYPTION_KEY_SIZE, "NotPermitted", "Not paired"},
        {ATT_ENCRYPTION, "NotPermitted", "Not paired"},
        {ATT_NOT_SUPPORTED, "NotSupported", "Operation is not supported"},
        {ATT_INVALID_OFFSET, "InvalidArguments", "Invalid offset"},
        {ATT_INVALID_LENGTH, "InvalidArguments", "Invalid Length"},
        {ATT_AUTHORIZATION, "NotAuthorized", "Operation Not Authorized"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
        if (named[i].error == error) {
            tree_refuse(invocation, named[i].name, named[i].message);
            return;
        }
    }
    g_autofree char *message = g_strdup_printf("Operation failed with ATT error: 0x%02x", error);
    tree_refuse(invocation, "Failed", message);
}

void att_refuse_all(GPtrArray *invocations, guint error)
{
    for (guint i = 0; i < invocations->len; i++)
        att_refuse(invocations->pdata[i], error);
    g_ptr_array_set_size(invocations, 0);
}
