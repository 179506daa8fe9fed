"""Two homes: who belongs to the side of one parent alone is nobody to the other, nor to their child."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.circle.actions import change_tie, remove_tie
from hendig.families import actions
from hendig.families.actions import sharing
from hendig.families.actions.homes import note_home
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    Involvement,
    LegalAuthority,
    Part,
    Record,
    Source,
    Tie,
    Whom,
)
from hendig.families.queries import opening
from hendig.families.queries.deputies import own_work
from hendig.families.rules.homes import Address
from hendig.kernel.refusal import NotVisible, Refused
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.plans.queries.plan import helpers
from tests.support.families import what_family_sees
from tests.support.matching import Household, household
from tests.support.shared import built_once
from tests.support.world import World

EIGHT = date(2018, 5, 4)
FAMILY = ("sanne", "mark")


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def house(world: World) -> Household:
    """Noor of 8, whose parents both decide and live apart."""
    return household(world, born_on=EIGHT)


def partner(
    world: World, house: Household, of: str = "Sanne", name: str = "Pjotr", **said: object
) -> FamilyMember:
    return actions.add_parent(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name=name,
        last_name="Wolanski",
        side_of=house.member(of).pk,
        at=world.at,
        **said,  # type: ignore[arg-type]  # each by its name
    )


def half_sister(world: World, house: Household) -> FamilyMember:
    return actions.add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Zofia",
        born_on=date(2025, 1, 8),
        side_of=house.member("Sanne").pk,
        at=world.at,
    )


def sanne_decides(world: World, house: Household, child: FamilyMember) -> None:
    """Of this child she has authority, by the register."""
    actions.set_authority(
        actor=world.actor("ellen"),
        child_id=child.pk,
        holder_id=house.member("Sanne").pk,
        source=Source.REGISTER,
        at=world.at,
    )


def persons(world: World, house: Household, who: str) -> str:
    page = "persons" if who == "ellen" else "family"
    return world.client(who).get(reverse(page, args=[house.family_id])).content.decode()


def test_a_divorced_father_finds_nothing_of_the_mothers_partner_nor_of_their_child(
    world: World, house: Household
) -> None:
    """The bytes of his pages are the same before and after: no entry, count, gap, mail, bell or log line."""
    tell(entry_ids=list(Entry.objects.values_list("pk", flat=True)), at=world.at)
    what_family_sees(world, "mark", house.family_id)
    before = what_family_sees(world, "mark", house.family_id)
    letters = Letter.objects.filter(to=world.account("mark").email).count()
    bells = Notice.objects.filter(account=world.account("mark")).count()
    with CaptureQueriesContext(connection) as caught:
        pjotr, zofia = partner(world, house), half_sister(world, house)
        sanne_decides(world, house, zofia)

    rung = [one["sql"] for one in caught if "pg_notify" in one["sql"]]
    tell(entry_ids=list(Entry.objects.values_list("pk", flat=True)), at=world.at)
    assert what_family_sees(world, "mark", house.family_id) == before
    assert rung
    assert not any(f"family:{house.family_id}" in sql for sql in rung)
    assert Letter.objects.filter(to=world.account("mark").email).count() == letters
    assert Notice.objects.filter(account=world.account("mark")).count() == bells
    with reading(world.actor("mark"), world.at):
        assert not FamilyMember.objects.filter(pk__in=[pjotr.pk, zofia.pk]).exists()
        assert not Involvement.objects.filter(kinds=[CompartmentKind.PARENT]).exists()
    for who in ("sanne", "ellen"):
        assert ("Pjotr" in persons(world, house, who), "Zofia" in persons(world, house, who)) == (True, True)


def test_a_partner_who_signs_in_leaves_no_row_nor_its_number_to_the_other_parent(
    world: World, house: Household
) -> None:
    """Who decides for a half sister has an account and an address, and sees her record along."""
    zofia = half_sister(world, house)
    sanne_decides(world, house, zofia)
    before = what_family_sees(world, "mark", house.family_id)
    pjotr = partner(world, house, email="pjotr@gezin.example", children=[zofia.pk])
    note_home(
        actor=world.actor("ellen"),
        person_id=pjotr.pk,
        address=Address("Vlierstraat", "Oirsbeek", number="12", postcode="6438 QX"),
        from_on=world.at.date(),
        at=world.at,
    )
    rows = list(Involvement.objects.filter(member=pjotr))
    assert rows
    canaries = {str(one) for row in rows for one in (row.pk, row.account_id, row.member_id)}
    readers: dict[str, set[str]] = {}
    for who in ("sanne", "mark", "ellen", "pjotr"):
        actor = world.actor(who)
        seen = {str(one.pk) for one in Involvement.objects.visible_to(actor, at=world.at)}
        with reading(actor, world.at):
            policy = {str(one.pk) for one in Involvement.objects.all()}
        assert seen & canaries == policy & canaries or who == "pjotr", who
        readers[who] = policy & canaries
    own = {str(row.pk) for row in rows}
    assert readers == {"sanne": own, "mark": set(), "ellen": own, "pjotr": own}
    after = what_family_sees(world, "mark", house.family_id)
    assert after == before
    assert not [one for one in canaries for page in after.values() if one in page]
    assert "Pjotr" in what_family_sees(world, "sanne", house.family_id)["who_may"]


def test_a_partner_who_signs_in_writes_down_where_they_live_and_reads_it_back(
    world: World, house: Household
) -> None:
    """And the coach who reads along on that side; the other parent finds nobody, and no address."""
    zofia = half_sister(world, house)
    sanne_decides(world, house, zofia)
    pjotr = partner(world, house, email="pjotr@gezin.example", children=[zofia.pk])

    def page(who: str) -> str:
        return world.client(who).get(reverse("homes", args=[house.family_id])).content.decode()

    assert reverse("new_home", args=[pjotr.pk]) in page("pjotr")
    note_home(
        actor=world.actor("pjotr"),
        person_id=pjotr.pk,
        address=Address("Vlierstraat", "Oirsbeek", number="12", postcode="6438 QX"),
        from_on=world.at.date(),
        at=world.at,
    )
    for who, reads in (("pjotr", True), ("ellen", True), ("sanne", False), ("mark", False)):
        assert ("Vlierstraat 12" in page(who)) is reads, who
    assert "Pjotr" not in page("mark")


def test_the_child_from_twelve_and_who_helps_unnamed_do_not_know_of_the_partner(world: World) -> None:
    home = household(world)
    before = what_family_sees(world, "noor", home.family_id)
    pjotr = partner(world, home)
    assert what_family_sees(world, "noor", home.family_id) == before
    with reading(world.actor("noor"), world.at):
        assert not FamilyMember.objects.filter(pk=pjotr.pk).exists()


def test_the_parent_hears_that_somebody_was_written_down_and_that_the_coach_reads(
    world: World, house: Household
) -> None:
    partner(world, house)
    for code in ("family.side_joined", "parent.coach_reads"):
        entry = Entry.objects.filter(code=code).latest("id")
        tell(entry_ids=[entry.pk], at=world.at)
        who = Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True)
        assert list(who) == ["Sanne"]
    log = world.client("sanne").get(reverse("who_looked", args=[house.family_id])).content.decode()
    assert "schreef iemand op die alleen bij u hoort" in log
    assert "leest vanaf nu ook wat alleen van u is" in log


def test_what_was_entered_for_all_is_put_right_and_its_old_lines_go_along(
    world: World, house: Household
) -> None:
    before = what_family_sees(world, "mark", house.family_id)
    ellen = world.actor("ellen")
    pjotr = actions.add_parent(
        actor=ellen, family_id=house.family_id, first_name="Pjotr", last_name="Wolanski", at=world.at
    )
    seen = what_family_sees(world, "mark", house.family_id)
    assert "Pjotr" in seen["family"]
    assert "schreef een ouder of verzorger bij uw gezin" in seen["who_looked"]
    actions.say_side(actor=ellen, member_id=pjotr.pk, side_of=house.member("Sanne").pk, at=world.at)
    after = what_family_sees(world, "mark", house.family_id)
    assert {page: after[page] for page in ("family", "who_looked")} == {
        page: before[page] for page in ("family", "who_looked")
    }
    assert (
        "schreef op wie van iemand in uw gezin mag weten"
        in what_family_sees(world, "sanne", house.family_id)["who_looked"]
    )
    actions.say_side(actor=ellen, member_id=pjotr.pk, side_of=None, at=world.at)
    assert "Pjotr" in persons(world, house, "mark")


def test_the_page_asks_who_may_know_of_a_new_partner_and_keeps_what_was_typed(
    world: World, house: Household
) -> None:
    client, url = world.client("ellen"), reverse("add_adult", args=[house.family_id])
    typed = {"first_name": "Pjotr", "last_name": "Wolanski", "kind": "parent"}
    asked = client.post(url, {"_key": str(uuid4()), **typed})
    assert (asked.status_code, "Kies wie van deze persoon mag weten." in asked.content.decode()) == (
        422,
        True,
    )
    assert 'value="Pjotr"' in asked.content.decode()
    assert not FamilyMember.objects.filter(first_name="Pjotr").exists()
    side = str(house.member("Sanne").pk)
    assert client.post(url, {"_key": str(uuid4()), **typed, "side_of": side}).status_code == 302
    pjotr = FamilyMember.objects.get(first_name="Pjotr")
    page = client.get(reverse("persons", args=[house.family_id])).content.decode()
    assert "Hoort alleen bij Sanne. De andere ouder weet dit niet." in page
    say = reverse("say_side", args=[pjotr.pk])
    assert client.get(say).status_code == 200
    assert client.post(say, {"_key": str(uuid4()), "side_of": "all"}).status_code == 302
    assert "Pjotr" in persons(world, house, "mark")
    assert world.client("bram").get(say).status_code == 404


def test_who_decides_together_with_the_other_parent_belongs_to_no_side(
    world: World, house: Household
) -> None:
    ellen = world.actor("ellen")
    for person in ("Mark", "Noor"):
        with pytest.raises(Refused) as no:
            actions.say_side(
                actor=ellen,
                member_id=house.member(person).pk,
                side_of=house.member("Sanne").pk,
                at=world.at,
            )
        assert no.value.refusal.code == "side.decides"
    with pytest.raises(Refused) as no:
        partner(world, house, children=[house.child.pk])
    assert no.value.refusal.code == "side.hidden"
    pjotr = partner(world, house)
    with pytest.raises(Refused) as no:
        actions.set_authority(
            actor=ellen, child_id=house.child.pk, holder_id=pjotr.pk, source=Source.COURT, at=world.at
        )
    assert no.value.refusal.code == "side.hidden"
    with pytest.raises(Refused) as no:
        partner(world, house, of="Pjotr", name="Jan")
    assert no.value.refusal.code == "side.whose"


def test_their_own_child_is_decided_for_from_that_side_alone(world: World, house: Household) -> None:
    pjotr, zofia = partner(world, house), half_sister(world, house)
    ellen = world.actor("ellen")
    for holder in (house.member("Sanne"), pjotr):
        actions.set_authority(
            actor=ellen, child_id=zofia.pk, holder_id=holder.pk, source=Source.REGISTER, at=world.at
        )
    with pytest.raises(Refused) as no:
        actions.set_authority(
            actor=ellen,
            child_id=zofia.pk,
            holder_id=house.member("Mark").pk,
            source=Source.REGISTER,
            at=world.at,
        )
    assert no.value.refusal.code in {"side.hidden", "authority.third"}
    record = Record.objects.get(child=zofia)
    with reading(world.actor("mark"), world.at):
        assert not Record.objects.visible_to(world.actor("mark"), at=world.at).filter(
            compartments__in=Compartment.objects.filter(record=record, person=house.member("Mark"))
        )
    assert LegalAuthority.objects.filter(child=zofia).count() == 2


def test_where_all_read_nobody_of_one_side_is_offered_or_named(world: World, house: Household) -> None:
    pjotr = partner(world, house)
    for who in ("ellen", "sanne"):
        with opening(world.actor(who), "plan.seen", house.family_id, at=world.at) as look:
            assert "Pjotr" not in [one.name for one in helpers(look)]
    from hendig.rights.actions import write_own_words

    with pytest.raises(Refused) as no:
        write_own_words(
            actor=world.actor("sanne"),
            family_id=house.family_id,
            kind="addition",
            topic="other",
            words="Hij helpt met huiswerk.",
            about=Whom(pjotr.pk),
            at=world.at,
        )
    assert no.value.refusal.code == "about.side"


def test_a_partner_comes_to_the_table_only_once_everybody_may_know(world: World, house: Household) -> None:
    """A tent of one side there is none: what is said at a table the other parent reads as well."""
    pjotr = partner(world, house)
    shared = Compartment.objects.get(record=house.child.record, kind=CompartmentKind.SHARED)

    def there() -> bool:
        return FamilyMember.objects.at_table(shared.pk).filter(pk=pjotr.pk).exists()

    assert not there()
    with pytest.raises(NotVisible):
        actions.say_side(actor=world.actor("bram"), member_id=pjotr.pk, side_of=None, at=world.at)
    actions.say_side(actor=world.actor("ellen"), member_id=pjotr.pk, side_of=None, at=world.at)
    assert there()
    assert "Pjotr" in persons(world, house, "mark")


def test_nobody_stands_in_for_a_coach_where_only_the_coach_was_named(world: World, house: Household) -> None:
    partner(world, house)
    with reading(world.actor("ellen"), world.at):
        rows = list(own_work(world.actor("ellen"), at=world.at))
    assert rows
    assert not any(row.member_id for row in rows)


def test_a_coach_whose_name_was_withdrawn_does_not_come_back_by_adding_somebody(
    world: World, house: Household
) -> None:
    partner(world, house)
    with reading(world.system, world.at):
        named = Involvement.objects.get(account=world.account("ellen"), member=house.member("Sanne"))
    assert (named.part, named.kinds) == (Part.COACH, [CompartmentKind.PARENT])
    sharing.name_no_more(
        actor=world.actor("sanne"),
        record_id=named.record_id,
        account_id=world.account("ellen").pk,
        person_id=house.member("Sanne").pk,
        at=world.at,
    )
    assert "Pjotr" not in persons(world, house, "ellen")
    with pytest.raises(Refused) as no:
        partner(world, house, name="Kees")
    assert no.value.refusal.code == "side.not_named"


def test_when_the_coach_stays_longer_no_line_more_is_there_for_the_other(
    world: World, house: Household
) -> None:
    partner(world, house)
    world.later(days=300)
    before = Entry.objects.count()
    sharing.stay_longer(actor=world.actor("ellen"), family_id=house.family_id, at=world.at)
    lines = Entry.objects.order_by("-id")[: Entry.objects.count() - before]
    places = [one.compartment_id for one in lines if one.code == "family.coach_stays"]
    hers = Compartment.objects.get(person=house.member("Sanne"), record__child=house.child)
    assert sorted(places, key=str) == sorted([None, hers.pk], key=str)


@pytest.mark.parametrize("who", ["sanne", "ellen"])
def test_who_is_drawn_on_one_side_is_not_around_for_the_other_nor_at_the_table(
    world: World, house: Household, who: str
) -> None:
    partner(world, house)
    before = what_family_sees(world, "mark", house.family_id)
    client, url = world.client(who), reverse("circle", args=[house.family_id])
    assert "Wie ziet deze persoon?" in client.get(url).content.decode()
    said = {"name": "Opa Jan", "relation": "opa", "distance": "1", "bond": "warm", "gives": "past op"}
    side = str(house.member("Sanne").pk)
    drawn = client.post(url, {"_key": str(uuid4()), **said, "side_of": side})
    assert drawn.status_code == 302
    for reader in ("sanne", "ellen"):
        page = world.client(reader).get(url).content.decode()
        assert ("Opa Jan" in page, "alleen bij één ouder" in page, "Pjotr" in page) == (True, True, True)
    tie = Tie.objects.get()
    with reading(world.actor("mark"), world.at):
        assert not Tie.objects.exists()
    with opening(world.actor(who), "plan.seen", house.family_id, at=world.at) as look:
        assert "Opa Jan" not in [one.name for one in helpers(look)]
    changed = change_tie(
        actor=world.actor(who),
        tie_id=tie.pk,
        at=world.at,
        **{**said, "distance": 2},  # type: ignore[arg-type]
    )
    assert changed.compartment_id == tie.compartment_id
    remove_tie(actor=world.actor(who), tie_id=changed.pk, at=world.at)
    after = what_family_sees(world, "mark", house.family_id)
    # Who opened the drawing he does read, as before.
    assert before.pop("who_looked") != after.pop("who_looked")
    assert after == before
    about = Entry.objects.filter(object_type="families.Tie").values_list("compartment_id", flat=True)
    assert {*about} == {tie.compartment_id}
    with pytest.raises(NotVisible):
        actions.add_tie(
            actor=world.actor("mark"),
            family_id=house.family_id,
            name="X",
            relation="y",
            distance=1,
            side_of=house.member("Sanne").pk,
            at=world.at,
        )


def test_of_a_half_sister_nobody_reads_that_the_other_parent_sees_nothing_now(
    world: World, house: Household
) -> None:
    """As if he might tomorrow. Whom her own side could let in stands there."""
    zofia = half_sister(world, house)
    sanne_decides(world, house, zofia)
    partner(world, house, email="pjotr@gezin.example", children=[zofia.pk])
    page = world.client("sanne").get(reverse("who_may", args=[house.family_id])).content.decode()
    about = {name: page[page.index(f"Over {name}") :].split("<section")[0] for name in ("Noor", "Zofia")}
    assert "Mark (ouder) ziet wat we samen weten" in about["Noor"]
    assert "Mark" not in about["Zofia"]
    assert "Pjotr" in about["Zofia"]
