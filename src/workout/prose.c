// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Feeds an article's prose, which stands around its list, and the list's title to the reader, and
// what that finds to the checks.

#include "workout/prose.h"

#include "workout/prose-article.h"

void prose_lint(const char *text, size_t length, const Plan *plan, TextWarnings *warnings)
{
    Article article = {.plan = plan, .warnings = warnings, .text = text};
    ProseReader reader;
    Lines lines = lines_of(text, length);
    Line line;
    const uint32_t first = plan->items[0].line, last = plan->items[plan->item_count - 1].line;
    bool title = false;
    if (warnings == NULL)
        return;
    article.claims.subject.kind = TOKEN_END;
    prose_read_begin(&reader, claims_find, &article.claims);
    while (lines_next(&lines, &line)) {
        const bool is_title = line_accept_title(&line);
        if (is_title && title)
            break; // what follows is another workout's
        title |= is_title;
        if (is_title)
            prose_read_title(&reader, line, lines.number);
        else if (lines.number < first || lines.number > last)
            prose_read_line(&reader, line, lines.number);
    }
    prose_read_end(&reader);
    article_read_list(&article);
    article_check_paces(&article);
    article_check_shape(&article);
}
