"""Where somebody lives: for that person, the coach and who was named; never for the other parent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.actions import homes, sharing
from hendig.families.actions.deputies import name_deputy
from hendig.families.models import Compartment, Home, Involvement, LegalAuthority, Purpose
from hendig.families.queries.homes import homes_page, opening_homes
from hendig.families.rules.homes import Address
from hendig.helprequests.actions.handover import hand_over_questions
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.safety import actions as safety
from tests.support.along import taken
from tests.support.families import what_family_sees
from tests.support.matching import Household, household, open_talk, record_of, say, son_and_daughter
from tests.support.refusals import code_of
from tests.support.safety import opened
from tests.support.shared import built_once
from tests.support.world import World

EIGHT = date(2018, 5, 4)
STREET, PLACE, CODE, WAY_IN = "Vlierstraat", "Oirsbeek", "6438 QX", "Bel twee keer, achterom"
HERE = Address(STREET, PLACE, number="12", addition="bis", postcode="6438qx", way_in=WAY_IN)
THERE = Address("Kornoeljelaan", "Ransdaal", number="3", postcode="6311 QX", days="Noor om de week")


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide and live apart; Anouk helps her."""
    found = household(world, born_on=EIGHT)
    say(world, open_talk(world, found), "anouk", "sanne", "mark", "ellen")
    return found


def lives(
    world: World, house: Household, who: str = "Sanne", by: str = "", address: Address = HERE, **more: Any
) -> Home:
    return homes.note_home(
        actor=world.actor(by or who.lower()),
        person_id=house.member(who).pk,
        address=address,
        at=world.at,
        **{"from_on": local_day(world.at), **more},
    )


def told(world: World, house: Household, whom: str, by: str = "sanne", of: str = "Sanne") -> None:
    homes.let_know(
        actor=world.actor(by), person_id=house.member(of).pk, account_id=world.account(whom).pk, at=world.at
    )


def told_no_more(world: World, house: Household, whom: str, by: str = "sanne") -> None:
    homes.let_know_no_more(
        actor=world.actor(by),
        person_id=house.member("Sanne").pk,
        account_id=world.account(whom).pk,
        at=world.at,
    )


def hides(world: World, house: Household, who: str = "Sanne") -> None:
    safety.hide_own(actor=world.actor(who.lower()), member_id=house.member(who).pk, at=world.at)


def page(world: World, house: Household, who: str) -> Any:
    return world.client(who).get(reverse("homes", args=[house.family_id]))


def reads(world: World, house: Household, who: str, street: str = STREET) -> bool:
    """Whether both walls show this one the address: the page, and the table asked for everything."""
    shown = street in page(world, house, who).content.decode()
    with reading(world.actor(who), world.at):
        found = any(row.street == street for row in Home.objects.all())
    assert shown == found, (who, shown, found)
    return shown


def post(world: World, who: str, name: str, key: UUID, **fields: str) -> Any:
    return world.client(who).post(reverse(name, args=[key]), {"_key": str(uuid4()), **fields})


# --- who reads it ---


def test_at_an_ordinary_address_the_person_the_coach_and_who_was_named_read_it_and_nobody_else(
    world: World, house: Household
) -> None:
    lives(world, house)
    assert [reads(world, house, who) for who in ("sanne", "ellen")] == [True, True]
    assert not any(reads(world, house, who) for who in ("mark", "anouk", "bram", "youssef"))
    told(world, house, "anouk")
    assert reads(world, house, "anouk")
    told_no_more(world, house, "anouk")
    assert not reads(world, house, "anouk")
    with pytest.raises(NotVisible):
        told_no_more(world, house, "anouk")


def test_a_father_with_authority_reads_nothing_of_the_mothers_address_and_she_nothing_of_his(
    world: World, house: Household
) -> None:
    """His pages have the same bytes before and after: no entry, count, mail, bell or line."""
    lives(world, house, "Mark", address=THERE)
    tell(entry_ids=list(Entry.objects.values_list("pk", flat=True)), at=world.at)
    what_family_sees(world, "mark", house.family_id)
    before = what_family_sees(world, "mark", house.family_id), page(world, house, "mark").status_code
    bells = Notice.objects.filter(account=world.account("mark")).count()
    letters = Letter.objects.count()
    last = Entry.objects.latest("id").pk
    lives(world, house)
    told(world, house, "anouk")
    hides(world, house)
    told(world, house, "ellen")
    tell(entry_ids=list(Entry.objects.filter(pk__gt=last).values_list("pk", flat=True)), at=world.at)
    assert (
        what_family_sees(world, "mark", house.family_id),
        page(world, house, "mark").status_code,
    ) == before
    assert Notice.objects.filter(account=world.account("mark")).count() == bells
    assert not [one for one in Letter.objects.all()[letters:] if one.to == world.account("mark").email]
    with reading(world.actor("mark"), world.at):
        assert {row.member_id for row in Home.objects.all()} == {house.member("Mark").pk}
        assert not Involvement.objects.filter(purpose=Purpose.VISIT).exists()
    assert not reads(world, house, "sanne", THERE.street)
    assert reads(world, house, "mark", THERE.street)


