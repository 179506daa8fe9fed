"""What the privacy officer watches over: refusals, terms, destruction with proof, breaches; and a freeze."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, refused, speaking
from hendig.audit.models import Entry
from hendig.families.actions import add_child, involve, sharing
from hendig.families.models import Block, CompartmentKind, Ground, Involvement, Part, Purpose, Record
from hendig.helprequests.models import HelpRequest
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.models import CompartmentKey
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.rights import actions as rights
from hendig.safety import actions
from hendig.safety.models import Erasure, ErasureWhy
from tests.support.matching import Household, record_of
from tests.support.reading import Reader
from tests.support.safety import opened, stepped, worried
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


def get(world: World, name: str, page: str, *args: object) -> Any:
    return world.client(name).get(reverse(page, args=list(args)))


# --- refusals ---


def alarmed(world: World) -> bool:
    return actions.sound_alarm(
        municipality_id=world.municipality.pk, account_id=world.account("youssef").pk, at=world.at
    )


def test_five_refusals_in_ten_minutes_alert_the_privacy_officer_once(
    world: World, request_: HelpRequest
) -> None:
    """A colleague of the team who is not in the tent: by URL 404, and five of them are noticed."""
    client = world.client("youssef")
    waiting = jobs_of("safety.alarm")
    for number in range(1, 6):
        assert client.get(reverse("family", args=[request_.family_id])).status_code == 404
        assert jobs_of("safety.alarm") - waiting == (number == 5)
        world.later(minutes=1)
    assert alarmed(world)
    assert not alarmed(world)
    tell(
        entry_ids=list(Entry.objects.filter(code="refusals.alarm").values_list("pk", flat=True)), at=world.at
    )
    assert [one.account.first_name for one in Notice.objects.filter(code="refusals.alarm")] == ["Karin"]


def test_the_officer_reads_in_words_why_somebody_was_refused(world: World, request_: HelpRequest) -> None:
    """And on which page, by its code: never what was asked for."""
    world.client("youssef").get(reverse("family", args=[request_.family_id]))
    world.client("youssef").get(reverse("log"))
    refused(world.actor("youssef"), "emergency", at=world.at, code="emergency.nobody")
    shown = world.client("karin").get(reverse("log"), {"kind": "refusal"}).content.decode()
    for words, code in (
        ("vroeg iets dat er niet is, of dat dicht is", "family"),
        ("vroeg iets dat bij dit werk niet mag", "log"),
        ("wilde iets dat nu niet kan", "emergency"),
    ):
        assert re.search(rf"<td[^>]*><div>{words}\s*</div></td>.*?<code>{code}</code>", shown, re.DOTALL), (
            words
        )
    assert str(request_.family_id) not in shown


def jobs_of(name: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


def test_four_refusals_or_five_over_a_longer_time_are_no_alarm(world: World) -> None:
    actor, before = world.actor("youssef"), jobs_of("safety.alarm")
    for _again in range(6):
        refused(actor, "family", at=world.later(minutes=3), code="not_visible")
    assert jobs_of("safety.alarm") == before


# --- secret addresses ---


def secret(world: World, request: HelpRequest, **more: Any) -> Any:
    return actions.set_secret(
        actor=world.actor("ellen"),
        record_id=request.compartment.record_id,
        member_id=request.asked_by_id,
        named=(),
        at=world.at,
        **more,
    )


def test_a_secret_address_is_for_who_is_named_and_who_is_kept_out_loses_what_was_said(
    world: World, request_: HelpRequest
) -> None:
    mark = world.account("mark").pk
    assert get(world, "mark", "family", request_.family_id).status_code == 200
    secret(world, request_, blocked=mark, everything=True)
    assert get(world, "mark", "family", request_.family_id).status_code == 404
    assert get(world, "sanne", "family", request_.family_id).status_code == 200
    with speaking(world.system, world.at):
        kinds = {
            row.account_id for row in Involvement.objects.filter(kinds__contains=[CompartmentKind.ADDRESS])
        }
        assert kinds == {world.account("ellen").pk, world.account("sanne").pk}
        rows = Involvement.objects.filter(purpose=Purpose.VISIT, member=request_.asked_by_id)
        assert {row.account_id for row in rows} == {world.account("ellen").pk}
        assert Block.objects.standing(world.at).filter(account=mark).count() == 1
    with pytest.raises(Refused) as no:
        secret(world, request_, blocked=world.account("sanne").pk)
    assert no.value.refusal.code == "address.own"


def test_who_is_kept_out_of_all_is_not_let_in_by_an_address_that_is_secret(
    world: World, request_: HelpRequest
) -> None:
    """A narrower block beside a wider one: the wider one stays, and also the other way about."""
    mark = world.account("mark").pk
    secret(world, request_, blocked=mark)
    assert get(world, "mark", "family", request_.family_id).status_code == 200
    secret(world, request_, blocked=mark, everything=True)
    assert get(world, "mark", "family", request_.family_id).status_code == 404
    secret(world, request_, blocked=mark)
    assert get(world, "mark", "family", request_.family_id).status_code == 404
    assert Entry.objects.filter(code="address.blocked").count() == 2


def test_nobody_takes_away_that_they_themselves_are_kept_out(world: World, request_: HelpRequest) -> None:
    """A father with authority sees the rest of the record, and decides over it."""
    mark = world.account("mark").pk
    secret(world, request_, blocked=mark)
    with pytest.raises(NotVisible):
        sharing.let_in_again(
            actor=world.actor("mark"),
            record_id=request_.compartment.record_id,
            account_id=mark,
            at=world.at,
        )
    assert Block.objects.standing(world.at).filter(account=mark).exists()


def test_who_was_kept_out_of_an_address_can_be_shut_out_of_all_and_let_in_again(
    world: World, request_: HelpRequest
) -> None:
    record = request_.compartment.record_id
    with speaking(world.system, world.at), change(world.system, "address.blocked", at=world.at) as act:
        involve(
            act,
            record=Record.objects.get(pk=record),
            account_id=world.account("anouk").pk,
            part=Part.PROFESSIONAL,
            ground=Ground.CONSENT,
        )
        row = Block.objects.create(
            family_id=request_.family_id,
            record_id=record,
            account=world.account("anouk"),
            kinds=[CompartmentKind.ADDRESS],
            from_at=world.at,
        )
        act.record(row)
    asked: dict[str, Any] = {"record_id": record, "account_id": world.account("anouk").pk, "at": world.at}
    wider = sharing.shut_out(actor=world.actor("sanne"), **asked)
    assert wider.kinds == []
    assert sharing.let_in_again(actor=world.actor("sanne"), **asked).pk == wider.pk
    assert Block.objects.standing(world.at).filter(account=world.account("anouk")).get().kinds == ["address"]


def test_only_the_coach_who_has_the_address_open_makes_it_secret(world: World, request_: HelpRequest) -> None:
    record = request_.compartment.record_id
    for name in ("sanne", "youssef", "karin"):
        assert get(world, name, "address", record).status_code == 403
    theirs, nothing = (get(world, "bram", "address", key) for key in (record, uuid4()))
    pages = [re.sub(r"value=\"[^\"]*\"", "", answer.content.decode()) for answer in (theirs, nothing)]
    assert theirs.status_code == 404
    assert pages[0] == pages[1]


# --- death ---


def test_after_a_death_the_family_s_view_stops_until_the_privacy_officer_opens_it(
    world: World, request_: HelpRequest
) -> None:
    record = request_.compartment.record_id
    actions.freeze_record(actor=world.actor("ellen"), record_id=record, at=world.at)
    for name in ("sanne", "mark"):
        assert get(world, name, "family", request_.family_id).status_code == 404
    assert get(world, "ellen", "family", request_.family_id).status_code == 200
    with pytest.raises(Forbidden):
        actions.unfreeze_record(actor=world.actor("ellen"), record_id=record, at=world.at)
    karin: Any = world.client("karin").post(reverse("unfreeze", args=[record]), {"_key": str(uuid4())})
    assert karin.status_code == 302
    assert get(world, "sanne", "family", request_.family_id).status_code == 200


# --- retention and destruction ---


def test_a_record_is_kept_twenty_years_and_then_destroyed_by_two_with_proof(
    world: World, request_: HelpRequest
) -> None:
    record = request_.compartment.record_id
    concern = worried(world, request_)
    stepped(world, concern, until=1)
    ask: dict[str, Any] = {"actor": world.actor("karin"), "record_id": record}
    for why in ErasureWhy:
        with pytest.raises(Refused) as no:
            actions.ask_erasure(**ask, why=why, at=world.at)
        assert no.value.refusal.code == "erasure.term"
    then = world.at + timedelta(days=20 * 365 + 6)
    row = actions.ask_erasure(**ask, why=ErasureWhy.TERM, at=then)
    with pytest.raises(Refused) as no:
        actions.agree_erasure(actor=world.actor("karin"), erasure_id=row.pk, at=then)
    assert no.value.refusal.code == "erasure.own"
    ellen = world.actor("ellen")
    actions.agree_erasure(actor=ellen, erasure_id=row.pk, at=then)
    with speaking(world.system, world.at):
        assert not CompartmentKey.objects.standing().filter(family_id=request_.family_id).exists()
        assert HelpRequest.objects.get(pk=request_.pk).words == ""
    proof = get(world, "karin", "erasure", row.pk).content.decode()
    assert "Bewijs van vernietiging" in proof
    assert "key.destroyed" in proof
    assert f"pas weg als de reservekopieën van voor {then.day} " in proof
    assert "houdt ook daarna namen" in get(world, "karin", "retention").content.decode()
    assert Erasure.objects.get().compartments > 5


def test_a_record_past_its_term_is_listed_without_a_name(world: World, request_: HelpRequest) -> None:
    page = get(world, "karin", "retention").content.decode()
    assert str(request_.compartment.record_id) not in page
    from hendig.safety.queries.retention import retention

    found = retention(world.actor("karin"), at=world.at + timedelta(days=20 * 365 + 6))
    assert [one.record_id for one in found.past_term] == [request_.compartment.record_id]


def test_a_record_past_its_term_is_proposed_with_one_button_and_goes_by_a_second_person(
    world: World, request_: HelpRequest
) -> None:
    world.later(days=20 * 365 + 6)
    record = str(request_.compartment.record_id)
    (button,) = [one for one in Reader(page(world)).forms if record in one.fields.values()]
    sent = world.client("karin").post(button.action, button.fields)
    assert sent.status_code == 302
    assert (Erasure.objects.get().why, Erasure.objects.get().agreed_at) == (ErasureWhy.TERM, None)
    assert not [one for one in Reader(page(world)).forms if record in one.fields.values()]


def test_what_was_granted_is_proposed_with_one_button_and_no_number_is_typed(
    world: World, house: Household
) -> None:
    record = str(record_of(house, "Noor"))
    asked = rights.ask_destruction(
        actor=world.actor("noor"), family_id=house.family_id, child_id=house.child.pk, at=world.at
    )
    rights.answer_destruction(
        actor=world.actor("ellen"), destruction_id=asked.pk, stage="granted", at=world.at
    )
    there = Reader(page(world)).forms
    assert not [one for one in there if "record_id" in one.fields and one.fields["record_id"] != record]
    (button,) = [one for one in there if record in one.fields.values()]
    client = world.client("karin")
    sent = client.post(button.action, button.fields)
    assert sent.status_code == 302
    assert (Erasure.objects.get().why, Erasure.objects.get().agreed_at) == (ErasureWhy.ASKED, None)
    assert not [one for one in Reader(page(world)).forms if record in one.fields.values()]
    again = client.post(button.action, {**button.fields, "_key": str(uuid4())})
    assert again.status_code == 422
    assert 'role="alert"' in again.content.decode()


def test_the_officer_is_told_at_night_of_each_record_past_its_term_once(
    world: World, request_: HelpRequest
) -> None:
    def told() -> int:
        return actions.tell_past_terms(municipality_id=world.municipality.pk, at=world.at)

    world.later(days=20 * 365)
    assert told() == 0, "the term passes tomorrow"
    world.later(days=6)
    assert (told(), told()) == (1, 0)
    world.later(days=1)
    assert told() == 0
    line = Entry.objects.get(code="record.past_term")
    record = request_.compartment.record_id
    assert (line.facts, line.family_id) == ({"records": [str(record)], "many": 1}, None)
    tell(entry_ids=[line.pk], at=world.at)
    (notice,) = Notice.objects.filter(entry_id=line.pk)
    assert (notice.account_id, notice.url) == (world.account("karin").pk, reverse("retention"))
    # To be told of it changes nothing of the record: its term does not begin anew.
    assert str(record) in page(world)


def page(world: World) -> str:
    answer: Any = get(world, "karin", "retention")
    return str(answer.content.decode())


def test_each_child_has_a_term_of_its_own(world: World, request_: HelpRequest) -> None:
    """Jeugdwet 7.3.8 lid 3: after nineteen years something is done for the sister alone."""
    from hendig.safety.queries.retention import retention

    record, karin = request_.compartment.record_id, world.actor("karin")
    sister = add_child(
        actor=world.actor("ellen"),
        family_id=request_.family_id,
        first_name="Lotte",
        born_on=date(2018, 5, 1),
        at=world.at,
    )
    with speaking(world.system, world.at):
        hers = Record.objects.get(child=sister.pk).pk
    much_later = world.at + timedelta(days=19 * 365)
    with change(world.system, "request.first_talk", at=much_later) as act:
        act.record(
            involve(
                act,
                record=act.lock(Record.objects.all(), hers),
                account_id=world.account("ellen").pk,
                part=Part.COACH,
                ground=Ground.OWN,
            )
        )
    then = world.at + timedelta(days=20 * 365 + 6)
    assert [one.record_id for one in retention(karin, at=then).past_term] == [record]
    with pytest.raises(Refused) as no:
        actions.ask_erasure(actor=karin, record_id=hers, why=ErasureWhy.TERM, at=then)
    assert no.value.refusal.code == "erasure.term"
    actions.ask_erasure(actor=karin, record_id=record, why=ErasureWhy.TERM, at=then)


def test_nobody_else_asks_or_agrees(world: World, request_: HelpRequest) -> None:
    for name in ("ellen", "henk", "sanne"):
        with pytest.raises(Forbidden):
            actions.ask_erasure(
                actor=world.actor(name),
                record_id=request_.compartment.record_id,
                why=ErasureWhy.TERM,
                at=world.at,
            )
    for name in ("henk", "sanne", "youssef"):
        with pytest.raises(Forbidden):
            actions.agree_erasure(actor=world.actor(name), erasure_id=uuid4(), at=world.at)
    with pytest.raises(NotVisible):
        actions.agree_erasure(actor=world.actor("ellen"), erasure_id=uuid4(), at=world.at)


# --- what waits ---


def test_emergency_is_no_part_that_anybody_keeps(world: World, request_: HelpRequest) -> None:
    opened(world, request_)
    with speaking(world.system, world.at):
        assert Involvement.objects.filter(part=Part.EMERGENCY, until_at=None).count() == 0


def test_the_officer_sees_at_once_what_waits_and_no_more_queries_for_more_of_it(
    world: World, request_: HelpRequest
) -> None:
    def page() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = get(world, "karin", "log")
        return answer.content.decode(), len(queries)

    # The first look of a session costs more by itself.
    page()
    empty, without = page()
    assert "op u</span>" not in empty
    opened(world, request_)
    one, first = page()
    opened(world, request_, "anouk")
    two, second = page()
    assert "1 wacht op u" in one
    assert "2 wachten op u" in two
    assert without == first == second
    assert one.count('aria-current="page"') == 2
