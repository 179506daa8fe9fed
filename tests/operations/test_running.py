"""`hendig run` as a person meets it: it starts, stops, survives, and says clearly why not."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from hendig.operations.database import changed, conninfo, join
from hendig.operations.postgres import SOCKET, SYSTEM_PLACES, embedded
from hendig.operations.processes import unprivileged
from tests.operations.machine import (
    HENDIG,
    copy_of,
    environment,
    eventually,
    free_port,
    hendig,
    kill,
    left_of,
    ready,
    running,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def one_home(migrated_home: Path) -> Iterator[Path]:
    home = copy_of(migrated_home, migrated_home.parent / f"one-{os.urandom(4).hex()}")
    before = files_in(home)
    yield home
    assert files_in(home) == before
    shutil.rmtree(home)


@pytest.fixture
def unused(one_home: Path) -> Iterator[Path]:
    """The same home for all commands that stop before they do anything in it."""
    yield one_home
    assert not left_of(one_home)


def files_in(home: Path) -> dict[Path, int]:
    """All of it, by when it was written last."""
    return {file: file.stat().st_mtime_ns for file in home.rglob("*")}


STATE = "SELECT state FROM pg_stat_activity WHERE pid = %s"


def test_it_starts_says_where_and_leaves_nothing_when_stopped(home: Path) -> None:
    port = free_port()
    with running(home, port) as process:
        assert ready(port)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert left_of(home) == {}
    said = (home.parent / f"{home.name}-{port}.log").read_text()
    assert f"http://localhost:{port}/" in said
    assert "Traceback" not in said
    assert "WARNING" not in said


def test_nothing_outlives_it_when_it_is_killed_and_it_starts_again(home: Path) -> None:
    port = free_port()
    with running(home, port) as process:
        process.kill()
        eventually(lambda: left_of(home) == {}, 20)
    with running(home, free_port()):
        pass


def test_what_is_killed_comes_back(home: Path) -> None:
    port = free_port()
    with running(home, port):
        for victim in ("operations.serve", "operations.work", "postgres -D", "guardian"):
            before = set(left_of(home, victim))
            kill(home, victim)
            eventually(partial(others_run, home, victim, before), 20)
            eventually(lambda: ready(port), 30)


def test_when_one_of_the_web_processes_falls_the_other_answers_and_a_new_one_comes(home: Path) -> None:
    port = free_port()
    with running(home, port, HENDIG_WEBS="2"):
        before = set(left_of(home, "operations.serve"))
        [first] = {parent_of(pid) for pid in before} & before
        fallen = next(pid for pid in before if pid != first)
        os.kill(fallen, signal.SIGKILL)
        eventually(lambda: fallen not in left_of(home, "operations.serve"), 5)
        assert all(ready(port) for _again in range(8))
        eventually(lambda: len(left_of(home, "operations.serve")) == 3, 10)
        # The one that started them, and the one that did not fall, are who they were.
        assert set(left_of(home, "operations.serve")) >= before - {fallen}


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def others_run(home: Path, word: str, before: set[int]) -> bool:
    return bool(set(left_of(home, word)) - before)


def test_a_server_that_is_killed_comes_back_although_one_of_its_sessions_still_works(home: Path) -> None:
    """Until that session is gone PostgreSQL starts no other server; and it hears nothing of a killed one."""
    port = free_port()
    with (
        running(home, port),
        embedded(home) as url,
        # Closed and not left: there is nobody any more whom it could tell to roll back.
        closing(psycopg.connect(conninfo(url), autocommit=True)) as session,
        closing(psycopg.connect(conninfo(url), autocommit=True)) as other,
    ):
        pid = session.info.backend_pid
        session.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000)")
        # One that has not begun to work goes with its server.
        eventually(lambda: other.execute(STATE, [pid]).fetchone() == ("active",), 10)
        kill(home, "postgres -D")
        # It is there still; asked at once, for whoever looks through all processes may come after its end.
        os.kill(pid, 0)
        eventually(lambda: pid not in left_of(home) and ready(port), 30)


def test_a_server_that_is_killed_in_two_of_its_starts_comes_back(home: Path) -> None:
    """The first struck start takes its guardian along, the second is the next guardian's first."""
    port, struck = free_port(), set[int]()
    with running(home, port) as process:
        guardians = set(left_of(home, "guardian"))
        while len(struck) < 3:
            for pid in set(left_of(home, "postgres -D")) - struck:
                os.kill(pid, signal.SIGKILL)
                struck.add(pid)
        eventually(lambda: ready(port) or process.poll() is not None, 30)
        assert process.poll() is None
        assert not guardians & set(left_of(home, "guardian"))


