// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Objects on a bus with an ObjectManager at /, as bluetoothd has them: what is added is announced
// at once, a change is emitted when it is said and in the order it is said, and a property can be
// absent. Generated skeletons would coalesce changes in an idle callback; here the order is the
// point.

#pragma once

#include <gio/gio.h>

typedef struct Tree Tree;
typedef struct Facet Facet; // one interface of one object

typedef struct {
    const GDBusInterfaceInfo *info;
    // Answers the invocation, now or later. NULL: the interface has no methods.
    void (*call)(gpointer self, GDBusMethodInvocation *invocation, const char *method,
                 GVariant *arguments);
    // A floating value; NULL: absent for now.
    GVariant *(*get)(gpointer self, const char *property);
    // NULL: nothing can be set. Answers the invocation of Set, and announces the change itself.
    void (*set)(gpointer self, GDBusMethodInvocation *invocation, const char *property,
                GVariant *value);
} FacetClass;

Tree *tree_new(GDBusConnection *bus);
void tree_free(Tree *tree); // after all facets are gone; takes NULL
GDBusConnection *tree_bus(Tree *tree);

// `class` is kept, not copied. The facet is the tree's; self is borrowed.
Facet *tree_add(Tree *tree, const char *path, const FacetClass *class, gpointer self);
void tree_remove(Facet *facet); // takes NULL
const char *facet_path(const Facet *facet);

// PropertiesChanged, now, with the present values; absent ones are invalidated. NULL ends the list.
void facet_changed(Facet *facet, ...) G_GNUC_NULL_TERMINATED;

// Calls of this method go unanswered from now on, or no longer do.
void tree_ignore(Tree *tree, const char *method, gboolean ignore);

// The next `times` calls of this method ("Set" for a property's) earn this error, by its full name.
// 0 takes the order back.
void tree_fail(Tree *tree, const char *method, const char *error, const char *message, guint times);

// An error of BlueZ's: "org.bluez.Error." and the name.
void tree_refuse(GDBusMethodInvocation *invocation, const char *name, const char *message);
void tree_reply(GDBusMethodInvocation *invocation); // an empty one

// Bus clients that hold something: a discovery, a subscription. When one leaves the bus its hold is
// removed and `left` is told of it.
typedef struct Holders Holders;
Holders *holders_new(GDBusConnection *bus, void (*left)(const char *sender, gpointer data),
                     gpointer data);
void holders_free(Holders *holders);
gboolean holders_add(Holders *holders, const char *sender); // FALSE: it held already
gboolean holders_remove(Holders *holders, const char *sender);
gboolean holders_has(Holders *holders, const char *sender);
void holders_clear(Holders *holders);
guint holders_count(Holders *holders);
