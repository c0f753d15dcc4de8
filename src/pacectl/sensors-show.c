// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// pacectl sensors show: everything about one sensor, in words. Histograms are told by what somebody
// would ask: how often, how long, and what went wrong.

#include "io/clock.h"
#include "pacectl/sensors.h"
#include "pacectl/show.h"

#include <math.h>
#include <string.h>

// ── history ──

static guint32 histogram_count(GVariant *histogram)
{
    guint32 sum = 0, count;
    for (gsize i = 0; i < g_variant_n_children(histogram); i++) {
        g_variant_get_child(histogram, i, "(du)", NULL, &count);
        sum += count;
    }
    return sum;
}

// "longer than 5 min": the bound below the middle one, for no more is known. Empty: under the
// first.
static void histogram_middle(GVariant *histogram, guint32 sum, char ret_text[SHOW_MAX])
{
    guint32 below = 0, count;
    double bound, before = NAN;
    for (gsize i = 0; i < g_variant_n_children(histogram); i++) {
        g_variant_get_child(histogram, i, "(du)", &bound, &count);
        below += count;
        if (2 * below >= sum)
            break;
        before = bound;
    }
    ret_text[0] = '\0';
    if (isfinite(before))
        show_period(before, ret_text);
}

static void add_part(GString *words, const char *separator, const char *part)
{
    g_string_append_printf(words, "%s%s", words->len > 0 ? separator : "", part);
}

static char *times(guint32 count)
{
    return count == 1   ? g_strdup("once")
           : count == 2 ? g_strdup("twice")
                        : g_strdup_printf("%u times", count);
}

static void add_connections(GString *words, GVariant *history)
{
    char middle[SHOW_MAX];
    g_autoptr(GVariant) lifetime =
        g_variant_lookup_value(history, "lifetime", G_VARIANT_TYPE("a(du)"));
    guint32 count = lifetime ? histogram_count(lifetime) : 0;
    if (count == 0)
        return;
    histogram_middle(lifetime, count, middle);
    g_autofree char *first = g_strdup_printf("%u connection%s", count, count == 1 ? "" : "s");
    g_autofree char *second = !*middle     ? g_strdup("most of them short")
                              : count == 1 ? g_strdup_printf("longer than %s", middle)
                                           : g_strdup_printf("half of them longer than %s", middle);
    add_part(words, "; ", first);
    add_part(words, ", ", second);
}

static void add_ends(GString *words, GVariant *history)
{
    static const struct {
        const char *end, *told;
    } known[] = {{"lost", "lost"},
                 {"silent", "fell silent"},
                 {"hung-up", "hung up"},
                 {"adapter", "the adapter failed"},
                 {"service", "the Bluetooth service went away"}};
    g_autoptr(GVariant) ends = g_variant_lookup_value(history, "ends", G_VARIANT_TYPE("a{su}"));
    guint32 count;
    const char *separator = "; ";
    for (gsize i = 0; ends && i < G_N_ELEMENTS(known); i++) {
        if (!g_variant_lookup(ends, known[i].end, "u", &count) || count == 0)
            continue;
        g_autofree char *often = times(count);
        g_autofree char *part = g_strdup_printf("%s %s", known[i].told, often);
        add_part(words, separator, part);
        separator = ", ";
    }
}

static void add_failures(GString *words, GVariant *history)
{
    g_autoptr(GVariant) failures =
        g_variant_lookup_value(history, "failures", G_VARIANT_TYPE("a{su}"));
    g_autoptr(GString) kinds = g_string_new(NULL);
    guint32 sum = 0, count;
    const char *kind;
    GVariantIter iter;
    if (!failures)
        return;
    g_variant_iter_init(&iter, failures);
    while (g_variant_iter_next(&iter, "{&su}", &kind, &count)) {
        g_autofree char *part = g_strdup_printf("%s %u", kind, count);
        add_part(kinds, ", ", part);
        sum += count;
    }
    if (sum == 0)
        return;
    g_autofree char *often = times(sum);
    g_autofree char *part = g_strdup_printf("could not be connected %s (%s)", often, kinds->str);
    add_part(words, "; ", part);
}

char *history_words(GVariant *history)
{
    g_autoptr(GString) words = g_string_new(NULL);
    double age;
    if (!history)
        return NULL;
    add_connections(words, history);
    add_ends(words, history);
    add_failures(words, history);
    if (g_variant_lookup(history, "drops-after", "d", &age) && isfinite(age)) {
        g_autofree char *part = g_strdup_printf("drops after %.0f s again and again", age);
        add_part(words, "; ", part);
    }
    return words->len > 0 ? g_string_free(g_steal_pointer(&words), FALSE) : NULL;
}

// ── the sheet ──

