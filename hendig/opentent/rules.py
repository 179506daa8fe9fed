"""Why not: what may be said on a public board, who may answer, and in which order answers are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Refusal, Words
from hendig.kernel.traces import has_address, has_email, has_phone, name_in
from hendig.opentent.models import PostKind, ResponseStage, may_move

QUESTIONS_AT_ONCE = 3
# How long two who said yes read each other's details: until a week after the post is over, and of one
# that never ends a year at most.
REACHED_AFTERWARDS = timedelta(days=7)
REACHED_AT_MOST = timedelta(days=365) - REACHED_AFTERWARDS


def reached_until(closed_at: datetime | None, until_at: datetime | None, since: datetime) -> datetime:
    """Until when two who said yes, the last of them then, read each other's details.

    The task is over when the post is, not before the two found each other.
    """
    over = min(end for end in (closed_at, until_at, since + REACHED_AT_MOST) if end is not None)
    return max(over, since) + REACHED_AFTERWARDS


def why_contact_is_in(text: str) -> Refusal | None:
    """Why this text gives away how somebody can be reached before both sides said yes."""
    if has_email(text):
        return Refusal(
            "opentent.email",
            _("Laat het e-mailadres weg. U krijgt elkaars gegevens zodra u allebei ja zegt."),
        )
    if has_phone(text):
        return Refusal(
            "opentent.phone",
            _("Laat het telefoonnummer weg. U krijgt elkaars gegevens zodra u allebei ja zegt."),
        )
    return None


def why_names_are_in(text: str, names: Iterable[str]) -> Refusal | None:
    """Why this text tells which family asks: a name of the family, an address, a phone number, an e-mail.

    Names are compared by whole words, without regard to capitals and accents.
    """
    found = name_in(text, names)
    if found:
        return Refusal(
            "opentent.name",
            SentenceWith(
                _("Er staat een naam in: %s. Schrijf liever “mijn dochter” of “een jongen van 8”."),
                found,
            ),
        )
    if has_address(text):
        return Refusal(
            "opentent.address",
            _("Er staat een adres in. Noem liever alleen uw dorp of wijk."),
        )
    return why_contact_is_in(text)


def why_no_question(*, done: bool, on_board: int) -> Refusal | None:
    """Why no question can be put on the board now."""
    if done:
        return Refusal(
            "opentent.request_done", _("Deze vraag is afgerond. Stel een nieuwe vraag, dan kan het weer.")
        )
    if on_board >= QUESTIONS_AT_ONCE:
        return Refusal(
            "opentent.enough_questions",
            _("Er staan al drie vragen van u op het bord. Haal er eerst één weg."),
        )
    return None


def why_no_offer(*, kind: str, text: str, until: datetime | None, at: datetime) -> Refusal | None:
    """Why an offer or an initiative cannot be put on the board."""
    if kind not in {PostKind.OFFER, PostKind.INITIATIVE}:
        return Refusal("opentent.not_an_offer", _("Kies of u iets aanbiedt of een initiatief meldt."))
    if until is not None and until <= at:
        return Refusal("opentent.past", _("Die dag is al voorbij. Kies een dag die nog komt."))
    return why_contact_is_in(text)


def why_no_response(*, own: bool, answered: bool, places_left: int | None) -> Refusal | None:
    """Why somebody cannot answer this post; everyone else may, once at a time."""
    if own:
        return Refusal("opentent.own_post", _("Dit is uw eigen bericht. Daar hoeft u niet op te antwoorden."))
    if answered:
        return Refusal("opentent.answered", _("U hebt al geantwoord. Uw antwoord staat bij “Wat ik doe”."))
    if places_left == 0:
        return Refusal(
            "opentent.full", _("Alle plekken zijn vergeven. Misschien komt er weer een plek vrij.")
        )
    return None


def why_no_move(stage: str, to: ResponseStage, *, places_left: int | None = None) -> Refusal | None:
    """Why this answer cannot go to that stage; a yes needs a free place where places are counted."""
    if not may_move(stage, to):
        return Refusal("opentent.moved_on", _NO_MOVE[to])
    if to is ResponseStage.ACCEPTED and places_left == 0:
        return Refusal(
            "opentent.full", _("Alle plekken zijn vergeven. Misschien komt er weer een plek vrij.")
        )
    return None


def why_not_closed(closed_at: datetime | None) -> Refusal | None:
    """Why a post cannot be taken off the board: it already is."""
    if closed_at is not None:
        return Refusal("opentent.closed", _("Dit staat al niet meer op het bord."))
    return None


_NO_MOVE: Mapping[ResponseStage, Words] = {
    ResponseStage.ACCEPTED: _("Op dit antwoord is al gereageerd, of het is ingetrokken."),
    ResponseStage.CONNECTED: _("Dit kan pas als de ander ja heeft gezegd."),
    ResponseStage.DECLINED: _("Op dit antwoord kunt u nu geen nee meer zeggen."),
    ResponseStage.WITHDRAWN: _("Dit antwoord kunt u nu niet meer intrekken."),
}


@dataclass(frozen=True, slots=True)
class SentenceWith:
    """A translated sentence around a word of the reader, put together when it is read."""

    sentence: Words
    word: str

    def __str__(self) -> str:
        return str(self.sentence) % self.word


class Ring(IntEnum):
    """Where help is looked for first: who you know, then the neighbourhood, then the professional."""

    OWN_CIRCLE = 1
    NEIGHBOUR = 2
    INITIATIVE = 3
    PROFESSIONAL = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of somebody who may help, as far as it decides the place in the list.

    `distance` is how near somebody of the own circle stands (1 is nearest), `near` the neighbourhood of the
    question when the candidate already does something there, `initiative` the title of what they run.
    """

    key: UUID
    ring: Ring
    at: datetime
    distance: int = 0
    near: str = ""
    initiative: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate at its place, with the reason in one sentence."""

    key: UUID
    ring: Ring
    why: Words


def rank(candidates: Iterable[Candidate]) -> tuple[Placed, ...]:
    """The order in which help is shown: by ring, how near somebody stands, and who answered first.

    There is no score: each place has its reason, and the reason is all there is.
    """
    ordered = sorted(candidates, key=lambda one: (one.ring, one.distance, not one.near, one.at, one.key))
    return tuple(Placed(key=one.key, ring=one.ring, why=_why(one)) for one in ordered)


def _why(candidate: Candidate) -> Words:
    if candidate.ring is Ring.OWN_CIRCLE:
        return _CIRCLE[candidate.distance]
    if candidate.ring is Ring.INITIATIVE:
        return SentenceWith(_("Hoort bij het initiatief “%s”."), candidate.initiative)
    if candidate.near:
        return SentenceWith(_("Doet al iets in %s, dicht bij u."), candidate.near)
    return _NEIGHBOUR if candidate.ring is Ring.NEIGHBOUR else _PROFESSIONAL


_NEIGHBOUR = _("Buren en vrijwilligers staan vóór beroepskrachten.")
_PROFESSIONAL = _("Een beroepskracht: die komt na wie u kent en na de buurt.")
_CIRCLE: Mapping[int, Words] = {
    1: _("Staat heel dicht bij u."),
    2: _("Staat dicht bij u."),
    3: _("U kent elkaar."),
}

RINGS: Mapping[Ring, Words] = {
    Ring.OWN_CIRCLE: _("Uw eigen kring"),
    Ring.NEIGHBOUR: _("Een buur of vrijwilliger"),
    Ring.INITIATIVE: _("Een initiatief"),
    Ring.PROFESSIONAL: _("Een beroepskracht"),
}

WAITS_FOR_CHOOSER: Mapping[ResponseStage, Words] = {
    ResponseStage.OFFERED: _("Wacht op uw keuze"),
    ResponseStage.ACCEPTED: _("U zei ja. Nu is de ander aan de beurt."),
    ResponseStage.CONNECTED: _("U zei allebei ja"),
    ResponseStage.DECLINED: _("U bedankte"),
    ResponseStage.WITHDRAWN: _("Ingetrokken"),
}

WAITS_FOR_RESPONDER: Mapping[ResponseStage, Words] = {
    ResponseStage.OFFERED: _("De ander kijkt naar uw antwoord"),
    ResponseStage.ACCEPTED: _("De ander zei ja. Wilt u het doen?"),
    ResponseStage.CONNECTED: _("U zei allebei ja"),
    ResponseStage.DECLINED: _("Bedankt, het hoeft nu niet"),
    ResponseStage.WITHDRAWN: _("U trok dit in"),
}
