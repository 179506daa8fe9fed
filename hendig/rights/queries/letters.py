"""What stands in a letter: words only, every date written out. Pure: the same each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hendig.families.models import FamilyMember
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import Words
from hendig.kernel.residence import RULES
from hendig.people.models import Municipality
from hendig.rights.models import Application, Decision, Residence, Verdict
from hendig.rights.rules import OBJECTION_WEEKS

LETTER = "rights/letter.typ"


@dataclass(frozen=True, slots=True)
class Letter:
    """The frame of every letter: from whom, to whom, about which child, under which reference."""

    town: str
    post: str
    phone: str
    to: tuple[str, ...]
    reference: str
    child: str

    @classmethod
    def of(cls, application: Application, town: Municipality) -> Letter:
        return cls(
            town=town.name,
            post=town.post,
            phone=town.phone,
            to=(application.asker_name,),
            reference=application.reference,
            child=application.child_name,
        )

    @classmethod
    def about_residence(cls, residence: Residence, town: Municipality) -> Letter:
        return cls(
            town=town.name,
            post=town.post,
            phone=town.phone,
            to=(_("Gemeente %(name)s") % {"name": residence.asked_from}, _("Team jeugd")),
            reference=f"W-{residence.pk.int % 10**8:08d}",
            child=_full(residence.child),
        )

    @property
    def board(self) -> str:
        return _("College van burgemeester en wethouders van %(name)s") % {"name": self.town}

    def frame(self, title: str, on: date, facts: Iterable[tuple[Words, Words]] = ()) -> dict[str, object]:
        return {
            "lang": (get_language() or "nl")[:2],
            "title": title,
            "sender": self.board,
            "address": [line for line in (self.post, self.phone) if line],
            "to": list(self.to),
            "reference": self.reference,
            "facts": [
                [_("Datum"), date_format(on, "j F Y")],
                [_("Kenmerk"), self.reference],
                *([str(name), str(value)] for name, value in facts),
            ],
            "closing": [_("Met vriendelijke groet,"), self.board],
        }


def decision_letter(letter: Letter, application: Application, decision: Decision) -> dict[str, object]:
    """The decision with its reasons and how to object (Awb art. 3:45, 3:46 and 6:5). No queries."""
    facts = [(_("Kind"), letter.child), (_("Besluit"), Verdict(decision.verdict).label)]
    parts = [
        _part("", [_asked(application)]),
        _part(_("Wat wij besluiten"), [_verdict(decision), *decision.what.splitlines(), *_pgb(decision)]),
        _part(_("Waarom"), decision.reasons.splitlines()),
        _part(_("Bent u het er niet mee eens?"), list(_objection(letter, decision))),
    ]
    frame = letter.frame(_("Besluit op uw aanvraag"), local_day(decision.at), facts)
    return {**frame, "parts": parts}


def receipt_letter(letter: Letter, application: Application) -> dict[str, object]:
    """That the application came, on which day, and until when we decide (Awb art. 4:3a). No queries."""
    parts = [
        _part(
            "",
            [
                _("Wij hebben uw aanvraag ontvangen op %(day)s.") % {"day": _moment(application.received_at)},
                _("U vroeg een besluit over hulp voor %(child)s.") % {"child": letter.child},
                *([_("U vroeg ook een persoonsgebonden budget (pgb).")] if application.wants_pgb else []),
                _("U krijgt ons besluit uiterlijk op %(day)s.") % {"day": _day(application.due_on)},
            ],
        ),
        *([_part(_("Wat u schreef"), application.words.splitlines())] if application.words else []),
    ]
    frame = letter.frame(_("Wij hebben uw aanvraag ontvangen"), local_day(application.received_at))
    return {**frame, "parts": parts}


def extension_letter(letter: Letter, application: Application, at: datetime) -> dict[str, object]:
    """That the decision takes longer, why, and until when (Awb art. 4:14 lid 3). No queries."""
    parts = [
        _part(
            "",
            [
                _("Wij kunnen nog niet beslissen op uw aanvraag van %(day)s.")
                % {"day": _day(local_day(application.received_at))},
                _("U krijgt ons besluit uiterlijk op %(day)s.") % {"day": _day(application.due_on)},
                _("Nog een keer verlengen mag niet."),
            ],
        ),
        _part(_("Waarom het langer duurt"), application.extension_reason.splitlines()),
    ]
    return {**letter.frame(_("Ons besluit duurt langer"), local_day(at)), "parts": parts}


def residence_letter(letter: Letter, residence: Residence, at: datetime) -> dict[str, object]:
    """The answer to another municipality: who is responsible and by which rule; no more about the child."""
    rule = next(one for one in RULES if one.number == residence.rule)
    ours = residence.ours
    answer = (
        _("Wij zijn verantwoordelijk voor de jeugdhulp aan %(child)s.") % {"child": letter.child}
        if ours
        else _("Volgens ons is de gemeente %(name)s verantwoordelijk voor de jeugdhulp aan %(child)s.")
        % {"name": residence.other, "child": letter.child}
    )
    parts = [
        _part(
            "",
            [_("U vroeg op %(day)s wie verantwoordelijk is.") % {"day": _day(residence.asked_on)}, answer],
        ),
        _part(
            _("Waarom"),
            [_(rule.reason), _("Dit volgt uit %(source)s.") % {"source": rule.source}],
        ),
        _part(
            _("Wat dit betekent"),
            [
                _(
                    "De hulp wacht hier niet op. Wie nu betaalt, betaalt door, en wij verrekenen onderling "
                    "(Jeugdwet art. 8.2.1)."
                )
            ],
        ),
    ]
    title = _("Welke gemeente is verantwoordelijk?")
    return {**letter.frame(title, local_day(at)), "parts": parts}


def _part(title: str, lines: Iterable[str]) -> dict[str, object]:
    return {"title": title, "lines": [line.strip() for line in lines if line.strip()]}


def _asked(application: Application) -> str:
    day = _day(local_day(application.received_at))
    if application.wants_pgb:
        return _("Op %(day)s vroeg u een besluit over hulp, met een pgb.") % {"day": day}
    return _("Op %(day)s vroeg u een besluit over hulp.") % {"day": day}


def _verdict(decision: Decision) -> str:
    return {
        Verdict.GRANTED: _("Wij kennen de hulp toe die u vroeg."),
        Verdict.PARTLY: _("Wij kennen een deel toe van de hulp die u vroeg."),
        Verdict.REFUSED: _("Wij kennen de hulp die u vroeg niet toe."),
    }[Verdict(decision.verdict)]


def _pgb(decision: Decision) -> Iterator[str]:
    if decision.pgb is not None:
        yield _("U krijgt hiervoor een pgb.") if decision.pgb else _("U krijgt hiervoor geen pgb.")


def _objection(letter: Letter, decision: Decision) -> Iterator[str]:
    """How to object: to whom, until when, and what must be in it (Awb art. 3:45, 6:5, 6:7 and 6:8).

    A term ends on a working day (Algemene termijnenwet art. 1).
    """
    yield _("Dan kunt u bezwaar maken. Dat kost niets. Het kan tot en met %(day)s.") % {
        "day": _day(decision.objection_by)
    }
    yield _("Dat is %(weeks)d weken na de dag van deze brief.") % {"weeks": OBJECTION_WEEKS}
    if decision.objection_by > local_day(decision.at) + timedelta(weeks=OBJECTION_WEEKS):
        yield _("Die dag is geen werkdag. Daarom telt de eerste werkdag daarna.")
    where = ", ".join(filter(None, (letter.board, letter.post)))
    yield _("Stuur uw bezwaar aan: %(where)s.") % {"where": where}
    yield _(
        "Zet erin: uw naam en adres, de datum, en over welk besluit het gaat (noem het kenmerk). "
        "Schrijf op waarom u het er niet mee eens bent. Zet uw handtekening eronder."
    )
    yield _(
        "Kunt u niet wachten? Dan kunt u de rechter vragen om een voorlopige voorziening. Dat kan als u ook "
        "bezwaar maakt."
    )
    yield _("U mag iemand vragen om u te helpen. Een onafhankelijke cliëntondersteuner is gratis.")


def _full(member: FamilyMember) -> str:
    return f"{member.first_name} {member.last_name}".strip()


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _moment(at: datetime) -> str:
    return date_format(at.astimezone(AMSTERDAM), "j F Y, H:i")
