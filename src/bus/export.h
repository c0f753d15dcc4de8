// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: 2026 The paced authors

// Interfaces on the bus, made of their descriptions in dbus/ alone: property values, methods by
// table, signals, and the object manager that lists them. Names and types are held to the
// description here: another one is a bug.

#pragma once

#include <gio/gio.h>

typedef struct Bus Bus; // whose handlers they are; only passed on

typedef struct Exports Exports; // all there are
typedef struct Export Export;   // one interface of one object

typedef struct {
    Export *export;
    GVariant *arguments;               // a tuple of the types that the description has
    GDBusMethodInvocation *invocation; // is to be answered once
} ExportCall;

// Answers, or sees to it that somebody does. FALSE: `error` is the answer.
typedef gboolean (*ExportHandler)(Bus *bus, const ExportCall *call, GError **error);

// A table of them ends with a NULL name and has every method of its interface.
typedef struct {
    const char *name;
    ExportHandler handle;
} ExportMethod;

// `root` is the object manager's path, a string that stays.
Exports *exports_new(const char *root, Bus *bus);
void exports_free(Exports *exports); // and all that are in it
// They are on this connection from now on, and on no other.
void exports_serve(Exports *exports, GDBusConnection *connection);

// `info` and `methods` stay, and are borrowed; NULL: there are none. All properties are to be set
// before it is added.
Export *export_new(const GDBusInterfaceInfo *info, const ExportMethod *methods);
// Puts it at a path, beside what is there, and says so. It is owned from now on.
void exports_add(Exports *exports, const char *path, Export *export);
void export_remove(Export *export); // says so, and frees it

// What is another value than before is told soon, in one PropertiesChanged with all the others, or
// by export_flush(). `value` is sunk.
void export_set(Export *export, const char *property, GVariant *value);
void export_set_text(Export *export, const char *property, const char *text); // UTF-8
void export_set_number(Export *export, const char *property, double number);
void export_set_count(Export *export, const char *property, guint32 count);
void export_set_flag(Export *export, const char *property, gboolean flag);
// One that has been set; valid until it is set again.
const char *export_text(const Export *export, const char *property);

// Each of these tells first what has changed of this interface. `arguments` and `value` are tuples
// and are sunk; NULL: (). export_answer() returns TRUE.
void export_flush(Export *export);
void export_emit(Export *export, const char *signal, GVariant *arguments);
gboolean export_answer(const ExportCall *call, GVariant *value);