def test_a_parent_writes_for_themself_alone(world: World, house: Household) -> None:
    home = lives(world, house)
    hides(world, house)
    for act in (
        lambda: lives(world, house, "Sanne", by="mark"),
        lambda: told(world, house, "anouk", by="mark"),
        lambda: told_no_more(world, house, "anouk", by="mark"),
        lambda: homes.end_home(
            actor=world.actor("mark"), home_id=home.pk, until_on=local_day(world.at), at=world.at
        ),
        lambda: safety.hide_own(actor=world.actor("mark"), member_id=home.member_id, at=world.at),
        lambda: safety.show_own(actor=world.actor("mark"), member_id=home.member_id, at=world.at),
    ):
        with pytest.raises(NotVisible):
            act()
    for name, key in (("new_home", home.member_id), ("correct_home", home.pk), ("end_home", home.pk)):
        theirs, nothing = (world.client("mark").get(reverse(name, args=[one])) for one in (key, uuid4()))
        assert (theirs.status_code, nothing.status_code) == (404, 404)


def test_naming_holds_as_long_as_the_help_and_at_most_a_year(world: World, house: Household) -> None:
    lives(world, house)
    told(world, house, "anouk")
    row = Involvement.objects.get(purpose=Purpose.VISIT)
    way = Involvement.objects.get(account=world.account("anouk"), purpose=Purpose.HELP)
    assert (row.part, row.ground, row.kinds, row.member_id) == (
        "professional",
        "match",
        ["address"],
        house.member("Sanne").pk,
    )
    assert row.until_at == min(way.until_at or world.at, world.at + timedelta(days=365))
    assert row.until_at > world.at + timedelta(days=300)
    assert code_of(lambda: told(world, house, "youssef")) == "home.not_there"
    world.at = row.until_at - timedelta(microseconds=1)
    assert reads(world, house, "anouk")
    world.at = row.until_at
    with reading(world.actor("anouk"), world.at):
        assert not Home.objects.exists()


def test_a_deputy_reads_what_the_coach_reads_as_coach_and_nothing_for_which_that_one_was_named(
    world: World, house: Household
) -> None:
    lives(world, house)
    day = local_day(world.at)
    name_deputy(
        actor=world.actor("ellen"),
        account_id=world.account("bram").pk,
        from_on=day,
        until_on=day + timedelta(days=7),
        families=[house.family_id],
        at=world.at,
    )
    assert reads(world, house, "bram")
    hides(world, house)
    told(world, house, "ellen")
    assert reads(world, house, "ellen")
    assert not reads(world, house, "bram")


def coach_changes(world: World) -> None:
    """Ellen hands her questions to Bram, from today."""
    ellen = world.account("ellen").pk
    hand_over_questions(
        actor=world.actor("ellen"),
        coach_id=ellen,
        successors={case.pk: world.account("bram").pk for case in HelpRequest.objects.filter(coach=ellen)},
        from_on=local_day(world.at),
        at=world.at,
    )


def test_the_next_coach_reads_an_ordinary_address_and_the_last_one_no_more(
    world: World, house: Household
) -> None:
    lives(world, house)
    assert reads(world, house, "ellen")
    coach_changes(world)
    assert reads(world, house, "bram")
    assert [reads(world, house, who) for who in ("sanne", "mark")] == [True, False]
    with reading(world.actor("ellen"), world.at):
        assert not Home.objects.exists()


