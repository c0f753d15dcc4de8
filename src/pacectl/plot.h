// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Plots as SVG within a page: a line, a band, bars, points, on axes with round numbers. Colours are
// classes that the page's style has (report.c), so that one drawing serves light, dark and paper.
// Every plot has a title and a description that say without eyes what it shows.

#pragma once

#include <glib.h>

typedef struct {
    GString *out;
    double x_least, x_most, y_least, y_most; // of the values
} Plot;

// How a value is written on its axis: at most PLOT_LABEL bytes.
#define PLOT_LABEL 32
typedef void (*PlotLabel)(double value, char ret_text[PLOT_LABEL]);
void plot_label_number(double value, char ret_text[PLOT_LABEL]);
void plot_label_pace(double value, char ret_text[PLOT_LABEL]); // of -s: the faster is the higher

typedef struct {
    const char *id; // of the page, for its title and description
    const char *title, *description;
    double x_least, x_most, y_least, y_most; // a range without width is widened
    double x_step, y_step;                   // between labels; 0: by itself
    PlotLabel x_label, y_label;
} PlotFrame;

// Begins an element that plot_end() ends. What is drawn before plot_axes() is behind the grid.
Plot plot_begin(GString *out, const PlotFrame *frame);
void plot_axes(Plot *plot, const PlotFrame *frame);
void plot_end(Plot *plot);

// Through the values at x_least, x_least + step, …; NAN is a gap.
void plot_line(Plot *plot, const char *class, const double *values, gsize count, double x_first,
               double x_step);
// A rectangle; INFINITY is an edge of the plot.
void plot_band(Plot *plot, const char *class, double x_from, double x_to, double y_from,
               double y_to);
void plot_mark(Plot *plot, const char *class, double x_from, double x_to, double y); // a level
void plot_point(Plot *plot, const char *class, double x, double y);
void plot_text(Plot *plot, const char *class, double x, double y, const char *text); // centred

// How much to leave free above and below values: a share of their range, or where they are all but
// the same so much that the labels are numbers as they are told.
double plot_room(double least, double most, double share);

// A round number that a range of this width takes about `count` times.
double plot_step(double width, int count);