def test_a_number_that_somebody_else_has_by_now_keeps_no_server_from_starting(home: Path) -> None:
    """After a fall of the whole machine: whoever has the number of the server of before is not that one."""
    with embedded(home):
        pass
    with subprocess.Popen(["sleep", "60"], user=unprivileged()) as somebody:
        for folder, name in (("data", "postmaster.pid"), ("socket", f"{SOCKET}.lock")):
            (home / "postgres" / folder / name).write_text(f"{somebody.pid}\n")
        try:
            with embedded(home) as url, psycopg.connect(conninfo(url)) as owner:
                assert owner.execute("SELECT 1").fetchone() == (1,)
        finally:
            somebody.kill()


def test_a_server_that_was_struck_while_it_wrote_its_number_down_starts_again(home: Path) -> None:
    with embedded(home):
        pass
    (home / "postgres/data/postmaster.pid").write_text("")
    with embedded(home) as url, psycopg.connect(conninfo(url)) as owner:
        assert owner.execute("SELECT 1").fetchone() == (1,)


def test_a_port_in_use_is_one_sentence(home: Path) -> None:
    port = free_port()
    with running(home, port):
        second = hendig(home, "run", PORT=str(port))
    assert second.returncode == 1
    assert (
        second.stderr == f"hendig: Port {port} is in use; stop what uses it, or choose another with PORT.\n"
    )


@pytest.mark.parametrize("port", ["web", "0", "70000"])
def test_a_port_that_is_none_is_one_sentence(unused: Path, port: str) -> None:
    done = hendig(unused, "run", PORT=port)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "PORT is" in done.stderr


@pytest.mark.parametrize("count", ["two", "0", "-1", "1000"])
def test_a_number_of_web_processes_that_is_none_is_one_sentence(unused: Path, count: str) -> None:
    done = hendig(unused, "run", HENDIG_WEBS=count, PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        f"HENDIG_WEBS is “{count}”; it must be a number from 1 to 99."
    )


@pytest.mark.parametrize("address", ["terug", "@gemeente.nl", "terug@", "terugbezorgd@gemeente.nl"])
def test_an_address_for_what_comes_back_that_is_none_is_one_sentence(unused: Path, address: str) -> None:
    done = hendig(unused, "migrate", HENDIG_BOUNCES_TO=address)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"HENDIG_BOUNCES_TO is “{address}”" in done.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "does not begin with postgresql://"),
        ("postgresql://somebody@localhost", "names no database"),
        ("postgresql://somebody:secret@localhost:1/hendig", "no PostgreSQL answers"),
        ("postgresql://somebody:secret@localhost:x/hendig", "cannot be read"),
    ],
)
@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_wrong_database_url_is_one_sentence(unused: Path, url: str, words: str, command: str) -> None:
    done = hendig(unused, command, DATABASE_URL=url, PORT=str(free_port()))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("hendig: DATABASE_URL is wrong: ")
    assert words in done.stderr
    assert "secret" not in done.stderr


def test_a_wrong_password_and_a_missing_database_are_one_sentence(home: Path) -> None:
    with embedded(home) as url:
        password = url.split(":", 2)[2].split("@")[0]
        wrong = hendig(home, "migrate", DATABASE_URL=url.replace(password, "secret"))
        missing = hendig(home, "migrate", DATABASE_URL=url.replace("/hendig?", "/elsewhere?"))
    assert (wrong.returncode, missing.returncode) == (1, 1)
    assert "the user or the password for database “hendig”" in wrong.stderr
    assert "there is no database “elsewhere”" in missing.stderr
    assert "secret" not in wrong.stderr
    assert password not in missing.stderr


