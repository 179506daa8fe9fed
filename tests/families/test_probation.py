"""Juvenile probation: beside supervision, for a youth, and told to nobody who does not read that record."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.actions.supervision import (
    end_probation,
    end_supervision,
    join_probation,
    join_supervisor,
)
from hendig.families.models import (
    Compartment,
    Court,
    FamilyMember,
    Ground,
    Involvement,
    Measure,
    MeasureKind,
    MemberKind,
    Part,
    opened,
)
from hendig.families.rules import supervision as rules
from hendig.families.rules.supervision import Ruling
from hendig.kernel.periods import begins
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching.actions import measure
from hendig.matching.models import Match, MatchTalk
from hendig.people import actions as people
from hendig.people.models import Notice
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.world import World

RULED, LAST = date(2026, 10, 28), date(2028, 4, 27)
MIDNIGHT = begins(LAST + timedelta(days=1))
# Sixteen: a parent sees along only when the youth says so, and this one does not.
SIXTEEN = date(2010, 5, 4)
TYPED = {"who": "youssef", "court": "prosecutor", "ruled_on": "2026-10-28", "until_on": "2028-04-27"}


@pytest.fixture(autouse=True)
def _the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 16, who lets no parent see along, and her brother Bas of 13, who reads of the own record."""
    found = household(world, born_on=SIXTEEN, agrees=False)
    ellen = world.actor("ellen")
    bas = families.add_child(
        actor=ellen, family_id=found.family_id, first_name="Bas", born_on=date(2013, 3, 4), at=world.at
    )
    families.give_youth_account(actor=ellen, member_id=bas.pk, email="bas@gezin.example", at=world.at)
    return found


def joins(world: World, house: Household, by: str = "ellen", **more: Any) -> Involvement:
    given: dict[str, Any] = {"child_id": house.child.pk, "account_id": world.account("youssef").pk}
    given |= {"court": Court.PROSECUTOR, "ruled_on": RULED, "until_on": LAST, "at": world.at}
    return join_probation(actor=world.actor(by), **given | more)


def supervised(world: World, house: Household, who: str = "youssef", **more: Any) -> Involvement:
    given: dict[str, Any] = {"court": Court.LIMBURG, "ruled_on": RULED, "until_on": date(2027, 4, 27)}
    return join_supervisor(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        account_id=world.account(who).pk,
        at=world.at,
        **given | more,
    )


def kinds(world: World, name: str, house: Household, at: datetime | None = None) -> list[str]:
    """The kinds of compartments of Noor's record that the gate opens to this person."""
    asked = world.at if at is None else at
    rows = Compartment.objects.filter(
        record=record_of(house, "Noor"), pk__in=opened("compartment_id", world.actor(name), asked)
    )
    return sorted(rows.values_list("kind", flat=True))


def carry_out(world: World, talk: MatchTalk, kind: MeasureKind, by: str = "youssef") -> None:
    measure.carry_out(actor=world.actor(by), talk_id=talk.pk, kind=kind, at=world.at)


def page(world: World, name: str, key: UUID | None = None, by: str = "ellen") -> str:
    answer = world.client(by).get(reverse(name, args=[key] if key else []), follow=True)
    assert answer.status_code == 200, (by, name)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def post(world: World, name: str, key: UUID, by: str = "ellen", **typed: str) -> Any:
    return world.client(by).post(reverse(name, args=[key]), {"_key": str(uuid4()), **typed})


def told(world: World, code: str) -> set[str]:
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


# --- rules ---

ON = date(2026, 11, 2)
FROM_12 = date(2013, 5, 4)


@pytest.mark.parametrize(
    ("born_on", "ruled_on", "until_on", "refusal"),
    [
        (FROM_12, RULED, LAST, None),
        (date(2014, 10, 28), RULED, LAST, None),
        (date(2014, 10, 29), RULED, LAST, "probation.under_12"),
        (FROM_12, RULED, ON + timedelta(days=731), None),
        (FROM_12, RULED, ON + timedelta(days=732), "probation.too_long"),
        (FROM_12, RULED, ON - timedelta(days=1), "supervision.over"),
        (FROM_12, ON + timedelta(days=1), LAST, "supervision.not_ruled"),
        # It goes on after 18, and stops where youth criminal law does.
        (date(2008, 1, 5), RULED, LAST, None),
        (date(2005, 4, 28), RULED, LAST, None),
        (date(2005, 4, 27), RULED, LAST, "probation.past_23"),
    ],
)
def test_it_begins_from_12_lasts_two_years_at_most_and_goes_on_after_18(
    born_on: date, ruled_on: date, until_on: date, refusal: str | None
) -> None:
    child = FamilyMember(kind=MemberKind.CHILD, born_on=born_on)
    no = rules.why_not_ruled(child, Ruling(MeasureKind.PROBATION, Court.APPEAL, ruled_on, until_on), ON)
    assert (no.code if no else None) == refusal


