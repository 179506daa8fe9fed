"""The process in which files of others are judged: lxml and Saxon see them here, and nowhere else.

One process reads the official rules once and keeps them; a fork of it judges the files. The kernel ends
that fork when a file costs too much work, time or memory, and the next file finds a new one. What they write
to their error output goes nowhere: Saxon writes values there. Started with the folder of the rules.

It knows no Django. A request is a line `profile length` and so many bytes, an answer is `length` and JSON.
A file of the bank is asked as `bank`: what it says is read, by the schemas in the folder where there are any.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from lxml import etree

from hendig.billing.adapters.statement import said_in
from hendig.billing.adapters.ubl.names import CREDIT_ROOT, NAMESPACES, Profile, profile_named
from hendig.billing.adapters.ubl.parse import CPU_SECONDS, Gate, Refused, root_of
from hendig.billing.adapters.ubl.taken import taken

WALL_SECONDS = 60
EXTRA_BYTES = 192 * 1024 * 1024
RECYCLED_AFTER = 300
MOST_FINDINGS = 100
# The rules of a profile, in the order in which they are asked; each is a file of that name in the folder.
RULES: Mapping[Profile, tuple[str, ...]] = {
    Profile.NLCIUS: ("nlcius",),
    Profile.PEPPOL: ("en16931", "peppol"),
}
# What is asked about a file of the bank, in the place of a profile.
BANK = "bank"
# How a fork ends that needs rules which are there and were not read yet.
NEEDS = {profile: 20 + place for place, profile in enumerate(Profile)}
SVRL = "{http://purl.oclc.org/dsdl/svrl}"

Answer = dict[str, object]
Judge = Callable[[etree._Element], str]  # noqa: SLF001 - the name of its type, which has no other


@dataclass
class Rules:
    """What was read of the folder: the schemas, and each set of rules once a file asks for it.

    A file may take `seconds` of the processor.
    """

    folder: Path
    seconds: float = CPU_SECONDS
    judges: dict[str, Judge] = field(default_factory=dict)
    schemas: dict[bool, etree.XMLSchema] = field(default_factory=dict)
    _processor: object = None

    def __post_init__(self) -> None:
        if (self.folder / "ubl").is_dir():
            for credit, name in ((False, "Invoice"), (True, "CreditNote")):
                self.schemas[credit] = _schema(self.folder / f"ubl/maindoc/UBL-{name}-2.1.xsd")

    def lacks(self, profile: Profile) -> list[Path]:
        """The rules of the profile that are here and were not read yet."""
        unread = [self.folder / f"{name}.xsl" for name in RULES[profile] if name not in self.judges]
        return [path for path in unread if path.is_file()]

    def load(self, profile: Profile) -> None:
        """Reads the rules of the profile: seconds, once."""
        for path in self.lacks(profile):
            self.judges[path.stem] = self._compiled(path)

    def _compiled(self, path: Path) -> Judge:
        import saxonche  # noqa: PLC0415 - 114 megabytes, only where there are rules

        if self._processor is None:
            self._processor = saxonche.PySaxonProcessor(license=False)
        processor = self._processor
        assert isinstance(processor, saxonche.PySaxonProcessor)
        rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))

        def judge(root: etree._Element) -> str:
            # In ASCII: what other characters would be misread on the way is written as a reference.
            node = processor.parse_xml(xml_text=etree.tostring(root, encoding="ascii").decode("ascii"))
            rules.set_global_context_item(xdm_item=node)
            return str(rules.transform_to_string(xdm_node=node))

        return judge


def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False)))


class Needs(Exception):
    """The rules of this profile were not read yet."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile.value)
        self.profile = profile


# What can be asked besides a judgement: the rows of a workbook, and the form to fill in.
ROWS, FORM = "rows", "form"
WORKBOOK = "hendig.billing.adapters.workbook"


