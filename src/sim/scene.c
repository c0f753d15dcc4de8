// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The scene. The first sensor of a kind is worn by the runner, every other by a stranger who jogs
// at will.

#include "sim/scene.h"

#include <stdio.h>
#include <string.h>

#include "sim/follow.h"
#include "sim/planned.h"

#define EXIT_USAGE 64
#define EXIT_INPUT 65
#define NO_SPEED   (-1.0)
#define WALK_MPS   1.4
#define RUN_MPS    3.0

typedef struct {
    Scene *scene;
    Sensor *sensor;
    double at_s, for_s;
    char *name;
    Misbehaviour kind;
    guint timer;
} Order;

struct Scene {
    Body body, stranger;
    GPtrArray *sensors, *orders;
    Follow *follow;
    Planned *planned;
    void (*settle)(Sensor *sensor, gpointer self);
    gpointer self;
};

void scene_options_init(SceneOptions *options)
{
    *options = (SceneOptions){.seed = 1, .speed = NO_SPEED};
}

void scene_options_add(SceneOptions *options, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "Another runner, other noise", "N"},
        {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &options->speed, "Run at this speed", "MPS"},
        {"plan", 0, 0, G_OPTION_ARG_FILENAME, &options->plan, "Run this workout, unasked", "FILE"},
        {"follow", 0, 0, G_OPTION_ARG_NONE, &options->follow,
         "Run what org.paced1 on the session bus coaches", NULL},
        {"sensor", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->sensors,
         "A sensor; the second of a kind is somebody else's",
         "strap|pod|watch|power-pod|treadmill"},
        {"misbehave", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->misbehaviours,
         "A fault to come: \"at=SECONDS sensor=SENSOR kind=KIND for=SECONDS\"", "WHEN"},
        {NULL},
    };
    g_option_context_add_main_entries(context, entries, NULL);
}

void scene_options_clear(SceneOptions *options)
{
    g_free(options->plan);
    g_strfreev(options->sensors);
    g_strfreev(options->misbehaviours);
}

static void order_free(gpointer data)
{
    Order *order = data;
    g_clear_handle_id(&order->timer, g_source_remove);
    g_free(order->name);
    g_free(order);
}

static gboolean parse_seconds(const char *text, double *ret_seconds)
{
    char *end;
    double seconds = g_ascii_strtod(text, &end);
    if (end == text || *end || !(seconds >= 0))
        return FALSE;
    *ret_seconds = seconds;
    return TRUE;
}

// "at=SECONDS sensor=strap|pod|ADDRESS kind=KIND for=SECONDS"; `for` may be left out.
static Order *order_parse(const char *text)
{
    Order *order = g_new0(Order, 1);
    order->for_s = INFINITY;
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    gboolean good = TRUE, has_kind = FALSE;
    for (char **word = words; *word && good; word++) {
        if (g_str_has_prefix(*word, "at="))
            good = parse_seconds(*word + 3, &order->at_s);
        else if (g_str_has_prefix(*word, "for="))
            good = parse_seconds(*word + 4, &order->for_s);
        else if (g_str_has_prefix(*word, "sensor=") && !order->name)
            order->name = g_strdup(*word + 7);
        else if (g_str_has_prefix(*word, "kind="))
            good = has_kind = misbehaviour_from_name(*word + 5, &order->kind);
        else
            good = **word == '\0';
    }
    if (good && has_kind && order->name)
        return order;
    order_free(order);
    return NULL;
}

// A strap and a pod unless told otherwise.
static gboolean make_sensors(Scene *scene, const SceneOptions *options)
{
    static char *const defaults[] = {(char *)"strap", (char *)"pod", NULL};
    char *const *names = options->sensors ? options->sensors : defaults;
    guint of_kind[SENSOR_KINDS] = {0};
    for (guint n = 0; names[n]; n++) {
        SensorKind kind;
        if (n >= SCENE_SENSORS_MAX || !sensor_kind_from_name(names[n], &kind)) {
            fprintf(stderr,
                    "paced-sim: --sensor: strap, pod, watch, power-pod or treadmill, at most %d, "
                    "not \"%s\"\n",
                    SCENE_SENSORS_MAX, names[n]);
            return FALSE;
        }
        Body *body = of_kind[kind] == 0 ? &scene->body : &scene->stranger;
        g_ptr_array_add(scene->sensors, sensor_new(kind, n, of_kind[kind]++, body,
                                                   (uint64_t)options->seed + 100 + 10 * n));
    }
    return TRUE;
}

