"""What somebody outside the family told of a worry: read by who is named for safety, and by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, reading, speaking
from hendig.audit.models import Entry
from hendig.families.models import CompartmentKind, Involvement, Purpose
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.keys.actions import seal_again
from hendig.keys.models import CompartmentKey
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.safety import actions, rules
from hendig.safety.models import Concern, Informant, Misplaced
from hendig.safety.queries.concerns import concern as page_of
from hendig.safety.queries.pieces import offered
from hendig.safety.queries.reached import Search, reached
from tests.support.safety import informed, opened, stepped, worried
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")


@built_once
def worry(world: World, request_: HelpRequest) -> Concern:
    """Ellen, the coach, worries; she is named for it, and alone."""
    return worried(world, request_)


def get(world: World, name: str, page: str, *args: object) -> Any:
    return world.client(name).get(reverse(page, args=list(args)))


def seen(world: World, name: str, concern: Concern) -> list[str]:
    """Who told, as this one reads it on the page of the worry."""
    return [one.name for one in page_of(world.actor(name), concern.pk, at=world.at).told]


def taken_back(world: World, told: Informant, by: str = "ellen", **more: Any) -> Informant:
    asked: dict[str, Any] = {"told_id": told.pk, "why": Misplaced.OTHER_CHILD, "at": world.at, **more}
    return actions.take_told_back(actor=world.actor(by), **asked)


def of_family(world: World, request: HelpRequest) -> dict[str, str]:
    """All that a parent reads, without what differs from one request to the next."""
    pages = ("family", "who_looked", "who_may", "own_record", "plan")
    found = {page: get(world, "sanne", page, request.family_id).content.decode() for page in pages}
    return {page: re.sub(r'value="[^"]*"|[a-z]+-[0-9a-f]{8}', "", text) for page, text in found.items()}


@pytest.mark.parametrize(
    ("named", "closed", "code"),
    [(True, False, None), (False, False, "informant.not_named"), (True, True, "concern.closed")],
)
def test_only_who_is_named_writes_it_at_a_worry_that_is_open(
    named: bool, closed: bool, code: str | None
) -> None:
    no = rules.why_not_told(named=named, closed=closed)
    assert (no and no.code) == code


def test_who_is_named_reads_it_and_who_is_named_no_more_does_not(world: World, worry: Concern) -> None:
    informed(world, worry)
    bram = world.account("bram").pk
    assert seen(world, "ellen", worry) == ["KANARIE Zwaan"]
    with pytest.raises(NotVisible):
        seen(world, "bram", worry)
    asked: dict[str, Any] = {"actor": world.actor("ellen"), "concern_id": worry.pk, "account_id": bram}
    actions.name_for_safety(**asked, at=world.at)
    assert seen(world, "bram", worry) == ["KANARIE Zwaan"]
    informed(world, worry, "bram", name="")
    assert seen(world, "ellen", worry) == ["", "KANARIE Zwaan"]
    actions.unname(**asked, at=world.later(minutes=1))
    with reading(world.actor("bram"), world.at):
        assert not Informant.objects.exists()


def test_who_opens_the_record_in_an_emergency_reads_the_worry_and_not_who_told(
    world: World, request_: HelpRequest, worry: Concern
) -> None:
    informed(world, worry)
    opened(world, request_)
    assert seen(world, "youssef", worry) == []
    page = get(world, "youssef", "concern", worry.pk).content.decode()
    assert "Blauwe plekken" in page
    assert "KANARIE" not in page
    assert "Wat iemand van buiten vertelde" not in page
    with pytest.raises(Refused) as no:
        informed(world, worry, "youssef")
    assert no.value.refusal.code == "informant.not_named"
    form = get(world, "youssef", "keep_told", worry.pk).content.decode()
    assert "Alleen wie voor veiligheid genoemd is" in form
    assert "<textarea" not in form


def test_nobody_else_writes_it(world: World, worry: Concern) -> None:
    for name in ("sanne", "henk", "karin"):
        with pytest.raises(Forbidden):
            informed(world, worry, name)
    for name in ("bram", "youssef"):
        with pytest.raises(NotVisible):
            informed(world, worry, name)
    with reading(world.system, world.at):
        assert not Informant.objects.exists()


def test_of_a_day_to_come_or_of_a_closed_worry_nothing_is_kept(world: World, worry: Concern) -> None:
    with pytest.raises(Refused) as no:
        actions.keep_told(
            actor=world.actor("ellen"),
            concern_id=worry.pk,
            name="",
            role="juf",
            words="Hij komt niet op school.",
            told_on=local_day(world.at) + timedelta(days=1),
            at=world.at,
        )
    assert no.value.refusal.code == "concern.not_yet"
    stepped(world, worry)
    actions.close_concern(actor=world.actor("ellen"), concern_id=worry.pk, at=world.at)
    with pytest.raises(Refused) as no:
        informed(world, worry)
    assert no.value.refusal.code == "concern.closed"


def test_who_was_named_before_reads_it_for_as_long_as_they_were_named(world: World, worry: Concern) -> None:
    """Before there was a place for it, to be named was for the worry alone."""
    with speaking(world.system, world.at), change(world.system, "safety.named", at=world.at) as act:
        row = Involvement.objects.get(record=worry.record_id, purpose=Purpose.SAFETY)
        until, row.kinds = row.until_at, [CompartmentKind.SAFETY]
        row.save()
        act.record(row)
    world.later(days=30)
    informed(world, worry)
    assert seen(world, "ellen", worry) == ["KANARIE Zwaan"]
    with reading(world.system, world.at):
        assert Involvement.objects.get(pk=row.pk).until_at == until


def test_the_family_reads_the_same_with_and_without_one(
    world: World, request_: HelpRequest, worry: Concern
) -> None:
    before = of_family(world, request_)
    informed(world, worry)
    get(world, "ellen", "concern", worry.pk)
    assert of_family(world, request_) == before


def test_no_line_notice_or_paper_says_that_there_is_one(
    world: World, request_: HelpRequest, worry: Concern
) -> None:
    informed(world, worry)
    line = Entry.objects.get(code="safety.added")
    assert "KANARIE" not in str(line.facts) + str(line.touched)
    tell(entry_ids=[line.pk], at=world.at)
    assert not Notice.objects.filter(code="safety.added").exists()
    log = get(world, "karin", "log").content.decode()
    assert "vulde een zorg over veiligheid aan" in log
    assert "meldde" not in log
    search = Search(world.account("ellen").pk, None, world.at - timedelta(days=9), world.at)
    found = reached(world.actor("karin"), search, at=world.at)
    assert {str(one.piece) for one in found.touched} >= {"wat over veiligheid gaat"}
    assert not [one for one in found.touched if "meldde" in str(one.piece)]
    pieces = offered(world.actor("ellen"), request_.compartment.record_id, at=world.at)
    assert not [one for one in pieces if "vertelde" in str(one.title) or one.key.startswith("informant")]


def test_it_is_written_and_read_on_the_pages_of_the_worry(world: World, worry: Concern) -> None:
    client = world.client("ellen")
    path = reverse("keep_told", args=[worry.pk])
    typed = {"_key": str(uuid4()), "words": "Zij hoort elke avond geschreeuw.", "role": "", "name": "Zwaan"}
    again = client.post(path, {**typed, "told_on": "2026-11-01"})
    assert again.status_code == 422
    assert "Zij hoort elke avond geschreeuw." in again.content.decode()
    whole = {**typed, "_key": str(uuid4()), "role": "buurvrouw", "told_on": "2026-11-01"}
    done: Any = client.post(path, whole)
    assert done["Location"] == reverse("concern", args=[worry.pk])
    page = client.get(done["Location"]).content.decode()
    for words in ("Buurvrouw", "Zwaan", "Zij hoort elke avond geschreeuw.", "Opgeschreven door Ellen"):
        assert words in page
    assert get(world, "sanne", "keep_told", worry.pk).status_code == 403
    assert get(world, "bram", "keep_told", worry.pk).status_code == 404


def test_the_page_of_a_worry_asks_no_more_for_more_that_was_told(world: World, worry: Concern) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("concern", args=[worry.pk])).status_code == 200
        return len(asked)

    client = world.client("ellen")
    informed(world, worry)
    client.get(reverse("concern", args=[worry.pk]))
    one = queries()
    for _more in range(3):
        informed(world, worry)
    assert queries() == one


class TestWhatWasToldByMistake:
    """It was about another child, or was not said so: who wrote it takes it back."""

    def test_text_name_and_role_are_gone_and_that_it_was_there_stays(
        self, world: World, worry: Concern
    ) -> None:
        kept = informed(world, worry)
        informed(world, worry, name="Meeuw")
        gone = taken_back(world, kept, at=world.later(days=14))
        assert (gone.taken_back_by_id, gone.taken_back_at) == (world.account("ellen").pk, world.at)
        line = Entry.objects.get(code="safety.removed")
        assert (line.account_id, line.object_id, line.facts) == (world.account("ellen").pk, kept.pk, {})
        with connection.cursor() as cursor, reading(world.system, world.at):
            cursor.execute("SELECT name, role, words FROM safety_informant WHERE id = %s", [kept.pk])
            assert [bytes(one) for one in cursor.fetchone()] == [b"", b"", b""]
        # The other one stays, and nothing new is said of the record.
        assert seen(world, "ellen", worry) == ["Meeuw", ""]

    def test_what_older_backups_hold_of_it_loses_its_key(self, world: World, worry: Concern) -> None:
        kept = informed(world, worry)
        informed(world, worry, name="Meeuw")
        with reading(world.system, world.at):
            (before,) = CompartmentKey.objects.standing().of(kept.compartment_id)
        taken_back(world, kept)
        seal_again(actor=world.system, compartment_ids=[kept.compartment_id], at=world.at)
        with reading(world.system, world.at):
            assert before not in CompartmentKey.objects.standing().of(kept.compartment_id)
        assert seen(world, "ellen", worry) == ["Meeuw", ""]

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({}, None),
            ({"taken_back": True, "mine": False, "closed": True}, "informant.taken_back"),
            ({"mine": False}, "informant.not_yours"),
            ({"closed": True}, "concern.closed"),
            ({"after": timedelta(days=14)}, None),
            ({"after": timedelta(days=14, seconds=1)}, "informant.too_late"),
        ],
    )
    def test_by_who_wrote_it_within_two_weeks_at_a_worry_that_is_open(
        self, world: World, told: dict[str, Any], code: str | None
    ) -> None:
        said = {"mine": True, "taken_back": False, "closed": False, **told}
        at = world.at + said.pop("after", timedelta())
        no = rules.why_told_stays(**said, kept_at=world.at, at=at)
        assert (no and no.code) == code

    def test_who_did_not_write_it_cannot_and_who_is_not_named_does_not_find_it(
        self, world: World, request_: HelpRequest, worry: Concern
    ) -> None:
        kept = informed(world, worry)
        asked: dict[str, Any] = {"actor": world.actor("ellen"), "concern_id": worry.pk}
        actions.name_for_safety(**asked, account_id=world.account("bram").pk, at=world.at)
        opened(world, request_)
        with pytest.raises(Refused) as no:
            taken_back(world, kept, "bram")
        assert no.value.refusal.code == "informant.not_yours"
        assert "Alleen wie dit opschreef" in get(world, "bram", "take_told_back", kept.pk).content.decode()
        with pytest.raises(NotVisible):
            taken_back(world, kept, "youssef")
        with pytest.raises(Forbidden):
            taken_back(world, kept, "sanne")
        assert get(world, "youssef", "take_told_back", kept.pk).status_code == 404
        assert get(world, "sanne", "take_told_back", kept.pk).status_code == 403

    @pytest.mark.parametrize(
        ("then", "code"), [("again", "informant.taken_back"), ("closed", "concern.closed")]
    )
    def test_not_twice_and_not_when_the_worry_is_closed(
        self, world: World, worry: Concern, then: str, code: str
    ) -> None:
        kept = informed(world, worry)
        if then == "again":
            taken_back(world, kept)
        else:
            stepped(world, worry)
            actions.close_concern(actor=world.actor("ellen"), concern_id=worry.pk, at=world.at)
        with pytest.raises(Refused) as no:
            taken_back(world, kept)
        assert no.value.refusal.code == code
        with reading(world.system, world.at):
            assert Entry.objects.filter(code="safety.removed").count() == (then == "again")

    def test_the_page_asks_why_and_shows_afterwards_that_it_is_gone(
        self, world: World, worry: Concern
    ) -> None:
        kept = informed(world, worry)
        client, path = world.client("ellen"), reverse("take_told_back", args=[kept.pk])
        assert path in get(world, "ellen", "concern", worry.pk).content.decode()
        form = client.get(path).content.decode()
        assert "KANARIE Zwaan" in form
        assert "Neem terug, voorgoed" in form
        assert client.post(path, {"_key": str(uuid4())}).status_code == 422
        done: Any = client.post(path, {"_key": str(uuid4()), "why": "other_child"})
        assert done["Location"] == reverse("concern", args=[worry.pk])
        page = client.get(done["Location"]).content.decode()
        assert "Hier nam Ellen" in page
        assert "het gaat over een ander kind" in page
        assert "KANARIE" not in page
        assert path not in page
        assert "al teruggenomen" in client.get(path).content.decode()

    def test_the_family_and_its_log_are_the_same(
        self, world: World, request_: HelpRequest, worry: Concern
    ) -> None:
        before = of_family(world, request_)
        kept = informed(world, worry)
        taken_back(world, kept)
        assert of_family(world, request_) == before
        log = get(world, "karin", "log").content.decode()
        assert "haalde iets weg bij een zorg over veiligheid" in log
        assert "vertelde" not in log
