#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""What is kept is taken care of: copied while a run is on, looked through, and deleted so that nothing of it is left.
Speaks TAP."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from harness import refused, run_tests, wait_until  # noqa: E402

SECRET = "Workout - Zanzibar\n\n• 20min @ 5'00''/km\n"
OTHER = "Workout - Timbuktu\n\n• 20min @ 5'00''/km\n"


def run_of(world, paced, text):
    paced.start_text(text)
    paced.known("Speed", "HeartRate")
    paced.wait_ticks(6)
    paced.steer("Stop", "(a{sv})", {})
    wait_until(lambda: not paced.session(), "the end of the session")
    return world.history()[0]["run"]


def live(world):
    world.start_fake("--speed", "3.3")
    paced = world.start_paced("--voice=print")
    paced.wait_live("Sim Strap", "Sim Pod")
    return paced


def records(world, run):
    """The journal of a run as it stands in the file, but for what is too short to be told from chance."""
    with sqlite3.connect(world.database) as database:
        rows = database.execute(
            "SELECT record FROM events JOIN runs ON seq BETWEEN runs.first_seq AND last_seq WHERE run = ?", (run,))
        found = [record for record, in rows if len(record) >= 10]
    database.close()
    return found


def newest_event(world):
    world.history()  # answered when all before is written
    with sqlite3.connect(world.database) as database:
        seq, = database.execute("SELECT max(seq) FROM events").fetchone()
    database.close()
    return seq


def between(world, run, next_run, newest=1 << 60):
    """So many packets were kept after the one and before the other."""
    world.history()
    with sqlite3.connect(world.database) as database:
        edge = dict(database.execute("SELECT run, last_seq FROM runs")).get(run, 0)
        end = dict(database.execute("SELECT run, first_seq FROM runs")).get(next_run, newest)
        count = sum(record[0] & 7 == 0 for record, in database.execute(
            "SELECT record FROM events WHERE seq > ? AND seq < ?", (edge, end)))
    database.close()
    return count


def bytes_of(world):
    return b"".join(file.read_bytes() for file in sorted(world.database.parent.iterdir()))


def delete(world, run):
    world.call("org.paced1", "/org/paced1/history", "org.paced1.History", "Delete", "(x)", run)


def a_deleted_run_is_gone_from_the_files(world):
    paced = live(world)
    first = run_of(world, paced, SECRET)
    second = run_of(world, paced, OTHER)
    gone, kept = records(world, first), records(world, second)
    assert len(gone) > 5, gone
    assert any(record in bytes_of(world) for record in gone) and b"Zanzibar" in bytes_of(world), "it is there"
    delete(world, first)
    left = bytes_of(world)
    assert b"Zanzibar" not in left, paced.hub()["StoreReason"]
    packets = [record for record in gone if record[0] & 7 == 0]
    found = [record.hex() for record in packets if record in left]
    assert len(packets) > 3 and not found, (len(packets), found)
    assert all(record in left for record in kept), "of the other nothing is gone"
    assert [run["run"] for run in world.history()] == [second]
    refused("BadArgument", delete, world, first)
    refused("BadArgument", delete, world, 4711)
    third = run_of(world, paced, SECRET)
    capture = world.directory / "third.capture"
    world.pacectl("record", "--run", str(third), str(capture))
    assert capture.read_text().count(" start ") == 2, "the sitting is still replayed from its beginning"
    assert paced.end() == 0
    world.start_paced("--voice=print")
    world.pacectl("history", "delete", str(third))
    world.pacectl("history", "delete", str(second))
    left = bytes_of(world)
    assert b"Zanzibar" not in left and b"Timbuktu" not in left and not [record for record in kept if record in left]
    with sqlite3.connect(world.database) as database:
        assert database.execute("SELECT count(*) FROM events JOIN sittings USING(sitting) WHERE pruned").fetchone() == (0,)
    database.close()