static void print_row(const char *title, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void print_row(const char *title, const char *format, ...)
{
    va_list arguments;
    printf("%-10s ", title);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

static void print_text(const char *title, const char *text)
{
    if (text && *text)
        print_row(title, "%s", text);
}

static void print_state(Paced1Sensor *sensor)
{
    double now = usec_to_s(clock_now()), next = paced1_sensor_get_next_try(sensor) - now;
    char since[SHOW_MAX], wait[SHOW_MAX];
    if (!paced1_sensor_get_enrolled(sensor)) {
        print_row("State", "not enrolled; 'pacectl sensors add %s' does that",
                  paced1_sensor_get_address(sensor));
        return;
    }
    show_period(now - paced1_sensor_get_since(sensor), since);
    show_period(next, wait);
    print_row("State", "%s for %s%s%s", paced1_sensor_get_state(sensor), since,
              isfinite(next) ? ", next try in " : "", isfinite(next) ? wait : "");
    print_text("Reason", paced1_sensor_get_reason(sensor));
}

static void print_use(Paced1Sensor *sensor)
{
    g_autofree char *services = g_strjoinv(", ", (char **)paced1_sensor_get_services(sensor));
    g_autofree char *roles = g_strjoinv(", ", (char **)paced1_sensor_get_roles(sensor));
    print_text("Serves", services);
    if (!paced1_sensor_get_enrolled(sensor))
        return;
    print_text("Used for", roles);
    if (paced1_sensor_get_rank(sensor) > 0)
        print_row("Rank", "%u; of two of a kind the lower comes first",
                  paced1_sensor_get_rank(sensor));
    print_text("Runner", paced1_sensor_get_runner(sensor));
    if (paced1_sensor_get_match_name(sensor))
        print_row("Known by", "its name, for it changes its address");
}

static void print_signal(Paced1Sensor *sensor)
{
    double battery = paced1_sensor_get_battery(sensor), rssi = paced1_sensor_get_rssi(sensor);
    if (isfinite(battery))
        print_row("Battery", "%.0f %%", battery);
    if (isfinite(rssi))
        print_row("Signal", "%.0f dBm%s", rssi,
                  paced1_sensor_get_weak(sensor) ? ", weak: carry the machine nearer" : "");
    else if (paced1_sensor_get_weak(sensor))
        print_row("Signal", "weak: carry the machine nearer");
    if (paced1_sensor_get_busy(sensor))
        print_row("Busy", "perhaps with another device; disconnect it there");
}

static void print_make(Paced1Sensor *sensor)
{
    g_autofree char *make = g_strdup_printf("%s %s", paced1_sensor_get_manufacturer(sensor),
                                            paced1_sensor_get_model(sensor));
    const char *cadence = paced1_sensor_get_cadence(sensor);
    print_text("Make", g_strstrip(make));
    print_text("Firmware", paced1_sensor_get_firmware(sensor));
    print_text("Worn", paced1_sensor_get_location(sensor));
    print_text("Quirk", paced1_sensor_get_quirk(sensor));
    if (strcmp(cadence, "unsettled") != 0)
        print_row("Cadence", "%s, %s", cadence,
                  paced1_sensor_get_cadence_fixed(sensor) ? "as you said" : "as found out");
}

static void print_data(Paced1Sensor *sensor)
{
    g_autoptr(GString) counts = g_string_new(NULL);
    GVariant *packets = paced1_sensor_get_packets(sensor);
    guint32 count = 0;
    const char *what;
    GVariantIter iter;
    g_variant_lookup(packets, "packets", "u", &count);
    if (count > 0)
        g_string_append_printf(counts, "%u packets", count);
    g_variant_iter_init(&iter, packets);
    while (g_variant_iter_next(&iter, "{&su}", &what, &count)) {
        g_autofree char *part = g_strdup_printf("%u %s", count, what);
        if (strcmp(what, "packets") != 0)
            add_part(counts, ", ", part);
    }
    const char *way = paced1_sensor_get_subscription(sensor);
    if (*way)
        add_part(counts, ", by ", strcmp(way, "acquire") == 0 ? "socket" : "signal");
    print_text("Data", counts->str);
    g_autofree char *history = history_words(paced1_sensor_get_history(sensor));
    print_text("History", history);
}

static void add_seconds(JsonObject *object, const char *name, double seconds)
{
    if (isfinite(seconds))
        json_object_set_double_member(object, name, round(seconds * 10) / 10);
}

// As the bus has it, and the instants as durations.
static void print_sheet_json(Paced1Sensor *sensor)
{
    double now = usec_to_s(clock_now()), next = paced1_sensor_get_next_try(sensor);
    JsonNode *node = json_from_proxy(sensor);
    JsonObject *object = json_node_get_object(node);
    add_seconds(object, "since_s", now - paced1_sensor_get_since(sensor));
    add_seconds(object, "next_try_s", next - now);
    print_json(node);
}

int verb_sensors_show(int argc, char **argv)
{
    gboolean json = FALSE;
    const GOptionEntry options[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL}, {NULL}};
    if (!verb_options(&argc, &argv, options, 1, 1))
        return EXIT_BAD_USAGE;
    int code;
    g_autoptr(Paced1Sensor) sensor = sensor_open(argv[1], TRUE, NULL, &code);
    if (!sensor)
        return code;
    if (json) {
        print_sheet_json(sensor);
        return EXIT_DONE;
    }
    print_text("Name", paced1_sensor_get_name(sensor));
    print_row("Address", "%s", paced1_sensor_get_address(sensor));
    print_state(sensor);
    print_use(sensor);
    print_signal(sensor);
    print_make(sensor);
    print_scales(paced1_sensor_get_scales(sensor), "Scale      ");
    print_data(sensor);
    return EXIT_DONE;
}