def without(url: str, *statements: str) -> str:
    """The URL of an empty database for a user who may make roles, once an administrator said this of it."""
    with psycopg.connect(conninfo(url), autocommit=True) as server:
        server.execute("CREATE DATABASE bare")
        server.execute("CREATE ROLE mere LOGIN CREATEROLE PASSWORD 'secret'")
        server.execute("GRANT mere TO CURRENT_USER")
        for statement in statements:
            server.execute(statement.encode())
    return changed(url, user="mere", password="secret", dbname="bare")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        # As PostgreSQL is from 15 on: who may come in may not make a table yet.
        ((), "The user mere of DATABASE_URL may not make tables in the schema public of “bare”"),
        (
            (
                "ALTER DATABASE bare OWNER TO mere",
                "ALTER DATABASE bare SET default_transaction_read_only = on",
            ),
            "DATABASE_URL names the database “bare”, in which nothing can be written",
        ),
        (
            ("REVOKE CONNECT ON DATABASE bare FROM PUBLIC",),
            "DATABASE_URL is wrong: the user may not come into database “bare”",
        ),
    ],
)
def test_a_user_or_a_database_that_will_not_do_is_one_sentence(
    home: Path, said: tuple[str, ...], words: str
) -> None:
    with embedded(home) as url:
        bare = without(url, *said)
        for command in ("migrate", "run"):
            done = hendig(home, command, DATABASE_URL=bare, PORT=str(free_port()))
            assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
            assert done.stderr.startswith(f"hendig: {words}")
            assert "secret" not in done.stderr


def test_tables_of_somebody_else_and_a_migrated_database_that_became_read_only_are_one_sentence(
    home: Path,
) -> None:
    with embedded(home) as url:
        mere = changed(without(url), dbname="hendig")
        with psycopg.connect(conninfo(url), autocommit=True) as server:
            server.execute("GRANT CREATE ON SCHEMA public TO mere WITH GRANT OPTION")
        theirs = hendig(home, "migrate", DATABASE_URL=mere)
        with psycopg.connect(conninfo(url), autocommit=True) as server:
            server.execute("ALTER DATABASE hendig SET default_transaction_read_only = on")
        stopped = hendig(home, "run", PORT=str(free_port()))
    assert (theirs.returncode, theirs.stderr.count("\n")) == (1, 1), theirs.stderr
    assert "The tables in “hendig” belong to " in theirs.stderr
    assert (stopped.returncode, stopped.stderr.count("\n")) == (1, 1), stopped.stderr
    assert "in which nothing can be written" in stopped.stderr