static gboolean read_orders(Scene *scene, const SceneOptions *options)
{
    for (char **text = options->misbehaviours; text && *text; text++) {
        Order *order = order_parse(*text);
        if (!order) {
            fprintf(stderr,
                    "paced-sim: --misbehave: \"%s\" is not \"at=SECONDS sensor=SENSOR kind=KIND "
                    "for=SECONDS\"\n",
                    *text);
            return FALSE;
        }
        g_ptr_array_add(scene->orders, order);
        order->scene = scene;
        order->sensor = sensor_find(scene->sensors, order->name);
        if (!order->sensor) {
            fprintf(stderr, "paced-sim: --misbehave: no sensor \"%s\"\n", order->name);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean make_run(Scene *scene, const SceneOptions *options, int *ret_status)
{
    *ret_status = EXIT_USAGE;
    if (!!options->plan + options->follow + (options->speed != NO_SPEED) > 1) {
        fprintf(stderr, "paced-sim: one of --speed, --plan and --follow\n");
        return FALSE;
    }
    if (options->speed != NO_SPEED && !(options->speed >= 0)) {
        fprintf(stderr, "paced-sim: --speed: a speed in m/s\n");
        return FALSE;
    }
    const double unasked = options->follow ? WALK_MPS : RUN_MPS;
    runner_aim(&scene->stranger.runner, NAN);
    runner_aim(&scene->body.runner, options->speed == NO_SPEED ? unasked : options->speed);
    if (!make_sensors(scene, options) || !read_orders(scene, options))
        return FALSE;
    g_autoptr(GError) error = NULL;
    if (options->plan && !(scene->planned = planned_new(options->plan, &scene->body, &error))) {
        fprintf(stderr, "paced-sim: %s\n", error->message);
        *ret_status = EXIT_INPUT;
        return FALSE;
    }
    return TRUE;
}

Scene *scene_new(const SceneOptions *options, int *ret_status)
{
    Scene *scene = g_new0(Scene, 1);
    scene->sensors = g_ptr_array_new_with_free_func((GDestroyNotify)sensor_free);
    scene->orders = g_ptr_array_new_with_free_func(order_free);
    body_init(&scene->body, (uint64_t)options->seed);
    body_init(&scene->stranger, (uint64_t)options->seed + 1);
    if (make_run(scene, options, ret_status))
        return scene;
    scene_free(scene);
    return NULL;
}

void scene_free(Scene *scene)
{
    if (!scene)
        return;
    follow_free(scene->follow);
    planned_free(scene->planned);
    g_ptr_array_unref(scene->orders);
    g_ptr_array_unref(scene->sensors);
    g_free(scene);
}

Body *scene_body(Scene *scene)
{
    return &scene->body;
}

GPtrArray *scene_sensors(Scene *scene)
{
    return scene->sensors;
}

void scene_follow(Scene *scene, GDBusConnection *session)
{
    scene->follow = follow_new(session, &scene->body);
}

static gboolean on_order(gpointer data)
{
    Order *order = data;
    order->timer = 0;
    sensor_misbehave(order->sensor, order->kind, order->for_s);
    order->scene->settle(order->sensor, order->scene->self);
    return G_SOURCE_REMOVE;
}

void scene_start(Scene *scene, void (*settle)(Sensor *sensor, gpointer self), gpointer self)
{
    scene->settle = settle;
    scene->self = self;
    for (guint i = 0; i < scene->orders->len; i++) {
        Order *order = scene->orders->pdata[i];
        order->timer = g_timeout_add((guint)(order->at_s * 1000), on_order, order);
    }
}
