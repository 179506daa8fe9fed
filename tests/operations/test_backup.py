"""Backups by the commands themselves, on a real database: made, tried, hurt, brought back."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from hendig.operations.backup import backup
from hendig.operations.database import conninfo
from hendig.operations.installation import Installation, secret_key
from hendig.operations.postgres import embedded
from hendig.operations.roles import app_url
from tests.operations.conftest import MadeOnce
from tests.operations.machine import HENDIG, Loaded, as_app, copy_of, environment, hendig
from tests.support.home import ROOT

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Town:
    """A small Peelrand in a home of its own, with a pair of keys for backups."""

    home: Path
    # What does its commands; without it each loads everything by itself.
    loaded: Loaded | None = None

    @property
    def private(self) -> Path:
        return self.home / "private.key"

    @property
    def file(self) -> Path:
        return self.home / "last-night"

    @property
    def itself(self) -> Town:
        """Where a command is a process from its beginning, as a person starts it: each is so somewhere."""
        return Town(self.home)

    def hendig(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        run = self.loaded.hendig if self.loaded else hendig
        return run(self.home, *map(str, arguments), **more)

    def says(self, *arguments: object) -> str:
        """What a command that goes well prints."""
        done = self.hendig(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *arguments: object) -> str:
        """The one sentence of a command that does not go well."""
        done = self.hendig(*arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stderr.startswith("hendig: ")
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        with embedded(self.home) as url, psycopg.connect(conninfo(url), autocommit=True) as owner:
            yield owner

    def sql(self, words: str) -> list[tuple[object, ...]]:
        with self.owner() as owner:
            found = owner.execute(words.encode())
            return found.fetchall() if found.description else []


# Ellen signs in by a passkey, or by a recovery code that she did not use yet.
PASSKEY = """
    INSERT INTO people_user (account_id) SELECT id FROM people_account WHERE first_name = 'Ellen';
    INSERT INTO mfa_authenticator (user_id, type, data, created_at)
    SELECT account_id, kind, '{"used": 0}', now()
    FROM people_user, unnest(ARRAY['webauthn', 'recovery_codes']) AS kind
    WHERE account_id = (SELECT id FROM people_account WHERE first_name = 'Ellen')
