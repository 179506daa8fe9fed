"""Sharing chosen pieces with somebody of the school: agreed to by each who must, stopped by any of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.audit.models import Entry
from hendig.families.actions import end_authority
from hendig.families.actions.consent import say_about
from hendig.families.actions.deaths import note_death
from hendig.families.actions.sharing import shut_out
from hendig.families.models import DeathSource, LegalAuthority
from hendig.kernel.actor import Role
from hendig.kernel.periods import is_over, local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Membership, Notice
from hendig.plans.actions import set_goal
from hendig.shares import actions
from hendig.shares.models import Share, SharedPiece
from hendig.tents.actions.page import begin_later_page
from hendig.tents.models import PageText
from tests.support.matching import Household
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.shares import (
    AGREED,
    SIXTEEN,
    TEN,
    page_key,
    propose,
    say,
    with_page,
)
from tests.support.world import World

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
OWN_GOAL = "Ik wil zelf rustiger worden."


@built_once
def ten(world: World) -> tuple[Household, PageText]:
    return with_page(world, TEN)


def reads(world: World, share: Share, who: str = "lianne") -> str:
    """What this person gets who asks for it: the page, or nothing."""
    answer = world.client(who).get(reverse("shared", args=[share.pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def heard(world: World, code: str) -> set[str]:
    """The first names of who has a notice of the last such line, after the worker did its work."""
    entry = Entry.objects.filter(code=code).latest("id")
    people.tell(entry_ids=[entry.pk], at=world.at)
    rows = Notice.objects.filter(entry_id=entry.pk).select_related("account")
    for one in rows:
        assert world.client(one.account.first_name).get(one.url).status_code == 200
    return {one.account.first_name for one in rows}


def set_goal_of(world: World, house: Household, name: str, words: str) -> str:
    goal = set_goal(
        actor=world.actor("ellen"),
        request_id=house.request.pk,
        words=words,
        member_id=house.member(name).pk,
        at=world.at,
    )
    return f"goal:{goal.pk}"


def test_one_parent_withdraws_consent_to_share_with_school_and_the_other_does_not(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, page = ten
    share = propose(world, house, page_key(page))
    say(world, share, "sanne", "mark")
    lianne = world.client("lianne")
    assert AGREED in lianne.get(reverse("shared", args=[share.pk])).content.decode()
    world.later(minutes=1)
    stopped = world.client("mark").post(
        reverse("answer_share", args=[share.pk]), {"_key": str(uuid4()), "yes": "0"}
    )
    assert stopped.status_code == 302
    after = lianne.get(reverse("shared", args=[share.pk]))
    never = lianne.get(reverse("shared", args=[uuid4()]))
    assert (after.status_code, after.content) == (404, never.content)
    assert heard(world, "share.stopped") == {"Ellen", "Sanne"}


def test_it_begins_with_the_last_yes_and_the_reader_and_the_lead_are_told(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, page = ten
    share = propose(world, house, page_key(page))
    assert heard(world, "share.proposed") == {"Sanne", "Mark"}
    assert not reads(world, share)
    say(world, share, "sanne")
    assert not reads(world, share)
    assert not Entry.objects.filter(code="share.began").exists()
    say(world, share, "mark")
    assert AGREED in reads(world, share)
    assert heard(world, "share.began") == {"Lianne", "Ellen"}


def test_doing_it_twice_says_it_once(world: World, ten: tuple[Household, PageText]) -> None:
    house, page = ten
    share = propose(world, house, page_key(page), page_key(page))
    say(world, share, "sanne", "mark", "mark")
    assert share.pieces.count() == 1
    assert Entry.objects.filter(code="share.began").count() == 1


def test_a_child_of_13_and_its_parents_say_yes(world: World) -> None:
    house, page = with_page(world)
    share = propose(world, house, page_key(page))
    say(world, share, "sanne", "mark")
    assert not reads(world, share)
    say(world, share, "noor")
    assert AGREED in reads(world, share)
    say(world, share, "noor", yes=False)
    assert not reads(world, share)


def test_from_16_the_youth_says_so_alone(world: World) -> None:
    house, page = with_page(world, SIXTEEN)
    share = propose(world, house, page_key(page), by="noor")
    say(world, share, "noor")
    assert AGREED in reads(world, share)
    assert code_of(lambda: say(world, share, "mark", yes=False)) == "share.not_asked"
    assert AGREED in reads(world, share)


@pytest.mark.parametrize(
    ("born_on", "by"),
    [(date(2014, 11, 20), ("sanne", "mark")), (date(2008, 11, 20), ("noor",))],
    ids=["twelve", "eighteen"],
)
def test_a_birthday_stops_it_at_midnight(world: World, born_on: date, by: tuple[str, ...]) -> None:
    """From 12 the yes of the child is needed as well; at 18 what was said before then counts no more."""
    house, page = with_page(world, born_on)
    share = propose(world, house, page_key(page))
    say(world, share, *by)
    midnight = datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert open_at(world, share, midnight - TICK)
    assert not open_at(world, share, midnight)


def test_at_16_the_yes_of_the_parents_is_not_needed_any_more(world: World) -> None:
    house, page = with_page(world, date(2010, 11, 20))
    share = propose(world, house, page_key(page))
    say(world, share, "noor", "sanne")
    midnight = datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert not open_at(world, share, midnight - TICK)
    assert open_at(world, share, midnight)


def test_it_ends_with_its_last_day(world: World, ten: tuple[Household, PageText]) -> None:
    house, page = ten
    share = propose(world, house, page_key(page), days=7)
    say(world, share, "sanne", "mark")
    over = datetime(2026, 11, 12, 23, tzinfo=UTC)
    assert open_at(world, share, over - TICK)
    assert not open_at(world, share, over)
    world.at = over
    assert code_of(lambda: say(world, share, "mark")) == "share.over"


def test_a_new_authority_must_say_yes_too_and_an_ended_one_does_not(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, page = ten
    share = propose(world, house, page_key(page))
    say(world, share, "sanne")
    assert not open_at(world, share, world.at)
    held = LegalAuthority.objects.get(holder=house.member("Mark"), child=house.child)
    end_authority(actor=world.actor("ellen"), authority_id=held.pk, stops_on=local_day(world.at), at=world.at)
    assert open_at(world, share, world.at)


def test_who_is_shut_out_is_kept_out_of_this_too(world: World, ten: tuple[Household, PageText]) -> None:
    """Somebody who helped, with whom something was shared as well: a block on a person wins."""
    house, page = ten
    share = propose(world, house, page_key(page), email="anouk@peelrand.example")
    say(world, share, "sanne", "mark")
    assert open_at(world, share, world.at)
    shut_out(
        actor=world.actor("sanne"),
        record_id=share.record_id,
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert not open_at(world, share, world.at)
    assert code_of(lambda: propose(world, house, page_key(page), email="anouk@peelrand.example")) == (
        "share.kept_out"
    )


def test_who_does_not_work_here_any_more_or_not_yet_reads_nothing(
    world: World, ten: tuple[Household, PageText]
) -> None:
    """Lianne leaves the school today, and begins with a partner in five days."""
    house, page = ten
    share = propose(world, house, page_key(page))
    say(world, share, "sanne", "mark")
    today = local_day(world.at)
    (held,) = Membership.objects.filter(account=world.account("lianne"))
    people.end_role(actor=world.system, membership_id=held.pk, on=today, at=world.at)
    people.add_worker(
        actor=world.system,
        email="lianne@peelrand.example",
        first_name="Lianne",
        last_name="Peeters",
        role=Role.PROFESSIONAL,
        on=today + timedelta(days=5),
        at=world.at,
        partner_id=world.partners["vlinder"].pk,
    )
    midnight = is_over(today)
    assert open_at(world, share, midnight - TICK)
    assert not open_at(world, share, midnight)
    begins = is_over(today + timedelta(days=4))
    assert not open_at(world, share, begins - TICK)
    assert open_at(world, share, begins)


def test_a_goal_of_a_parent_is_read_when_that_parent_says_yes(world: World) -> None:
    house, page = with_page(world, SIXTEEN)
    hers = set_goal_of(world, house, "Sanne", OWN_GOAL)
    share = propose(world, house, page_key(page), hers)
    say(world, share, "noor")
    assert AGREED in reads(world, share)
    assert OWN_GOAL not in reads(world, share)
    say(world, share, "sanne")
    assert OWN_GOAL in reads(world, share)
    say(world, share, "sanne", yes=False)
    assert not reads(world, share)


def test_what_was_written_since_in_a_goal_is_read_and_no_copy(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, _page = ten
    ours = set_goal_of(world, house, "Noor", "Elke dag naar school.")
    share = propose(world, house, ours)
    say(world, share, "sanne", "mark")
    assert "Elke dag naar school." in reads(world, share)
    names = {field.name for field in SharedPiece._meta.local_concrete_fields}
    assert names == {"id", "municipality_id", "family", "compartment", "share", "kind", "piece_id"}


def test_the_coach_takes_it_back_and_nobody_else_of_the_work(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, page = ten
    share = propose(world, house, page_key(page))
    say(world, share, "sanne", "mark")
    with pytest.raises(NotVisible):
        actions.take_back(actor=world.actor("bram"), share_id=share.pk, at=world.at)
    with pytest.raises(Forbidden):
        actions.take_back(actor=world.actor("anouk"), share_id=share.pk, at=world.at)
    actions.take_back(actor=world.actor("ellen"), share_id=share.pk, at=world.at)
    assert not open_at(world, share, world.at)
    assert heard(world, "share.taken_back") == {"Sanne", "Mark"}
    again = lambda: actions.take_back(actor=world.actor("ellen"), share_id=share.pk, at=world.at)  # noqa: E731
    assert code_of(again) == "share.over"


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("share.no_pieces", {"pieces": ()}),
        ("share.piece_gone", {"pieces": (f"page:{uuid4()}",)}),
        ("share.nobody", {"email": "wie@peelrand.example"}),
        # Who coaches reads by that; who pays is no reader.
        ("share.nobody", {"email": "henk@peelrand.example"}),
        ("share.too_short", {"days": 0}),
        ("share.too_long", {"days": 366}),
        ("share.address_in_purpose", {"purpose": "Zij wonen in de Dorpsstraat 12."}),
    ],
)
def test_a_proposal_is_refused_with_its_reason(
    world: World, ten: tuple[Household, PageText], code: str, given: dict[str, Any]
) -> None:
    house, page = ten
    pieces = given.pop("pieces", (page_key(page),)) if "pieces" in given else (page_key(page),)
    assert code_of(lambda: propose(world, house, *pieces, **given)) == code
    assert not Share.objects.exists()


def test_no_piece_with_an_address_is_shared(world: World, ten: tuple[Household, PageText]) -> None:
    house, _page = ten
    there = set_goal_of(world, house, "Noor", "Met de fiets naar Dorpsstraat 12.")
    assert code_of(lambda: propose(world, house, there)) == "share.address"


def test_no_piece_of_another_part_of_the_record_is_there_to_choose(
    world: World, ten: tuple[Household, PageText]
) -> None:
    """A draft, a piece of another family, and what has no kind here."""
    house, page = ten
    draft = begin_later_page(actor=world.actor("sanne"), tent_id=page.tent_id, at=world.at)  # type: ignore[attr-defined]
    for key in (f"later_page:{draft.pk}", f"note:{draft.pk}", f"goal:{page.pk}"):
        assert code_of(lambda key=key: propose(world, house, key)) == "share.piece_gone"  # type: ignore[misc]


def test_who_neither_leads_nor_decides_proposes_nothing(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, page = ten
    with pytest.raises(NotVisible):
        propose(world, house, page_key(page), by="bram")
    for who in ("anouk", "piet", "henk"):
        with pytest.raises(Forbidden):
            propose(world, house, page_key(page), by=who)
    share = propose(world, house, page_key(page), by="sanne")
    with pytest.raises(Forbidden):
        say(world, share, "ellen")
    with pytest.raises(Forbidden):
        say(world, share, "lianne")


def test_a_parent_whose_view_rests_is_asked_and_reads_no_more_than_that(world: World) -> None:
    """Of 13, and it did not say that the parents see along."""
    house, page = with_page(world)
    share = propose(world, house, page_key(page))
    say_about(
        actor=world.actor("noor"),
        record_id=share.record_id,
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )
    mark = world.client("mark")
    assert mark.get(reverse("family", args=[house.family_id])).status_code == 404
    asked = mark.get(reverse("share", args=[share.pk]))
    assert asked.status_code == 200
    assert AGREED not in asked.content.decode()
    say(world, share, "noor", "sanne", "mark")
    assert open_at(world, share, world.at)


def open_at(world: World, share: Share, at: datetime) -> bool:
    with speaking(world.system, at):
        return Share.objects.read_now(at).filter(pk=share.pk).exists()


def test_what_holds_a_goal_of_a_parent_who_died_is_shared_no_more_and_says_so(
    world: World, ten: tuple[Household, PageText]
) -> None:
    house, page = ten
    goal = set_goal_of(world, house, "Mark", OWN_GOAL)
    read, waits, without = (
        propose(world, house, page_key(page), goal),
        propose(world, house, goal),
        propose(world, house, page_key(page)),
    )
    say(world, read, "sanne", "mark")
    say(world, waits, "sanne")
    say(world, without, "sanne")
    assert OWN_GOAL in reads(world, read)
    note_death(
        actor=world.actor("ellen"),
        member_id=house.member("Mark").pk,
        died_on=world.at.date(),
        source=DeathSource.BRP,
        at=world.later(minutes=1),
    )
    assert not reads(world, read)
    assert not reads(world, waits)
    assert AGREED in reads(world, without), "of who died no yes is asked"
    for share in (read, waits):
        for who in ("sanne", "ellen"):
            shown = world.client(who).get(reverse("share", args=[share.pk])).content.decode()
            assert "van iemand die is overleden" in shown
            assert "zei nog niets" not in shown
        with pytest.raises(Refused) as no:
            say(world, share, "sanne")
        assert no.value.refusal.code == "share.of_dead"
    shown = world.client("sanne").get(reverse("share", args=[without.pk])).content.decode()
    assert "overleden" not in shown
    offered = world.client("ellen").get(reverse("new_share", args=[house.request.compartment.record_id]))
    assert page_key(page) in offered.content.decode()
    assert goal not in offered.content.decode()
