"""The pages under docs/reference: written from the tables in the code, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from django.db import models
from django.utils import translation

from hendig.audit.notices import all_codes
from hendig.connections.adapters.openapi import OPERATIONS
from hendig.families.rules.gate import ALLOW, DENY
from hendig.kernel.privacy import Privacy
from hendig.people.models import BORROWED
from hendig.people.rules import PERMISSIONS
from hendig.rights.queries.along_data import schema
from hendig.web.register import declared_models, first_paragraph

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
HEAD = "<!-- Written by `make reference` from the code. Change the code, not this page. -->\n\n"
REGISTER_HEAD = """\
# Privacy register

What each kind of row holds about people, why, how long, and how it goes. Where no job is named, the end of
the term is a duty of the municipality: nothing is destroyed by itself yet.
"""
GATE_HEAD = """\
# The gate

Which compartments of a record are open to whom. One is open when one rule of the first table holds and none
of the second, and never without an involvement of one's own that lasts and names it.
"""
API_HEAD = """\
# Uw systeem koppelen

Voor wie het systeem van een partner of van de gemeente beheert. De API volgt de NL GOV API Design Rules;
de hele beschrijving staat op `/api/v1/openapi.json` (OpenAPI 3.1), en dezelfde uitleg in Hendig op
`/koppelingen/uitleg/`.

**Een sleutel** maakt het kantoor of financiën zelf, bij **Koppelingen**. U ziet hem één keer. Stuur hem
mee in elke vraag: `Authorization: Bearer hendig_…`. Hij doet alleen waarvoor hij gemaakt is, voor één
organisatie, hoogstens een jaar. Stopt iemand hem, of stopt de rol van wie hem maakte, dan is het
antwoord meteen 401.

**Een nee** komt als `application/problem+json` (RFC 9457): `detail` is een zin die u kunt laten zien,
`code` hetzelfde voor een programma, en bij een bestand noemt `errors` alles wat er mis is. Met
`Accept-Language: en` zijn de zinnen Engels.

| status | wat het betekent |
|---|---|
| 400 | de vraag is niet te lezen; `errors` noemt welk gegeven |
| 401 | zonder sleutel, of met een die niets opent |
| 403 | de sleutel is hier niet voor gemaakt |
| 404 | dit is er niet, of niet voor u |
| 415 | dit soort bestand nemen wij niet aan |
| 422 | een regel zegt nee; er is niets geboekt |
| 429 | meer dan 120 vragen in een minuut; wacht zo lang als `Retry-After` zegt |
| 5xx | er is iets bij ons; stuur later hetzelfde bestand, het wordt één keer geboekt |

**Gegevens**: bedragen in centen, dagen als 2026-11-30, nooit een naam of BSN van een jeugdige. Zet die
ook niet op uw factuur: dan nemen wij haar niet aan.