def test_an_empty_database_of_the_own_user_will_do_and_one_sees_how_far_it_is(home: Path) -> None:
    with embedded(home) as url:
        with psycopg.connect(conninfo(url), autocommit=True) as server:
            server.execute("CREATE DATABASE bare")
        done = hendig(home, "migrate", DATABASE_URL=changed(url, dbname="bare"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Bringing the database to this code · 0 of " in done.stdout
    assert "steps, now families" in done.stdout
    assert "ready in" in done.stdout.splitlines()[-1]


def test_a_database_newer_than_the_code_is_left_alone(home: Path) -> None:
    with embedded(home) as url:
        with psycopg.connect(conninfo(url)) as owner:
            owner.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_later', now())"
            )
        done = hendig(home, "run", PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.startswith("hendig: The database is newer than this code: ")
    assert "audit.9999_later" in done.stderr


def test_two_who_start_at_once_share_one_server(home: Path) -> None:
    command, env = [str(HENDIG), "migrate"], environment(home)
    both = [subprocess.Popen(command, env=env, stderr=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate()[1] for process in both] == [b"", b"", b""]
    assert left_of(home) == {}


def test_secrets_are_for_us_only(unused: Path) -> None:
    secrets = [unused / "secret.key", *unused.glob("postgres/*.password")]
    assert len(secrets) == 3
    assert {secret.stat().st_mode & 0o777 for secret in secrets} == {0o600}
    assert (unused / "postgres/data").stat().st_mode & 0o077 == 0
    assert (unused / "postgres/socket").stat().st_mode & 0o077 == 0


def test_a_home_with_a_long_path_still_has_a_socket(homes: Path) -> None:
    deep = homes / ("long" * 20) / ("way" * 20)
    with embedded(deep) as url, psycopg.connect(conninfo(url)) as owner:
        assert owner.execute("SHOW fsync").fetchone() == ("on",)
    assert left_of(deep) == {}


def test_a_closed_folder_keeps_root_from_nothing(homes: Path) -> None:
    """PostgreSQL of root runs as a user who cannot come into closed folders: its data lie elsewhere."""
    closed = homes / "closed"
    closed.mkdir(mode=0o700)
    for _twice in range(2):
        with embedded(closed / "home") as url, psycopg.connect(conninfo(url)) as owner:
            owner.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
            count = owner.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'").fetchone()
            assert count == (1,)
        # Opened later, it still is the same database.
        closed.chmod(0o711)
    place = Path((closed / "home/postgres/place").read_text())
    if place.parent == SYSTEM_PLACES:
        shutil.rmtree(place)


@pytest.fixture
def disk(homes: Path) -> Iterator[Path]:
    folder = homes / "disk"
    folder.mkdir()
    yield folder
    folder.rmdir()


def on_a_disk(disk: Path, megabytes: int, script: str, **more: str) -> subprocess.Popen[str]:
    """The script runs in a world of its own, in which `disk` is a small disk that goes with it."""
    # Whoever is not root may mount in a world of users of its own, and stays who they are.
    ours = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    spaces = ["unshare", *ours, "--mount"]
    mount = f"mount -t tmpfs -o size={megabytes}m,mode=755 none {disk}"
    return subprocess.Popen(
        [*spaces, "sh", "-c", f"{mount} && {script}"],
        env=environment(disk / "home", **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def fill(disk: Path) -> None:
    """Nothing more can be written."""
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(65536))


def test_a_full_disk_is_one_sentence(disk: Path) -> None:
    process = on_a_disk(disk, 20, f"exec {HENDIG} migrate")
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said.startswith("hendig: The disk is full")
    assert said.count("\n") == 1


def test_a_disk_that_fills_up_stops_it_with_one_sentence_and_loses_nothing(
    disk: Path, migrated_home: Path
) -> None:
    port, home = free_port(), disk / "home"
    moved = f"cp -a {migrated_home} {home} && printf %s {home}/postgres > {home}/postgres/place"
    twice = f"{moved} && {HENDIG} run; echo status $?; rm {disk}/filler; exec {HENDIG} run"
    process = on_a_disk(disk, 400, twice, PORT=str(port))
    seen = Path(f"/proc/{process.pid}/root{disk}")
    try:
        eventually(lambda: ready(port) or process.poll() is not None, 60)
        written = write_until_it_fails(seen)
        assert written
        eventually(lambda: not ready(port), 30)
        eventually(lambda: ready(port) or process.poll() is not None, 60)
        with psycopg.connect(address_seen(seen)) as owner:
            kept = {int(str(row[0])) for row in owner.execute("SELECT number FROM kept")}
    finally:
        process.terminate()
        shown, said = process.communicate(timeout=60)
    assert written <= kept
    assert "status 1\n" in shown
    assert "hendig: The disk is full" in said
    assert said.count("hendig: ") == 1
    assert "Traceback" not in said


def address_seen(disk: Path) -> str:
    """How to reach the database on a disk in another world."""
    password = (disk / "home/postgres/hendig.password").read_text()
    return join(
        {
            "user": "hendig",
            "password": password,
            "dbname": "hendig",
            "host": str(disk / "home/postgres/socket"),
        }
    )


def write_until_it_fails(disk: Path) -> set[int]:
    """What was acknowledged while the disk filled up."""
    written = set()
    with suppress(psycopg.Error), psycopg.connect(address_seen(disk), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept (number int, words text)")
        for number in range(1_000_000):
            if number == 100:
                fill(disk)
            owner.execute("INSERT INTO kept VALUES (%s, repeat('x', 1000))", [number])
            written.add(number)
    return written
