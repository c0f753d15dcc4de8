// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What BlueZ's errors mean, how long is waited, and what is let through of a stranger's texts. The
// messages are those that users pasted into bug reports.

#include "radio/policy.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *name, *message;
    Trouble trouble;
} errors[] = {
    {"org.bluez.Error.Failed", "le-connection-abort-by-local", TROUBLE_TRANSIENT},
    {"org.bluez.Error.Failed", "br-connection-busy", TROUBLE_TRANSIENT},
    {"org.bluez.Error.Failed", "Operation already in progress", TROUBLE_TRANSIENT},
    {"org.bluez.Error.Failed", "Software caused connection abort", TROUBLE_TRANSIENT},
    {"org.bluez.Error.InProgress", "In Progress", TROUBLE_TRANSIENT},
    {"org.bluez.Error.Failed", "br-connection-page-timeout", TROUBLE_TIMEOUT},
    {"org.bluez.Error.Failed", "Host is down", TROUBLE_TIMEOUT},
    {"org.freedesktop.DBus.Error.NoReply", "Message recipient disconnected from message bus",
     TROUBLE_NO_SERVICE},
    {"org.freedesktop.DBus.Error.NoReply", "Did not receive a reply", TROUBLE_TIMEOUT},
    {"org.freedesktop.DBus.Error.UnknownObject", "Method \"Connect\" … doesn't exist",
     TROUBLE_GONE},
    {"org.freedesktop.DBus.Error.AccessDenied", "Rejected send message", TROUBLE_NO_PERMISSION},
    {"org.freedesktop.DBus.Error.ServiceUnknown", "The name is not activatable",
     TROUBLE_NO_SERVICE},
    {"org.bluez.Error.NotReady", "Resource Not Ready", TROUBLE_NOT_READY},
    {"org.bluez.Error.Blocked", "Blocked through rfkill", TROUBLE_BLOCKED},
    {"org.bluez.Error.Failed", "Blocked through rfkill", TROUBLE_BLOCKED},
    {"org.bluez.Error.NotPermitted", "Notify acquired", TROUBLE_TRANSIENT},
    {"org.bluez.Error.NotPermitted", "Operation not permitted", TROUBLE_REFUSED},
    {"org.bluez.Error.Failed", "le-connection-concurrent-connection-limit", TROUBLE_SLOTS},
    {"org.bluez.Error.Failed", "Input/output error", TROUBLE_OTHER},
    {NULL, NULL, TROUBLE_OTHER},
};

Test(policy, errors_are_told_apart)
{
    for (gsize i = 0; i < G_N_ELEMENTS(errors); i++)
        cr_expect_eq(trouble_classify(errors[i].name, errors[i].message), errors[i].trouble,
                     "%s: %s", errors[i].name, errors[i].message);
}

Test(policy, backoff_doubles_to_half_a_minute)
{
    static const guint seconds[] = {1, 1, 2, 4, 8, 16, 30, 30};
    for (guint i = 0; i < G_N_ELEMENTS(seconds); i++)
        cr_expect_eq(retry_delay(TROUBLE_OTHER, i), seconds[i] * USEC_PER_SEC, "%u", i);
    cr_expect_eq(retry_delay(TROUBLE_OTHER, G_MAXUINT), 30 * USEC_PER_SEC);
}

Test(policy, a_transient_trouble_is_retried_at_once_but_not_for_ever)
{
    cr_expect_lt(retry_delay(TROUBLE_TRANSIENT, 1), USEC_PER_SEC);
    cr_expect_lt(retry_delay(TROUBLE_TRANSIENT, 4), USEC_PER_SEC);
    cr_expect_geq(retry_delay(TROUBLE_TRANSIENT, 6), 8 * USEC_PER_SEC);
}

