// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// See form.h.

#include "coach/form.h"

void form_begin(Form *form, Usec at)
{
    *form = (Form){.right_at = at, .told_at = USEC_NEVER, .missing = NAN};
}

void form_measure(Form *form, Usec at, double missing)
{
    form->missing = missing;
    form->missing_least = fmin(form->missing_least, missing); // NAN is not the least
    if (!(missing >= FORM_MISSING))
        form->right_at = at;
}

static bool in_vain(const Form *form)
{
    return form->missing_least > form->missing_told * (1 - FORM_HEEDED);
}

Usec form_due(const Form *form)
{
    if (!(form->missing >= FORM_MISSING))
        return USEC_NEVER;
    if (form->told_at == USEC_NEVER)
        return form->right_at + FORM_ENTER;
    if (form->vain + in_vain(form) >= FORM_VAIN)
        return USEC_NEVER;
    return usec_later(form->right_at + FORM_ENTER, form->told_at + FORM_GAP);
}

void form_told(Form *form, Usec at)
{
    form->vain = form->told_at != USEC_NEVER && in_vain(form) ? form->vain + 1 : 0;
    form->told_at = at;
    form->missing_told = form->missing_least = form->missing;
}
