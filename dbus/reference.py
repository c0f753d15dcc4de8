#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""Turns org.paced1.xml with its comments into the reference manual, REFERENCE.md, and refuses to when there is a gap.

  reference.py            writes REFERENCE.md anew
  reference.py --check    only says whether it is what would be written

Each interface and member has a comment right before it, which begins with its name ("Name: text"). A member's goes on
with "@argument: text" for each argument and nothing else, and "Errors: text" for what a method may refuse with: every
word there in PascalCase is an error that src/io/error.c registers. An interface's ends with "Example:" and lines as on
a terminal ("$ command", what it prints, "…" for what may differ); tests/bus/test-reference.py runs them. XML comments
may not hold two hyphens, hence gdbus' short options there.
"""
import dataclasses
import pathlib
import re
import sys
import textwrap
import xml.parsers.expat

HERE = pathlib.Path(__file__).resolve().parent
XML, MANUAL, ERRORS_C = HERE / "org.paced1.xml", HERE / "REFERENCE.md", HERE.parent / "src/io/error.c"
PREFIX = "org.paced1.Error."

SECTION = re.compile(r"^(?:@(?P<argument>[\w-]+)|(?P<section>Errors|Example)):[ \n]?", re.M)
ERROR_WORD = re.compile(r"\b(?:[A-Z][a-z]+)+\b")


@dataclasses.dataclass
class Comment:
    """Text before an element: what it is, then what is said of its arguments, its errors, its example."""
    text: str = ""
    arguments: dict = dataclasses.field(default_factory=dict)
    errors: str = ""
    example: str = ""


@dataclasses.dataclass
class Element:
    tag: str
    name: str
    line: int
    type: str = ""
    direction: str = ""
    access: str = ""
    raw: str = ""  # the comment before it
    children: list = dataclasses.field(default_factory=list)
    comment: Comment = dataclasses.field(default_factory=Comment)

    def of(self, tag):
        return [child for child in self.children if child.tag == tag]

    def arguments(self, *directions):
        return [child for child in self.of("arg") if child.direction in directions]


def flow(text):
    """The words of a paragraph that the XML broke into lines."""
    return " ".join(text.split())


def read(path):
    """The <node> as an Element; its own comment is the file's head."""
    parser = xml.parsers.expat.ParserCreate()
    stack, waiting, roots = [], [""], []

    def start(tag, attributes):
        wanted = {key: attributes[key] for key in ("type", "direction", "access") if key in attributes}
        element = Element(tag, attributes.get("name", ""), parser.CurrentLineNumber, raw=waiting[0], **wanted)
        waiting[0] = ""
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def end(_tag):
        stack.pop()
        waiting[0] = ""

    def comment(text):
        waiting[0] = text

    parser.StartElementHandler, parser.EndElementHandler, parser.CommentHandler = start, end, comment
    parser.Parse(path.read_bytes(), True)
    return roots[0]


def understand(element, problems):
    """Splits the comment of an interface or member; what is amiss goes to problems as (line, text)."""
    def problem(text):
        problems.append((element.line, f"{element.name}: {text}"))

    body = textwrap.dedent(re.sub(r"^ *\n", "", element.raw)).strip()
    if not re.match(rf"{re.escape(element.name)}:\s+\S", body):
        problem(f"no comment right before it that begins with “{element.name}: …”")
        return
    body = body[len(element.name) + 1:]
    # A one-line comment has lost the indent of its first line only.
    body = "\n".join(line.strip() if SECTION.match(line.strip()) else line for line in body.splitlines())
    marks = list(SECTION.finditer(body))
    comment = element.comment
    comment.text = flow(body[:marks[0].start()] if marks else body)
    for mark, after in zip(marks, [*marks[1:], None]):
        said = body[mark.end():after.start() if after else len(body)]
        if not said.strip():
            problem(f"“{mark[0].strip()}” is followed by nothing")
        if mark["argument"]:
            if mark["argument"] in comment.arguments:
                problem(f"@{mark['argument']} is described twice")
            comment.arguments[mark["argument"]] = flow(said)
        elif mark["section"] == "Errors":
            comment.errors = flow(said)
        else:
            comment.example = textwrap.dedent(said).strip("\n")


def check_member(member, errors, problems):
    def problem(text, line=member.line):
        problems.append((line, f"{member.name}: {text}"))

    understand(member, problems)
    if not member.comment.text:
        return
    for argument in member.of("arg"):
        if argument.name not in member.comment.arguments:
            problem(f"the argument {argument.name} is not described (“@{argument.name}: …”)", argument.line)
    names = [argument.name for argument in member.of("arg")]
    for name in member.comment.arguments:
        if name not in names:
            problem(f"@{name} is described, but there is no such argument")
    if member.tag == "method" and member.arguments("in") and not member.comment.errors:
        problem("it takes arguments, and does not say how it refuses them (“Errors: …”)")
    if member.tag != "method" and member.comment.errors:
        problem(f"a {member.tag} cannot fail; “Errors:” is for methods")
    for word in named_errors(member):
        if word not in errors:
            problem(f"there is no error {word} in src/io/error.c")


