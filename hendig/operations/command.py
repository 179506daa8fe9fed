"""The console command `hendig`."""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import psycopg
from django.db import OperationalError

from hendig.operations import roles, running
from hendig.operations.failure import Failure
from hendig.operations.installation import Installation, address, backup_days, installation, told
from hendig.operations.loading import load
from hendig.operations.progress import Progress

ABOUT = "Help for children and families without indications: ask, meet, match, help, pay, learn."
ENVIRONMENT = """\
environment:
  PORT           where the pages are served (8000)
  HENDIG_HOME    where data and keys are kept (.hendig/)
  DATABASE_URL   a PostgreSQL of your own, 15 or newer, as the owner of the schema (an embedded one)
  HENDIG_DEMO    0: no demo municipality and no page to be somebody else
  HENDIG_BIND    the address to listen on (localhost)
  HENDIG_ORIGIN  the address by which visitors know us (http://localhost:8000)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; what goes wrong is one sentence and exit status 1."""
    asked = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = asked.command
    try:
        command(asked)
    except Failure as failure:
        print(f"hendig: {failure}", file=sys.stderr)
        return 1
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        print("hendig: The disk is full.", file=sys.stderr)
        return 1
    except OperationalError as problem:
        if not isinstance(problem.__cause__, psycopg.errors.DiskFull):
            raise
        print("hendig: The disk of the database is full.", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, running.Stopped):
        return 130
    return 0