def a_reader_holds_up_the_deletion_no_longer_than_it_reads(world):
    paced = live(world)
    run = run_of(world, paced, SECRET)
    packets = [record for record in records(world, run) if record[0] & 7 == 0]
    reader = sqlite3.connect(world.database, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    said = world.pacectl("history", "delete", str(run))
    assert "goes by itself" in said, said
    wait_until(lambda: "goes by itself" in paced.hub()["StoreReason"], "that it is said")
    assert world.history() == []
    assert b"Zanzibar" in bytes_of(world), "it is as it was said"
    paced.start_text(OTHER)
    paced.wait_ticks(3)  # nothing waits for it
    reader.execute("ROLLBACK")
    reader.close()
    wait_until(lambda: not paced.hub()["StoreReason"], "the deletion")
    left = bytes_of(world)
    assert b"Zanzibar" not in left and not [record for record in packets if record in left]
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")


def what_the_body_said_around_it_goes_too(world):
    """Before a run, between two of a sitting, and after the last."""
    paced = live(world)
    first = run_of(world, paced, SECRET)
    wait_until(lambda: between(world, first, first + 1) > 3, "packets after it")
    second = run_of(world, paced, OTHER)
    wait_until(lambda: between(world, second, None) > 3, "packets after it")
    assert between(world, None, first) > 0 and between(world, first, second) > 3
    kept = records(world, second)
    delete(world, first)
    assert between(world, None, second) == 0
    assert records(world, second) == kept
    newest = newest_event(world)
    delete(world, second)
    assert between(world, None, None, newest) == 0


def the_run_that_is_on_is_not_deleted(world):
    paced = world.start_paced("--voice=print")
    paced.start_text(SECRET)
    paced.wait_ticks(2)
    refused("BadArgument", delete, world, 1)
    paced.steer("Stop", "(a{sv})", {})
    paced.wait_signal("Finished")


def a_backup_is_made_in_mid_run(world):
    paced = live(world)
    run_of(world, paced, OTHER)
    paced.start_text(SECRET)
    paced.wait_ticks(3)
    copy = world.directory / "copy.db"
    told = world.pacectl("backup", str(copy))
    assert "is whole: 2 runs" in told, told
    assert os.stat(copy).st_mode & 0o077 == 0, "it is for its owner"
    assert not list(world.directory.glob("copy.db-*"))
    world.pacectl("backup", str(copy), status=1)  # never over another
    assert "has to be a file" in world.pacectl("backup", "-", status=64)
    paced.kill()
    for old in world.database.parent.iterdir():
        old.unlink()
    copy.rename(world.database)
    paced = world.start_paced("--voice=print")
    wait_until(paced.session, "the run to go on from the copy")
    assert [run["workout"] for run in world.history()] == ["Timbuktu"]


def a_backup_is_put_back(world):
    """Over what a killed daemon left, its log included; not beneath a daemon that runs, nor a file that is none."""
    paced = live(world)
    kept = run_of(world, paced, OTHER)
    copy = world.directory / "copy.db"
    world.pacectl("backup", str(copy))
    run_of(world, paced, SECRET)
    said = world.pacectl("restore", str(copy), status=1)
    assert "systemctl --user stop paced" in said, said
    paced.start_text(SECRET)
    paced.wait_ticks(3)
    paced.kill()
    assert world.database.with_name("paced.db-wal").stat().st_size > 0
    junk = world.directory / "junk.db"
    junk.write_bytes(b"no database" * 1000)
    world.pacectl("restore", str(junk), status=1)
    for pragma, why in ("user_version = 99", "newer paced (schema 99"), ("application_id = 7", "belongs to another program"):
        with sqlite3.connect(shutil.copy(copy, world.directory / "other.db")) as other:
            other.execute(f"PRAGMA {pragma}")
        other.close()
        for words in (("verify", "--database"), ("restore",)):
            assert why in world.pacectl(*words, world.directory / "other.db", status=1), "what the daemon would not have is not put in place"
    said = world.pacectl("restore", str(copy))
    assert "is whole: 1 run," in said and "paced.db.replaced-1" in said, said
    assert world.database.with_name("paced.db.replaced-1-wal").exists()
    assert os.stat(world.database).st_mode & 0o077 == 0 and copy.exists()
    paced = world.start_paced("--voice=print")
    assert [run["run"] for run in world.history()] == [kept] and not paced.session()
    said = world.pacectl("history", "delete", str(kept))
    assert "set aside as replaced may still have" in said and "paced.db'.replaced-*" in said, said
    assert paced.end() == 0
    assert "replaced-2" in world.pacectl("restore", str(copy))


def a_backup_that_fails_takes_nothing_away(world):
    empty = world.directory / "empty.db"
    empty.touch()
    nowhere = str(world.directory / "nowhere.db")
    world.pacectl("backup", str(empty), "--database", nowhere, status=1)
    assert empty.exists()
    pipe = world.directory / "pipe"
    os.mkfifo(pipe)
    world.pacectl("backup", str(pipe), "--database", nowhere, status=1)
    assert pipe.exists()


def a_backup_waits_for_a_lock_but_not_for_ever(world):
    paced = live(world)
    run_of(world, paced, OTHER)
    assert paced.end() == 0
    other = sqlite3.connect(world.database, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    copy = world.directory / "copy.db"
    said = world.pacectl("backup", str(copy), status=1)
    assert "locked by another program" in said and not copy.exists(), said
    waits = world.start_pacectl("backup", str(copy))
    wait_until(copy.exists, "the file of the copy")
    assert waits.running()
    other.execute("ROLLBACK")
    other.close()
    assert waits.wait() == 0 and "is whole: 1 run," in waits.text(), waits.text()


def a_lock_keeps_a_run_from_being_deleted_and_is_called_so(world):
    paced = live(world)
    run_of(world, paced, OTHER)
    other = sqlite3.connect(world.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = world.pacectl("history", "delete", 1, status=1)
    assert "is locked by another program: close that program" in said, said
    other.execute("ROLLBACK")
    other.close()
    world.pacectl("history", "delete", 1)


def damage(world, find):
    """The page with what `find` finds is zeros, in the bytes of the file."""
    content = bytearray(world.database.read_bytes())
    at = find(content) // 4096 * 4096
    content[at:at + 4096] = bytes(4096)
    world.database.write_bytes(content)


def what_is_damaged_is_found(world):
    paced = live(world)
    run = run_of(world, paced, OTHER)
    assert paced.end() == 0
    assert "is whole" in world.pacectl("verify")
    turned = next(record for record in records(world, run) if record[0] & 7 == 0)
    content = bytearray(world.database.read_bytes())
    content[content.index(turned) + len(turned) - 1] ^= 1
    world.database.write_bytes(content)
    said = world.pacectl("verify", status=1)
    assert "0 faults of the file, 1 of" in said, said
    damage(world, lambda content: content.index(b"Timbuktu"))
    said = world.pacectl("verify", status=1)
    assert "is damaged" in said and "pacectl restore" in said, said
    world.pacectl("verify", "--database", str(world.directory / "nowhere.db"), status=1)


def of_a_damaged_file_the_rest_is_kept(world):
    """The page with the journal's end is gone: the runs are there all the same, and it is said, by all who are asked."""
    paced = live(world)
    first, second = run_of(world, paced, OTHER), run_of(world, paced, SECRET)
    assert paced.end() == 0
    last = records(world, second)[-1]
    damage(world, lambda content: content.index(last))
    paced = world.start_paced("--voice=print")
    assert [run["run"] for run in world.history()] == [second, first] and len(paced.sensors()) == 2
    reason = f"moved to {world.database}.damaged-1, and a new one begun, with 2 runs, 2 sensors and 0 runners of it"
    wait_until(lambda: reason in paced.hub()["StoreReason"], reason)
    assert reason in paced.text()
    assert "damaged before, and what could be read taken over" in world.pacectl("verify")
    doctor = world.start_pacectl("doctor")
    assert doctor.wait() in (0, 1) and doctor.text().count("damaged-1") == 1, doctor.text()
    assert b"Zanzibar" in bytes_of(world)
    said = world.pacectl("history", "delete", str(second))
    assert "may still have the run" in said and b"Zanzibar" in bytes_of(world), said
    subprocess.run(said.split("delete that too: ")[1], shell=True, check=True)
    assert b"Zanzibar" not in bytes_of(world) and [run["run"] for run in world.history()] == [first]
    assert "damaged" not in world.pacectl("history", "delete", str(first))


if __name__ == "__main__":
    run_tests([a_deleted_run_is_gone_from_the_files, a_reader_holds_up_the_deletion_no_longer_than_it_reads,
               what_the_body_said_around_it_goes_too, the_run_that_is_on_is_not_deleted, a_backup_is_made_in_mid_run,
               a_backup_is_put_back, a_backup_that_fails_takes_nothing_away, a_backup_waits_for_a_lock_but_not_for_ever,
               a_lock_keeps_a_run_from_being_deleted_and_is_called_so, what_is_damaged_is_found, of_a_damaged_file_the_rest_is_kept])
