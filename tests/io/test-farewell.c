// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Last words are sent to a bus that reads, and a bus that does not is not waited for.

#include "io/farewell.h"

#include <criterion/criterion.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"

#define WORDS 4000000u // more than any socket holds

// A connection to a peer that reads when it is made to: `ret_peer`.
static GDBusConnection *talk(int *ret_peer)
{
    int ends[2];
    g_autoptr(GError) error = NULL;
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    g_autoptr(GSocket) socket = g_socket_new_from_fd(ends[0], &error);
    g_autoptr(GSocketConnection) stream = g_socket_connection_factory_create_connection(socket);
    GDBusConnection *connection = g_dbus_connection_new_sync(
        G_IO_STREAM(stream), NULL, G_DBUS_CONNECTION_FLAGS_NONE, NULL, NULL, &error);
    cr_assert_null(error);
    g_autofree char *words = g_strnfill(WORDS, 'x');
    g_dbus_connection_emit_signal(connection, NULL, "/", "org.paced1.Test", "Words",
                                  g_variant_new("(s)", words), &error);
    cr_assert_null(error);
    *ret_peer = ends[1];
    return connection;
}

static double took(Usec within)
{
    Usec began = clock_now();
    farewell_wait(within);
    return usec_to_s(clock_now() - began);
}

static gpointer read_all(gpointer data)
{
    char bytes[65536];
    gsize sum = 0;
    while (sum < WORDS) {
        ssize_t length = read(GPOINTER_TO_INT(data), bytes, sizeof bytes);
        if (length <= 0)
            break;
        sum += (gsize)length;
    }
    return GSIZE_TO_POINTER(sum);
}

Test(farewell, is_heard_by_who_reads_and_keeps_nobody, .timeout = 30)
{
    int peer;
    g_autoptr(GDBusConnection) connection = talk(&peer);
    farewell_send(connection);
    double waited = took(USEC_PER_SEC / 2);
    cr_expect(waited >= 0.5 && waited < 5, "it hangs: %.2f s", waited);
    GThread *reader = g_thread_new("reader", read_all, GINT_TO_POINTER(peer));
    waited = took(10 * USEC_PER_SEC);
    cr_expect_lt(waited, 9.0, "it reads");
    cr_expect_geq(GPOINTER_TO_SIZE(g_thread_join(reader)), WORDS);
    cr_expect_lt(took(USEC_PER_SEC), 0.5, "there is nothing more to send");
    close(peer);
}
