"""Half a year ago: a first, small question of most families, answered at the doctor's practice and done."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hendig.demo import helping, steps
from hendig.demo.helping import Click, End, Rhythm
from hendig.demo.steps import Case, ChildData
from hendig.demo.town import Town
from hendig.demo.words import BEFORE, NOW, Said
from hendig.families.models import MemberKind

# Ten families, ten times of the day: the one who helps them sees one at a time.
TIMES = ("08:30", "09:20", "10:10", "11:00", "11:50", "13:00", "13:50", "14:40", "15:30", "16:20")

# How useful each found it, and whether more help is needed (national outcome indicator 3.1).
ANSWERS = (
    (8, "03"),
    (7, "03"),
    (9, "04"),
    (8, "03"),
    (6, "02"),
    (8, "04"),
    (9, "03"),
    (7, "02"),
    (10, "04"),
    (8, "03"),
)


@dataclass(frozen=True, slots=True)
class Adult:
    """Another adult of the family."""

    key: str
    first_name: str
    last_name: str
    kind: MemberKind = MemberKind.PARENT
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """Who belongs to a family; `says_yes` are those whose yes help needs."""

    asker: str
    first_name: str
    surname: str
    coach: str
    child: str
    age: int
    says_yes: Sequence[str]
    adults: Sequence[Adult] = ()
    born_days_ago: int = 200
    own_way_in: str = ""
    is_asker: bool = False


def first_question(town: Town, family: Family, place: int) -> Generator[datetime, None, Case]:
    """The family asked, was helped three times, ended it, and said how useful it was."""
    begins = -178 + place
    said = BEFORE[family.asker]
    yield town.on(begins, f"{18 + place % 4}:{10 + 4 * place}", weekend=True)
    case = steps.ask(
        town, asker=family.asker, first_name=family.first_name, coach=family.coach, words=said.words
    )
    yield town.on(begins + 1, f"09:{10 + 4 * place}")
    steps.take_up(town, case)
    yield town.on(begins + 4, f"14:{10 + 4 * place}")
    _who_is_who(town, family, case, said)
    click = Click("annelies", "H1", "Even samen meedenken, bij de huisarts.", family.says_yes)
    rhythm = Rhythm(
        town.on(begins + 15, TIMES[place]), 3, "Spreekuur bij de huisarts", family.says_yes[0], 45
    )
    yield from helping.helped(town, case, click, begins + 7, rhythm)
    how = End(
        "01",
        "Het gesprek hielp om er anders naar te kijken.",
        "Bel gerust het spreekuur bij de huisarts.",
        tuple((who, *ANSWERS[place]) for who in family.says_yes[:1]),
    )
    yield from helping.end(town, case, how, begins + 36)
    return case


def next_question(
    town: Town, family: Family, before: Case, days: int, *, take_up: bool = True
) -> Generator[datetime, None, Case]:
    """The family asks again; the coach takes it up the next day and talks with them three days later."""
    said = NOW[family.asker]
    yield town.on(days, "20:17", weekend=True)
    case = steps.ask(
        town, asker=family.asker, first_name=family.first_name, coach=family.coach, words=said.words
    )
    case.members |= before.members
    case.child_id = before.child_id
    case.alone = family.own_way_in if family.age >= 16 else ""
    yield town.on(days + 1, "08:50")
    steps.take_up(town, case)
    if not take_up:
        return case
    yield town.on(days + 4, "15:15")
    child = ChildData(family.child, _born(town, family))
    steps.talk(
        town, case, note=said.note, result=said.result, child=child, is_asker=family.is_asker, decides=False
    )
    return case


def _who_is_who(town: Town, family: Family, case: Case, said: Said) -> None:
    steps.talk(
        town,
        case,
        note=said.note,
        result=said.result,
        surname=family.surname,
        child=ChildData(family.child, _born(town, family)),
        is_asker=family.is_asker,
    )
    for adult in family.adults:
        steps.add_parent(
            town, case, adult.key, adult.first_name, adult.last_name, kind=adult.kind, decides=adult.decides
        )
    deciding = [adult.key for adult in family.adults if adult.decides]
    if not family.is_asker:
        steps.look_up_authority(town, case, family.asker, *deciding)
    if family.own_way_in:
        steps.own_way_in(town, case, family.own_way_in)


def _born(town: Town, family: Family) -> date:
    return town.born(family.age, family.born_days_ago)
