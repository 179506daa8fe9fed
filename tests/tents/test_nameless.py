"""The question told without a name: nobody hears it before the family's yes, and nobody hears whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change
from hendig.audit.models import Entry
from hendig.families.models import FamilyMember, MemberKind
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.tents import actions, queries
from hendig.tents.models import Hearer, NamelessQuestion, Told
from hendig.tents.rules import nameless as rules
from tests.support.families import fosters, sees_along
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.tents import call_tent, look
from tests.support.world import World

TEXT = "Een meisje van 13 slaapt slecht en gaat niet naar school. Wat zou u als eerste vragen?"
THOUGHT = "Ik zou eerst vragen sinds wanneer."


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World) -> Iterator[None]:
    with time_machine.travel(world.at, tick=False):
        yield


def write(
    world: World, house: Household, text: str = TEXT, who: str = "ellen", expertise: str = "opvoeden"
) -> NamelessQuestion:
    return actions.write_nameless(
        actor=world.actor(who),
        request_id=house.request.pk,
        expertise_id=world.expertise(expertise).pk,
        text=text,
        at=world.at,
    )


def allow(world: World, question: NamelessQuestion, who: str = "sanne") -> NamelessQuestion:
    return actions.allow_nameless(actor=world.actor(who), question_id=question.pk, at=world.at)


def told(world: World, house: Household) -> NamelessQuestion:
    return allow(world, write(world, house))


def hearer(question: NamelessQuestion, name: str) -> Hearer:
    return Hearer.objects.get(told__question=question, professional__account__first_name__iexact=name)


def answer(world: World, question: NamelessQuestion, who: str = "anouk", *, can: bool = True) -> Hearer:
    return actions.answer_nameless(
        actor=world.actor(who),
        hearer_id=hearer(question, who).pk,
        words=THOUGHT,
        can_come=can,
        at=world.at,
    )


def who_was_told(world: World, code: str) -> set[str]:
    entries = list(Entry.objects.filter(code=code).order_by("id"))
    tell(entry_ids=[entry.pk for entry in entries], at=world.at)
    rows = Notice.objects.filter(entry_id__in=[entry.pk for entry in entries]).select_related("account")
    return {row.account.first_name for row in rows}


def page(world: World, who: str, name: str, *args: object) -> tuple[int, str]:
    answer_ = world.client(who).get(reverse(name, args=args))
    return answer_.status_code, unescape(re.sub(r"\s+", " ", answer_.content.decode()))


def post(world: World, who: str, name: str, *args: object, **fields: object) -> Any:
    return world.client(who).post(reverse(name, args=args), {"_key": str(uuid4()), **fields})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TEXT, None),
        ("Noor slaapt slecht.", "nameless.name"),
        ("Noors broer ook.", "nameless.name"),
        ("Wij wonen Dorpsstraat 12.", "nameless.address"),
        ("Bel mij op 06 1234 5678.", "nameless.contact"),
        ("Mail naar iemand@voorbeeld.nl", "nameless.contact"),
        ("Haar nummer is 111222333.", "nameless.bsn"),
        ("Zij is van 4 mei 2013.", "nameless.date"),
        ("Zij is van 04-05-2013.", "nameless.date"),
        ("Dat is sinds 2 maanden zo, 123456789 keer.", None),
    ],
)
def test_what_leads_to_a_family_is_not_told(text: str, code: str | None) -> None:
    refusal = rules.why_it_tells_who(text, ["Noor", "Sanne", "Jansen"])
    assert (refusal.code if refusal else None) == code


class TestBeforeTheYes:
    def test_the_family_reads_it_first_and_nobody_else_hears_it(self, world: World, house: Household) -> None:
        question = write(world, house)
        assert who_was_told(world, "nameless.written") >= {"Sanne", "Mark", "Noor"}
        assert not Told.objects.exists()
        assert queries.told_to(world.actor("anouk"), at=world.at) == ()
        status, html = page(world, "sanne", "nameless", house.request.pk)
        assert (status, TEXT in html, "Ja, zo mag het verteld worden" in html) == (200, True, True)
        assert "Ja, zo mag het verteld worden" not in page(world, "ellen", "nameless", house.request.pk)[1]
        for who in ("ellen", "anouk"):
            with pytest.raises(Forbidden):
                allow(world, question, who)
        for who in ("bram",):
            with pytest.raises(NotVisible):
                write(world, house, who=who)

    def test_who_raises_and_does_not_decide_reads_it_and_says_no_yes(self, world: World) -> None:
        """A foster parent who sees along: to let others read it is for who decides."""
        house = household(world, born_on=date(2018, 5, 4))
        fosters(world, house.family_id)
        sees_along(world, house.request.compartment.record_id, "wim", by="sanne")
        question = write(world, house)
        status, html = page(world, "wim", "nameless", house.request.pk)
        assert (status, TEXT in html, "Ja, zo mag het verteld worden" in html) == (200, True, False)
        assert "Iemand met gezag" in html
        assert code_of(lambda: allow(world, question, "wim")) == "nameless.not_a_decider"
        assert not Told.objects.exists()
        assert allow(world, question).allowed_by == house.member("Sanne")

    def test_a_name_is_refused_in_words_and_what_was_typed_stays(
        self, world: World, house: Household
    ) -> None:
        asked = {"expertise_id": str(world.expertise("angst").pk), "text": "Noor is bang."}
        sent = post(world, "ellen", "nameless", house.request.pk, **asked)
        text = unescape(sent.content.decode())
        assert sent.status_code == 422
        assert "Er staat een naam in: Noor." in text
        assert "Noor is bang.</textarea>" in text

    def test_a_member_who_came_meanwhile_is_found_when_it_is_told(
        self, world: World, house: Household
    ) -> None:
        question = write(world, house, "Ons kind wil alleen nog naar Kees.")
        with change(world.system, "family.parent_added", at=world.at) as act:
            kees = FamilyMember(family_id=house.family_id, kind=MemberKind.CONFIDANT, first_name="Kees")
            kees.save()
            act.record(kees)
        assert code_of(lambda: allow(world, question)) == "nameless.name"
        assert not Told.objects.exists()

    @pytest.mark.parametrize(
        ("text", "code"), [(" ", "nameless.empty"), ("woord " * 200, "nameless.too_long")]
    )
    def test_nothing_and_too_much_are_refused(
        self, world: World, house: Household, text: str, code: str
    ) -> None:
        assert code_of(lambda: write(world, house, text)) == code

    def test_one_waits_at_a_time_for_an_expertise(self, world: World, house: Household) -> None:
        first = write(world, house)
        assert code_of(lambda: write(world, house)) == "nameless.waiting"
        write(world, house, expertise="angst")
        actions.withdraw_nameless(actor=world.actor("sanne"), question_id=first.pk, at=world.at)
        assert write(world, house).told_at is None
        assert code_of(lambda: allow(world, first)) == "nameless.withdrawn"


class TestTold:
    def test_who_has_the_expertise_hears_it_and_nothing_of_whose_it_is(
        self, world: World, house: Household
    ) -> None:
        question = told(world, house)
        assert who_was_told(world, "nameless.told") == {"Anouk", "Youssef", "Ellen"}
        status, html = page(world, "anouk", "thought", hearer(question, "anouk").pk)
        _status, mine = page(world, "anouk", "my_tents")
        _status, today = page(world, "anouk", "today")
        assert status == 200
        assert TEXT in html
        for text in (html, mine, today):
            assert "Denkt u mee, zonder naam?" in text or "Een vraag zonder naam" in text
            for tells in ("Sanne", "Noor", "Mark", "Ellen", house.family_id, house.request.pk, question.pk):
                assert str(tells) not in text
        row = Told.objects.get()
        facts = {str(getattr(row, field.attname)) for field in Told._meta.concrete_fields}
        assert not facts & {str(house.family_id), str(house.request.pk), str(question.pk)}

    def test_it_is_told_once(self, world: World, house: Household) -> None:
        question = told(world, house)
        assert code_of(lambda: allow(world, question)) == "nameless.told"
        assert Told.objects.count() == 1

    def test_nobody_of_the_own_family_hears_it(self, world: World, house: Household) -> None:
        with change(world.system, "family.parent_added", at=world.at) as act:
            own = FamilyMember(
                family_id=house.family_id,
                account=world.account("anouk"),
                kind=MemberKind.CONFIDANT,
                first_name="Anouk",
            )
            own.save()
            act.record(own)
        question = told(world, house)
        heard = Hearer.objects.filter(told__question=question)
        assert [one.professional.account.first_name for one in heard] == ["Youssef"]
        other = write(world, house, expertise="angst")
        assert code_of(lambda: allow(world, other)) == "nameless.nobody"

    def test_another_professional_finds_nothing(self, world: World, house: Household) -> None:
        question = allow(world, write(world, house, expertise="angst"))
        missing = page(world, "youssef", "thought", UUID(int=7))[0]
        assert page(world, "youssef", "thought", hearer(question, "anouk").pk)[0] == missing == 404
        with pytest.raises(NotVisible):
            actions.answer_nameless(
                actor=world.actor("youssef"),
                hearer_id=hearer(question, "anouk").pk,
                words=THOUGHT,
                can_come=True,
                at=world.at,
            )

    def test_an_answer_goes_to_the_family_and_the_coach_with_a_face(
        self, world: World, house: Household
    ) -> None:
        question = told(world, house)
        sent = post(world, "anouk", "thought", hearer(question, "anouk").pk, words=THOUGHT, can_come="on")
        assert sent["Location"] == reverse("my_tents")
        assert who_was_told(world, "nameless.answered") == {"Sanne", "Mark", "Noor", "Ellen"}
        for who in ("sanne", "noor", "ellen"):
            html = page(world, who, "nameless", house.request.pk)[1]
            assert THOUGHT in html
            assert "Anouk" in html
            assert "Youssef" not in html
        assert Entry.objects.get(code="nameless.answered").family_id is None

    def test_those_who_can_come_are_called_by_name_in_one_step(self, world: World, house: Household) -> None:
        question = told(world, house)
        answer(world, question, "anouk")
        answer(world, question, "youssef", can=False)
        url = f"{reverse('call_tent', args=[house.request.pk])}?verteld={question.pk}"
        html = page(world, "ellen", "nameless", house.request.pk)[1]
        assert url in html
        assert (
            "Roep een tent bijeen met wie kan komen"
            not in page(world, "sanne", "nameless", house.request.pk)[1]
        )
        called = world.client("ellen").get(url).content.decode()
        checked = re.findall(r'name="people" value="([^"]+)"[^>]* checked', called)
        assert checked == [f"{world.expertise('opvoeden').pk} {world.professionals['anouk'].pk}"]

    def test_taken_back_nobody_reads_or_answers_it_and_answers_stay(
        self, world: World, house: Household
    ) -> None:
        question = told(world, house)
        answer(world, question, "anouk")
        assert post(world, "sanne", "withdraw_nameless", question.pk).status_code == 302
        assert page(world, "youssef", "thought", hearer(question, "youssef").pk)[0] == 404
        assert code_of(lambda: answer(world, question, "youssef")) == "nameless.closed"
        assert THOUGHT in page(world, "sanne", "nameless", house.request.pk)[1]

    def test_after_its_days_it_is_not_answered_and_later_it_is_gone(
        self, world: World, house: Household
    ) -> None:
        question = told(world, house)
        answer(world, question, "anouk")
        world.later(days=14)
        assert code_of(lambda: answer(world, question, "youssef")) == "nameless.closed"
        assert queries.told_to(world.actor("youssef"), at=world.at) == ()
        assert question.told_at is not None
        town = world.municipality.pk
        assert actions.forget_told(municipality_id=town, at=question.told_at + timedelta(days=60)) == 0
        later = question.told_at + timedelta(days=61)
        assert actions.forget_told(municipality_id=town, at=later) == 1
        assert (Told.objects.count(), Hearer.objects.count()) == (0, 0)
        question.refresh_from_db()
        assert (question.told_id, str(question.text)) == (None, TEXT)

    def test_after_the_meeting_nothing_is_told(self, world: World, house: Household) -> None:
        assert rules.why_not_tell(part="family", stage="help") is not None
        call_tent(world, house.request)
        assert write(world, house).told_at is None


def test_the_pages_ask_as_much_for_many_as_for_one(world: World, house: Household) -> None:
    def asked() -> tuple[int, int]:
        seen = look(world, house.family_id, "sanne")
        with CaptureQueriesContext(connection) as family:
            queries.nameless_page(seen, house.request.pk)
        with CaptureQueriesContext(connection) as professional:
            queries.told_to(world.actor("anouk"), at=world.at)
        return len(family), len(professional) - 1

    question = told(world, house)
    answer(world, question)
    small = asked()
    for number in range(3):
        world.add_professional(f"meer{number}", "vlinder", "angst", "opvoeden")
    for slug in ("angst", "opvoeden"):
        more = allow(world, write(world, house, expertise=slug))
        for name in ("anouk", "meer0", "meer1"):
            answer(world, more, name)
    assert asked() == small == (4, 1)
