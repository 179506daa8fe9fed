"""The log read at night, by a family, by who works and by the officer: the same once, with how often."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from hendig.audit.actions import reading
from hendig.audit.models import Entry, Kind
from hendig.families import queries
from hendig.families.actions import add_child, questions, set_authority
from hendig.families.models import Source
from hendig.families.queries import looked
from hendig.families.queries.my_looks import MySieve, my_looks
from hendig.families.queries.quiet import QuietPage, quietly
from hendig.kernel.actor import Role
from hendig.kernel.quiet import OneLine
from hendig.people.actions import tell
from hendig.web.pages import Log, log
from hendig.web.shell import front_door
from tests.support.matching import Household, household
from tests.support.world import World


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def look(world: World, house: Household, who: str) -> None:
    assert world.client(who).get(reverse("family", args=[house.family_id])).status_code == 200


def read(world: World, house: Household, who: str = "sanne") -> tuple[looked.LookedPage, QuietPage]:
    with queries.opening_all(world.actor(who), "family.log_seen", house.family_id, at=world.at) as seen:
        page = looked.who_looked(seen)
    return page, quietly(page)


def page(world: World, house: Household, **sieve: str) -> str:
    answer = world.client("sanne").get(reverse("who_looked", args=[house.family_id]), sieve)
    assert answer.status_code == 200
    return answer.content.decode()


def told(world: World) -> None:
    """Hendig tells people what happened, which is a line of its own."""
    rows = Entry.objects.exclude(kind=Kind.REFUSAL)
    tell(entry_ids=list(rows.values_list("pk", flat=True)), at=world.at)


def all_of(lines: Sequence[OneLine[looked.Looked]]) -> set[object]:
    return {each.entry_id for one in lines for each in one.each}


def test_the_same_look_within_a_quarter_is_one_line_that_says_how_often(
    world: World, house: Household
) -> None:
    for minutes in (0, 5, 5, 5):
        world.later(minutes=minutes)
        look(world, house, "ellen")
    look(world, house, "mark")
    _all, quiet = read(world, house)
    looks = [one for one in quiet.by_people if str(one.line.words) == "bekeek uw pagina"]
    # At 9:00, 9:05, 9:10 and, in the next quarter, at 9:15.
    assert [(one.line.first_name, one.times) for one in looks] == [("Mark", 1), ("Ellen", 1), ("Ellen", 3)]
    assert [each.at.minute for each in looks[-1].each] == [10, 5, 0]
    text = page(world, house)
    assert text.count("Ellen bekeek uw pagina</p>") == 2
    assert "3 keer" in text
    assert "4 keer" not in text


def test_every_line_is_there_and_can_be_asked_about(world: World, house: Household) -> None:
    for who in ("ellen", "ellen", "mark", "ellen"):
        look(world, house, who)
    told(world)
    everything, quiet = read(world, house)
    assert all_of(quiet.by_people) | all_of(quiet.by_itself) == {one.entry_id for one in everything.lines}
    assert not all_of(quiet.by_people) & all_of(quiet.by_itself)
    text = page(world, house)
    for one in everything.lines:
        assert f'id="regel-{one.entry_id}"' in text
        assert reverse("ask_about_line", args=[house.family_id, one.entry_id]) in text


def test_what_hendig_did_of_itself_lies_behind_one_fold_and_the_filter_opens_it(
    world: World, house: Household
) -> None:
    told(world)
    look(world, house, "ellen")
    everything, quiet = read(world, house)
    itself = [one for one in everything.lines if one.account_id is None]
    assert itself
    assert all_of(quiet.by_itself) == {one.entry_id for one in itself}
    text = page(world, house)
    fold = re.search(r'<details class="fold"( open)?><summary>Wat Hendig zelf deed: (\d+) regels', text)
    assert fold
    assert (fold[1], int(fold[2])) == (None, len(itself))
    assert "Hendig zelf" not in text[text.index('id="looked"') : fold.start()]
    sifted = page(world, house, wie="hendig")
    assert '<details class="fold" open><summary>Wat Hendig zelf deed' in sifted
    assert "Ellen bekeek" not in sifted


def test_a_line_that_was_asked_about_stands_by_itself(world: World, house: Household) -> None:
    told(world)
    for _again in range(3):
        look(world, house, "ellen")
    before, _quiet = read(world, house)
    of_ellen = next(one for one in before.lines if one.first_name == "Ellen")
    of_none = next(one for one in before.lines if one.account_id is None)
    for line in (of_ellen, of_none):
        with queries.opening_all(
            world.actor("sanne"), "family.log_seen", house.family_id, at=world.at
        ) as seen:
            questions.ask_about_line(
                actor=world.actor("sanne"),
                look=seen,
                entry_id=line.entry_id,
                words="Waarom?",
                at=world.at,
            )
    _all, quiet = read(world, house)
    asked = {one.line.entry_id: one.times for one in quiet.by_people if one.line.asked}
    assert asked == {of_ellen.entry_id: 1, of_none.entry_id: 1}
    text = page(world, house)
    assert text.index(f"regel-{of_none.entry_id}") < text.index("Wat Hendig zelf deed")


def test_one_look_at_two_children_is_no_look_twice(world: World, house: Household) -> None:
    sister = add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Lotte",
        born_on=date(2019, 5, 4),
        at=world.at,
    )
    set_authority(
        actor=world.actor("ellen"),
        child_id=sister.pk,
        holder_id=house.member("Sanne").pk,
        source=Source.REGISTER,
        at=world.at,
    )
    world.later(hours=1)
    look(world, house, "ellen")
    _all, quiet = read(world, house)
    newest = quiet.by_people[0]
    assert (len(newest.each), newest.times) == (2, 1)
    text = page(world, house)
    assert re.search(r"<summary>2 regels<", text)
    assert "2 keer" not in text


# --- who works, of themself ---


def test_own_looks_say_once_what_was_the_same_and_open_to_each(world: World, house: Household) -> None:
    for minutes in (0, 5, 5, 5):
        world.later(minutes=minutes)
        look(world, house, "ellen")
    ellen = world.actor("ellen")
    with reading(ellen, world.at):
        mine = my_looks(ellen, at=world.at)
    looks = [one for one in mine.lines if str(one.line.line.words) == "bekeek uw pagina"]
    assert [one.times for one in looks] == [1, 3]
    assert [each.at.minute for each in looks[-1].each] == [10, 5, 0]
    text = world.client("ellen").get(reverse("my_looks")).content.decode()
    assert text.count("Ellen bekeek uw pagina (gezinscoach)") == 2
    for each in looks[-1].each:
        assert timezone.localtime(each.at).isoformat(timespec="minutes") in text
    assert "Vraag hierover" not in text


def test_looks_at_two_families_are_never_told_as_one_also_when_both_are_closed(
    world: World, house: Household
) -> None:
    other = household(world, parent="Petra", other="Karel", child="Job")
    look(world, house, "ellen")
    look(world, other, "ellen")
    for days, open_ones in ((0, {house.family_id, other.family_id}), (400, {None})):
        world.later(days=days)
        ellen = world.actor("ellen")
        with reading(ellen, world.at):
            mine = my_looks(ellen, at=world.at, sieve=MySieve(kind="look"))
        assert [one.times for one in mine.lines] == [1, 1]
        assert {one.line.family_id for one in mine.lines} == open_ones


def test_whoever_works_here_comes_to_the_own_looks_from_the_first_page(
    world: World, house: Household
) -> None:
    world.add_worker("lotte", Role.TRAINEE, "vlinder")
    for who in ("ellen", "anouk", "lotte"):
        client = world.client(who)
        first = client.get(reverse(front_door(world.actor(who))))
        assert f'href="{reverse("my_looks")}"' in first.content.decode(), who
        assert client.get(reverse("my_looks")).status_code == 200


# --- the privacy officer ---


def log_of(world: World, **asked: str) -> Log:
    karin = world.actor("karin")
    with reading(karin, world.at):
        return log(karin, kind=asked.get("kind", ""), before=None, at=world.at)


def rows_of(page: Log, code: str) -> list[tuple[str, int, int]]:
    return [(str(one.line.who), one.times, len(one.each)) for one in page.rows if one.line.line.code == code]


def test_the_officer_reads_many_looks_at_one_family_as_one_row_that_opens_to_each(
    world: World, house: Household
) -> None:
    other = household(world, parent="Petra", other="Karel", child="Job")
    for minutes in (0, 5, 5, 5):
        world.later(minutes=minutes)
        look(world, house, "ellen")
    look(world, other, "ellen")
    look(world, house, "mark")
    found = rows_of(log_of(world, kind="look"), "family.page_seen")
    assert [(who.split()[0], times) for who, times, _lines in found] == [
        ("Mark", 1), ("Ellen", 1), ("Ellen", 1), ("Ellen", 3),
    ]  # fmt: skip
    text = world.client("karin").get(reverse("log"), {"kind": "look"}).content.decode()
    assert text.count("<summary>3 keer") == 1
    assert str(house.family_id) not in text


def test_the_officer_loses_no_line_and_no_refusal(world: World, house: Household) -> None:
    for _again in range(3):
        world.later(minutes=1)
        assert world.client("youssef").get(reverse("family", args=[house.family_id])).status_code == 404
    told(world)
    page = log_of(world)
    shown = [each.line.entry_id for one in page.rows for each in one.each]
    newest = Entry.objects.filter(municipality_id=world.municipality.pk).order_by("-id")
    assert sorted(shown, reverse=True) == list(newest.values_list("pk", flat=True)[:50])
    assert [times for _who, times, _lines in rows_of(page, "family")] == [3]
    itself = [lines for who, _times, lines in rows_of(page, "notice.told") if who == "Hendig zelf"]
    assert sum(itself) > len(itself)