def test_a_secret_address_goes_on_to_the_next_coach_of_who_cannot_sign_in_and_of_nobody_else(
    world: World, house: Household
) -> None:
    """Sanne says herself whether the next coach may know; for a child of 8 nobody else could."""
    lives(world, house)
    lives(world, house, "Noor", by="ellen", address=THERE)
    told(world, house, "ellen")
    safety.set_secret(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        member_id=house.member("Noor").pk,
        named=(),
        at=world.at,
    )
    hides(world, house)
    told(world, house, "ellen")
    assert reads(world, house, "ellen")
    coach_changes(world)
    with reading(world.actor("bram"), world.at):
        assert [row.street for row in Home.objects.all()] == [THERE.street]
    with reading(world.actor("ellen"), world.at):
        assert not Home.objects.exists()
    told(world, house, "bram")
    assert reads(world, house, "bram")


# --- secret ---


def test_a_secret_address_is_for_whom_the_person_names_and_nobody_names_themself(
    world: World, house: Household
) -> None:
    lives(world, house)
    told(world, house, "anouk")
    hides(world, house)
    assert [reads(world, house, who) for who in ("sanne", "ellen", "anouk", "mark")] == [True] + [False] * 3
    ellen = world.actor("ellen")
    asked: dict[str, Any] = {"actor": ellen, "member_id": house.member("Sanne").pk, "at": world.at}
    record = record_of(house, "Noor")
    for act in (
        lambda: told(world, house, "ellen", by="ellen"),
        lambda: lives(world, house, by="ellen"),
        lambda: safety.set_secret(record_id=record, named=(), **asked),
    ):
        assert code_of(act) == "home.secret"
    told(world, house, "ellen")
    assert reads(world, house, "ellen")
    told(world, house, "anouk", by="ellen")
    assert reads(world, house, "anouk")
    safety.show_own(**{**asked, "actor": world.actor("sanne")})
    told_no_more(world, house, "ellen")
    # Not secret any more: the coach reads it as coach again.
    assert reads(world, house, "ellen")
    with pytest.raises(NotVisible):
        safety.show_own(**{**asked, "actor": world.actor("sanne")})


def test_what_a_coach_makes_secret_is_for_that_coach_and_who_was_chosen(
    world: World, house: Household
) -> None:
    lives(world, house)
    secret = safety.set_secret(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        member_id=house.member("Sanne").pk,
        named=[world.account("anouk").pk],
        blocked=world.account("mark").pk,
        at=world.at,
    )
    assert [reads(world, house, who) for who in ("sanne", "ellen", "anouk")] == [True] * 3
    # What she writes later is as secret, and so is what her coach writes.
    lives(world, house, by="ellen", address=THERE)
    assert reads(world, house, "anouk", THERE.street)
    safety.end_secret(actor=world.actor("ellen"), secret_id=secret.pk, at=world.at)
    assert "geheim" not in page(world, house, "ellen").content.decode()


def test_who_may_not_know_where_another_lives_goes_on_reading_the_own_address(
    world: World, house: Household
) -> None:
    """That it closed would tell that somebody hides."""
    lives(world, house, "Mark", address=THERE)
    before = page(world, house, "mark").status_code
    safety.set_secret(
        actor=world.actor("ellen"),
        record_id=record_of(house, "Noor"),
        member_id=house.member("Sanne").pk,
        named=(),
        blocked=world.account("mark").pk,
        at=world.at,
    )
    assert reads(world, house, "mark", THERE.street)
    assert page(world, house, "mark").status_code == before == 200


def test_with_the_mother_hidden_the_childs_own_address_is_secret_too(world: World, house: Household) -> None:
    lives(world, house, "Noor", by="ellen")
    told(world, house, "anouk", by="ellen", of="Noor")
    hides(world, house)
    assert reads(world, house, "anouk")
    assert not reads(world, house, "ellen")
    for who in ("sanne", "mark"):
        assert not reads(world, house, who)


# --- in an emergency ---


def test_in_an_emergency_an_ordinary_address_is_read_for_an_hour_and_the_person_sees_who_looked(
    world: World, house: Household
) -> None:
    lives(world, house)
    opened(world, house.request)
    assert reads(world, house, "youssef")
    log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "keek waar u woont" in log
    log = world.client("mark").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "keek waar" not in log
    world.at += timedelta(minutes=60)
    assert not reads(world, house, "youssef")


def test_a_secret_address_is_not_read_in_an_emergency_either(world: World, house: Household) -> None:
    lives(world, house)
    lives(world, house, "Mark", address=THERE)
    hides(world, house)
    opened(world, house.request)
    assert not reads(world, house, "youssef")
    assert reads(world, house, "youssef", THERE.street)
    assert "Bel 112" in page(world, house, "youssef").content.decode()


# --- the fact ---