def test_a_prosecutor_imposes_probation_and_never_supervision(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        supervised(world, house, court=Court.PROSECUTOR)
    assert no.value.refusal.code == "supervision.by_a_court"
    assert joins(world, house).ground == Ground.COURT


@pytest.mark.parametrize(("by", "error"), [("bram", NotVisible), ("youssef", Forbidden), ("noor", Forbidden)])
def test_only_the_coach_of_the_family_lets_one_in_and_out(
    world: World, house: Household, by: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        joins(world, house, by=by)
    row = joins(world, house)
    out: dict[str, Any] = {"record_id": row.record_id, "account_id": row.account_id, "at": world.at}
    with pytest.raises(error):
        end_probation(actor=world.actor(by), **out)
    end_probation(actor=world.actor("ellen"), **out)
    assert kinds(world, "youssef", house) == []
    assert Measure.objects.standing(world.at).filter(kind=MeasureKind.PROBATION).exists()
    with pytest.raises(NotVisible):
        end_probation(actor=world.actor("ellen"), **out)


def test_nobody_of_the_family_and_nobody_from_elsewhere_carries_it_out(
    world: World, house: Household
) -> None:
    for who, code in (
        ("noor", "supervision.own_family"),
        ("ellen", "supervision.yourself"),
        ("henk", "supervision.does_not_work_here"),
    ):
        with pytest.raises(Refused) as no:
            joins(world, house, account_id=world.account(who).pk)
        assert no.value.refusal.code == code


# --- what it opens, and until when ---


def test_who_carries_it_out_sees_what_is_shared_and_nothing_about_safety_until_the_last_day(
    world: World, house: Household
) -> None:
    row = joins(world, house)
    assert kinds(world, "youssef", house) == ["shared"]
    # Nor when somebody wrote down more: the part is never for it (N11).
    with change(world.system, "family.probation_joined", at=world.at) as act:
        row.kinds = ["address", "child", "safety", "shared"]
        row.save()
        act.record(row)
    assert kinds(world, "youssef", house) == ["shared"]
    # She is 18 by then, and it goes on as it was imposed.
    assert kinds(world, "youssef", house, MIDNIGHT - timedelta(microseconds=1)) == ["shared"]
    assert kinds(world, "youssef", house, MIDNIGHT) == []


def test_the_youth_reads_it_and_no_parent_or_brother_who_does_not_see_that_record(
    world: World, house: Household
) -> None:
    others = ("sanne", "mark", "bas")

    def shown() -> list[str]:
        pages = [page(world, "my_family", by=who) for who in others]
        return [
            *pages,
            page(world, "who_may", house.family_id, "bas"),
            page(world, "who_looked", house.family_id, "bas"),
        ]

    shown()
    before = shown()
    joins(world, house)
    assert told(world, "family.probation_joined") == {"Noor", "Youssef"}
    assert shown() == before
    for who in others:
        with reading(world.actor(who), world.at):
            assert not Involvement.objects.filter(part=Part.PROBATION).exists(), who
            assert not Measure.objects.exists(), who
        rows = Involvement.objects.visible_to(world.actor(who), at=world.at)
        assert not rows.filter(part=Part.PROBATION).exists(), who
    with reading(world.actor("noor"), world.at):
        assert Involvement.objects.filter(part=Part.PROBATION).exists()
    may = page(world, "who_may", house.family_id, "noor")
    assert "Youssef (jeugdreclasseerder) ziet wat we samen weten." in may
    assert "De rechter of de officier van justitie heeft dat besloten." in may
    assert "Het besluit is van 28 oktober 2026." in may
    assert "een jeugdreclasseerder meedoet" in page(world, "who_looked", house.family_id, "noor")


# --- beside supervision, and what rests on it ---


@built_once
def both(world: World, house: Household) -> Match:
    """Youssef carries out both; Anouk helps by the probation, and nobody of the family was asked."""
    supervised(world, house)
    joins(world, house)
    talk = open_talk(world, house)
    carry_out(world, talk, MeasureKind.PROBATION)
    made = say(world, talk, "ellen", "anouk").match
    assert made is not None
    return made


def test_each_kind_stands_by_itself_and_help_rests_on_the_one_it_carries_out(
    world: World, house: Household, both: Match
) -> None:
    assert (both.ends_on, both.lapses_on, both.measure_kind) == (LAST, LAST, "probation")
    assert kinds(world, "youssef", house) == ["safety", "shared"]
    over: dict[str, Any] = {"record_id": record_of(house, "Noor"), "at": world.at}
    measure.end_measure(actor=world.actor("ellen"), kind=MeasureKind.SUPERVISION, **over)
    both.refresh_from_db()
    assert (both.ends_on, kinds(world, "youssef", house)) == (LAST, ["shared"])
    assert kinds(world, "anouk", house) == ["shared"]
    measure.end_measure(actor=world.actor("ellen"), kind=MeasureKind.PROBATION, **over)
    assert told(world, "match.probation_over") == {"Noor"}
    both.refresh_from_db()
    assert both.ends_on == world.at.date()
    assert (kinds(world, "youssef", house), kinds(world, "anouk", house)) == ([], [])
    with pytest.raises(NotVisible):
        measure.end_measure(actor=world.actor("ellen"), kind=MeasureKind.PROBATION, **over)


def test_nobody_decides_it_by_a_measure_that_they_do_not_carry_out(world: World, house: Household) -> None:
    supervised(world, house)
    joins(world, house, account_id=world.account("anouk").pk)
    talk = open_talk(world, house, "youssef")
    for who, kind, code in (
        ("anouk", MeasureKind.SUPERVISION, "measure.not_supervising"),
        ("youssef", MeasureKind.PROBATION, "measure.not_supervising"),
        ("youssef", MeasureKind.SUPERVISION, "measure.helps_too"),
    ):
        with pytest.raises(Refused) as no:
            carry_out(world, talk, kind, who)
        assert no.value.refusal.code == code
    carry_out(world, talk, MeasureKind.PROBATION, "anouk")
    with pytest.raises(Refused) as no:
        say(world, talk, "noor")
    assert no.value.refusal.code == "answer.by_measure"


def test_from_18_on_it_still_needs_no_yes_as_long_as_it_lasts(world: World, house: Household) -> None:
    joins(world, house)
    talk = open_talk(world, house)
    carry_out(world, talk, MeasureKind.PROBATION)
    world.at = datetime.combine(date(2028, 4, 20), world.at.timetz())
    with pytest.raises(Refused) as no:
        say(world, talk, "noor")
    assert no.value.refusal.code == "answer.by_measure"


# --- the pages ---


def test_by_the_pages_it_is_written_down_decided_and_ended(world: World, house: Household) -> None:
    assert "Een jeugdreclasseerder doet mee" in page(world, "persons", house.family_id)
    account = str(world.account("youssef").pk)
    asked = post(world, "add_probation", house.child.pk, **TYPED)
    assert (asked.status_code, "Kies wie u bedoelt." in asked.content.decode()) == (422, True)
    done = post(world, "add_probation", house.child.pk, **TYPED, account_id=account)
    assert done["Location"] == reverse("persons", args=[house.family_id])
    stands = "Noor krijgt jeugdreclassering: officier van justitie besliste dat op 28 oktober 2026."
    here = page(world, "persons", house.family_id)
    assert stands in here
    assert "is jeugdreclasseerder van Noor." in here
    talk = open_talk(world, house)
    assert "Hoort deze hulp bij de jeugdreclassering?" in page(world, "match_talk", talk.pk, "youssef")
    post(world, "carry_out", talk.pk, "youssef", measure="probation")
    assert "Deze hulp hoort bij de jeugdreclassering" in page(world, "match_talk", talk.pk, "noor")
    record = record_of(house, "Noor")
    assert post(world, "end_probation", record, "bram", account=account).status_code == 404
    post(world, "end_probation", record, account=account)
    assert "is jeugdreclasseerder van Noor." not in page(world, "persons", house.family_id)
    assert post(world, "end_measure", record, measure="other").status_code == 400
    post(world, "end_measure", record, measure="probation")
    assert stands not in page(world, "persons", house.family_id)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"who": "henk"}, "Niemand die hier voor een organisatie werkt, heet zo."),
        ({"who": ""}, "Schrijf de naam van de jeugdreclasseerder."),
        ({"court": ""}, "Kies wie dit oplegde."),
        ({"until_on": "2029-04-27"}, "Dit duurt ten hoogste twee jaar."),
        ({"ruled_on": "2022-05-03", "until_on": "2027-01-01"}, "Jeugdreclassering is er vanaf 12 jaar."),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_joins(
    world: World, house: Household, typed: dict[str, str], says: str
) -> None:
    account = str(world.account("youssef").pk)
    answer = post(world, "add_probation", house.child.pk, **{**TYPED, "account_id": account, **typed})
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not Involvement.objects.filter(part=Part.PROBATION).exists()


def test_for_a_child_under_12_and_for_another_coach_the_way_is_not_there(
    world: World, house: Household
) -> None:
    young = household(world, parent="Wim", other="Karin", child="Tess", born_on=date(2018, 5, 4))
    assert "Een jeugdreclasseerder doet mee" not in page(world, "persons", young.family_id)
    answer = world.client("bram").get(reverse("add_probation", args=[house.child.pk]))
    assert answer.status_code == 404


def test_who_does_both_reads_on_the_first_page_only_what_is_not_over(world: World, house: Household) -> None:
    joins(world, house)
    supervised(world, house)
    assert "Noor · jeugdreclasseerder Noor · gezinsvoogd" in page(world, "today", by="youssef")
    end_supervision(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        account_id=world.account("youssef").pk,
        at=world.at,
    )
    shown = page(world, "today", by="youssef")
    assert "Noor · jeugdreclasseerder" in shown
    assert "gezinsvoogd" not in shown