Add = Callable[[Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    """What can be asked, with a help text each."""
    top = argparse.ArgumentParser(
        "hendig", description=ABOUT, epilog=ENVIRONMENT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="command")

    def add(command: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(command.__name__, help=text, description=text)
        made.set_defaults(command=command)
        return made

    add(run, "start everything: database, migrations, demo, web and worker; Ctrl-C stops it")
    add(migrate, "bring the database to what this code expects, and make the application's own login")
    made = add(demo, "load the demo municipality Peelrand, through the same actions that people use")
    made.add_argument("--seed", type=int, default=1, help="another number, another half year (1)")
    made.add_argument("--today", type=date.fromisoformat, help="the day on which the history ends (today)")
    made = add(appoint, "name the first people of a municipality, until two of them can give roles together")
    made.add_argument("email", help="the address at which this person signs in")
    made.add_argument("first_name", help="what the person is called")
    made.add_argument("last_name", help="the family name")
    made.add_argument(
        "role", choices=("policy", "privacy"), help="answers for the municipality, or checks it"
    )
    made.add_argument(
        "--municipality", default="", metavar="NAME", help="which, when there are several; or a new one"
    )
    made.add_argument(
        "--cbs-code",
        default="",
        metavar="NNNN",
        help="of a new one: its four digits at Statistics Netherlands",
    )
    made = add(
        settings, "set what a municipality works with, from a file; exit status 1 when it is not right"
    )
    made.add_argument("file", type=Path, nargs="?", metavar="FILE")
    made.add_argument("--municipality", default="", metavar="SLUG", help="which, when there are several")
    made.add_argument(
        "--example", action="store_true", help="print a file to begin with, and what each key is"
    )
    add(worker, "do the jobs that wait: mail, notices, what must happen each night")
    made = add(leave, "somebody no longer works here: every session of theirs ends within a second")
    made.add_argument("email", help="the address of who leaves")
    made = add(check, "compare the generated reference pages with the code, and check the settings")
    made.add_argument("--write", action="store_true", help="write the pages again instead of comparing")
    proofs_of(add(prove, "check what Hendig promises; each proof ends with a line of JSON"))
    keeping(add)
    invoices_of(add(einvoice, "check and book e-invoices (UBL), and keep the official rules for it"))
    of_mail(add(mail, "read what a mail server says of mails that did not arrive"))
    of_the_bank(add(bank, "read what the bank says of our payments: paid on, or refused and why"))
    measures_of(add(bench, "measure the pages beside their floors, in municipalities of two sizes"))
    return top


def measures_of(made: argparse.ArgumentParser) -> None:
    """What can be measured."""
    made.add_argument("--laps", type=int, default=200, help="how often each target is asked (200)")
    made.add_argument("--sizes", type=int, nargs="+", help="families per municipality (3500 62000)")
    made.add_argument("--seconds", type=float, default=5, help="how long eight clients ask at once (5)")
    made.add_argument("--finding", action="store_true", help="only how fast people are found, among 100,000")
    made.add_argument("--walls", action="store_true", help="only what the walls cost: with and without them")
    made.add_argument("--tents", type=int, nargs="?", const=50, help="only so many tents at once (50)")
    made.add_argument(
        "--minutes", type=float, default=3, help="how long the tents talk at their own pace (3)"
    )
    made.add_argument(
        "--changes", type=int, default=4_500, help="in all tents together, as in an hour (4500)"
    )
    words = "only a month of money, in regions of so many lines (8000 40000 200000)"
    made.add_argument("--month", type=int, nargs="*", metavar="LINES", help=words)
    words = "paid lines of earlier years behind the first month, for the page of finance (5000000)"
    made.add_argument("--history", type=int, default=5_000_000, metavar="LINES", help=words)
    made.add_argument("--json", type=Path, help="write the figures to this file as well")


def proofs_of(made: argparse.ArgumentParser) -> None:
    """What can be proved."""
    proofs = made.add_subparsers(title="proofs", required=True, metavar="proof", dest="proof")
    words = "nobody altered the log: lines, leaves, roots, seals and anchors"
    log = proofs.add_parser("log", help=words, description=words)
    log.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="CODE_OR_FILE",
        help="a seal that somebody holds: number and five words, or a kept mail; may be given more than once",
    )
    log.add_argument("--lines", type=int, help="prove a made log of so many lines, to see how long it takes")
    words = "the gate and the policies against an oracle that never saw them"
    access = proofs.add_parser("access", help=words, description=words)
    access.add_argument("--decisions", type=int, default=1_000_000, help="at least so many (1000000)")
    access.add_argument("--seed", type=int, default=1, help="another number, other worlds (1)")
    access.add_argument(
        "--mutants", action="store_true", help="alter each atom of each rule once: every time it is noticed"
    )
    words = "with the filter of queries gone, or the policies, the other still holds in every table"
    walls = proofs.add_parser("walls", help=words, description=words)
    walls.add_argument("--worlds", type=int, default=4, help="in so many made worlds (4)")
    walls.add_argument("--seed", type=int, default=1, help="another number, other worlds (1)")
    words = "who loses a record while a hundred requests run gets no answer that was asked for later"
    races = proofs.add_parser("races", help=words, description=words)
    races.add_argument("--races", type=int, default=1_000, help="how often somebody loses one (1000)")
    words = "a town of canaries: nobody is shown more than is theirs, and nobody less, by any channel"
    shown = proofs.add_parser("shown", help=words, description=words)
    shown.add_argument("--seed", type=int, default=1, help="another number, other words (1)")


def invoices_of(made: argparse.ArgumentParser) -> None:
    """What can be asked about e-invoices."""
    parts = made.add_subparsers(title="parts", required=True, metavar="part", dest="part")
    words = "say of each file whether it is right; exit status 1 when any has an error"
    checked = parts.add_parser("check", help=words, description=words)
    checked.add_argument("file", type=Path, nargs="+", metavar="FILE")
    checked.add_argument(
        "--profile",
        choices=["auto", "nlcius", "peppol"],
        default="auto",
        help="by whose rules (auto: what the file says)",
    )
    checked.add_argument("--json", action="store_true", help="a line of JSON for each file")
    words = "book what partners sent; exit status 1 when any file is refused"
    booked = parts.add_parser("import", help=words, description=words)
    booked.add_argument("file", type=Path, nargs="+", metavar="FILE")
    words = "list the official rules that are installed here, or install them"
    rules = parts.add_parser("rules", help=words, description=words)
    rules.add_argument("what", nargs="?", choices=["install"], help="take them from PATH")
    rules.add_argument("path", type=Path, nargs="?", metavar="PATH", help="an official folder or zip")
    rules.add_argument("--older", action="store_true", help="also what is older than what is installed")


def of_mail(made: argparse.ArgumentParser) -> None:
    """What can be done with mail that came back."""
    parts = made.add_subparsers(title="parts", required=True, metavar="part", dest="part")
    words = "reports that a mail could not be delivered (RFC 3464): who had it sent is told"
    read = parts.add_parser("bounces", help=words, description=words)
    read.add_argument("file", type=Path, nargs="+", metavar="FILE", help="a mail, or - for what is piped in")


def of_the_bank(made: argparse.ArgumentParser) -> None:
    """What can be done with files of the bank."""
    parts = made.add_subparsers(title="parts", required=True, metavar="part", dest="part")
    words = "read statements (camt.053) and status reports (pain.002); exit status 1 when one is refused"
    read = parts.add_parser("read", help=words, description=words)
    read.add_argument("file", type=Path, nargs="+", metavar="FILE")
    read.add_argument("--municipality", default="", metavar="NAME", help="whose, when there are several")
    words = "list the official schemas that are installed here, or install those in PATH"
    schemas = parts.add_parser("schemas", help=words, description=words)
    schemas.add_argument("path", type=Path, nargs="?", metavar="PATH", help="a folder, or one .xsd")


def keeping(add: Add) -> None:
    """What keeps and brings back: keys and backups."""
    made = add(
        keys, "show the root keys, or replace keys while everything runs; goes on where it was stopped"
    )
    made.add_argument("what", choices=["list", "rotate"])
    made.add_argument("--data", action="store_true", help="the keys of the compartments too, and all texts")
    made.add_argument(
        "--retire", type=Path, metavar="LEDGER", help="write a ledger, then throw the older root keys away"
    )
    made = add(backup, "write the whole database to a file that only a private key opens")
    made.add_argument("file", type=Path, nargs="?", metavar="FILE")
    made.add_argument(
        "--new-key", type=Path, metavar="PRIVATE", help="make a pair of keys; keep PRIVATE elsewhere"
    )
    made.add_argument("--ledger", action="store_true", help="only the ledger: what was taken away until now")
    made.add_argument("--verify", action="store_true", help="restore FILE aside, compare, and throw it away")
    made.add_argument("--key", type=Path, metavar="PRIVATE", help="the private key, to verify")
    made.add_argument("--keep", type=int, metavar="DAYS", help="how long the file is kept (30, at most 90)")
    made.add_argument(
        "--place", default="", metavar="WORDS", help="where the file lies in the end, for the register"
    )
    made.add_argument("--list", action="store_true", help="the backups that the register says are there")
    words = "say that no copy is left of a file, or of the private key that opens them"
    made.add_argument("--destroyed", default="", metavar="MARK", help=words)
    made = add(restore, "bring back a backup, without what was withdrawn or destroyed after it")
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--key", type=Path, metavar="PRIVATE", required=True, help="the private key")
    made.add_argument(
        "--ledger",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a ledger; give each that you have: whatever ended in any of them ended",
    )
    made.add_argument("--nothing-later", action="store_true", help="there is no newer ledger")


def run(asked: argparse.Namespace) -> None:
    sockets = running.listen(*address())
    try:
        running.run(told(), sockets)
    finally:
        for opened in sockets:
            opened.close()


def migrate(asked: argparse.Namespace) -> None:
    with installation() as place:
        begin(place.as_owner())
        part("migration").migrate(place)


def demo(asked: argparse.Namespace) -> None:
    with installation() as place:
        running.bring_up_to_date(place)
        begin(place.as_app())
        today = asked.today or datetime.now(ZoneInfo("Europe/Amsterdam")).date()
        with Progress("Building the demo municipality") as progress:
            # By name: it is imported only after the settings know the database.
            importlib.import_module("hendig.demo").build(seed=asked.seed, today=today, progress=progress)


def worker(asked: argparse.Namespace) -> None:
    with installation() as place:
        os.environ.update(place.as_worker())
        part("work").main()


def appoint(asked: argparse.Namespace) -> None:
    with installation() as place:
        running.bring_up_to_date(place)
        begin(place.as_app())
        part("appointing").appoint(
            email=asked.email,
            first_name=asked.first_name,
            last_name=asked.last_name,
            role=asked.role,
            municipality=asked.municipality,
            cbs_code=asked.cbs_code,
        )


def settings(asked: argparse.Namespace) -> None:
    if asked.example:
        # No database: it is what the demo says.
        begin({"DJANGO_SETTINGS_MODULE": "hendig.settings"})
        print(part("settings.example").example(), end="")
        return
    if asked.file is None:
        raise Failure("Say which FILE, or ask for one to begin with: --example.")
    with installation() as place:
        running.bring_up_to_date(place)
        begin(place.as_app())
        part("settings").load(asked.file, asked.municipality)


def leave(asked: argparse.Namespace) -> None:
    with installation() as place:
        begin(place.as_app())
        part("leaving").leave(asked.email)


def check(asked: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hendig.settings")
    load()
    importlib.import_module("django.core.management").call_command("check", fail_level="WARNING")
    differ = part("reference").write(check_only=not asked.write)
    if differ and not asked.write:
        raise Failure(
            f"{', '.join(differ)} (docs/reference) is not what the code says; run `make reference`."
        )


def einvoice(asked: argparse.Namespace) -> None:
    if asked.part == "import":
        with installation() as place:
            begin(place.as_app())
            part("importing").import_files(asked.file)
        return
    # No database: a file is judged by rules alone.
    begin({"DJANGO_SETTINGS_MODULE": "hendig.settings"})
    part("einvoice").command(asked)


def mail(asked: argparse.Namespace) -> None:
    with installation() as place:
        begin(place.as_app())
        part("mail").read(asked.file)


def bank(asked: argparse.Namespace) -> None:
    if asked.part == "schemas":
        begin({"DJANGO_SETTINGS_MODULE": "hendig.settings"})
        part("bank").schemas(asked.path)
        return
    with installation() as place:
        begin(place.as_app())
        part("bank").read(asked.file, asked.municipality)


def prove(asked: argparse.Namespace) -> None:
    with installation() as place:
        begin(place.as_app())
        part(f"prove.{asked.proof}").command(place, asked)


def bench(asked: argparse.Namespace) -> None:
    with installation() as place:
        if asked.finding:
            begin(place.as_app())
            finding = part("bench.finding")
            families = (asked.sizes or [finding.FAMILIES])[0]
            finding.main(part("bench.towns").town(place, families), laps=asked.laps)
            return
        if asked.tents:
            begin(place.as_app())
            tents = part("bench.tents")
            town = part("bench.towns").town(place, (asked.sizes or [tents.FAMILIES])[0])
            tents.main(town, tents=asked.tents, minutes=asked.minutes, changes=asked.changes, json=asked.json)
            return
        if asked.month is not None:
            begin(place.as_app())
            month = part("bench.month")
            lines = tuple(asked.month) or month.LINES
            month.main(place, lines=lines, history=asked.history, laps=asked.laps, json=asked.json)
            return
        begin(place.as_app())
        bench = part("bench")
        sizes = asked.sizes or bench.SIZES
        if asked.walls:
            bench.walls(place, laps=asked.laps, families=min(sizes), json=asked.json)
            return
        bench.main(place, laps=asked.laps, sizes=sizes, json=asked.json, seconds=asked.seconds)


def keys(asked: argparse.Namespace) -> None:
    with installation() as place:
        running.bring_up_to_date(place)
        begin(place.as_app())
        if asked.what == "list":
            part("keys").show()
        else:
            part("keys").rotate(data=asked.data, retire=bool(asked.retire))
            if asked.retire:
                part("backup").write_ledger(place, asked.retire)
                part("keys").retire()


def backup(asked: argparse.Namespace) -> None:
    with installation() as place:
        made = part("backup")
        if asked.new_key:
            made.make_keys(place, asked.new_key)
        elif asked.list or asked.destroyed:
            registered(place, asked.destroyed)
        elif asked.file is None:
            raise Failure("Say which FILE to write.")
        elif asked.verify and asked.key is None:
            raise Failure("Verifying reads the backup: give its private key with --key.")
        elif asked.verify:
            made.verify(place, asked.file, asked.key, lifting(place), looking(place))
        elif asked.ledger:
            made.write_ledger(place, asked.file)
        else:
            begin(place.as_app())
            register, days = part("backup.register"), backup_days(asked.keep)
            register.towns()
            lies = asked.place or register.place_of(asked.file)
            made.backup(
                place,
                asked.file,
                lambda made_at, seen: register.add(seen, made_at=made_at, lies=lies, days=days),
                lambda seen: register.overwrite(asked.file, seen),
            )


def registered(place: Installation, mark: str) -> None:
    begin(place.as_app())
    register, now = part("backup.register"), datetime.now(UTC)
    if mark:
        register.destroyed(mark, now)
    register.show(now)


def restore(asked: argparse.Namespace) -> None:
    with installation() as place:
        part("backup").restore(
            place,
            asked.file,
            asked.key,
            lifting(place),
            looking(place),
            lambda made_at, ledgers: part("backup.checks").note(
                file=asked.file, made_at=made_at, ledgers=ledgers, days=backup_days()
            ),
            ledgers=asked.ledger,
            nothing_later=asked.nothing_later,
        )


def lifting(place: Installation) -> Callable[[str], None]:
    """Brings a restored database to this code, as the owner of it."""

    def lift(url: str) -> None:
        begin(place.environment(url))
        with roles.connect_owner(url) as owner:
            part("migration").lift(owner)

    return lift


def looking(place: Installation) -> Callable[[str], str]:
    """Looks a restored database through; Django begins only then, for it knows one database."""

    def look(url: str) -> str:
        begin(place.environment(url))
        with Progress("Looking it through") as progress:
            return str(part("backup.checks").usable(url, place.seal_public, progress))

    return look


def part(name: str) -> ModuleType:
    """A module beside us, loaded only by the command that needs it: a quick start loads little."""
    return importlib.import_module(f"hendig.operations.{name}")


def begin(environment: dict[str, str]) -> None:
    """Django is ready, by the door that this environment opens."""
    os.environ.update(environment)
    load()


if __name__ == "__main__":
    sys.exit(main())