def test_two_homes_stand_beside_each_other_and_what_ended_stays(world: World, house: Household) -> None:
    day = local_day(world.at)
    first = lives(world, house, from_on=day - timedelta(days=30))
    lives(world, house, address=THERE)
    assert reads(world, house, "sanne")
    assert reads(world, house, "sanne", THERE.street)
    ends: dict[str, Any] = {"actor": world.actor("sanne"), "home_id": first.pk, "at": world.at}
    assert code_of(lambda: homes.end_home(until_on=day - timedelta(days=31), **ends)) == "home.before"
    homes.end_home(until_on=day - timedelta(days=1), **ends)
    with opening_homes(world.actor("ellen"), house.family_id, at=world.at) as look:
        (sanne,) = (one for one in homes_page(look).people if one.name == "Sanne")
    assert [one.lines[0] for one in sanne.homes] == ["Kornoeljelaan 3"]
    assert [(one.lines[0], one.until_on) for one in sanne.past] == [
        ("Vlierstraat 12 bis", day - timedelta(days=1))
    ]
    with pytest.raises(NotVisible):
        homes.end_home(until_on=day, **ends)


def test_a_correction_is_a_new_row(world: World, house: Household) -> None:
    wrong = lives(world, house)
    lives(world, house, address=THERE, instead_of=wrong.pk)
    rows = Home.objects.order_by("id")
    assert [(row.street, row.corrected) for row in rows] == [(STREET, True), (THERE.street, False)]
    with pytest.raises(NotVisible):
        lives(world, house, instead_of=wrong.pk)
    with pytest.raises(NotVisible):
        lives(world, house, "Mark", instead_of=rows[1].pk)
    assert Entry.objects.filter(code="home.corrected").count() == 1


def test_of_two_children_it_stands_in_the_record_of_each_and_is_ended_in_both(world: World) -> None:
    house = son_and_daughter(world)
    home = lives(world, house)
    rows = Home.objects.all()
    assert {row.record_id for row in rows} == {record_of(house, name) for name in ("Bas", "Lotte")}
    assert len({row.told_id for row in rows}) == 1
    assert page(world, house, "sanne").content.decode().count(STREET) == 1
    homes.end_home(actor=world.actor("ellen"), home_id=home.pk, until_on=local_day(world.at), at=world.at)
    assert {row.until_on for row in Home.objects.all()} == {local_day(world.at)}
    bas = lives(world, house, "Bas", address=THERE)
    assert bas.record_id == record_of(house, "Bas")
    assert Home.objects.filter(member=bas.member_id).count() == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"postcode": "0438 AB"}, "home.postcode"),
        ({"postcode": "6438 SS"}, "home.postcode"),
        ({"postcode": ""}, "home.postcode"),
        ({"number": "12b"}, "home.number"),
        ({"number": ""}, "home.number"),
    ],
)
def test_bad_input_is_said_and_what_was_typed_stays(
    world: World, house: Household, typed: dict[str, str], code: str
) -> None:
    fields = {"street": STREET, "number": "12", "postcode": CODE, "place": PLACE, "from_on": "2026-01-05"}
    answer = post(world, "sanne", "new_home", house.member("Sanne").pk, **{**fields, **typed})
    assert answer.status_code == 422
    assert STREET in answer.content.decode()
    assert not Home.objects.exists()
    wrong = Address(**{"street": STREET, "place": PLACE, "number": "12", "postcode": CODE, **typed})
    assert code_of(lambda: lives(world, house, address=wrong)) == code
    # Abroad neither is asked.
    abroad = post(
        world, "sanne", "new_home", house.member("Sanne").pk, country="België", **{**fields, **typed}
    )
    assert abroad.status_code == 302
    assert "België" in page(world, house, "sanne").content.decode()


def test_a_day_far_ahead_is_refused(world: World, house: Household) -> None:
    far = local_day(world.at) + timedelta(days=367)
    assert code_of(lambda: lives(world, house, from_on=far)) == "home.too_far"
    lives(world, house, from_on=far - timedelta(days=1))


def test_nothing_of_it_stands_readable_in_the_database_and_it_goes_with_its_key(
    world: World, house: Household
) -> None:
    lives(world, house)
    with reading(world.system, world.at), connection.cursor() as cursor:
        cursor.execute("SELECT h::text FROM families_home h")
        stored = bytes.fromhex("".join(re.findall(r"x([0-9a-f]{40,})", cursor.fetchall()[0][0])))
    for word in (STREET, PLACE, CODE, WAY_IN):
        assert word.encode() not in stored