"""


@pytest.fixture(scope="module")
def first_town(migrated_home: Path, made_once: MadeOnce) -> Path:
    """The home of a Peelrand that has a backup; each test takes a copy."""

    def back_up(home: Path) -> None:
        town = Town(copy_of(migrated_home, home))
        with embedded(home) as url:
            words = [sys.executable, "-m", "tests.operations.make_world"]
            subprocess.run(words, env=as_app(home, url), cwd=ROOT, check=True)
            town.sql(PASSKEY)
            town.says("backup", "--new-key", town.private)
            town.says("backup", town.file)

    return made_once("backed-up", back_up)


@contextmanager
def copied(home: Path, loaded: Loaded | None = None) -> Iterator[Town]:
    """A copy of this home, whose server is kept up for all commands of the test."""
    copy = copy_of(home, home.parent / f"town-{os.urandom(4).hex()}")
    with embedded(copy):
        yield Town(copy, loaded)
    shutil.rmtree(copy)


@pytest.fixture
def town(first_town: Path, loaded: Loaded) -> Iterator[Town]:
    """For tests that bring something back."""
    with copied(first_town, loaded) as town:
        yield town


@pytest.fixture(scope="module")
def untouched(first_town: Path, loaded: Loaded) -> Iterator[Town]:
    """For tests that leave the database as it was, which they must."""
    with copied(first_town, loaded) as town:
        yield town
        assert town.sql("SELECT count(*) FROM people_account WHERE first_name = 'Ellen'") == [(1,)]
        databases = {str(name) for (name,) in town.sql("SELECT datname FROM pg_database")}
        assert databases == {"hendig", "postgres", "template0", "template1"}


def test_a_backup_is_whole_and_tells_nothing(untouched: Town) -> None:
    assert "is whole: " in untouched.itself.says(
        "backup", "--verify", untouched.file, "--key", untouched.private
    )
    assert untouched.file.stat().st_mode & 0o777 == 0o600
    held = untouched.file.read_bytes()
    for word in (b"Ellen", b"Peelrand", b"PGDMP", b"people_account", b"@peelrand.example"):
        assert word not in held


@dataclass(frozen=True)
class Restored:
    """A town that was brought back, what `hendig restore` said of it, and some of how it was before."""

    town: Town
    said: str
    before: dict[str, list[tuple[object, ...]]]

    def is_as_before(self, words: str) -> bool:
        return self.town.sql(words) == self.before[words]


# Without the lines of the backups themselves, the first of which is not in it yet.
NOTED = "SELECT count(*) FROM audit_entry WHERE code <> 'backup.made'"
HIDDEN = "SELECT record_id FROM safety_secretaddress UNION ALL SELECT record_id FROM safety_safetyhold"
PROOF, BESIDE = "SELECT pieces FROM safety_erasure", "SELECT id, purpose FROM matching_matchtalk"
ADDRESS = "SELECT count(*) FROM families_involvement WHERE 'address' = ANY (kinds)"


def all_that_ends(town: Town) -> None:
    """What was taken away, narrowed, ended, hidden and destroyed since the backup; and what was written."""
    town.sql("UPDATE people_account SET is_active = false WHERE first_name = 'Ellen'")
    town.sql("UPDATE people_membership SET until_on = '2026-11-24' WHERE role = 'privacy'")
    town.sql("UPDATE people_account SET first_name = 'Anders' WHERE email = 'piet@peelrand.example'")
    town.sql("INSERT INTO django_session VALUES ('open', '', now() + interval '1 day')")
    # Ellen is not among those who may know the address, and left in the middle of the day.
    assert town.sql(ADDRESS) != [(0,)]
    town.sql("UPDATE families_involvement SET kinds = '{shared}' WHERE 'address' = ANY (kinds)")
    town.sql("UPDATE people_membership SET until_on = current_date, ended_at = now() WHERE role = 'coach'")
    town.sql("DELETE FROM mfa_authenticator WHERE type = 'webauthn'")
    town.sql("UPDATE mfa_authenticator SET data = '{\"used\": 1}'")
    for table, more, values in (
        ("safety_secretaddress", "member_id, from_at", "r.child_id, now()"),
        ("safety_safetyhold", "from_at, until_at", "now(), now() + interval '30 days'"),
    ):
        town.sql(
            f"INSERT INTO {table}"  # noqa: S608 - our own words
            f" (id, municipality_id, family_id, record_id, compartment_id, account_id, {more})"
            f" SELECT gen_random_uuid(), r.municipality_id, r.family_id, r.id, c.id, a.id, {values}"
            " FROM families_record r JOIN families_compartment c ON c.record_id = r.id AND c.kind = 'safety',"
            " people_account a WHERE a.first_name = 'Ellen'"
        )
    town.sql(
        "INSERT INTO safety_erasure (id, municipality_id, record_id, family_id, why, pieces, asked_by_id,"
        " asked_at, compartments, done_at)"
        " SELECT gen_random_uuid(), q.municipality_id, c.record_id, q.family_id, 'asked',"
        " ARRAY['helprequests_helprequest:' || q.id], a.id, now(), 1, now()"
        " FROM helprequests_helprequest q JOIN families_compartment c ON c.id = q.compartment_id,"
        " people_account a WHERE a.first_name = 'Karin'"
    )
    town.says("backup", town.home / "later", "--place", "kluis")


@pytest.fixture(scope="module")
def restored(first_town: Path) -> Iterator[Restored]:
    """For tests that look at what one restore brought back, and leave it so."""
    with copied(first_town) as town:
        all_that_ends(town)
        before = {words: town.sql(words) for words in (NOTED, HIDDEN, PROOF, BESIDE)}
        said = town.says("restore", town.file, "--key", town.private)
        yield Restored(town, said, before)


def test_what_was_taken_away_since_stays_taken_away(restored: Restored) -> None:
    town = restored.town
    assert "Restored as of" in restored.said
    assert town.sql("SELECT is_active FROM people_account WHERE first_name = 'Ellen'") == [(False,)]
    assert town.sql("SELECT count(*) FROM people_membership WHERE until_on = '2026-11-24'") == [(1,)]
    assert town.sql("SELECT first_name FROM people_account WHERE email = 'piet@peelrand.example'") == [
        ("Piet",)
    ]
    assert town.sql("SELECT count(*) FROM django_session") == [(0,)]
    # One more: the log of the municipality says that there was a restore.
    ((lines,),) = restored.before[NOTED]
    assert town.sql(NOTED) == [(int(str(lines)) + 1,)]
    assert town.sql("SELECT code FROM audit_entry ORDER BY id DESC LIMIT 1") == [("log.restored",)]
    # The walls came along: the application still owns nothing and cannot alter the log.
    with embedded(town.home) as url, psycopg.connect(conninfo(app_url(url, secret_key(town.home)))) as app:
        assert app.execute("SELECT count(*) FROM people_account").fetchone() != (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM audit_entry")
    assert "is whole" in town.says("backup", "--verify", town.file, "--key", town.private)


def test_what_was_narrowed_or_ended_at_once_is_not_wide_again(restored: Restored) -> None:
    assert restored.town.sql(ADDRESS) == [(0,)]
    still = "SELECT count(*) FROM people_membership WHERE role = 'coach' AND ended_at IS NULL"
    assert restored.town.sql(still) == [(0,)]


def test_a_passkey_that_was_taken_off_signs_nobody_in_again(restored: Restored) -> None:
    """And a recovery code that was used since stays used."""
    left = restored.town.sql("SELECT type, data FROM mfa_authenticator")
    assert left == [("recovery_codes", {"used": 1})]


def test_what_was_hidden_for_safety_since_stays_hidden(restored: Restored) -> None:
    assert len(restored.before[HIDDEN]) == 2
    assert restored.is_as_before(HIDDEN)


def test_a_part_that_was_destroyed_since_is_empty_and_the_proof_is_there(restored: Restored) -> None:
    """What lies beside it is whole."""
    assert restored.before[PROOF]
    assert restored.is_as_before(PROOF)
    assert restored.is_as_before(BESIDE)
    assert restored.town.sql("SELECT words, result FROM helprequests_helprequest") == [(b"", b"")]


def test_the_database_from_before_is_kept(restored: Restored) -> None:
    kept = restored.said.split("“")[1].split("”")[0]
    assert (kept,) in restored.town.sql("SELECT datname FROM pg_database")


def test_a_database_that_is_brought_back_knows_the_files_of_since(restored: Restored) -> None:
    town = restored.town
    assert {line[:12] for line in town.says("backup", "--list").splitlines()} == {
        mark_of(town.file)[:12],
        mark_of(town.home / "later")[:12],
    }


def test_a_lost_database_comes_back_by_the_ledger(town: Town, migrated_home: Path) -> None:
    town.sql("UPDATE people_account SET is_active = false WHERE email = 'ellen@peelrand.example'")
    ledger = town.home / "ledger"
    town.itself.says("backup", "--ledger", ledger)
    assert ledger.stat().st_size < town.file.stat().st_size / 4
    with copied(migrated_home, town.loaded) as fresh:
        shutil.copy(town.home / "root.keys", fresh.home / "root.keys")
        assert "Nothing tells what was withdrawn" in fresh.refuses(
            "restore", town.file, "--key", town.private
        )
        fresh.says("restore", town.file, "--key", town.private, "--ledger", ledger)
        inactive = "SELECT email FROM people_account WHERE NOT is_active"
        assert fresh.sql(inactive) == [("ellen@peelrand.example",)]


def test_a_ledger_holds_also_against_a_database_that_was_brought_back_without_it(
    town: Town, migrated_home: Path
) -> None:
    """The database was lost, and came back without the ledger, which turned up only then."""
    town.sql("UPDATE people_account SET is_active = false WHERE email = 'ellen@peelrand.example'")
    ledger = town.home / "ledger"
    town.says("backup", "--ledger", ledger)
    inactive = "SELECT email FROM people_account WHERE NOT is_active"
    with copied(migrated_home, town.loaded) as fresh:
        shutil.copy(town.home / "root.keys", fresh.home / "root.keys")
        said = fresh.says("restore", town.file, "--key", town.private, "--nothing-later")
        assert "Nothing told what was withdrawn" in said
        assert "is applied" not in said
        assert fresh.sql(inactive) == []
        # What happened since in the one that was brought back holds too.
        fresh.sql("UPDATE people_account SET is_active = false WHERE email = 'piet@peelrand.example'")
        said = fresh.says("restore", town.file, "--key", town.private, "--ledger", ledger)
        assert "is applied, as known by: the database that was here, as of " in said
        assert "; ledger, as of " in said
        both = [("ellen@peelrand.example",), ("piet@peelrand.example",)]
        assert sorted(fresh.sql(inactive)) == both


def test_a_machine_that_was_set_back_gives_nothing_back(first_town: Path, town: Town) -> None:
    """As by a picture of its disk: it has not the last lines of the backup that is restored."""
    town.sql("UPDATE people_account SET is_active = false WHERE email = 'ellen@peelrand.example'")
    town.itself.says("keys", "rotate")
    town.says("backup", town.home / "later")
    with copied(first_town, town.loaded) as back:
        shutil.copy(town.home / "root.keys", back.home / "root.keys")
        back.sql("UPDATE people_account SET is_active = false WHERE email = 'piet@peelrand.example'")
        back.says("restore", town.home / "later", "--key", town.private)
        inactive = back.sql("SELECT email FROM people_account WHERE NOT is_active ORDER BY 1")
        assert inactive == [("ellen@peelrand.example",), ("piet@peelrand.example",)]


def test_the_log_says_what_was_restored_and_a_backup_of_an_altered_log_is_refused(town: Town) -> None:
    seal(town)
    town.says("backup", town.file)
    town.says("keys", "rotate")
    seal(town)
    ((anchor,),) = town.sql("SELECT number || ':' || encode(root, 'hex') FROM audit_seal WHERE number = 2")
    town.says("restore", town.file, "--key", town.private)
    ((facts,),) = town.sql("SELECT facts FROM audit_entry WHERE code = 'log.restored'")
    assert (facts["seal"], facts["ledgers"]) == (1, 1)  # type: ignore[index]
    done = town.hendig("prove", "log", "--anchor", anchor)
    assert done.returncode == 1
    assert "anchor 2: its seal is gone" in done.stdout
    assert "was restored: what came between is not in this log" in done.stdout
    assert "above seal 1 from before that day" in done.stdout

    town.sql(
        "ALTER TABLE audit_seal DISABLE TRIGGER USER; UPDATE audit_seal SET count = count + 1;"
        "ALTER TABLE audit_seal ENABLE TRIGGER USER"
    )
    town.says("backup", town.home / "altered")
    said = town.refuses("backup", "--verify", town.home / "altered", "--key", town.private)
    assert "In 1 places the log is not as it was sealed: seal 1: " in said


def seal(town: Town) -> None:
    """What the worker does each minute."""
    words = (
        "import django; django.setup(); from datetime import UTC, datetime;"
        "from hendig.audit.actions import seal_log; assert seal_log(at=datetime.now(UTC), everything=True)"
    )
    with embedded(town.home) as url:
        key = (town.home / "seal.key").read_text()
        env = as_app(town.home, url, HENDIG_SEAL_KEY=key)
        subprocess.run([sys.executable, "-c", words], env=env, cwd=ROOT, check=True)


def test_the_register_knows_each_file_until_somebody_says_that_no_copy_is_left(town: Town) -> None:
    nightly, last_night = town.home / "nightly", mark_of(town.file)[:12]
    assert [line[:12] for line in town.says("backup", "--list").splitlines()] == [last_night]
    town.says("backup", nightly)
    first = mark_of(nightly)[:12]
    # Another night in its place, which is kept for a short time.
    town.says("backup", nightly, "--keep", 5)
    second = mark_of(nightly)[:12]
    lines = town.says("backup", "--list").splitlines()
    assert [line[:12] for line in lines] == [last_night, second]
    assert lines[1].endswith(f":{nightly}")
    held = town.sql(
        "SELECT size, until_on - (made_at AT TIME ZONE 'Europe/Amsterdam')::date FROM keys_backupfile"
        " WHERE destroyed_at IS NULL ORDER BY made_at"
    )
    assert held == [(town.file.stat().st_size, 30), (nightly.stat().st_size, 5)]
    assert "is still there" in town.refuses("backup", "--destroyed", second)
    assert "Give at least 8 signs" in town.refuses("backup", "--destroyed", second[:4])
    assert "No backup that is there goes by" in town.refuses("backup", "--destroyed", first)

    elsewhere = nightly.rename(town.home / "elsewhere")
    assert "1 backup(s) are destroyed" in town.itself.says("backup", "--destroyed", second)
    assert [line[:12] for line in town.says("backup", "--list").splitlines()] == [last_night]
    # It was not: and whoever brings it back says so.
    town.says("restore", elsewhere, "--key", town.private)
    assert second in town.says("backup", "--list")
    codes = [code for (code,) in town.sql("SELECT code FROM audit_entry ORDER BY id DESC LIMIT 2")]
    assert sorted(map(str, codes)) == ["backup.found", "log.restored"]
    # By the private key that was thrown away all files to it are gone.
    town.says("backup", town.home / "third", "--place", "kluis van de bank")
    assert "kluis van de bank" in town.says("backup", "--list")
    ((reader,),) = town.sql("SELECT DISTINCT reader FROM keys_backupfile")
    assert "3 backup(s) are destroyed" in town.says("backup", "--destroyed", str(reader)[:12])
    assert town.sql("SELECT count(*) FROM keys_backupfile WHERE destroyed_at IS NULL") == [(0,)]


def mark_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_backup_that_no_register_knows_is_not_there(town: Town) -> None:
    new = town.home / "new"
    town.sql("ALTER TABLE keys_backupfile RENAME TO away")
    assert "older than this code" in town.refuses("backup", new)
    town.sql("ALTER TABLE away RENAME TO keys_backupfile")
    town.sql("ALTER TABLE keys_backupfile ADD CONSTRAINT none CHECK (size < 0) NOT VALID")
    assert town.hendig("backup", new).returncode == 1
    assert not list(town.home.glob("new*"))


def test_a_backup_is_kept_for_a_quarter_of_a_year_at_most(untouched: Town) -> None:
    for days in (0, 91):
        assert "kept for 1 to 90 days" in untouched.refuses("backup", untouched.home / "new", "--keep", days)
    done = untouched.hendig("backup", untouched.home / "new", HENDIG_BACKUP_DAYS="a year")
    assert "and not for “a year”" in done.stderr
    assert not (untouched.home / "new").exists()


def test_a_backup_of_before_an_upgrade_hears_of_what_has_a_table_only_since(town: Town) -> None:
    older = town.home / "older"
    with embedded(town.home) as url, psycopg.connect(conninfo(url), autocommit=True) as owner:
        owner.execute("DROP TABLE keys_backupfile")
        owner.execute("DELETE FROM django_migrations WHERE app = 'keys' AND name LIKE '0002%'")
        place = Installation(town.home, 8000, "localhost", secret_key(town.home), url)
        backup(place, older, lambda _made_at, _seen: None, lambda _seen: None)
    town.says("migrate")
    town.says("backup", town.file)
    town.sql("UPDATE people_account SET is_active = false WHERE first_name = 'Ellen'")
    assert "is whole" in town.says("backup", "--verify", older, "--key", town.private)
    town.says("restore", older, "--key", town.private)
    assert town.sql("SELECT is_active FROM people_account WHERE first_name = 'Ellen'") == [(False,)]
    assert {line[:12] for line in town.says("backup", "--list").splitlines()} == {
        mark_of(older)[:12],
        mark_of(town.file)[:12],
    }


def test_a_backup_of_somebody_else_touches_nothing(town: Town) -> None:
    town.sql("UPDATE people_municipality SET id = gen_random_uuid()")
    assert "belongs to another municipality" in town.refuses("restore", town.file, "--key", town.private)


def test_it_waits_for_nobody_who_still_works(untouched: Town) -> None:
    with untouched.owner():
        assert "still runs on this database" in untouched.refuses(
            "restore", untouched.file, "--key", untouched.private
        )


def test_every_failure_is_one_sentence_and_leaves_nothing(untouched: Town) -> None:
    other = untouched.home / "other.key"
    shutil.copy(untouched.home / "backup.pub", untouched.home / "kept.pub")
    untouched.says("backup", "--new-key", other)
    assert "This key does not open" in untouched.refuses("backup", "--verify", untouched.file, "--key", other)
    assert "is not there" in untouched.refuses(
        "backup", "--verify", untouched.home / "none", "--key", untouched.private
    )
    assert "is not there" in untouched.refuses("backup", untouched.home / "none" / "file")
    assert "exists already" in untouched.refuses("backup", "--new-key", other)
    assert "Say which FILE" in untouched.refuses("backup")
    assert "give its private key" in untouched.refuses("backup", "--verify", untouched.file)
    assert "not a private key" in untouched.refuses(
        "backup", "--verify", untouched.file, "--key", untouched.home / "kept.pub"
    )
    (untouched.home / "backup.pub").unlink()
    assert "no key to encrypt a backup to" in untouched.refuses("backup", untouched.home / "new")
    (untouched.home / "kept.pub").rename(untouched.home / "backup.pub")
    assert not list(untouched.home.glob("*unfinished*"))


def test_a_damaged_backup_is_never_brought_back(untouched: Town) -> None:
    held, harmed = untouched.file.read_bytes(), untouched.home / "harmed"
    for place in (len(held) // 50, len(held) // 2, len(held) - 30):
        harmed.write_bytes(held[:place] + bytes([held[place] ^ 1]) + held[place + 1 :])
        assert "damaged" in untouched.refuses("restore", harmed, "--key", untouched.private)
    harmed.write_bytes(held[: len(held) // 2])
    assert "damaged" in untouched.refuses("backup", "--verify", harmed, "--key", untouched.private)


def test_a_full_disk_leaves_no_half_backup(untouched: Town) -> None:
    spaces = (
        ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    )
    disk = untouched.home / "disk"
    disk.mkdir()
    script = f"mount -t tmpfs -o size=64k none {disk}; {HENDIG} backup {disk}/file; ls {disk}"
    done = subprocess.run(
        [*spaces, "sh", "-c", script],
        env=environment(untouched.home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == "hendig: The disk is full.\n"
    assert "file" not in done.stdout
