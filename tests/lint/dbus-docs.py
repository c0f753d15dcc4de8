#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""The D-Bus interface is documented where it is defined. Each interface and member has a comment right before it that
begins with its name ("Name: …"); each argument is described in its member's comment ("@name: …") and nothing else is;
each method that can be refused says how ("Errors: …") and every error named is one that io/error.c registers.
Usage: dbus-docs.py SOURCE_ROOT.
"""
import pathlib
import re
import sys
from xml.dom import minidom

REGISTERED = re.compile(r'"org\.paced1\.Error\.(\w+)"')
ARGUMENT = re.compile(r"^\s*@([a-z-]+):", re.M)
ERRORS = re.compile(r"^\s*Errors:((?:.|\n)*?)(?:\.\s*\n|\Z)", re.M)
NAMED = re.compile(r"\b((?:[A-Z][a-z]+)+)\b")


def comment_before(node):
    node = node.previousSibling
    while node is not None and node.nodeType == node.TEXT_NODE and not node.data.strip():
        node = node.previousSibling
    return node.data if node is not None and node.nodeType == node.COMMENT_NODE else ""


def elements(node, tag):
    return [child for child in node.childNodes if child.nodeName == tag]


def check_member(interface, member, errors):
    name = member.getAttribute("name")
    full = f"{interface}.{name}"
    comment = comment_before(member)
    if not re.match(rf"\s*{name}: \S", comment):
        yield f"{full}: no comment before it that begins with “{name}: …”"
        return
    arguments = [arg.getAttribute("name") for arg in elements(member, "arg")]
    described = ARGUMENT.findall(comment)
    for argument in arguments:
        if argument not in described:
            yield f"{full}: @{argument} is not described"
    for argument in described:
        if argument not in arguments:
            yield f"{full}: @{argument} is described but not there"
    listed = ERRORS.search(comment)
    takes_input = any(arg.getAttribute("direction") == "in" for arg in elements(member, "arg"))
    if member.nodeName == "method" and takes_input and not listed:
        yield f"{full}: no “Errors: …”"
    for error in NAMED.findall(re.sub(r'"[^"]*"', "", listed.group(1))) if listed else []:
        if error not in errors:
            yield f"{full}: there is no error “{error}” in io/error.c"


def check(root):
    errors = set(REGISTERED.findall((root / "src/io/error.c").read_text()))
    document = minidom.parse(str(root / "dbus/org.paced1.xml"))
    for interface in document.getElementsByTagName("interface"):
        name = interface.getAttribute("name")
        if not re.match(rf"\s*{re.escape(name)}: \S", comment_before(interface)):
            yield f"{name}: no comment before it that begins with “{name}: …”"
        for tag in ("property", "method", "signal"):
            for member in elements(interface, tag):
                yield from check_member(name, member, errors)


def main():
    problems = list(check(pathlib.Path(sys.argv[1])))
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


main()