def answered(data: bytes, asked: str, rules: Rules) -> Answer:
    """The answer to a request."""
    if asked == BANK:
        return said_in(data, rules.folder)
    if asked not in {ROWS, FORM}:
        return judged(data, asked, rules)
    workbook = spreadsheets()
    found: Answer = workbook.answer(data) if asked == ROWS else workbook.form(data)
    return found


def spreadsheets() -> ModuleType:
    """What reads and makes workbooks: only where one comes, for its library is large."""
    from hendig.billing.adapters import workbook  # noqa: PLC0415

    return workbook


def judged(data: bytes, asked: str, rules: Rules) -> Answer:
    """What is wrong with the file by the gate, the schema and the official rules; what is taken of it to be
    booked; and what that took.

    `seconds` is what the official rules took by the clock, `beside` the processor time of all else.
    """
    worked = time.process_time()
    try:
        root = root_of(data)
    except Refused as refused:
        return {"refused": refused.code.value, "line": refused.line}
    found = root.find("cbc:CustomizationID", NAMESPACES)
    named = profile_named(found.text or "" if found is not None else "")
    profile = Profile(asked) if asked != "auto" else named
    if profile and rules.lacks(profile):
        raise Needs(profile)
    answer: Answer = {"profile": profile or "", "named": named or "", "checked": [], "findings": []}
    findings: list[dict[str, str]] = []
    checked: list[str] = []
    if rules.schemas:
        findings += _by_schema(root, rules.schemas[root.tag == CREDIT_ROOT])
        checked.append("ubl")
    began, ruled = time.perf_counter(), time.process_time()
    names = RULES[profile] if profile else ()
    if all(name in rules.judges for name in names):
        for name in names:
            checked.append(name)
            try:
                findings += _by_rules(rules.judges[name](root))
            except Exception:  # noqa: BLE001 - whatever Saxon says names values of the file
                answer["refused"] = Gate.UNPROCESSABLE.value
                break
    seconds, ruled = time.perf_counter() - began, time.process_time() - ruled
    if "refused" not in answer:
        answer["taken"] = taken(root, data)
    return {
        **answer,
        "checked": checked,
        "findings": findings[:MOST_FINDINGS],
        "more": max(len(findings) - MOST_FINDINGS, 0),
        "seconds": seconds,
        "beside": time.process_time() - worked - ruled,
    }


def _by_schema(root: etree._Element, schema: etree.XMLSchema) -> list[dict[str, str]]:
    if schema.validate(root):
        return []
    # The words of the schema repeat the value: the line and the element are enough.
    wrong = islice(schema.error_log, MOST_FINDINGS)  # type: ignore[call-overload]
    return [
        {
            "rule": "UBL-XSD",
            "level": "error",
            "text": "",
            "where": short(one.path or ""),
            "line": str(one.line),
        }
        for one in wrong
    ]


def _by_rules(svrl: str) -> list[dict[str, str]]:
    return [
        {
            "rule": failed.get("id") or "",
            "level": "warning" if failed.get("flag") in {"warning", "information"} else "error",
            "text": " ".join("".join(map(str, failed.itertext())).split())[:500],
            "where": short(failed.get("location") or ""),
        }
        for failed in etree.fromstring(svrl.encode()).iter(f"{SVRL}failed-assert")
    ]


def short(path: str) -> str:
    """An address in the file as a person reads it: names, and a number where there are several."""
    steps = []
    for step in path.split("/"):
        name = step.rpartition(":")[2] if "[namespace-uri()" not in step else step.partition("[")[0][2:]
        name, number = name.partition("[")[0], step.rpartition("[")[2].rstrip("]")
        steps.append(f"{name}[{number}]" if number.isdecimal() and number != "1" else name)
    return "/".join(steps).strip("/")[:200]


def main() -> None:
    """Takes requests until nobody is there any more."""
    rules = Rules(Path(sys.argv[1]), float(sys.argv[2]))
    fork: _Fork | None = None
    while request := _request():
        unread = request[0] in {ROWS, FORM} and WORKBOOK not in sys.modules
        if unread:
            # Here, once: each fork that is made has it then, and a file does not pay for it.
            spreadsheets()
        if fork and (unread or fork.files >= RECYCLED_AFTER):
            fork.end()
            fork = None
        fork, answer = _judged_by(fork or _Fork(rules), rules, *request)
        _write(1, f"{len(answer)}\n".encode() + answer)


