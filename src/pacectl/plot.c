// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// What is hard is only to stay readable from a phone to a sheet of paper: the drawing has a fixed
// shape, lines keep their width at any size, and the page sets the size of text.

#include "pacectl/plot.h"

#include "pacectl/show.h"

#include <math.h>
#include <string.h>

#define WIDTH  480.0
#define LETTER 7.0 // as wide as any in the mean
#define HEIGHT 190.0
#define LEFT   46.0
#define RIGHT  8.0
#define TOP    10.0
#define BOTTOM 24.0

static double x_of(const Plot *plot, double x)
{
    const double share = (x - plot->x_least) / (plot->x_most - plot->x_least);
    return LEFT + CLAMP(share, 0.0, 1.0) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const Plot *plot, double y)
{
    const double share = (y - plot->y_least) / (plot->y_most - plot->y_least);
    return HEIGHT - BOTTOM - CLAMP(share, 0.0, 1.0) * (HEIGHT - TOP - BOTTOM);
}

void plot_label_number(double value, char ret_text[PLOT_LABEL])
{
    g_snprintf(ret_text, PLOT_LABEL, "%g", round(value * 100) / 100 + 0.0); // no -0
}

void plot_label_pace(double value, char ret_text[PLOT_LABEL])
{
    char text[SHOW_MAX];
    show_duration(-value, text);
    g_snprintf(ret_text, PLOT_LABEL, "%.20s", text);
}

double plot_room(double least, double most, double share)
{
    const double range = most - least, size = fabs(most);
    return range < size * 0.02 ? size * 0.05 : range * share;
}

double plot_step(double width, int count)
{
    const double rough = width / count, unit = pow(10, floor(log10(rough)));
    const double parts = rough / unit;
    return unit * (parts < 1.5 ? 1 : parts < 3.5 ? 2 : parts < 7.5 ? 5 : 10);
}

Plot plot_begin(GString *out, const PlotFrame *frame)
{
    Plot plot = {out, frame->x_least, frame->x_most, frame->y_least, frame->y_most};
    if (!(plot.x_most > plot.x_least))
        plot.x_most = plot.x_least + 1;
    if (!(plot.y_most > plot.y_least))
        plot.y_most = plot.y_least + 1;
    g_string_append_printf(out,
                           "<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-labelledby=\"%s-t %s-d\">"
                           "<title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>\n",
                           WIDTH, HEIGHT, frame->id, frame->id, frame->id, frame->title, frame->id,
                           frame->description);
    return plot;
}

void plot_axes(Plot *plot, const PlotFrame *frame)
{
    char text[PLOT_LABEL];
    const double x_step =
        frame->x_step > 0 ? frame->x_step : plot_step(plot->x_most - plot->x_least, 6);
    const double y_step =
        frame->y_step > 0 ? frame->y_step : plot_step(plot->y_most - plot->y_least, 4);
    for (double y = ceil(plot->y_least / y_step) * y_step; y <= plot->y_most + y_step / 1e6;
         y += y_step) {
        frame->y_label(y, text);
        g_string_append_printf(plot->out,
                               "<line class=\"grid\" x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\"/>"
                               "<text class=\"end\" x=\"%g\" y=\"%.1f\">%s</text>\n",
                               LEFT, WIDTH - RIGHT, y_of(plot, y), y_of(plot, y), LEFT - 6,
                               y_of(plot, y) + 4, text);
    }
    for (double x = ceil(plot->x_least / x_step) * x_step;
         frame->x_label && x <= plot->x_most + x_step / 1e6; x += x_step) {
        frame->x_label(x, text);
        const gboolean fits = x_of(plot, x) + (double)strlen(text) * LETTER / 2 <= WIDTH;
        g_string_append_printf(plot->out, "<text class=\"%s\" x=\"%.1f\" y=\"%g\">%s</text>\n",
                               fits ? "middle" : "end", fits ? x_of(plot, x) : WIDTH, HEIGHT - 6,
                               text);
    }
}

void plot_end(Plot *plot)
{
    g_string_append(plot->out, "</svg>\n");
}

void plot_line(Plot *plot, const char *class, const double *values, gsize count, double x_first,
               double x_step)
{
    gboolean drawing = FALSE;
    g_string_append_printf(plot->out, "<path class=\"line %s\" d=\"", class);
    for (gsize i = 0; i < count; i++) {
        if (isfinite(values[i]))
            g_string_append_printf(plot->out, "%c%.1f %.1f", drawing ? 'L' : 'M',
                                   x_of(plot, x_first + (double)i * x_step), y_of(plot, values[i]));
        drawing = isfinite(values[i]);
    }
    g_string_append(plot->out, "\"/>\n");
}

void plot_band(Plot *plot, const char *class, double x_from, double x_to, double y_from,
               double y_to)
{
    const double left = x_of(plot, x_from), right = x_of(plot, x_to);
    const double low = y_of(plot, y_from), high = y_of(plot, y_to);
    if (right > left && low > high)
        g_string_append_printf(
            plot->out,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", class,
            left, high, right - left, low - high);
}

void plot_mark(Plot *plot, const char *class, double x_from, double x_to, double y)
{
    if (isfinite(y))
        g_string_append_printf(plot->out, "<path class=\"line %s\" d=\"M%.1f %.1fH%.1f\"/>\n",
                               class, x_of(plot, x_from), y_of(plot, y), x_of(plot, x_to));
}

void plot_point(Plot *plot, const char *class, double x, double y)
{
    if (isfinite(x) && isfinite(y))
        g_string_append_printf(plot->out,
                               "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n", class,
                               x_of(plot, x), y_of(plot, y));
}

void plot_text(Plot *plot, const char *class, double x, double y, const char *text)
{
    g_string_append_printf(plot->out, "<text class=\"middle %s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                           class, x_of(plot, x), y_of(plot, y) - 4, text);
}
