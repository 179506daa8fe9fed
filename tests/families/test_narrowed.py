"""A yes for what is about the child alone: who is here by it reads nothing that is about somebody else."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import end_authority, read_child_alone, say_about
from hendig.families.models import (
    CHILD,
    OUTSIDE,
    Consent,
    Ground,
    Involvement,
    Items,
    LegalAuthority,
    Part,
    Whom,
)
from hendig.families.queries import opening_all
from hendig.families.queries.lines import lines_for
from hendig.families.rules.sharing import rests_on_a_yes
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Notice
from hendig.plans.actions import set_goal
from hendig.plans.models import Goal
from hendig.rights.actions import write_own_words
from hendig.rights.models import OwnWords
from tests.support.families import trusted
from tests.support.matching import Household, household, open_talk, record_of, say
from tests.support.shared import built_once
from tests.support.world import World

ALL = {"kind", "moeder", "oma"}
OF_CHILD = {"kind"}


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 13; her parents and she trust Joke. The mother wrote of all of them."""
    found = household(world)
    trusted(world, record_of(found, "Noor"), by="sanne")
    write = partial(write_own_words, family_id=found.family_id, kind="addition", topic="plan", at=world.at)
    for words, about in (
        ("kind", CHILD),
        ("moeder", Whom(found.member("Sanne").pk)),
        ("oma", OUTSIDE),
    ):
        write(actor=world.actor("sanne"), words=words, about=about)
    return found


def narrow(world: World, house: Household, by: str, *, yes: bool = True, whom: str = "joke") -> Consent:
    return read_child_alone(
        actor=world.actor(by),
        record_id=record_of(house, "Noor"),
        account_id=world.account(whom).pk,
        yes=yes,
        at=world.at,
    )


def agree(world: World, house: Household, by: str, *, yes: bool = True) -> Consent:
    return say_about(
        actor=world.actor(by),
        record_id=record_of(house, "Noor"),
        account_id=world.account("joke").pk,
        yes=yes,
        at=world.at,
    )


def reads(world: World, who: str = "joke") -> set[str]:
    """What both walls show, each alone and the same."""
    actor = world.actor(who)
    with reading(actor, world.at):
        behind = {str(one.words) for one in OwnWords.objects.all()}
        filtered = {str(one.words) for one in OwnWords.objects.visible_to(actor, at=world.at)}
    assert filtered == behind
    return behind


