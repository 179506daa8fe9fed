"""`hendig settings`: what a municipality is and works with, from a file."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from hendig.audit.actions import reading
from hendig.billing.actions import ask_own_account
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refused
from hendig.operations.municipalities import which
from hendig.operations.settings.file import Row, read
from hendig.people import actions
from hendig.people.models import Expertise, KnowledgeCard, Municipality, Partner
from hendig.tents.models import Knowledge

# How one of a kind is called, and more of them.
WORDS = {
    "municipality": ("the municipality itself", ""),
    "principle": ("principle", "principles"),
    "servicecode": ("code", "codes"),
    "expertise": ("expertise", "expertises"),
    "knowledgecard": ("card", "cards"),
    "partner": ("partner", "partners"),
}
EDITIONS = (
    "The cards, and for which expertises somebody registered is asked, stay as they are:"
    " the municipality keeps them on the page Kennis en registratie."
)


def load(path: Path, municipality: str) -> None:
    """What the file says is so, all of it or nothing, and how much that was is printed."""
    wanted = read(path)
    town = which(municipality)
    actor = Actor.system(town.pk)
    now = timezone.now()  # noqa: TID251 - a command reads the clock
    with reading(actor, now):
        stays = [*_kept_accounts(town.pk, wanted["partner"]), *_kept_knowledge(town.pk, wanted)]
        try:
            done = actions.set_settings(
                actor=actor,
                facts=wanted["municipality"][0] if wanted["municipality"] else None,
                principles=[(one["title"], one["sentence"]) for one in wanted["principle"]],
                cards=[(one["title"], one["words"]) for one in wanted["card"]],
                codes=wanted["code"],
                expertises=[(one["slug"], one["name"], one["sentence"]) for one in wanted["expertise"]],
                registered={one["slug"] for one in wanted["expertise"] if one.get("registered")},
                partners=wanted["partner"],
                at=now,
            )
        except Refused:
            # The one thing that is refused: it was all so already.
            done = actions.Settled()
        asked = _own_account(actor, wanted["municipality"], now)
    print("\n".join([town.name, *_told(done), *asked, *stays]), flush=True)


def _own_account(actor: Actor, own: list[Row], at: datetime) -> list[str]:
    """Another account to pay from than the municipality has is asked of who pays; what came of it is told."""
    standing = Municipality.objects.values_list("iban", flat=True).get(pk=actor.municipality_id)
    iban = own[0].get("iban", standing) if own else standing
    if iban == standing:
        return []
    try:
        ask_own_account(actor=actor, iban=iban, bic=own[0].get("bic", ""), at=at)
    except Refused:
        # The file is checked already, so that only one thing is left to refuse.
        return ["municipality: the iban stays as it is; another is under way on the page Betalen already."]
    return [
        "municipality: the iban stays as it is until finance agrees on the page Betalen, and 72 hours more."
    ]


def _told(done: actions.Settled) -> list[str]:
    parts = {"added": done.added, "changed": done.changed}
    told = [f"{name}: {_counted(counts)}" for name, counts in parts.items() if counts]
    return told or ["Nothing changed: it was all so already."]


def _counted(counts: Counter[str]) -> str:
    """Each kind in the order of the file."""
    own = [WORDS["municipality"][0]] if counts["municipality"] else []
    kinds = [kind for kind in WORDS if kind != "municipality" and counts[kind]]
    return ", ".join([*own, *(f"{counts[kind]} {WORDS[kind][counts[kind] != 1]}" for kind in kinds)])


def _kept_accounts(here: UUID, partners: list[Row]) -> list[str]:
    """The partners that are paid on another account than the file says, and stay so."""
    known = dict(Partner.objects.filter(municipality_id=here).values_list("kvk", "iban"))
    return [
        f"partner {number}: the iban of {one['name']} stays as it is; it changes on the page Rekeningnummer."
        for number, one in enumerate(partners, start=1)
        if "iban" in one and known.get(one["kvk"], one["iban"]) != one["iban"]
    ]


def _kept_knowledge(here: UUID, wanted: dict[str, list[Row]]) -> list[str]:
    """Once somebody set the cards on their page, which keeps each edition, the file leaves them alone.

    `wanted` then asks nothing of them any more.
    """
    if not Knowledge.objects.filter(municipality_id=here).exists():
        return []
    cards = list(KnowledgeCard.objects.filter(municipality_id=here).values_list("title", "words"))
    other = any((one["title"], one["words"]) not in cards for one in wanted["card"])
    wanted["card"] = []
    known = dict(Expertise.objects.filter(municipality_id=here).values_list("slug", "registered"))
    for one in wanted["expertise"]:
        asked = known.get(one["slug"], one.get("registered", False))
        other |= asked != one.get("registered", False)
        one["registered"] = asked
    return [EDITIONS] if other else []