Test(policy, what_somebody_has_to_mend_first_is_tried_less_often)
{
    cr_expect_eq(retry_delay(TROUBLE_REFUSED, 1), 3 * USEC_PER_SEC);
    cr_expect_eq(retry_delay(TROUBLE_SLOTS, 2), 6 * USEC_PER_SEC);
    cr_expect_eq(retry_delay(TROUBLE_NO_PERMISSION, G_MAXUINT), 60 * USEC_PER_SEC);
}

Test(policy, att_errors_are_read_out_of_bluezs_words)
{
    cr_expect_eq(trouble_att_error("Operation failed with ATT error: 0x80 (Unknown)"), 0x80);
    cr_expect_eq(trouble_att_error("GDBus.Error: Operation failed with ATT error: 0x81"), 0x81);
    cr_expect_eq(trouble_att_error("Not connected"), 0);
    cr_expect_eq(trouble_att_error(NULL), 0);
}

Test(policy, an_absent_sensor_is_tried_ever_less_often)
{
    cr_expect_eq(blind_delay(0), 10 * USEC_PER_SEC);
    cr_expect_eq(blind_delay(1), 20 * USEC_PER_SEC);
    cr_expect_eq(blind_delay(G_MAXUINT), 300 * USEC_PER_SEC);
}

Test(policy, an_absent_sensor_gives_way_to_another)
{
    cr_expect_lt(connect_patience(false, true), connect_patience(false, false));
    cr_expect_eq(connect_patience(true, true), connect_patience(true, false));
}

Test(policy, a_sensor_that_was_there_is_missed_in_other_words)
{
    const Usec minute = 60 * USEC_PER_SEC;
    Usec longer_at = 0;
    cr_expect(strstr(absence_sentence(0, 1000 * minute, &longer_at), "is it worn"));
    cr_expect_eq(longer_at, USEC_NEVER, "it was never there");
    cr_expect(strstr(absence_sentence(minute, 3 * minute, &longer_at), "is it worn"));
    cr_expect_eq(longer_at, 4 * minute);
    cr_expect(strstr(absence_sentence(minute, 4 * minute, &longer_at), "more than 3 min"));
    cr_expect_eq(longer_at, 11 * minute);
    cr_expect(strstr(absence_sentence(minute, 5000 * minute, &longer_at), "for hours"));
    cr_expect_eq(longer_at, USEC_NEVER, "nobody is woken for ever");
    cr_expect_lt(strlen(absence_sentence(minute, 32 * minute, &longer_at)), 160);
}

static const struct {
    const char *raw, *shown;
} names[] = {
    {"HRM-Pro", "HRM-Pro"},
    {"", ""},
    {"  TICKR 1234 ", "TICKR 1234"},
    {"a\nb\x1b[2Jc\x7f", "ab[2Jc"},
    {"caf\xc3\xa9", "caf\xc3\xa9"},
    {"bad\xff\xfe", "bad\xef\xbf\xbd\xef\xbf\xbd"},
    {"\xe2\x80\xaegnp.exe", "gnp.exe"}, // right-to-left override
    {"0123456789012345678901234567890", "0123456789012345678"},
    {"012345678901234567\xc3\xa9", "012345678901234567"}, // a character is not cut in two
};

Test(policy, names_are_made_fit_to_show)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        char shown[20];
        name_sanitize(names[i].raw, shown, sizeof shown);
        cr_expect_str_eq(shown, names[i].shown, "%zu: %s", i, shown);
    }
}

Test(policy, short_uuids)
{
    cr_expect_eq(uuid_short("0000180d-0000-1000-8000-00805f9b34fb"), 0x180D);
    cr_expect_eq(uuid_short("00002A37-0000-1000-8000-00805F9B34FB"), 0x2A37);
    static const char *const others[] = {"", "180d", "0000180d-0000-1000-8000-00805f9b34fc",
                                         "0001180d-0000-1000-8000-00805f9b34fb",
                                         "0000zz0d-0000-1000-8000-00805f9b34fb"};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        cr_expect_eq(uuid_short(others[i]), 0, "%s", others[i]);
}
