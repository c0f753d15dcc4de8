// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What was hard is who may answer when: an answer can come from within the request, much later,
// twice, or never, and the caller must see exactly one.

#include "bus/call.h"

#include "io/error.h"

struct Calls {
    GHashTable *waiting; // id → GDBusMethodInvocation, whose reference the answer consumes
    guint32 latest;
    gboolean closed;
};

Calls *calls_new(void)
{
    Calls *calls = g_rc_box_new0(Calls);
    calls->waiting = g_hash_table_new(NULL, NULL);
    return calls;
}

Calls *calls_ref(Calls *calls)
{
    return g_rc_box_acquire(calls);
}

static void calls_clear(gpointer data)
{
    Calls *calls = data;
    g_hash_table_unref(calls->waiting);
}

void calls_unref(Calls *calls)
{
    g_rc_box_release_full(calls, calls_clear);
}

static GDBusMethodInvocation *calls_steal(Calls *calls, guint32 id)
{
    gpointer invocation = NULL;
    g_hash_table_steal_extended(calls->waiting, GUINT_TO_POINTER(id), NULL, &invocation);
    return invocation;
}

void calls_close(Calls *calls)
{
    calls->closed = TRUE;
    g_autoptr(GList) ids = g_hash_table_get_keys(calls->waiting);
    for (GList *id = ids; id; id = id->next)
        calls_fail(calls, GPOINTER_TO_UINT(id->data),
                   g_error_new(PACED_ERROR, PACED_ERROR_NOT_READY, "the daemon is ending"));
}

guint32 calls_take(Calls *calls, GDBusMethodInvocation *invocation, GError **error)
{
    if (calls->closed || g_hash_table_size(calls->waiting) >= CALLS_MAX) {
        g_set_error_literal(error, PACED_ERROR, PACED_ERROR_NOT_READY,
                            calls->closed ? "the daemon is ending"
                                          : "too many requests are waiting; try again when some "
                                            "are answered");
        return 0;
    }
    do {
        calls->latest++;
    } while (calls->latest == 0 || calls_waiting(calls, calls->latest));
    g_hash_table_insert(calls->waiting, GUINT_TO_POINTER(calls->latest), invocation);
    return calls->latest;
}

gboolean calls_waiting(Calls *calls, guint32 id)
{
    return g_hash_table_contains(calls->waiting, GUINT_TO_POINTER(id));
}

void calls_return(Calls *calls, guint32 id, GVariant *value)
{
    g_autoptr(GVariant) kept = value ? g_variant_ref_sink(value) : NULL;
    GDBusMethodInvocation *invocation = calls_steal(calls, id);
    if (invocation)
        g_dbus_method_invocation_return_value(invocation, kept);
}

void calls_fail(Calls *calls, guint32 id, GError *error)
{
    GDBusMethodInvocation *invocation = calls_steal(calls, id);
    if (invocation)
        call_fail(invocation, error);
    else
        g_error_free(error);
}

void call_fail(GDBusMethodInvocation *invocation, GError *error)
{
    // A stranger's domain would reach the caller as an encoded quark that nobody can read.
    int code = error->domain == PACED_ERROR ? error->code : PACED_ERROR_FAILED;
    g_autofree char *message = g_utf8_make_valid(error->message, -1);
    g_dbus_method_invocation_return_error_literal(invocation, PACED_ERROR, code, message);
    g_error_free(error);
}

gboolean refuse(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autoptr(GError) refusal =
        g_error_new_valist(PACED_ERROR, PACED_ERROR_BAD_ARGUMENT, format, arguments);
    va_end(arguments);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

static const char *options_type(const char *const *known, const char *key)
{
    for (; *known; known += 2)
        if (g_str_equal(known[0], key))
            return known[1];
    return NULL;
}

gboolean options_check(GVariant *options, const char *const *known, GError **error)
{
    GVariantIter iter;
    const char *key;
    GVariant *value;
    g_variant_iter_init(&iter, options);
    while (g_variant_iter_next(&iter, "{&sv}", &key, &value)) {
        const char *type = options_type(known, key);
        if (!type)
            g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                        "the option “%s” is not known to paced " PACED_VERSION, key);
        else if (!g_variant_is_of_type(value, G_VARIANT_TYPE(type)))
            g_set_error(error, PACED_ERROR, PACED_ERROR_BAD_ARGUMENT,
                        "the option “%s” must be of type %s, not %s", key, type,
                        g_variant_get_type_string(value));
        gboolean good = type && g_variant_is_of_type(value, G_VARIANT_TYPE(type));
        g_variant_unref(value);
        if (!good)
            return FALSE;
    }
    return TRUE;
}

gboolean options_empty(GVariant *options, GError **error)
{
    static const char *const known[] = {NULL};
    return options_check(options, known, error);
}

GError *answer_error(AnswerReason reason, const TextError *error)
{
    PacedError code = PACED_ERROR_FAILED;
    switch (reason) {
    case REASON_OK:
        return NULL;
    case REASON_NOT_RUNNING:
        code = PACED_ERROR_NOT_RUNNING;
        break;
    case REASON_ALREADY_RUNNING:
        code = PACED_ERROR_ALREADY_RUNNING;
        break;
    case REASON_ALREADY_PAUSED:
        code = PACED_ERROR_ALREADY_PAUSED;
        break;
    case REASON_NOT_PAUSED:
        code = PACED_ERROR_NOT_PAUSED;
        break;
    case REASON_NO_RUN:
        code = PACED_ERROR_NOT_RUNNING;
        break;
    case REASON_MOVING:
    case REASON_NOTHING_TO_UNDO:
    case REASON_NOTHING_TO_VETO:
    case REASON_NOTHING_OFFERED:
    case REASON_NOTHING_INTERRUPTED:
        code = PACED_ERROR_NOT_READY;
        break;
    case REASON_TOO_FAR:
    case REASON_BAD_LENGTH:
    case REASON_BAD_RATING:
    case REASON_BAD_AID:
        code = PACED_ERROR_BAD_ARGUMENT;
        break;
    case REASON_BAD_TEXT:
        code = PACED_ERROR_BAD_TEXT;
        break;
    case REASON_LACKS_NUMBER:
        code = PACED_ERROR_LACKS_NUMBER;
        break;
    }
    if (answer_has_error(reason))
        return g_error_new(PACED_ERROR, (gint)code, "%u:%u: %s", error->line, error->column,
                           error->text);
    return g_error_new_literal(PACED_ERROR, (gint)code, answer_reason_text(reason));
}