def named_errors(member):
    unquoted = re.sub(r'"[^"]*"', "", member.comment.errors)
    return list(dict.fromkeys(ERROR_WORD.findall(unquoted)))


def check(node, errors):
    problems = []
    for interface in node.of("interface"):
        understand(interface, problems)
        if not interface.comment.example:
            problems.append((interface.line, f"{interface.name}: no “Example:”"))
        for member in interface.children:
            if member.tag in ("property", "method", "signal"):
                check_member(member, errors, problems)
    head = "\n".join(line for line in node.raw.splitlines() if "SPDX-" not in line)
    node.comment.text = textwrap.dedent(head).strip()
    if not node.comment.text:
        problems.append((node.line, "no comment before <node> that says what the file is about"))
    return problems


# ── Markdown ──


def plain(text):
    return re.sub(r"([*<\\|])", r"\\\1", text)


def sentence(text):
    """What follows "Name: " in the XML, on its own. Units (m/s, s, dBm) stay small."""
    return plain(text[:1].upper() + text[1:] if re.match(r"a |[a-z]{2,}\b", text) else text)


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def paragraphs(text):
    """The head comment: what is indented is a picture and stays as it is."""
    for block in re.split(r"\n\s*\n", text):
        if block.startswith("  "):
            yield from ["```", *textwrap.dedent(block).splitlines(), "```", ""]
        else:
            yield from [*(plain(line) for line in block.splitlines()), ""]


def signature(member):
    def words(arguments):
        return ", ".join(f"{argument.type} {argument.name}" for argument in arguments)
    if member.tag == "signal":
        return f"{member.name} ({words(member.of('arg'))})"
    given, returned = words(member.arguments("in")), words(member.arguments("out"))
    return f"{member.name} ({given})" + (f" → ({returned})" if returned else "")


def member_section(member):
    yield f"#### {member.name}"
    yield ""
    yield f"`{signature(member)}`"
    yield ""
    yield sentence(member.comment.text)
    yield ""
    for argument in member.of("arg"):
        back = ", returned" if argument.direction == "out" else ""
        yield f"- **{argument.name}** (`{argument.type}`{back}): {plain(member.comment.arguments[argument.name])}"
    if member.of("arg"):
        yield ""
    if member.comment.errors:
        yield f"Errors: {plain(member.comment.errors)}"
        yield ""


def interface_section(interface):
    yield f"## {interface.name}"
    yield ""
    yield sentence(interface.comment.text)
    yield ""
    yield from ["```console", interface.comment.example, "```", ""]
    properties = interface.of("property")
    if properties:
        yield "### Properties"
        yield ""
        access = [f" ({p.access})" if p.access != "read" else "" for p in properties]
        yield from table(["Property", "Type", "Meaning"],
                         [[f"**{p.name}**{more}", f"`{p.type}`", sentence(p.comment.text)]
                          for p, more in zip(properties, access)])
    for tag, title in (("method", "Methods"), ("signal", "Signals")):
        if interface.of(tag):
            yield f"### {title}"
            yield ""
            for member in interface.of(tag):
                yield from member_section(member)


def errors_section(node, errors):
    raised = {error: [] for error in errors}
    for interface in node.of("interface"):
        for method in interface.of("method"):
            for word in named_errors(method):
                raised[word].append(f"{interface.name.removeprefix('org.paced1.')}.{method.name}")
    yield "## Errors"
    yield ""
    yield from table(["Name on the bus", "Documented for"],
                     [[f"`{PREFIX}{error}`", ", ".join(methods) or "any method"] for error, methods in raised.items()])


def manual(node, errors):
    lines = [
        "<!-- Made by reference.py from org.paced1.xml: change that, and run it. -->",
        "# The D-Bus interface of paced",
        "",
        *paragraphs(node.comment.text),
        "Look around with `busctl --user tree org.paced1` and `busctl --user introspect org.paced1 /org/paced1/hub`; follow",
        "everything with `gdbus monitor --session --dest org.paced1`. In the examples, `-e` is `gdbus`' short word for the",
        "session bus, `-d`, `-o` and `-m` are the bus name, the object and the method.",
        "",
        "| Interface | What it is |",
        "|---|---|",
        *(f"| [{i.name}](#{i.name.replace('.', '').lower()}) | {sentence(i.comment.text)} |" for i in node.of("interface")),
        "",
    ]
    for interface in node.of("interface"):
        lines += interface_section(interface)
    lines += errors_section(node, errors)
    return "\n".join(lines).rstrip() + "\n"


def load():
    """The checked interfaces and the names of errors, or the end of the program with what is amiss."""
    errors = re.findall(rf'"{re.escape(PREFIX)}(\w+)"', ERRORS_C.read_text())
    node = read(XML)
    problems = check(node, errors)
    for line, text in sorted(problems):
        print(f"dbus/{XML.name}:{line}: {text}", file=sys.stderr)
    if problems:
        sys.exit(1)
    return node, errors


def main():
    text = manual(*load())
    if "--check" not in sys.argv[1:]:
        MANUAL.write_text(text)
    elif not MANUAL.exists() or MANUAL.read_text() != text:
        sys.exit("dbus/REFERENCE.md:1: it is not what dbus/reference.py makes of the XML: run that and commit the result")


if __name__ == "__main__":
    main()
