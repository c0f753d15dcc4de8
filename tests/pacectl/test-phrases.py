#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""pacectl phrases check: all shipped languages pass, and each mistake that a translator makes is told with its line; and
simulate speaks the language that it is told. Usage: test-phrases.py PACECTL."""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
from command import PACECTL, pacectl  # noqa: E402

CONFIG = HERE.parents[1] / "config"
LANGUAGES = sorted(path.name for path in (CONFIG / "phrases").glob("*.conf"))
HOME = tempfile.TemporaryDirectory()
OWN = pathlib.Path(HOME.name) / "paced/phrases"
OWN.mkdir(parents=True)
os.environ.update(PACED_CONFIG_DIR=str(CONFIG), XDG_CONFIG_HOME=HOME.name)


def lines_of(language, *changes):
    """A shipped file with lines of it replaced: pairs of what they begin with and the new line, None for none."""
    lines = (CONFIG / f"phrases/{language}.conf").read_text().splitlines()
    for key, new in changes:
        at = next(i for i, line in enumerate(lines) if line.startswith(key + "="))
        lines[at : at + 1] = [] if new is None else [new]
    return lines


def checked(name, text, status=65):
    """What is told of a file, without its path: "LINE: …" or " …"."""
    path = OWN / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    run = subprocess.run([PACECTL, "phrases", "check", str(path)], capture_output=True, timeout=60, check=False)
    path.unlink()
    assert run.returncode == status and not run.stderr, (run.returncode, run.stdout, run.stderr)
    lines = run.stdout.decode().splitlines()
    assert all(line.startswith(f"{path}:") for line in lines), lines
    return [line.removeprefix(f"{path}:") for line in lines]


def one(name, text):
    told = checked(name, text)
    assert len(told) == 1, told
    return told[0]


def all_that_is_shipped_is_in_order():
    told = pacectl("phrases", "check").splitlines()
    assert [line.rsplit("/", 1)[1] for line in told] == [f"{name}: in order" for name in LANGUAGES], told
    assert {"de.conf", "en.conf", "es.conf", "fr.conf", "it.conf", "nl.conf", "pl.conf", "pt.conf"} <= set(LANGUAGES)
    for name in LANGUAGES:
        pacectl("phrases", "check", CONFIG / "phrases" / name)


def a_few_lines_over_a_shipped_file_are_enough():
    assert checked("de.conf", "# mine\n[phrases]\ngo=auf geht's\n", status=0) == [" in order"]
    assert checked("de-at.conf", "[phrases]\ngo=gemma\n", status=0) == [" in order"]


def each_mistake_has_its_line():
    for line, told in (
        ("go={step}", "2: go: an unknown placeholder; it has none"),
        ("coming=gleich: {step}", "2: coming: {lead} is missing"),
        ("coming=in {lead: {step}", "2: coming: a brace without its partner; it has {lead}, {step}"),
        ("minutes={n-f} Minuten {n-x}", "2: minutes: an unknown placeholder; it has {n}"),
        ("go=", "2: go: empty"),
        ("go", "2: is neither key=value, nor a [group], nor a # comment"),
        ("og=los", "2: og: there is no such phrase; en.conf has all that there are"),
        ("go[de]=los", "2: go[de]: there is no such phrase; each language has a file of its own"),
        ("go=4 mal", "2: go: “4” is not a word; voices read digits and signs in their own way"),
        ("per-kilometre={pace}/km", "2: per-kilometre: “/” is not a word; voices read digits and signs in their own way"),
        ("numbers=null;eins", "2: numbers: not a hundred words, zero to ninety-nine, but 2 words"),
        ("hundred-words=hundert", "2: hundred-words: not nine words, one hundred to nine hundred"),
        ("plural=deutsch", "2: plural: not one of en, fr, pl, ru, cs and ja"),
        ("minutes-few={n} Minuten", "2: minutes-few: is never said with plural=en"),
        ("tempo=fast", "2: tempo: not a number from 50 to 200"),
        ("endings-m=eins", '2: endings-m: not pairs of endings, as in "eins ein;zwei zwo"'),
        ("easy=" + "x" * 300, "2: easy: too long"),
        ("go=los\n\ngo=ab", "4: go: is in line 2 already; the last one counts"),
        ("go=los\n[voice]\nrate=1", "3: [voice]: only what stands below [phrases] is read"),
    ):
        found = checked("de.conf", f"[phrases]\n{line}\n")
        assert found[0] == told, (line, found)
        assert len(found) == 1 + line.count("[voice]"), (line, found)


def a_tempo_that_the_voice_does_not_keep_is_told():
    for tempo in (60, 160):
        told = one("de.conf", f"[phrases]\ntempo={tempo}\n") if tempo < 100 else checked("de.conf", f"[phrases]\ntempo={tempo}\n")[-1]
        assert told.startswith("2: tempo: ") and told.endswith(" would fit what the voice takes"), told
        assert 90 <= int(told.split()[2]) <= 110, told


def what_is_too_long_is_told_in_seconds_and_words():
    told = checked("de.conf", "[phrases]\npush=du musst jetzt ein ganz klein wenig schneller laufen\n")
    assert [line.split(":")[1] for line in told[:2]] == [" takes 3.55 s, more than 2.50", " has more than 6 words"], told
    assert [line.split(":")[0].strip() for line in told[2:]] == ["push-pace", "push-heart", "push-power"], told
    told = checked("de.conf", "[phrases]\nthree=dreiundzwanzig\n")
    assert told[0].startswith(" three: takes ") and "more than 0.80" in told[0], told
    told = checked("de.conf", "[phrases]\nwhy-all-out=" + "du hast heute wirklich alles gegeben und " * 3 + "mehr\n")
    assert any(line.startswith(" stop: takes ") and "more than 7.00" in line for line in told), told


def a_language_of_ones_own_has_to_be_whole():
    whole = "\n".join(lines_of("de"))
    told = checked("sv.conf", "\n".join(lines_of("de", ("go", None), ("numbers", None))))
    assert " go: is missing, and would be said in English" in told, told
    assert " numbers: are missing, and would be said in English" in told, told
    assert " tempo: is missing, and would be that of English" in checked("sv.conf", "[phrases]\ngo=kör\n")
    told = checked("cs.conf", whole.replace("plural=en", "plural=cs"))
    assert [line for line in told if "minutes-few: is missing" in line], told
    assert " eSpeak NG has no voice for “xx”; espeak-ng --voices lists them" in checked("xx.conf", whole)


def bytes_of_another_encoding_are_told():
    assert checked("de.conf", b"[phrases]\neasy=gem\xfctlich\n") == ["2: is not UTF-8; save the file in that encoding"]
    told = checked("de.conf", b"\xef\xbb\xbf[phrases]\ngo=los\n")
    assert told == ["1: begins with a byte order mark; save the file as UTF-8 without one"], told
    assert checked("de.conf", b"[phrases]\r\ngo=los\r\n", status=0) == [" in order"]
    assert " holds a NUL; what follows it is not read" in checked("de.conf", b"[phrases]\ngo=l\0s\n")
    checked("de.conf", bytes(range(256)) * 100)


def an_empty_file_is_said_to_be_empty():
    for text in "", "[phrases]\n", "# what was left\n[phrases]\n\n":
        assert checked("sv.conf", text) == [" is empty: no phrase stands below [phrases]"]


def what_is_no_such_file_is_refused():
    assert "No such file" in pacectl("phrases", "check", OWN / "de.conf", status=65)
    odd = OWN / "Deutsch.txt"
    odd.write_text("[phrases]\n")
    assert "is called by its language" in pacectl("phrases", "check", odd, status=65)
    odd.unlink()


def simulate_speaks_the_language_it_is_told():
    workout = "Workout - X\n\n- 1min @ 5'00''/km\n"
    assert "eine Minute im Tempo fünf glatt" in pacectl("simulate", "-", "--language", "de", stdin=workout)
    assert "um minuto a cinco cravados" in pacectl("simulate", "-", "--language", "pt_BR", stdin=workout)
    assert "one minute at five flat" in pacectl("simulate", "-", stdin=workout)
    (OWN.parent / "paced.conf").write_text("[voice]\nlanguage=fr\n")
    assert "une minute à cinq minutes pile" in pacectl("simulate", "-", stdin=workout)
    (OWN.parent / "paced.conf").unlink()
    for bad in ("xx", "", "../de", "d" * 50):
        assert "there are no phrases" in pacectl("simulate", "-", "--language", bad, stdin=workout, status=64)


tap.run([all_that_is_shipped_is_in_order, a_few_lines_over_a_shipped_file_are_enough, each_mistake_has_its_line, a_tempo_that_the_voice_does_not_keep_is_told,
         what_is_too_long_is_told_in_seconds_and_words, a_language_of_ones_own_has_to_be_whole,
         bytes_of_another_encoding_are_told, what_is_no_such_file_is_refused, simulate_speaks_the_language_it_is_told])