def _judged_by(fork: _Fork, rules: Rules, asked: str, data: bytes) -> tuple[_Fork | None, bytes]:
    """The answer about this file, and the fork that goes on, if any does."""
    answer = fork.ask(asked, data)
    if answer is not None:
        return fork, answer
    status = fork.end()
    needed = next((profile for profile, code in NEEDS.items() if status == code), None)
    if needed:
        rules.load(needed)
    elif -status in {signal.SIGPROF, signal.SIGALRM}:
        return None, json.dumps({"refused": Gate.TOO_LONG.value}).encode()
    elif fork.files == 1:
        return None, json.dumps({"refused": Gate.UNPROCESSABLE.value}).encode()
    # A fresh one: it has the rules now, or what filled the memory were the files before this one.
    return _judged_by(_Fork(rules), rules, asked, data)


def _request() -> tuple[str, bytes] | None:
    head = _line(0)
    if not head:
        return None
    asked, _space, length = head.partition(" ")
    return asked, _exactly(0, int(length))


class _Fork:
    """A copy of this process that judges files, under the limits of the kernel."""

    def __init__(self, rules: Rules) -> None:
        self.files = 0
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._to)
            os.close(self._from)
            _serve(reads, writes, rules)
        os.close(reads)
        os.close(writes)

    def ask(self, asked: str, data: bytes) -> bytes | None:
        """The answer about this file; None when the fork did not live to give it."""
        self.files += 1
        try:
            _write(self._to, f"{asked} {len(data)}\n".encode() + data)
            head = _line(self._from)
            return _exactly(self._from, int(head)) if head else None
        except (BrokenPipeError, EOFError):
            return None

    def end(self) -> int:
        """It ends when nobody writes to it any more, if it lives; how it ended, a signal below zero."""
        os.close(self._to)
        os.close(self._from)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def _serve(reads: int, writes: int, rules: Rules) -> NoReturn:
    """The life of a fork. Whatever happens it ends here: what is above belongs to the process it is of."""
    try:
        _judge_files(reads, writes, rules)
    except Needs as needs:
        os._exit(NEEDS[needs.profile])
    finally:
        os._exit(0)


def _judge_files(reads: int, writes: int, rules: Rules) -> None:
    most = _data_bytes() + EXTRA_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while head := _line(reads):
        asked, _space, length = head.partition(" ")
        data = _exactly(reads, int(length))
        # Nobody catches these two: the kernel ends us, whatever we are doing.
        signal.setitimer(signal.ITIMER_PROF, rules.seconds)
        signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
        try:
            answer = answered(data, asked, rules)
        except (MemoryError, RecursionError):
            answer = {"refused": Gate.UNPROCESSABLE.value, "line": 0}
        written = json.dumps(answer).encode()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(writes, f"{len(written)}\n".encode() + written)
        if answer.get("refused") == Gate.UNPROCESSABLE.value:
            # What Saxon stopped on may have left something behind: the next file gets a fresh fork.
            return


def _data_bytes() -> int:
    """What this process holds of its own now; 0 where the kernel does not say."""
    try:
        said = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(said.partition("VmData:")[2].split()[0]) * 1024


def _line(descriptor: int) -> str:
    """A line, without reading a byte more; empty at the end."""
    read = bytearray()
    while (byte := os.read(descriptor, 1)) not in {b"", b"\n"}:
        read += byte
    return read.decode("ascii")


def _exactly(descriptor: int, length: int) -> bytes:
    read = bytearray()
    while len(read) < length:
        part = os.read(descriptor, min(length - len(read), 1 << 20))
        if not part:
            raise EOFError
        read += part
    return bytes(read)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        select.select([], [descriptor], [])
        left = left[os.write(descriptor, left) :]


if __name__ == "__main__":
    main()
