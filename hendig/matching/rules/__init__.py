"""Who must say yes and why, and why a talk, an answer, an exception or a match cannot be now. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.families.models import FamilyMember, MeasureKind, MemberKind
from hendig.families.rules.sharing import TOLD_BEFORE, YES_LASTS
from hendig.helprequests.models import Stage, WaitingOn, may_move
from hendig.kernel.actor import Actor
from hendig.kernel.ages import Band, age_on
from hendig.kernel.consent import Deciders, Exception12, Instead, Standing, deciders, standing
from hendig.kernel.periods import begins, is_over, local_day
from hendig.kernel.refusal import Refusal, Words
from hendig.matching.models import MOVES, Match, MatchTalk, TalkStage
from hendig.people.models import Account

WORD = re.compile(r"[^\W_]+")

# A weekend fits in, and nobody is asked twice in one week.
REMIND_AFTER = timedelta(days=5)
# Two weeks after the talk was opened: longer than that no family should wait without the coach looking.
STALLED_AFTER = timedelta(days=9)


class Seat(StrEnum):
    """In what part somebody sits at the talk."""

    CHILD = "child"
    PARENT = "parent"
    COACH = "coach"
    PROFESSIONAL = "professional"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the talk: a member of the family by the member's id, who works here by the account's."""

    id: UUID
    name: str
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class Table:
    """Everyone who may have a say over one talk, and what each said so far."""

    child: Person
    born_on: date
    holders: tuple[Person, ...]
    coach: Person
    professional: Person
    answers: Mapping[UUID, bool]
    exception: Exception12 | None = None
    # Which of those with authority is a guardian, who decides in the place of parents.
    guards: frozenset[UUID] = frozenset()
    instead: Instead | None = None
    # Whether this help carries out a measure, of which kind, and until when such a one stands.
    by_measure: bool = False
    measure_kind: str = MeasureKind.SUPERVISION
    measured_until: datetime | None = None
    # Whether the help is there already, and the question is whether it stays so.
    anew: bool = False

    def deciders(self, on: date) -> Deciders:
        holders = [holder.id for holder in self.holders]
        return deciders(
            self.born_on,
            on,
            holders,
            self.instead,
            by_measure=self.lapses_on is not None,
            past_18=self.measure_kind == MeasureKind.PROBATION,
        )

    @property
    def lapses_on(self) -> date | None:
        """The last day of the measure that this help carries out; None when it needs a yes of the family."""
        if not self.by_measure or self.measured_until is None:
            return None
        return local_day(self.measured_until - timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Needed:
    """Somebody whose yes is needed, and why in one sentence."""

    person: Person
    seat: Seat
    sentence: Words


def table_of(talk: MatchTalk) -> Table:
    """The table of a talk that was loaded with `seated()`: no query."""
    if talk.child.born_on is None or talk.request.coach is None:
        raise ValueError("a talk has a child with a birth date and a coach")
    authority = talk.child.authority_standing  # type: ignore[attr-defined]
    answers = zip(talk.said_by, talk.said, strict=True)  # type: ignore[attr-defined]
    instead = talk.instead  # type: ignore[attr-defined]
    return Table(
        child=_member(talk.child),
        born_on=talk.child.born_on,
        holders=tuple({row.holder_id: _member(row.holder) for row in authority}.values()),
        guards=frozenset(row.holder_id for row in authority if row.holder.kind == MemberKind.GUARDIAN),
        coach=_worker(talk.request.coach),
        professional=_worker(talk.professional.account),
        answers=dict(answers),
        exception=Exception12(talk.exception) if talk.exception else None,
        instead=Instead(instead) if instead else None,
        by_measure=talk.by_measure,
        measure_kind=talk.measure_kind,
        measured_until=talk.measured_until,  # type: ignore[attr-defined]
        anew=talk.renews_id is not None,
    )


def who_must_say_yes(table: Table, on: date) -> tuple[Needed, ...]:
    """Each person whose yes is needed on the day `on`, and why: youth, parents, those who work here."""
    who = table.deciders(on)
    family = [Needed(table.child, Seat.CHILD, _why_youth(table, who.band, on))] if who.youth else []
    if not excused(table, on):
        why = _why_instead if who.instead else _why_parent
        family += [
            Needed(one, Seat.PARENT, why(table, one)) for one in table.holders if one.id in who.parents
        ]
    helps = _("{name} helpt en kiest zelf ook") if table.anew else _("{name} gaat helpen en kiest zelf ook")
    family.append(Needed(table.professional, Seat.PROFESSIONAL, _of(helps, table.professional)))
    if table.anew:
        return tuple(family)
    fits = _of(_("{name} is de gezinscoach en kijkt of het past"), table.coach)
    return (*family, Needed(table.coach, Seat.COACH, fits))


def excused(table: Table, on: date) -> bool:
    """Whether help may start today without the yes of a parent: for a youth of 12–15 who says yes."""
    from_12 = table.deciders(on).band is Band.FROM_12
    return from_12 and table.exception is not None and table.answers.get(table.child.id) is True


def authority_unknown(table: Table, on: date) -> bool:
    """Whether somebody must decide for the child, and nobody knows who."""
    who = table.deciders(on)
    return who.asks_parents and not who.parents and not excused(table, on)


def family_stands(table: Table, on: date) -> Standing:
    """What the answers of child and parents add up to on the day `on`."""
    return standing(table.deciders(on), table.child.id, table.answers, table.exception)


def stands(table: Table, on: date) -> Standing:
    """What all answers together add up to on the day `on`."""
    working = [table.answers.get(one.id) for one in _working(table)]
    family = family_stands(table, on)
    if family is Standing.REFUSED or False in working:
        return Standing.REFUSED
    return Standing.AGREED if family is Standing.AGREED and all(working) else Standing.WAITING


def _working(table: Table) -> tuple[Person, ...]:
    """Who works here and says yes too. Whether help fits the coach says once, and may end it any day."""
    return (table.professional,) if table.anew else (table.coach, table.professional)


def waits_on(table: Table, on: date) -> WaitingOn:
    """On whom the question waits while the talk is open: the family first, then who helps, then the coach."""
    if stands(table, on) is Standing.REFUSED or authority_unknown(table, on):
        return WaitingOn.COACH
    if family_stands(table, on) is Standing.WAITING:
        return WaitingOn.FAMILY
    return WaitingOn.COACH if table.answers.get(table.professional.id) else WaitingOn.PROFESSIONAL


def seat_of(table: Table, actor: Actor) -> Person | None:
    """As whom the actor sits at this talk; None for everyone who does not."""
    for person in (table.child, *table.holders, table.coach, table.professional):
        if person.account_id is not None and person.account_id == actor.account_id:
            return person
    return None


def why_no_answer(table: Table, me: Person | None, *, stage: str, on: date) -> Refusal | None:
    """Why this person cannot say whether it clicks."""
    if stage == TalkStage.MATCHED:
        return Refusal("answer.matched", _("Er is al een match. Wilt u stoppen met de hulp? Dat kan altijd."))
    if stage != TalkStage.OPEN and table.anew:
        return Refusal("answer.over", _("Deze vraag is voorbij. Wilt u stoppen met de hulp? Dat kan altijd."))
    if stage != TalkStage.OPEN:
        return Refusal("answer.closed", _("Dit gesprek is voorbij. We zoeken samen verder."))
    who = table.deciders(on)
    asked = who.may_answer(table.child.id) | {one.id for one in _working(table)}
    if me is not None and me.id in asked:
        return None
    return _why_not_asked(table, who)


def _why_not_asked(table: Table, who: Deciders) -> Refusal:
    """Why somebody at this table is not one whose yes is needed."""
    if who.by_measure:
        words = _(
            "Bij deze hulp is geen ja nodig: wie de maatregel uitvoert, besloot dit. "
            "Wat u ervan vindt telt wel. Zeg het tegen {name}, of tegen wie de maatregel uitvoert."
        )
        return Refusal("answer.by_measure", _of(words, table.coach))
    if who.band in {Band.FROM_16, Band.ADULT}:
        return Refusal("answer.not_needed", _of(_("{name} is 16 of ouder en beslist zelf."), table.child))
    return Refusal("answer.not_needed", _("Uw ja is hier niet nodig. Wie gezag heeft, beslist."))


def why_no_match(table: Table, *, stage: str, request_stage: str, room: int, on: date) -> Refusal | None:
    """Why there is no match now, judged on the day `on`. `room` is the number of families that still fit."""
    if TalkStage.MATCHED not in MOVES[TalkStage(stage)]:
        return Refusal("match.closed", _("Dit gesprek is voorbij. We zoeken samen verder."))
    return _why_no_agreement(table, on) or _why_no_place(table, request_stage, room)


def _why_no_agreement(table: Table, on: date) -> Refusal | None:
    if authority_unknown(table, on):
        return Refusal(
            "match.no_authority",
            _of(_("We weten nog niet wie gezag heeft. {name} legt dat eerst vast."), table.coach),
        )
    so_far = stands(table, on)
    if so_far is Standing.REFUSED:
        return Refusal("match.no_click", _("Geen klik – we zoeken verder."))
    if so_far is Standing.WAITING:
        return Refusal("match.waiting", _("Nog niet iedereen heeft ja gezegd."))
    return None


def _why_no_place(table: Table, request_stage: str, room: int) -> Refusal | None:
    if request_stage != Stage.HELP and not may_move(request_stage, Stage.HELP):
        return Refusal(
            "match.other_stage", _("De vraag is nu bij een andere stap. Begin daar een nieuw gesprek.")
        )
    if room <= 0:
        return Refusal(
            "match.full", _of(_("{name} heeft nu geen plek meer. Ieders ja is bewaard."), table.professional)
        )
    return None


def why_no_talk(
    *,
    is_child: bool,
    born_on: date | None,
    room: int,
    already_open: bool,
    already_helps: bool,
    own_family: bool,
    request_stage: str,
) -> Refusal | None:
    """Why a family and a professional cannot be brought together for a talk now."""
    if not is_child:
        return Refusal("talk.not_a_child", _("Kies eerst om welk kind het gaat."))
    if born_on is None:
        return Refusal(
            "talk.no_birth_date", _("Vul eerst de geboortedatum van het kind in. Die bepaalt wie beslist.")
        )
    return why_not_that_far(request_stage) or why_not_chosen(
        room=room, already_open=already_open, already_helps=already_helps, own_family=own_family
    )


def why_not_that_far(request_stage: str) -> Refusal | None:
    """Why a question in this stage is not looking for somebody who helps."""
    if request_stage == Stage.MATCH or may_move(request_stage, Stage.MATCH):
        return None
    return Refusal(
        "talk.not_that_far", _("Deze vraag is nog niet zo ver, of al klaar. Spreek eerst het gezin.")
    )


def why_not_chosen(*, room: int, already_open: bool, already_helps: bool, own_family: bool) -> Refusal | None:
    """Why this professional cannot be chosen for this family now."""
    if own_family:
        return Refusal("talk.own_family", _("Hoort bij dit gezin. Kies iemand anders."))
    if already_open:
        return Refusal("talk.already_open", _("Met deze beroepskracht loopt al een matchgesprek."))
    if already_helps:
        return Refusal("talk.already_helps", _("Helpt dit kind al. Kies iemand anders, of een ander kind."))
    if room <= 0:
        return Refusal("talk.full", _("Heeft nu geen plek voor een nieuw gezin. Kies iemand anders."))
    return None


def why_no_successor(*, room: int, himself: bool, closed: bool) -> Refusal | None:
    """Why this professional cannot be proposed for one case. Why it is closed is not the office's to know."""
    if himself or closed:
        return Refusal("successor.closed", _("kan hier niet helpen"))
    if room <= 0:
        return Refusal("successor.full", _("heeft dan geen plek"))
    return None


def why_no_exception(table: Table, *, stage: str, on: date) -> Refusal | None:
    """Why an exception of the law (Jeugdwet art. 7.3.4 lid 2) cannot be recorded now."""
    if stage != TalkStage.OPEN:
        return Refusal("exception.closed", _("Dit gesprek is voorbij."))
    if table.deciders(on).band is not Band.FROM_12:
        return Refusal(
            "exception.age", _("Deze uitzondering is er alleen voor jongeren van 12 tot en met 15 jaar.")
        )
    if table.exception is not None:
        return Refusal("exception.there", _("De uitzondering is al vastgelegd."))
    if table.lapses_on is None and table.answers.get(table.child.id) is not True:
        return Refusal("exception.youth_first", _of(_("Eerst zegt {name} zelf ja."), table.child))
    all_say_yes = table.holders and all(table.answers.get(one.id) for one in table.holders)
    if table.lapses_on is not None or all_say_yes:
        return Refusal(
            "exception.not_needed", _("Een uitzondering is niet nodig: niemand hoeft nog ja te zeggen.")
        )
    return None


def why_no_search(*, stage: str, anew: bool = False) -> Refusal | None:
    """Why a talk cannot be left to look for somebody else."""
    if anew:
        return Refusal(
            "talk.anew",
            _("Deze vraag blijft staan zolang de hulp loopt. Moet de hulp stoppen, kies dan dat."),
        )
    if TalkStage.NO_CLICK not in MOVES[TalkStage(stage)]:
        return Refusal("talk.closed", _("Dit gesprek is al voorbij."))
    return None


def silent(table: Table, on: date) -> tuple[Person, ...]:
    """Whose yes is needed on the day `on` and who said neither yes nor no."""
    return tuple(one.person for one in who_must_say_yes(table, on) if one.person.id not in table.answers)


def why_no_reminder(
    *, stage: str, opened_at: datetime, reminded_at: datetime | None, at: datetime
) -> Refusal | None:
    """Why who is silent is not reminded now: a talk is brought back to mind once, and not at once."""
    if stage != TalkStage.OPEN:
        return Refusal("talk.closed", _("Dit gesprek is al voorbij."))
    if reminded_at is not None or at < opened_at + REMIND_AFTER:
        return Refusal("talk.no_reminder", _("Een herinnering gaat één keer uit, na vijf dagen."))
    return None


def why_not_stalled(
    *, stage: str, reminded_at: datetime | None, stalled_at: datetime | None, at: datetime
) -> Refusal | None:
    """Why a talk does not count as lying still."""
    if stage != TalkStage.OPEN:
        return Refusal("talk.closed", _("Dit gesprek is al voorbij."))
    if stalled_at is not None or reminded_at is None or at < reminded_at + STALLED_AFTER:
        return Refusal("talk.not_stalled", _("Dit gesprek ligt niet stil."))
    return None


def may_end(match: Match, table: Table, actor: Actor, on: date) -> bool:
    """Whether it is up to the actor to end this help: who decides for the child, the coach, who helps."""
    me = seat_of(table, actor)
    if me is None:
        return False
    asked = table.deciders(on).may_answer(table.child.id)
    return me.id in asked | {table.coach.id} or match.professional_id == actor.professional_id


def why_no_end(match: Match, *, ends_on: date, mine: bool, on: date) -> Refusal | None:
    """Why this help cannot be ended on that day."""
    if not mine:
        return Refusal(
            "match.not_yours_to_end", _("Wie beslist over de hulp, kan de hulp stoppen. Vraag de coach.")
        )
    if match.ends_on is not None and match.ends_on <= on:
        return Refusal("match.ended", _("Deze hulp is al gestopt."))
    if ends_on < on or ends_on < match.starts_on:
        return Refusal("match.ends_too_early", _("Kies vandaag of een dag daarna."))
    return None


def sees_until(said_on: date, ends_on: date | None) -> datetime:
    """Until when a yes of that day lets who helps see along: a year at most, and never after the help."""
    year = begins(said_on + YES_LASTS)
    return year if ends_on is None else min(year, is_over(ends_on))


def why_not_asked_anew(
    *, until_at: datetime | None, ends_on: date | None, lapses_on: date | None, asked: bool, at: datetime
) -> Refusal | None:
    """Why it is not asked now whether help goes on; `until_at` is when who helps loses sight, if at all.

    Help that lapses with a measure of the court can go on by the yes of the family, so that is asked.
    """
    ends_on = None if ends_on == lapses_on else ends_on
    if asked:
        return Refusal("anew.asked", _("Dit is al gevraagd."))
    if until_at is None or until_at > at + TOLD_BEFORE:
        return Refusal("anew.too_early", _("Dit wordt een maand van tevoren gevraagd."))
    if ends_on is not None and is_over(ends_on) <= max(until_at, at):
        return Refusal("anew.ends", _("Deze hulp stopt vanzelf."))
    return None


def why_not_anew(table: Table, *, ends_on: date | None, on: date) -> Refusal | None:
    """Why who helps does not see along for another year: the same yes is needed as at the match."""
    if ends_on is not None and ends_on < on:
        return Refusal("anew.ended", _("Deze hulp is al gestopt."))
    return _why_no_agreement(table, on)


def ends_anew(match: Match, lapses_on: date | None) -> date | None:
    """The last day of help that goes on: the one somebody chose, and never beyond the measure it rests on."""
    chosen = None if match.ends_on == match.lapses_on else match.ends_on
    return min((day for day in (chosen, lapses_on) if day is not None), default=None)


def why_sight_is_not_over(*, stage: str, sees_until: datetime | None, at: datetime) -> Refusal | None:
    """Why nobody is told that who helps lost sight: all said yes in time, or there is time left."""
    if stage != TalkStage.OPEN or sees_until is None or sees_until > at:
        return Refusal("anew.sees", _("Wie helpt kijkt nog mee."))
    return None


def room_left(families_max: int, families: int) -> int:
    """For how many more families there is a place."""
    return max(0, families_max - families)


def sensible(codes: Collection[UUID], last: UUID | None) -> UUID | None:
    """The code to preselect: the one that was chosen last, else the first."""
    return last if last in codes else next(iter(codes), None)


def is_child(member: FamilyMember) -> bool:
    return member.kind == MemberKind.CHILD


def _member(member: FamilyMember) -> Person:
    return Person(member.pk, member.first_name, member.account_id)


def _worker(account: Account) -> Person:
    return Person(account.pk, account.first_name, account.pk)


def _of(sentence: Words, person: Person) -> Words:
    return format_lazy(sentence, name=person.name)  # type: ignore[arg-type]  # lazy words are words


def _why_youth(table: Table, band: Band, on: date) -> Words:
    words = (
        _("{name} is {age}: vanaf 12 jaar beslist een jongere mee")
        if band is Band.FROM_12
        else _("{name} is {age}: vanaf 16 jaar beslist een jongere zelf")
    )
    return format_lazy(words, name=table.child.name, age=age_on(table.born_on, on))


def _why_parent(table: Table, holder: Person) -> Words:
    if holder.id in table.guards:
        return _of(_("{name} is voogd en beslist in de plaats van ouders"), holder)
    return _of(_("{name} heeft gezag: een ja van {name} is nodig"), holder)


def _why_instead(table: Table, holder: Person) -> Words:
    """Two professionals held that the youth cannot decide, and those with authority do so until a day."""
    words = _("{holder} heeft gezag en beslist nu voor {name}, die wel nee mag zeggen")
    if table.instead is Instead.DESPITE_NO:
        words = _("{holder} heeft gezag en beslist nu voor {name}, om ernstig nadeel te voorkomen")
    return format_lazy(words, holder=holder.name, name=table.child.name)


def meant_by(who: str, names: Mapping[UUID, tuple[str, str]], *, there: Collection[UUID]) -> frozenset[UUID]:
    """Which people a direction means by what was written as who: by both names, else by the first name.

    Of some with one first name it is who was at the table. Where nobody is written it is the only one who was
    there, if there was one; where somebody else is written it is none of them.
    """
    said = _spaced(who)
    both = {key for key, name in names.items() if _spaced(" ".join(name)) in said}
    first = {key for key, name in names.items() if _spaced(name[0]) in said}
    if said.strip():
        return frozenset(both or first & set(there) or first)
    return frozenset(there if len(there) == 1 else ())


def _spaced(text: str) -> str:
    """The words of a text between spaces, whatever stood between them."""
    return f" {' '.join(WORD.findall(text.casefold()))} "
