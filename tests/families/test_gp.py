"""The GP of a family: invited with a code, writes apart, and shares only where who decides lets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.actions import gp, invitations, say_about, sharing
from hendig.families.actions.invitations import Invited
from hendig.families.models import Compartment, FamilyMember, Invitation, Involvement, Note, Part
from hendig.families.queries.gp import gp_page, opening_gp
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.models import CompartmentKey
from hendig.people.models import Membership
from tests.support.families import REASON
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.world import World

WORDS = "Hoofdpijn sinds de verhuizing; bloed is goed."
ALMOST_12 = date(2014, 11, 20)


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def young(world: World) -> Household:
    """Bas, almost 12: his parents decide."""
    return household(world, parent="Joris", other="Els", child="Bas", born_on=ALMOST_12)


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def invite(world: World, house: Household, *, by: str = "noor", whom: str = "anouk") -> Invited:
    email = world.account(whom).email if "@" not in whom else whom
    return invitations.invite_gp(
        actor=world.actor(by), record_id=record_of(house), first_name="Pim", email=email, at=world.at
    )


def enter(world: World, made: Invited, who: str) -> None:
    invitations.accept(actor=world.actor(who), invitation_id=made.invitation_id, typed=made.code, at=world.at)


def join(world: World, house: Household, *, by: str = "noor") -> None:
    """Anouk is the GP of this child from now on."""
    enter(world, invite(world, house, by=by), "anouk")


def write(world: World, house: Household, who: str = "anouk", words: str = WORDS) -> Note:
    return gp.write_as_gp(
        actor=world.actor(who), record_id=record_of(house), words=words, reason=REASON, at=world.at
    )


def share(world: World, note: Note, who: str = "anouk") -> Note:
    return gp.share_note(actor=world.actor(who), note_id=note.pk, at=world.at)


def may_share(world: World, house: Household, *, by: str = "noor", yes: bool = True) -> Involvement:
    return gp.say_may_share(
        actor=world.actor(by),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        yes=yes,
        at=world.at,
    )


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        act()
    return no.value.refusal.code


def get(world: World, house: Household, who: str) -> Any:
    return world.client(who).get(reverse("gp", args=[record_of(house)]))


def reads(world: World, house: Household, who: str) -> bool:
    answer = get(world, house, who)
    return answer.status_code == 200 and WORDS in answer.content.decode()


def post(world: World, who: str, route: str, key: UUID, **fields: str) -> Any:
    return world.client(who).post(reverse(route, args=[key]), {"_key": str(uuid4()), **fields})


# --- how a GP comes in ---


def test_nothing_is_open_before_the_code_and_after_it_the_gp_is_no_person_of_the_family(
    world: World, house: Household
) -> None:
    made = invite(world, house)
    with pytest.raises(NotVisible):
        write(world, house)
    assert get(world, house, "anouk").status_code == 404
    enter(world, made, "anouk")
    row = Involvement.objects.get(part=Part.GP)
    assert (row.account_id, row.kinds, row.passes_on) == (
        world.account("anouk").pk,
        ["gp", "shared"],
        False,
    )
    assert row.until_at is not None
    assert (row.until_at - world.at).days == 365
    assert not FamilyMember.objects.filter(account=world.account("anouk")).exists()
    assert Entry.objects.filter(code="family.gp_joined").count() == 1


def test_who_does_not_work_here_never_comes_in_with_the_right_code(world: World, house: Household) -> None:
    """Nobody becomes a GP by a mail address: the municipality vouches for where somebody works."""
    made = invite(world, house, whom="dokter@elders.example")
    assert not Membership.objects.filter(account=Invitation.objects.get().account).exists()
    with pytest.raises(Forbidden):
        enter(world, made, "pim")
    invitations.take_back(actor=world.actor("noor"), invitation_id=made.invitation_id, at=world.at)
    made = invite(world, house, whom="ellen")
    assert refused(lambda: enter(world, made, "ellen")) == "gp.does_not_work_here"
    assert Invitation.objects.get(pk=made.invitation_id).accepted_at is None
    assert not Involvement.objects.filter(part=Part.GP).exists()


def test_a_child_has_one_gp_at_a_time_and_takes_leave_of_it(world: World, house: Household) -> None:
    join(world, house)
    assert refused(lambda: invite(world, house, whom="youssef")) == "gp.there"
    sharing.take_leave(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert Entry.objects.filter(code="family.gp_left").exists()
    assert get(world, house, "anouk").status_code == 404
    invite(world, house, whom="youssef")


def test_only_who_decides_invites_and_a_no_of_the_child_shuts_the_gp_out(
    world: World, house: Household
) -> None:
    with pytest.raises(Forbidden):
        invite(world, house, by="ellen")
    join(world, house, by="sanne")
    write(world, house)
    say_about(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        yes=False,
        at=world.at,
    )
    assert get(world, house, "anouk").status_code == 404


def test_an_invitation_sent_anew_stays_one_for_a_gp(world: World, house: Household) -> None:
    made = invite(world, house, whom="fout@praktijk.example")
    invitations.invite_anew(
        actor=world.actor("noor"),
        invitation_id=made.invitation_id,
        email=world.account("anouk").email,
        at=world.at,
    )
    assert Invitation.objects.latest("id").as_gp
    assert Entry.objects.filter(code="family.gp_invited").count() == 2
    assert not Entry.objects.filter(code="family.confidant_invited").exists()


# --- what it writes ---


def test_what_the_gp_writes_nobody_else_reads(world: World, house: Household) -> None:
    join(world, house)
    note = write(world, house)
    assert note.compartment.kind == "gp"
    assert reads(world, house, "anouk")
    for who in ("noor", "sanne", "mark", "ellen"):
        assert get(world, house, who).status_code == 404, who
        with reading(world.actor(who), world.at):
            assert not Note.objects.filter(pk=note.pk).exists(), who
        with pytest.raises(Forbidden):
            gp.write_as_gp(actor=world.actor(who), record_id=record_of(house), words="x", at=world.at)


def test_a_later_gp_does_not_read_what_an_earlier_one_wrote(world: World, house: Household) -> None:
    join(world, house)
    write(world, house)
    sharing.take_leave(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    enter(world, invite(world, house, whom="youssef"), "youssef")
    answer = get(world, house, "youssef")
    assert (answer.status_code, WORDS in answer.content.decode()) == (200, False)


def two_gps(world: World, house: Household) -> tuple[Note, Note]:
    """Anouk was the GP and wrote two pieces, of which one was shared; Youssef is the GP now."""
    join(world, house)
    kept, given = write(world, house), write(world, house, words="Dit mag iedereen weten.")
    may_share(world, house)
    share(world, given)
    leaves(world, house)
    enter(world, invite(world, house, whom="youssef"), "youssef")
    return kept, given


def leaves(world: World, house: Household, who: str = "anouk") -> None:
    sharing.take_leave(
        actor=world.actor("noor"), record_id=record_of(house), account_id=world.account(who).pk, at=world.at
    )


def test_the_first_wall_alone_keeps_an_earlier_gp_s_writing_from_a_later_one(
    world: World, house: Household
) -> None:
    """Asked by the queries, with nobody told to the database."""
    kept, given = two_gps(world, house)
    with reading(world.system, world.at):
        seen = set(Note.objects.visible_to(world.actor("youssef"), at=world.at).values_list("pk", flat=True))
        copy = Note.objects.get(shared_from=given)
        gate = RawSQL(
            "SELECT compartment_id FROM hendig_open(%s, %s)", [world.account("youssef").pk, world.at]
        )
        rooms = Compartment.objects.filter(pk__in=gate, kind="gp")
        assert [room.author for room in rooms] == [world.account("youssef")]
    assert copy.pk in seen
    assert not {kept.pk, given.pk} & seen


def test_the_second_wall_alone_keeps_it_and_the_key_too(world: World, house: Household) -> None:
    """Asked without any filter: what PostgreSQL shows to who asks."""
    kept, given = two_gps(world, house)
    with reading(world.actor("youssef"), world.at):
        seen = set(Note.objects.values_list("pk", flat=True))
        assert not CompartmentKey.objects.filter(compartment_id=kept.compartment_id).exists()
    assert not {kept.pk, given.pk} & seen
    with reading(world.actor("anouk"), world.at):
        assert not Note.objects.exists(), "who left reads nothing either"


def test_a_later_gp_reads_what_the_earlier_one_shared_and_cannot_take_it_back(
    world: World, house: Household
) -> None:
    _kept, given = two_gps(world, house)
    page = get(world, house, "youssef").content.decode()
    assert ("Dit mag iedereen weten." in page, WORDS in page) == (True, False)
    copy = Note.objects.get(shared_from=given)
    for note in (given, copy):
        assert reverse("keep_gp_note", args=[note.pk]) not in page
        with pytest.raises(NotVisible):
            gp.keep_note(actor=world.actor("youssef"), note_id=note.pk, at=world.at)


def test_who_comes_back_finds_the_own_pieces_again(world: World, house: Household) -> None:
    two_gps(world, house)
    leaves(world, house, "youssef")
    enter(world, invite(world, house), "anouk")
    assert reads(world, house, "anouk")


# --- sharing it ---


def test_a_child_of_13_refuses_it_is_not_shareable_and_the_coach_finds_nothing(
    world: World, house: Household
) -> None:
    join(world, house)
    note = write(world, house)
    assert refused(lambda: share(world, note)) == "gp.not_shared"
    for parent in ("sanne", "mark"):
        assert refused(lambda who=parent: may_share(world, house, by=who)) == "gp.not_yours"  # type: ignore[misc]
    may_share(world, house, yes=False)
    assert refused(lambda: share(world, note)) == "gp.not_shared"
    nowhere = world.client("ellen").get(reverse("gp", args=[UUID(int=7)]))
    answer = get(world, house, "ellen")
    assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_with_the_child_s_yes_a_piece_is_shared_and_a_no_takes_it_back_at_once(
    world: World, house: Household
) -> None:
    join(world, house)
    note, other = write(world, house), write(world, house, words="Dit blijft bij mij.")
    may_share(world, house)
    share(world, note)
    for who in ("ellen", "noor", "sanne"):
        assert reads(world, house, who), who
        assert "Dit blijft bij mij." not in get(world, house, who).content.decode()
    may_share(world, house, yes=False)
    assert get(world, house, "ellen").status_code == 404
    assert reads(world, house, "anouk")
    may_share(world, house)
    assert get(world, house, "ellen").status_code == 404
    share(world, note)
    assert reads(world, house, "ellen")
    gp.keep_note(actor=world.actor("anouk"), note_id=note.pk, at=world.at)
    assert get(world, house, "ellen").status_code == 404
    with pytest.raises(NotVisible):
        gp.keep_note(actor=world.actor("anouk"), note_id=other.pk, at=world.at)


def test_below_12_the_parents_decide_one_no_is_enough_and_from_12_their_yes_is_over(
    world: World, young: Household
) -> None:
    join(world, young, by="joris")
    note = write(world, young)
    may_share(world, young, by="joris", yes=False)
    assert refused(lambda: may_share(world, young, by="els")) == "gp.other_said_no"
    may_share(world, young, by="joris")
    share(world, note)
    assert reads(world, young, "ellen")
    may_share(world, young, by="els", yes=False)
    assert get(world, young, "ellen").status_code == 404
    may_share(world, young, by="els")
    world.later(days=30)
    assert refused(lambda: share(world, note)) == "gp.not_shared"


def test_nobody_shares_a_piece_of_another(world: World, house: Household) -> None:
    join(world, house)
    note = write(world, house)
    may_share(world, house)
    with pytest.raises(NotVisible):
        share(world, note, "youssef")
    with pytest.raises(Forbidden):
        share(world, note, "noor")


# --- the pages ---


def test_the_pages_do_it_all(world: World, house: Household) -> None:
    url = reverse("invite_gp", args=[house.family_id])
    assert url in world.client("noor").get(reverse("who_may", args=[house.family_id])).content.decode()
    assert world.client("noor").get(url).status_code == 200
    fields = {"record_id": str(record_of(house)), "first_name": "Pim"}
    wrong = post(world, "noor", "invite_gp", house.family_id, email="pim@", **fields)
    assert (wrong.status_code, 'value="pim@"' in wrong.content.decode()) == (422, True)
    join(world, house)
    assert post(world, "anouk", "gp", record_of(house), words="").status_code == 422
    assert post(world, "anouk", "gp", record_of(house), words=WORDS, because="next").status_code == 302
    note = Note.objects.get()
    assert post(world, "anouk", "share_gp_note", note.pk).status_code == 422
    page = world.client("noor").get(reverse("who_may", args=[house.family_id])).content.decode()
    say = reverse("say_gp_shares", args=[record_of(house)])
    assert say in page
    assert say not in world.client("sanne").get(reverse("who_may", args=[house.family_id])).content.decode()
    anouk = str(world.account("anouk").pk)
    assert post(world, "noor", "say_gp_shares", record_of(house), account=anouk, on="1").status_code == 302
    assert post(world, "anouk", "share_gp_note", note.pk).status_code == 302
    assert reads(world, house, "ellen")
    assert post(world, "ellen", "gp", record_of(house), words="x").status_code == 403
    assert post(world, "anouk", "keep_gp_note", note.pk).status_code == 302
    assert get(world, house, "ellen").status_code == 404


def test_another_family_finds_no_page(world: World, house: Household, young: Household) -> None:
    join(world, house)
    write(world, house)
    assert get(world, house, "joris").status_code == 404
    assert post(world, "joris", "invite_gp", house.family_id).status_code == 404
    fields = {"account": str(world.account("anouk").pk), "on": "1"}
    assert post(world, "joris", "say_gp_shares", record_of(house), **fields).status_code == 404


def test_it_takes_as_many_queries_as_it_says_at_any_size(world: World, house: Household) -> None:
    join(world, house)
    counts = []
    for more in range(2):
        for number in range(1 + 4 * more):
            write(world, house, words=f"Stuk {number}.")
        with (
            CaptureQueriesContext(connection) as around,
            opening_gp(world.actor("anouk"), record_of(house), at=world.at) as look,
            CaptureQueriesContext(connection) as caught,
        ):
            found = gp_page(look, record_of(house))
        assert len(found.pieces) == (1, 6)[more]
        counts.append((len(caught), len(around)))
    assert counts[0] == counts[1]
    assert counts[0][0] == 4