| stand van een factuur | wat het betekent |
|---|---|
| `received` | ontvangen, nog niet nagekeken |
| `right` | klopt, en wacht op betaling |
| `asked` | over een regel is een vraag; de rest wordt betaald |
| `at-bank` | de bank is gevraagd te betalen |
| `paid` | de bank betaalde, op `paidOn` |
| `settled` | elke regel is gecrediteerd, of dit is een creditnota |
"""
TABLES_OF_STAGES = (
    ("A help request", "hendig.helprequests.models", "MOVES"),
    ("A response in the Open Tent", "hendig.opentent.models", "MOVES"),
    ("A tent", "hendig.tents.models", "MOVES"),
    ("A seat at a tent", "hendig.tents.models", "SEAT_MOVES"),
    ("A match talk", "hendig.matching.models", "MOVES"),
    ("An appointment", "hendig.plans.models", "MOVES"),
    ("An application for a decision", "hendig.rights.models", "PAPER_MOVES"),
    ("Own words", "hendig.rights.models", "OWN_MOVES"),
    ("A destruction", "hendig.rights.models", "DESTRUCTION_MOVES"),
    ("An invoice", "hendig.billing.models", "MOVES"),
    ("A payment", "hendig.billing.models", "PAYMENT_MOVES"),
)


def write(*, check_only: bool) -> list[str]:
    """Writes the pages; with `check_only` nothing is written and the names of pages that differ are told."""
    differ = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.exists() and path.read_text() == text:
            continue
        differ.append(name)
        if not check_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return differ


def pages() -> dict[str, str]:
    """Every reference page by its file name."""
    with translation.override("nl"):
        return {
            "stages.md": HEAD + stages(),
            "permissions.md": HEAD + permissions(),
            "audit-codes.md": HEAD + audit_codes(),
            "privacy-register.md": HEAD + privacy_register(),
            "gate.md": HEAD + gate(),
            "api.md": HEAD + api(),
            "copy.schema.json": schema().decode(),
        }


def stages() -> str:
    parts = ["# Stages\n\nWhat may follow what. A step that is not here is refused.\n"]
    for title, module, table in TABLES_OF_STAGES:
        moves: Mapping[models.TextChoices, frozenset[models.TextChoices]] = getattr(
            import_module(module), table
        )
        rows = [(f"`{stage}`", stage.label, _listed(then)) for stage, then in moves.items()]
        parts.append(f"\n## {title}\n\n" + _table(("stage", "on the screen", "may become"), rows))
    return "".join(parts)


def permissions() -> str:
    rows = [
        (f"`{permission}`", role, sentence)
        for permission, held in PERMISSIONS.items()
        for role, sentence in held.items()
    ]
    text = (
        "# Permissions\n\nWhat belongs to whose work. No role opens a family's record: involvement does.\n\n"
    )
    return text + _table(("permission", "role", "sentence"), rows)


def audit_codes() -> str:
    rows = [
        (
            f"`{name}`",
            code.sentence,
            str(code.seen_as),
            _told(len(code.tell), any(t.by_mail for t in code.tell)),
        )
        for name, code in all_codes().items()
    ]
    text = (
        "# Audit codes\n\nEvery kind of line in the log: what happened, what a family reads, who is told.\n\n"
    )
    return text + _table(("code", "what happened", "a family reads", "told"), rows)


def gate() -> str:
    text = GATE_HEAD
    for title, rules in (("Opens", ALLOW), ("Closes, whatever opens", DENY)):
        rows = [(rule.number, str(rule.words), rule.source) for rule in rules]
        text += f"\n## {title}\n\n" + _table(("rule", "in words", "source"), rows)
    return text


def api() -> str:
    """For who connects a system, in Dutch: each thing that can be asked, with an example."""
    parts = [API_HEAD]
    for one in OPERATIONS:
        parts.append(f"\n## {one.title}\n\n`{one.method.upper()} {one.path}`\n\n{one.words}\n\n")
        parts.append(f"```sh\n{one.example('https://hendig.uwgemeente.nl')}\n```\n")
        rows = [(f"`{named.name}`", str(named.words)) for named in one.parameters]
        parts.append("\n" + _table(("gegeven", "wat het is"), rows) if rows else "")
    return "".join(parts)


def privacy_register() -> str:
    parts = [REGISTER_HEAD]
    for model in declared_models():
        declaration: Privacy = model.privacy  # type: ignore[attr-defined]
        parts.append(f"\n## {model._meta.label}\n\n{first_paragraph(model)}\n\n")
        parts.append(_declared(declaration))
    for name, declaration in BORROWED.items():
        parts.append(f"\n## {name}\n\nA row of allauth, written within our changes.\n\n")
        parts.append(_declared(declaration))
    return "".join(parts)


def _declared(declaration: Privacy) -> str:
    said = f"- Why: {declaration.why}\n- Kept: {declaration.kept}\n- Goes: {declaration.goes}\n"
    rows = [(f"`{n}`", w) for n, w in declaration.fields.items()]
    return f"{said}\n{_table(('field', 'what it is'), rows)}" if rows else said


def _listed(stages: frozenset[models.TextChoices]) -> str:
    return ", ".join(f"`{stage}`" for stage in sorted(stages)) or "nothing: it is final"


def _told(ways: int, by_mail: bool) -> str:
    if not ways:
        return "nobody"
    return "bell and mail" if by_mail else "bell"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
