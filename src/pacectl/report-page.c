// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// The sheet of paper that reports are drawn on. All colours are here, twice: each has at least the
// contrast that small text wants on its ground (4.5), by day and by night.

#include "pacectl/report.h"

static const char style[] =
    ":root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1c2530;--soft:#56616d;"
    "--grid:#e4e0d8;--pace:#17677f;--aim:#a5530f;--heart:#ac2f43;--form:#5b4a9c;--rest:#efece4;"
    "--zone:172,47,67}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#13171c;--card:#1a2027;--ink:#e9e7e2;"
    "--soft:#a9b3bd;--grid:#2e363f;--pace:#6ec6da;--aim:#e8ab62;--heart:#f28a97;--form:#b6a7f0;"
    "--rest:#20272f;--zone:242,138,151}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}\n"
    "main{max-width:42rem;margin:0 auto;padding:1.5rem 1rem 3rem}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:0;font-weight:650;letter-spacing:-.01em}\n"
    "h2{font-size:1rem;margin:0 0 .25rem;font-weight:600}\n"
    ".when{color:var(--soft);margin:.25rem 0 1.25rem}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(6rem,1fr));gap:.75rem 1rem;"
    "margin:0 0 1.5rem}\n"
    "dl div{display:flex;flex-direction:column-reverse}\n"
    "dt{color:var(--soft);font-size:.85rem}\n"
    "dd{margin:0;white-space:nowrap;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-"
    "nums}\n"
    "section{background:var(--card);border:1px solid var(--grid);border-radius:.75rem;"
    "padding:1rem;margin:0 0 1rem}\n"
    "p{margin:.25rem 0}.note{color:var(--soft);font-size:.9rem}\n"
    "svg{display:block;width:100%;height:auto;margin-top:.5rem;overflow:visible}\n"
    "svg text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}\n"
    "@media(max-width:30rem){svg text{font-size:15px}}\n"
    ".end{text-anchor:end}.middle{text-anchor:middle}\n"
    ".grid{stroke:var(--grid);stroke-width:1;vector-effect:non-scaling-stroke}\n"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;"
    "vector-effect:non-scaling-stroke}\n"
    ".pace{stroke:var(--pace)}.aim{stroke:var(--aim);stroke-dasharray:5 4}"
    ".heart{stroke:var(--heart)}.form{stroke:var(--form)}\n"
    "rect.rest{fill:var(--rest)}rect.bar{fill:var(--pace)}rect.slow{fill:var(--pace);opacity:.45}\n"
    "rect.z0{fill:rgba(var(--zone),.04)}rect.z1{fill:rgba(var(--zone),.08)}"
    "rect.z2{fill:rgba(var(--zone),.12)}rect.z3{fill:rgba(var(--zone),.16)}"
    "rect.z4{fill:rgba(var(--zone),.2)}rect.z5{fill:rgba(var(--zone),.25)}"
    "rect.z6{fill:rgba(var(--zone),.3)}\n"
    "circle.pace{fill:var(--pace)}circle.heart{fill:var(--heart)}circle.form{fill:var(--form)}"
    "circle{stroke:none}svg text.in{fill:var(--card)}\n"
    "i{display:inline-block;width:1.25rem;border-top:2px solid;vertical-align:middle;"
    "margin-right:.35rem}i.aim{border-top-style:dashed}\n"
    "i.pace{color:var(--pace)}i.aim{color:var(--aim)}i.heart{color:var(--heart)}"
    "i.form{color:var(--form)}\n"
    ".scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "\n"
    "th,td{padding:.3rem .4rem;text-align:right;border-bottom:1px solid var(--grid);"
    "white-space:nowrap}th{font-weight:600;color:var(--soft)}\n"
    "th:first-child,td:first-child{text-align:left;padding-left:0}tr.rest td{color:var(--soft)}\n"
    ".share{display:block;height:.6rem;border-radius:.3rem;background:rgba(var(--zone),.55);"
    "min-width:1px}.wide{width:45%}th.wide{text-align:left}\n"
    "footer{color:var(--soft);font-size:.85rem}\n"
    "@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--grid:#ccc;--pace:#17677f;"
    "--aim:#a5530f;--heart:#ac2f43;--form:#5b4a9c;--rest:#f1efe9;--zone:172,47,67}"
    "main{max-width:none;padding:0}section{break-inside:avoid;border:0;padding:0}"
    "body{font-size:10pt}table{font-size:7.5pt}.scroll{overflow:visible}svg{max-height:6cm}*{print-"
    "color-adjust:exact}}\n";

GString *report_begin(const char *title)
{
    g_autofree char *escaped = g_markup_escape_text(title, -1);
    GString *page =
        g_string_new("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n");
    g_string_append_printf(
        page,
        "<title>%s</title>\n<link rel=\"icon\" "
        "href=\"data:,\">\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>%s</h1>\n",
        escaped, style, escaped);
    return page;
}

void report_end(GString *page)
{
    g_string_append(page, "<footer><p>Made by paced " PACED_VERSION
                          ". This page is all there is of it: it loads nothing.</p></footer>\n"
                          "</main>\n</body>\n</html>\n");
}

void report_fact(GString *page, const char *value, const char *what)
{
    g_string_append_printf(page, "<div><dt>%s</dt><dd>%s</dd></div>\n", what, value);
}