# --- pages ---


def test_the_mother_keeps_it_on_her_phone_and_says_who_may_know(world: World, house: Household) -> None:
    sanne = house.member("Sanne").pk
    mine = world.client("sanne")
    assert (
        reverse("homes", args=[house.family_id])
        in mine.get(reverse("own_record", args=[house.family_id])).content.decode()
    )
    assert reverse("new_home", args=[sanne]) in page(world, house, "sanne").content.decode()
    fields = {"street": STREET, "number": "12", "postcode": "6438qx", "place": PLACE, "from_on": "2026-01-05"}
    assert post(world, "sanne", "new_home", sanne, **fields).status_code == 302
    assert CODE in page(world, house, "sanne").content.decode()
    anouk = str(world.account("anouk").pk)
    assert post(world, "sanne", "who_knows_home", sanne, account=anouk, on="1").status_code == 302
    who_may = mine.get(reverse("who_may", args=[house.family_id])).content.decode()
    assert "Anouk mag weten waar u woont." in who_may
    assert "Ellen mag weten waar u woont." in who_may
    assert post(world, "sanne", "hide_home", sanne).status_code == 302
    assert "Uw adres is geheim" in page(world, house, "sanne").content.decode()
    who_may = mine.get(reverse("who_may", args=[house.family_id])).content.decode()
    assert "mag weten waar u woont" not in who_may
    home = Home.objects.get()
    assert post(world, "sanne", "correct_home", home.pk, **{**fields, "number": "14"}).status_code == 302
    fresh = Home.objects.get(corrected=False)
    assert post(world, "sanne", "end_home", fresh.pk, until_on="2026-01-04").status_code == 422
    assert post(world, "sanne", "end_home", fresh.pk, until_on="2026-02-04").status_code == 302
    assert post(world, "sanne", "show_home", sanne).status_code == 302
    assert "Uw adres is geheim" not in page(world, house, "sanne").content.decode()


def test_who_was_named_comes_to_it_in_one_tap_and_others_have_no_link(world: World, house: Household) -> None:
    link = reverse("homes", args=[house.family_id])

    def doors(who: str) -> bool:
        return link in world.client(who).get(reverse("family", args=[house.family_id])).content.decode()

    lives(world, house)
    assert [doors(who) for who in ("sanne", "ellen", "anouk")] == [True, True, False]
    assert page(world, house, "anouk").status_code == 404
    told(world, house, "anouk")
    assert doors("anouk")
    assert world.client("anouk").get(link)["Cache-Control"] == "no-store"


def test_it_is_in_the_copy_of_that_person_and_of_nobody_else(world: World, house: Household) -> None:
    lives(world, house)
    assert STREET in taken(world, house, "sanne").words
    assert STREET not in taken(world, house, "mark").words


def test_the_page_asks_the_same_number_of_queries_at_two_sizes(world: World, house: Household) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert page(world, house, "ellen").status_code == 200
        return len(found)

    lives(world, house)
    page(world, house, "ellen")
    one = asked()
    lives(world, house, address=THERE)
    lives(world, house, "Mark")
    told(world, house, "anouk", by="ellen", of="Mark")
    assert asked() == one


def test_a_parent_without_authority_keeps_the_own_address_and_opens_no_family_by_it(world: World) -> None:
    house = household(world, born_on=EIGHT)
    lives(world, house, "Mark", address=THERE)
    row = LegalAuthority.objects.get(holder=house.member("Mark"))
    families.end_authority(actor=world.actor("ellen"), authority_id=row.pk, at=world.at)
    world.at += timedelta(days=1)
    assert world.client("mark").get(reverse("family", args=[house.family_id])).status_code == 404
    assert reads(world, house, "mark", THERE.street)
    with reading(world.actor("mark"), world.at):
        assert Compartment.objects.exclude(person=house.member("Mark").pk).count() == 0


def test_naming_for_the_own_part_and_for_the_address_end_apart(world: World, house: Household) -> None:
    lives(world, house)
    sharing.name_for_own_part(
        actor=world.actor("sanne"),
        record_id=record_of(house, "Noor"),
        person_id=house.member("Sanne").pk,
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert not reads(world, house, "anouk")
    told(world, house, "anouk")
    sharing.name_no_more(
        actor=world.actor("sanne"),
        record_id=record_of(house, "Noor"),
        person_id=house.member("Sanne").pk,
        account_id=world.account("anouk").pk,
        at=world.at,
    )
    assert reads(world, house, "anouk")
