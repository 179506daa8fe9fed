"""The drawing as it stood on the page when the family agreed to it: nothing that changes later changes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hendig.families.models import CHILD
from hendig.tents.models import Influence, Outcome, Piece, PieceKind, Remark
from hendig.tents.rules import twin, words
from hendig.tents.rules.drawing import Factor, Link, Said


@dataclass(frozen=True, slots=True)
class Kept:
    """What was drawn, what was tried, and what the child was called then."""

    factors: tuple[Factor, ...]
    links: tuple[Link, ...]
    # What, and what came of it.
    attempts: tuple[tuple[str, str], ...]
    child: str

    @property
    def tried(self) -> tuple[str, ...]:
        """In the words of who reads it now."""
        return tuple(twin.tried(text, str(Outcome(how).label) if how else "") for text, how in self.attempts)


def keep(pieces: Iterable[Piece], lines: Iterable[Influence], remarks: Iterable[Remark], child: str) -> str:
    """What goes home on the page, written down: what is about the child alone."""
    said = [piece for piece in pieces if piece.whom == CHILD and piece.text]
    remarks = list(remarks)
    factors = words.factors_of(said, remarks)
    known = {factor.id for factor in factors}
    links = [one for one in words.links_of(lines, said, remarks) if {one.cause, one.effect} <= known]
    return json.dumps(
        {
            "child": child,
            "factors": [
                {
                    "id": str(one.id),
                    "text": one.text,
                    "is_strength": one.is_strength,
                    "place": one.place,
                    "voice": one.voice,
                    **_views(one, "agree", "differ", "first"),
                }
                for one in factors
            ],
            "links": [
                {
                    "id": str(one.id),
                    "cause": str(one.cause),
                    "effect": str(one.effect),
                    "sign": one.sign,
                    "voice": one.voice,
                    **_views(one, "agree", "differ"),
                }
                for one in links
            ],
            "tried": [[one.text, one.outcome] for one in said if one.kind == PieceKind.TRIED],
        },
        ensure_ascii=False,
    )


def read(text: str) -> Kept | None:
    """The same again; None of a page that was agreed before this was kept, and of one that was destroyed."""
    if not text:
        return None
    found = json.loads(text)
    return Kept(
        factors=tuple(
            Factor(
                UUID(one["id"]),
                one["text"],
                one["is_strength"],
                one["place"],
                one["voice"],
                agree=_said(one, "agree"),
                differ=_said(one, "differ"),
                first=_said(one, "first"),
            )
            for one in found["factors"]
        ),
        links=tuple(
            Link(
                UUID(one["id"]),
                UUID(one["cause"]),
                UUID(one["effect"]),
                one["sign"],
                one["voice"],
                agree=_said(one, "agree"),
                differ=_said(one, "differ"),
            )
            for one in found["links"]
        ),
        attempts=tuple((what, how) for what, how in found["tried"]),
        child=found["child"],
    )


def _views(one: Factor | Link, *names: str) -> dict[str, list[list[str]]]:
    return {name: [[said.voice, said.text] for said in getattr(one, name)] for name in names}


def _said(one: Mapping[str, Any], name: str) -> tuple[Said, ...]:
    return tuple(Said(voice, text) for voice, text in one[name])
