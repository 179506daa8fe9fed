"""A foster parent who does not decide: what is of the child and themself, and no history of the parents."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import add_parent, end_authority, set_authority
from hendig.families.models import (
    CHILD,
    OUTSIDE,
    Compartment,
    Family,
    FamilyMember,
    LegalAuthority,
    MemberKind,
    Record,
    Source,
    Whom,
)
from hendig.families.queries import family_name, opening_all
from hendig.families.queries.lines import lines_for
from hendig.kernel.refusal import NotVisible
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.plans.actions import finish_task, say_whom, set_goal, set_task
from hendig.plans.models import Goal, Task
from hendig.rights.actions import write_own_words
from hendig.rights.models import OwnWords
from hendig.rights.queries import take_along
from hendig.safety.actions import set_secret
from hendig.safety.queries.held import counted
from tests.support.along import unpacked
from tests.support.families import fosters, sees_along
from tests.support.matching import Household, household, record_of
from tests.support.shared import built_once
from tests.support.world import World


@built_once
def house(world: World) -> Household:
    """Noor of 8; her parents decide, Wim fosters her."""
    found = household(world, born_on=date(2018, 5, 4))
    fosters(world, found.family_id)
    return found


def agrees(world: World, house: Household, who: str = "sanne", *, yes: bool = True) -> None:
    sees_along(world, record_of(house, "Noor"), "wim", by=who, yes=yes)


def decides(world: World, house: Household) -> None:
    set_authority(
        actor=world.actor("ellen"),
        child_id=house.child.pk,
        holder_id=house.member("Wim").pk,
        source=Source.COURT,
        at=world.at,
    )


def written(world: World, house: Household) -> None:
    """By the mother: of the child, of herself, of Wim and of somebody else; Wim writes of her as well."""
    write = partial(write_own_words, family_id=house.family_id, kind="addition", topic="plan", at=world.at)
    for words, about in (
        ("kind", CHILD),
        ("moeder", Whom(house.member("Sanne").pk)),
        ("pleegvader", Whom(house.member("Wim").pk)),
        ("oma", OUTSIDE),
    ):
        write(actor=world.actor("sanne"), words=words, about=about)
    write(actor=world.actor("wim"), words="zelf", about=Whom(house.member("Sanne").pk))


def reads(world: World, who: str = "wim") -> tuple[set[str], set[str]]:
    """What each wall alone shows."""
    actor = world.actor(who)
    with reading(actor, world.at):
        behind = {str(one.words) for one in OwnWords.objects.all()}
        filtered = {str(one.words) for one in OwnWords.objects.visible_to(actor, at=world.at)}
    return filtered, behind


def test_before_a_yes_there_is_the_own_part_of_the_child_and_nothing_of_the_family(
    world: World, house: Household
) -> None:
    wim, noor = world.actor("wim"), record_of(house, "Noor")
    with reading(wim, world.at):
        assert {one.pk for one in Record.objects.all()} == {noor}
        assert {(one.kind, one.person_id) for one in Compartment.objects.all()} == {
            ("parent", house.member("Wim").pk)
        }
        assert [one.first_name for one in FamilyMember.objects.all()] == ["Wim"]
        assert not Family.objects.exists()
        assert not LegalAuthority.objects.exists()


def test_with_a_yes_what_is_about_a_parent_is_still_not_told(world: World, house: Household) -> None:
    agrees(world, house)
    written(world, house)
    assert reads(world) == ({"kind", "pleegvader", "zelf"},) * 2
    assert reads(world, "mark") == ({"kind", "moeder", "pleegvader", "oma", "zelf"},) * 2


def test_who_is_shut_out_while_looking_finds_nothing_there(world: World, house: Household) -> None:
    """The look was let in, and the yes is taken back before the next statement of the page."""
    agrees(world, house)
    wim = world.actor("wim")

    def name_when(*, yes: bool) -> str:
        with opening_all(wim, "family.log_seen", house.family_id, at=world.at) as look:
            agrees(world, house, yes=yes)
            return family_name(look).name

    assert name_when(yes=True)
    with pytest.raises(NotVisible):
        name_when(yes=False)


def test_nor_a_goal_of_a_parent_while_those_of_the_child_are(world: World, house: Household) -> None:
    agrees(world, house)
    for words, whose in (("allen", None), ("kind", house.child), ("moeder", house.member("Sanne"))):
        set_goal(
            actor=world.actor("ellen"),
            request_id=house.request.pk,
            words=words,
            member_id=whose.pk if whose else None,
            at=world.at,
        )
    wim = world.actor("wim")
    with reading(wim, world.at):
        assert {str(one.words) for one in Goal.objects.all()} == {"allen", "kind"}
        assert {str(one.words) for one in Goal.objects.visible_to(wim, at=world.at)} == {"allen", "kind"}


def test_what_who_fosters_takes_on_is_theirs_to_read(world: World, house: Household) -> None:
    """They are told that they stand in the plan: then it is there too, also when it was said of a parent."""
    agrees(world, house)
    wim, ellen = world.actor("wim"), world.actor("ellen")
    task = set_task(
        actor=ellen,
        request_id=house.request.pk,
        what="Sanne ophalen na de therapie.",
        who="Wim",
        account_id=wim.account_id,
        about=Whom(house.member("Sanne").pk),
        at=world.at,
    )
    assert task.whom == Whom(house.member("Wim").pk)
    for who in ("wim", "sanne"):
        actor = world.actor(who)
        with reading(actor, world.at):
            assert Task.objects.filter(pk=task.pk).exists()
            assert Task.objects.visible_to(actor, at=world.at).filter(pk=task.pk).exists()
    finish_task(actor=wim, task_id=task.pk, at=world.at)
    again = say_whom(actor=ellen, task_id=task.pk, about=OUTSIDE, at=world.at)
    assert again.whom == Whom(house.member("Wim").pk)


def test_nor_who_decided_before(world: World, house: Household) -> None:
    """A court ended what Mark decides: those who decide are told, and what is over is his history."""
    agrees(world, house)
    mark = LegalAuthority.objects.get(holder=house.member("Mark"))
    world.later(days=1)
    end_authority(actor=world.actor("ellen"), authority_id=mark.pk, at=world.at)
    world.later(days=1)
    held = {}
    for who in ("wim", "sanne", "ellen"):
        actor = world.actor(who)
        with reading(actor, world.at):
            behind = {one.holder_id for one in LegalAuthority.objects.all()}
            filtered = LegalAuthority.objects.visible_to(actor, at=world.at)
            assert {one.holder_id for one in filtered} == behind, who
        held[who] = behind
    both = {house.member("Sanne").pk, house.member("Mark").pk}
    assert held == {"wim": {house.member("Sanne").pk}, "sanne": both, "ellen": both}
    copies = {
        who: unpacked(take_along(world.actor(who), record_of(house, "Noor"), whole=True, at=world.at).content)
        for who in ("wim", "sanne")
    }
    decided = {
        who: {one["first_name"]: len(one["decides"]) for one in copy.data["persons"]}
        for who, copy in copies.items()
    }
    assert {who: found["Mark"] for who, found in decided.items()} == {"wim": 0, "sanne": 1}
    decides(world, house)
    with reading(world.actor("wim"), world.at):
        assert LegalAuthority.objects.filter(pk=mark.pk).exists()


def test_nor_a_line_of_the_log_and_the_count_of_each_night_knows_it(world: World, house: Household) -> None:
    agrees(world, house)
    written(world, house)
    with opening_all(world.actor("wim"), "family.log_seen", house.family_id, at=world.at) as look:
        lines = lines_for(look).filter(code="own.written")
        about = {line.facts.get("another") for line in lines}
    assert about == {None, str(house.member("Wim").pk)}
    assert Entry.objects.filter(code="own.written").count() == 5
    town, since = world.municipality.pk, world.at - timedelta(days=1)
    with reading(world.system, world.at):
        found = counted(town, at=world.at, since=since)
    assert world.account("wim").pk in {one.account_id for one in found}
    assert all(one.right for one in found)


def test_who_fosters_and_decides_reads_as_a_parent_does(world: World, house: Household) -> None:
    agrees(world, house)
    written(world, house)
    decides(world, house)
    assert reads(world) == ({"kind", "moeder", "pleegvader", "oma", "zelf"},) * 2


@pytest.mark.parametrize("who", ["anouk", "bram"])
def test_nobody_else_is_kept_from_anything_by_it(world: World, house: Household, who: str) -> None:
    agrees(world, house)
    written(world, house)
    assert reads(world, who) == (set(), set())


# --- when who decides changes ---


def told(world: World, code: str) -> dict[str, str]:
    """The first name of who hears of the last such line, and where that leads."""
    entry = Entry.objects.filter(code=code).latest("id")
    tell(entry_ids=[entry.pk], at=world.at)
    rows = Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", "url")
    return dict(rows)


def stops(world: World, house: Household, who: str) -> None:
    row = LegalAuthority.objects.get(holder=house.member(who), child=house.child)
    end_authority(actor=world.actor("ellen"), authority_id=row.pk, at=world.at)


def test_everybody_for_whom_the_record_closes_hears_it_and_reads_how_to_look_along_again(
    world: World, house: Household
) -> None:
    agrees(world, house)
    stops(world, house, "Mark")
    family, own = (reverse(name, args=[house.family_id]) for name in ("family", "own_record"))
    assert told(world, "family.authority_ended") == {"Sanne": family, "Wim": family, "Mark": own}
    stops(world, house, "Sanne")
    # Wim saw along by her yes alone, and nobody is left to say it anew.
    assert told(world, "family.authority_ended") == {"Sanne": own, "Wim": own}
    with (
        pytest.raises(NotVisible),
        opening_all(world.actor("wim"), "family.log_seen", house.family_id, at=world.at),
    ):
        pass
    shown = world.client("wim").get(own).content.decode()
    assert "U kijkt nu niet mee" in shown
    assert "Sanne" not in shown.split("<main")[1]


def test_who_comes_to_decide_is_asked_about_who_waits_and_about_nobody_else(
    world: World, house: Household
) -> None:
    stops(world, house, "Mark")
    stops(world, house, "Sanne")
    oma = add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Greet",
        email="greet@gezin.example",
        kind=MemberKind.GUARDIAN,
        at=world.at,
    )

    def decides_now() -> dict[str, str]:
        set_authority(
            actor=world.actor("ellen"),
            child_id=house.child.pk,
            holder_id=oma.pk,
            source=Source.COURT,
            at=world.at,
        )
        return told(world, "family.authority_set")

    assert decides_now() == {"Greet": reverse("who_may", args=[house.family_id])}
    sees_along(world, record_of(house, "Noor"), "wim", by="greet")
    assert decides_now() == {}


def test_who_was_told_no_or_is_shut_out_hears_nothing_of_it(world: World, house: Household) -> None:
    agrees(world, house)
    agrees(world, house, yes=False)
    set_secret(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        member_id=house.member("Sanne").pk,
        named=(),
        blocked=world.account("mark").pk,
        everything=True,
        at=world.at,
    )
    stops(world, house, "Mark")
    assert set(told(world, "family.authority_ended")) == {"Sanne"}
    stops(world, house, "Sanne")
    assert set(told(world, "family.authority_ended")) == {"Sanne"}


def test_who_decides_nothing_reads_whose_choice_it_is(world: World, house: Household) -> None:
    """And not that it rests on a yes of their own which they never gave."""
    fosters(world, house.family_id, "Ans")
    for who in ("wim", "ans"):
        sees_along(world, record_of(house, "Noor"), who, by="sanne")
    for who, gave, whose in (
        ("wim", "Het gezin gaf daar toestemming voor.", "Hierover beslist een ander in uw gezin."),
        ("sanne", "U gaf daar toestemming voor.", "Ans mag meekijken"),
    ):
        shown = world.client(who).get(reverse("who_may", args=[house.family_id])).content.decode()
        about = shown[shown.index("Ans (pleegouder)") :]
        about = about[: about.index("</li>")]
        assert gave in about
        assert whose in about
        assert "Dit hangt niet van uw toestemming af." not in about
