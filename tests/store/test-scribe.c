// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Writing does not wait for a file that is slow, and nothing is lost by that. The slow file here is
// a pipe that is read late.

#include "store/scribe.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MANY 300000 // more than the slow file takes, and less than is kept for it

static void fill(char *bytes)
{
    for (guint i = 0; i < MANY; i++)
        bytes[i] = (char)(i * 7 + i / 256);
}

Test(scribe, does_not_wait_for_its_file, .timeout = 30)
{
    static char bytes[MANY], back[MANY + 1];
    int slow[2];
    gsize length = 0;
    g_autoptr(GAsyncQueue) done = g_async_queue_new();
    cr_assert_eq(pipe(slow), 0);
    int fd = scribe_start(slow[1], "a test", done);
    fill(bytes);
    cr_expect_eq(write(fd, bytes, MANY), MANY, "at once, and whole");
    close(fd);
    cr_expect_null(g_async_queue_timeout_pop(done, 50000), "it is not written yet");
    for (gssize got; (got = read(slow[0], back + length, sizeof back - length)) > 0;)
        length += (gsize)got;
    cr_expect_eq(length, MANY);
    cr_expect_eq(memcmp(bytes, back, MANY), 0);
    cr_expect_not_null(g_async_queue_timeout_pop(done, 10000000));
    close(slow[0]);
}

Test(scribe, keeps_no_more_than_it_can, .timeout = 30)
{
    static char bytes[MANY];
    int slow[2];
    g_autoptr(GAsyncQueue) done = g_async_queue_new();
    signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(pipe(slow), 0);
    int fd = scribe_start(slow[1], "a test", done), times = 0;
    while (write(fd, bytes, MANY) > 0 && times < 100)
        times++;
    cr_expect_eq(errno, EAGAIN);
    cr_expect_lt(times, 20);
    close(slow[0]);
    close(fd);
    cr_expect_not_null(g_async_queue_timeout_pop(done, 10000000), "nobody reads: it ends");
}

Test(scribe, ends_when_its_file_is_full, .timeout = 30)
{
    g_autoptr(GAsyncQueue) done = g_async_queue_new();
    signal(SIGPIPE, SIG_IGN);
    int fd = scribe_start(open("/dev/full", O_WRONLY | O_CLOEXEC), "a test", done);
    cr_expect_eq(write(fd, "words", 5), 5);
    cr_expect_not_null(g_async_queue_timeout_pop(done, 10000000));
    cr_expect_eq(write(fd, "words", 5), -1);
    cr_expect_eq(errno, EPIPE);
    close(fd);
}