def page(world: World, house: Household, who: str) -> str:
    answer = world.client(who).get(reverse("who_may", args=[house.family_id]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_holds_at_once_and_for_what_was_written_before(world: World, house: Household) -> None:
    assert reads(world) == ALL
    narrow(world, house, "sanne")
    assert reads(world) == OF_CHILD
    assert reads(world, "sanne") == reads(world, "mark") == ALL
    narrow(world, house, "sanne", yes=False)
    assert reads(world) == ALL


def test_goals_and_lines_of_the_log_go_the_same_way(world: World, house: Household) -> None:
    for words, whose in (("allen", None), ("kind", house.child), ("moeder", house.member("Sanne"))):
        set_goal(
            actor=world.actor("ellen"),
            request_id=house.request.pk,
            words=words,
            member_id=whose.pk if whose else None,
            at=world.at,
        )
    narrow(world, house, "sanne")
    joke = world.actor("joke")
    with reading(joke, world.at):
        assert {str(one.words) for one in Goal.objects.all()} == {"allen", "kind"}
    about_mother = str(house.member("Sanne").pk)
    for yes, there in ((True, False), (False, True)):
        narrow(world, house, "sanne", yes=yes)
        with opening_all(joke, "family.log_seen", house.family_id, at=world.at) as look:
            facts = [line.facts for line in lines_for(look)]
        assert any(one.get("another") == about_mother for one in facts) is there


@pytest.mark.parametrize("by", ["noor", "sanne", "mark"])
def test_each_who_decides_can_say_so_and_one_is_enough(world: World, house: Household, by: str) -> None:
    for name in ("noor", "sanne", "mark"):
        agree(world, house, name)
    narrow(world, house, by)
    assert reads(world) == OF_CHILD
    others = {"noor", "sanne", "mark"} - {by}
    for name in others:
        narrow(world, house, name, yes=False)
    assert reads(world) == OF_CHILD
    narrow(world, house, by, yes=False)
    assert reads(world) == ALL


def test_a_no_and_a_yes_again_leave_it_as_it_was_said(world: World, house: Household) -> None:
    narrow(world, house, "sanne")
    agree(world, house, "sanne", yes=False)
    with pytest.raises(Refused) as no:
        narrow(world, house, "sanne")
    assert no.value.refusal.code == "narrow.said_no"
    agree(world, house, "sanne")
    assert reads(world) == OF_CHILD
    world.later(days=300)
    agree(world, house, "sanne")
    standing = Consent.objects.get(giver=house.member("Sanne"), account=world.account("joke"), until_at=None)
    assert (standing.yes, standing.items) == (True, Items.CHILD)


def test_what_somebody_said_who_decides_no_more_narrows_nothing(world: World, house: Household) -> None:
    agree(world, house, "mark")
    narrow(world, house, "mark")
    assert reads(world) == OF_CHILD
    authority = LegalAuthority.objects.get(child=house.child, holder=house.member("Mark"))
    end_authority(actor=world.actor("ellen"), authority_id=authority.pk, at=world.at)
    world.later(days=1)
    assert reads(world) == ALL


def test_who_is_here_on_another_ground_is_not_narrowed(world: World, house: Household) -> None:
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    for whom in ("anouk", "ellen", "mark"):
        with pytest.raises(Refused):
            narrow(world, house, "noor", whom=whom)
    with pytest.raises(Refused):
        narrow(world, house, "sanne", whom="bram")


@pytest.mark.parametrize(
    ("ways", "rests"),
    [
        ([(Part.CONFIDANT, Ground.CONSENT)], True),
        ([(Part.GUEST, Ground.CONSENT), (Part.CONFIDANT, Ground.CONSENT)], True),
        ([(Part.CONFIDANT, Ground.CONSENT), (Part.PROFESSIONAL, Ground.MATCH)], False),
        # A parent of a youth of 16: who raises the child is no guest in its record.
        ([(Part.FAMILY, Ground.CONSENT)], False),
        ([], False),
    ],
)
def test_who_is_here_by_a_yes_and_nothing_else(ways: list[tuple[Part, Ground]], rests: bool) -> None:
    assert rests_on_a_yes([Involvement(part=part, ground=ground) for part, ground in ways]) is rests


def test_nobody_else_says_so(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        narrow(world, house, "joke")
    assert no.value.refusal.code == "consent.not_yours"
    with pytest.raises(Forbidden):
        narrow(world, house, "ellen")
    household(world, parent="Greet", other="Hanna", child="Job")
    with pytest.raises(NotVisible):
        narrow(world, house, "greet")


def test_the_coach_hears_that_less_is_shared_and_the_log_says_it(world: World, house: Household) -> None:
    narrow(world, house, "sanne")
    (line,) = Entry.objects.filter(code="family.reads_child_alone")
    people.tell(entry_ids=[line.pk], at=world.at)
    told = Notice.objects.filter(code="family.reads_child_alone")
    assert [one.account.first_name for one in told] == ["Ellen"]


# --- the page ---


def post(world: World, house: Household, who: str, **typed: Any) -> HttpResponse:
    url = reverse("read_child_alone", args=[record_of(house, "Noor")])
    answer = world.client(who).post(url, {"_key": str(uuid4()), **typed})
    assert isinstance(answer, HttpResponse)
    return answer


def test_who_may_says_what_it_does_before_and_what_is_read_after(world: World, house: Household) -> None:
    shown = page(world, house, "sanne")
    assert "Joke leest alleen wat over Noor gaat" in shown
    assert "Staat dit aan, dan leest Joke alleen wat over Noor is opgeschreven" in shown
    assert "Joke (vertrouwde volwassene) ziet wat we samen weten, om het gezin te steunen." in shown
    joke = str(world.account("joke").pk)
    assert post(world, house, "sanne", account=joke, on="1").status_code == 302
    shown = page(world, house, "sanne")
    assert "Joke (vertrouwde volwassene) ziet alleen wat over Noor gaat, om het gezin te steunen." in shown
    assert shown.count("Joke leest alleen wat over Noor gaat") == 1
    assert post(world, house, "sanne", account=joke, on="0").status_code == 302
    assert "Joke (vertrouwde volwassene) ziet wat we samen weten, om het gezin te steunen." in page(
        world, house, "sanne"
    )


def test_it_is_offered_of_who_is_here_by_a_yes_alone(world: World, house: Household) -> None:
    say(world, open_talk(world, house), "noor", "sanne", "mark", "ellen", "anouk")
    shown = page(world, house, "noor")
    for name in ("Anouk", "Ellen", "Sanne", "Mark"):
        assert f"{name} leest alleen wat over" not in shown
    agree(world, house, "sanne", yes=False)
    assert "Joke leest alleen wat over" not in page(world, house, "sanne")


def test_for_a_stranger_it_is_not_there(world: World, house: Household) -> None:
    household(world, parent="Greet", other="Hanna", child="Job")
    joke = str(world.account("joke").pk)
    assert post(world, house, "greet", account=joke, on="1").status_code == 404
    assert post(world, house, "ellen", account=joke, on="1").status_code == 403
    assert post(world, house, "sanne", account="x", on="1").status_code == 400
    assert post(world, house, "sanne", account=str(UUID(int=7)), on="1").status_code == 422
