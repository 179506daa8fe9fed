"""A goal of a parent: for the child of the record not on a page, not in the database and not in the log."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.models import FamilyMember
from hendig.families.queries import opening_all
from hendig.families.queries.looked import who_looked
from hendig.kernel.refusal import NotVisible
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.plans import actions
from hendig.plans.models import Goal, Score
from hendig.safety.queries.held import counted
from tests.support.families import trusted
from tests.support.plans import Help
from tests.support.world import World

pytestmark = pytest.mark.django_db
HERS, OURS = "Sanne praat over vroeger.", "Samen eten zonder ruzie."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def member(helped: Help, name: str) -> FamilyMember:
    with reading(helped.world.system, helped.world.at):
        return FamilyMember.objects.get(family_id=helped.family_id, first_name=name)


def goal(helped: Help, words: str, who: str, of: str = "") -> Goal:
    return actions.set_goal(
        actor=helped.world.actor(who),
        request_id=helped.request.pk,
        words=words,
        member_id=member(helped, of).pk if of else None,
        at=helped.world.at,
    )


def score(helped: Help, of: Goal, who: str) -> Score:
    return actions.score_goal(actor=helped.world.actor(who), goal_id=of.pk, value=3, at=helped.world.at)


def read(helped: Help, who: str) -> str:
    answer = helped.world.client(who).get(reverse("plan", args=[helped.family_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def there(helped: Help, who: str) -> tuple[set[object], set[object]]:
    """Whose goals and scores the database shows to this person, whatever the question."""
    with reading(helped.world.actor(who), helped.world.at):
        return set(Goal.objects.values_list("pk", flat=True)), set(Score.objects.values_list("pk", flat=True))


def lines(helped: Help, who: str) -> int:
    at = helped.world.at
    with opening_all(helped.world.actor(who), "family.log_seen", helped.family_id, at=at) as look:
        words = [str(line.words) for line in who_looked(look).lines]
    ours = ("schreef een doel", "gaf een doel", "zei dat een doel")
    return sum(any(said in line for said in ours) for line in words)


def test_a_goal_of_a_parent_is_on_the_plan_of_all_but_the_child(helped: Help) -> None:
    goal(helped, HERS, "ellen", of="Sanne")
    goal(helped, OURS, "ellen")
    goal(helped, "Noor slaapt door.", "ellen", of="Noor")
    for who in ("sanne", "ellen", "anouk"):
        text = read(helped, who)
        assert (HERS in text, OURS in text, "Noor slaapt door." in text) == (True, True, True)
    text = read(helped, "noor")
    assert (HERS in text, OURS in text, "Noor slaapt door." in text) == (False, True, True)


def test_the_database_keeps_the_goal_and_its_scores_from_the_child_by_itself(helped: Help) -> None:
    hers, ours, noors = (
        goal(helped, HERS, "ellen", of="Sanne"),
        goal(helped, OURS, "ellen"),
        goal(helped, "Noor slaapt door.", "ellen", of="Noor"),
    )
    kept, shown = score(helped, hers, "sanne"), [score(helped, one, "sanne") for one in (ours, noors)]
    assert there(helped, "noor") == ({ours.pk, noors.pk}, {one.pk for one in shown})
    for who in ("sanne", "ellen", "anouk"):
        assert there(helped, who) == ({hers.pk, ours.pk, noors.pk}, {kept.pk, *(one.pk for one in shown)})


def test_the_filters_keep_the_same_as_the_database(helped: Help) -> None:
    hers, ours = goal(helped, HERS, "ellen", of="Sanne"), goal(helped, OURS, "ellen")
    kept, shown = score(helped, hers, "sanne"), score(helped, ours, "sanne")
    noor, at = helped.world.actor("noor"), helped.world.at
    with reading(helped.world.system, at):
        # Asked as Hendig itself there is no wall: this is the filter alone.
        assert set(Goal.objects.visible_to(noor, at=at)) == {ours}
        assert set(Score.objects.visible_to(noor, at=at)) == {shown}
        sanne = helped.world.actor("sanne")
        assert set(Score.objects.visible_to(sanne, at=at)) == {kept, shown}


def test_what_the_child_wrote_of_a_parent_the_child_reads_and_scores(helped: Help) -> None:
    hers = goal(helped, HERS, "noor", of="Sanne")
    assert HERS in read(helped, "noor")
    given = score(helped, hers, "noor")
    assert there(helped, "noor") == ({hers.pk}, {given.pk})


def test_the_child_does_nothing_with_what_it_does_not_read(helped: Help) -> None:
    hers = goal(helped, HERS, "ellen", of="Sanne")
    noor, at = helped.world.actor("noor"), helped.world.at
    for act in (partial(actions.score_goal, value=2), partial(actions.reach_goal, reached=True)):
        with pytest.raises(NotVisible):
            act(actor=noor, goal_id=hers.pk, at=at)


def test_the_log_and_the_notice_of_it_are_not_for_the_child_either(helped: Help) -> None:
    before = {who: lines(helped, who) for who in ("noor", "anouk")}
    hers = goal(helped, HERS, "ellen", of="Sanne")
    score(helped, hers, "sanne")
    actions.reach_goal(actor=helped.world.actor("ellen"), goal_id=hers.pk, reached=True, at=helped.world.at)
    after = {who: lines(helped, who) for who in ("noor", "anouk")}
    assert (after["noor"] - before["noor"], after["anouk"] - before["anouk"]) == (0, 3)
    with reading(helped.world.system, helped.world.at):
        at = helped.world.at
        counts = counted(helped.world.municipality.pk, at=at, since=at - timedelta(days=9))
    assert [one for one in counts if not one.right] == []
    tell(entry_ids=list(Entry.objects.filter(code="goal.set").values_list("pk", flat=True)), at=at)
    assert told(helped) == {"sanne"}


def test_of_a_goal_of_all_of_them_everybody_hears(helped: Help) -> None:
    goal(helped, OURS, "ellen")
    goal(helped, "Noor slaapt door.", "ellen", of="Noor")
    tell(
        entry_ids=list(Entry.objects.filter(code="goal.set").values_list("pk", flat=True)),
        at=helped.world.at,
    )
    assert told(helped) == {"sanne", "noor"}


def told(helped: Help) -> set[str]:
    accounts = set(Notice.objects.filter(code="goal.set").values_list("account_id", flat=True))
    return {who for who in ("sanne", "noor") if helped.world.account(who).pk in accounts}


def test_a_goal_is_of_nobody_outside_the_family(helped: Help) -> None:
    record = helped.match.compartment.record_id
    trusted(helped.world, record, by="noor", name="Truus", email="t@buur.example")
    with pytest.raises(NotVisible):
        goal(helped, HERS, "ellen", of="Truus")
    assert not Goal.objects.exists()
