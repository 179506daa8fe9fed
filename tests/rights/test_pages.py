from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry, Receipt
from hendig.families.actions import end_authority
from hendig.families.models import LegalAuthority
from hendig.files.adapters.door import let_in
from hendig.files.rules import LETTER
from hendig.rights import actions
from hendig.rights.models import Application, Decision, Destruction, OwnWords, Residence
from hendig.safety.actions import set_secret
from tests.support.matching import Household, household
from tests.support.plans import Help
from tests.support.reading import Reader
from tests.support.rights import a_pdf, applied, taken_up, text_of
from tests.support.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


def corrected(world: World, house: Household) -> OwnWords:
    """Sanne wrote that something in the plan is not right."""
    return actions.write_own_words(
        actor=world.actor("sanne"),
        family_id=house.family_id,
        kind="correction",
        topic="plan",
        words="Dit klopt niet.",
        at=world.at,
    )


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def count(client: Client, name: str, *args: object) -> int:
    with CaptureQueriesContext(connection) as seen:
        page(client, name, *args)
    return len(seen)


class TestTheDoor:
    def test_the_family_finds_its_own_page_and_the_coach_another_name_for_it(
        self, world: World, house: Household
    ) -> None:
        assert "Van ons" in page(world.client("sanne"), "family", house.family_id)
        coach = page(world.client("ellen"), "family", house.family_id)
        assert "Van het gezin zelf" in coach
        assert "Welke gemeente?" in coach

    def test_nobody_reads_a_sentence_for_another_reader(self, world: World, house: Household) -> None:
        youth = page(world.client("noor"), "own_record", house.family_id)
        assert "over uw kind" not in youth
        assert "over je kind" not in youth
        assert "Wat het gezin erbij zette" in page(world.client("ellen"), "own_record", house.family_id)
        application = taken_up(world, applied(world, house))
        decides = page(world.client("bram"), "application", application.pk)
        assert "U behandelt deze aanvraag." in decides
        assert "Vraagt zij het gezin iets" in decides
        asked = page(world.client("sanne"), "application", application.pk)
        assert "Bram van de gemeente kijkt ernaar." in asked
        assert "Vraagt zij u iets" in asked

    def test_an_empty_page_says_what_to_do_first(self, world: World, house: Household) -> None:
        text = page(world.client("noor"), "own_record", house.family_id)
        assert "Nog niets. Klopt er iets niet" in text
        assert "Ik wil een besluit op papier" in text

    def test_others_find_nothing(self, world: World, house: Household) -> None:
        for who in ("bram", "anouk"):
            page(world.client(who), "own_record", house.family_id, status=404)

    def test_a_father_whose_authority_a_court_ended_reads_the_name_of_no_child_there(
        self, world: World, house: Household
    ) -> None:
        assert "Noor" in page(world.client("mark"), "own_record", house.family_id)
        held = LegalAuthority.objects.get(holder__first_name="Mark", child=house.child)
        end_authority(actor=world.actor("ellen"), authority_id=held.pk, at=world.at)
        for name in ("own_record", "ask_decision"):
            assert "Noor" not in page(world.client("mark"), name, house.family_id), name
        record = house.request.compartment.record_id
        assert "Noor" not in page(world.client("mark"), "take_along", record)
        assert "Noor" in page(world.client("sanne"), "own_record", house.family_id)
        assert "Noor" in page(world.client("sanne"), "take_along", record)

    def test_a_reader_of_another_language_reads_it_all(self, world: World, house: Household) -> None:
        applied(world, house)
        client = world.client("sanne")
        client.cookies["hendig_language"] = "en"
        assert "I want a decision on paper" in page(client, "own_record", house.family_id)


class TestTheCounsellor:
    """Jeugdwet 2.5 and 4.1.9: reaching the confidential counsellor leaves nothing behind."""

    def traces(self) -> tuple[object, ...]:
        return (
            Entry.objects.count(),
            Receipt.objects.count(),
            sorted(Session.objects.values_list("session_key", "session_data", "expire_date")),
        )

    def test_looking_writes_nothing_and_sets_no_cookie(self, world: World, house: Household) -> None:
        client = world.client("sanne")
        page(client, "own_record", house.family_id)  # so that there is a session and what else a visit brings
        before = self.traces()
        with CaptureQueriesContext(connection) as seen:
            answer = client.get("/vertrouwenspersoon/")
        assert answer.status_code == 200
        # Whoever came from their own page, and misses their name here, is told so and finds the way back.
        assert "dan bent u dat nog" in answer.content.decode()
        assert 'class="eyebrow"><a href="/">' in answer.content.decode()
        assert not answer.cookies
        assert self.traces() == before
        # That somebody was here at all is noted at most once a minute, whatever was opened.
        asked = [one["sql"] for one in seen if "usersessions_usersession" not in one["sql"]]
        written = [sql for sql in asked if re.search(r"\b(INSERT|UPDATE|DELETE)\b", sql)]
        assert written == []
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"

    def test_everybody_gets_the_same_bytes(self, world: World, house: Household) -> None:
        del house
        pages = {
            world.client(who).get("/vertrouwenspersoon/").content for who in (None, "sanne", "noor", "ellen")
        }
        assert len(pages) == 1
        assert b"0499 00 00 25" in pages.pop()

    def test_the_tile_tells_all_on_the_familys_page_so_that_nothing_need_be_opened(
        self, world: World, house: Household
    ) -> None:
        text = page(world.client("sanne"), "own_record", house.family_id)
        assert 'href="tel:0499000025"' in text
        assert 'href="mailto:mirjam@vertrouwenspunt.example"' in text
        assert 'href="tel:0499000025"' in page(world.client("sanne"), "family", house.family_id)

    def test_who_works_for_the_municipality_does_not_see_the_tile(
        self, world: World, house: Household
    ) -> None:
        assert "Mirjam" not in page(world.client("ellen"), "own_record", house.family_id)

    def test_a_municipality_that_named_nobody_says_where_to_turn(self, world: World) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_municipality SET counsellor_phone = '', counsellor_email = ''")
        assert "Jeugdstem" in page(world.client(), "counsellor")


class TestADecisionOnPaper:
    def test_the_family_asks_it_and_sees_where_it_stands(self, world: World, house: Household) -> None:
        client = world.client("sanne")
        form = page(client, "ask_decision", house.family_id)
        assert "binnen acht weken" in form
        answer = client.post(
            reverse("ask_decision", args=[house.family_id]),
            {
                "child_id": str(house.child.pk),
                "words": "Hulp bij slapen",
                "wants_pgb": "on",
                "pgb_why": "Oma",
            },
            follow=True,
        )
        text = answer.content.decode()
        assert "Uw aanvraag is ontvangen" in text
        assert "Besluit uiterlijk 28 december 2026" in text
        assert "nog 56 dagen" in text
        assert "Hulp bij slapen" in text
        assert Application.objects.get().wants_pgb

    def test_who_may_not_ask_reads_why(self, world: World, house: Household) -> None:
        applied(world, house)
        assert "Er loopt al een aanvraag" in page(world.client("mark"), "ask_decision", house.family_id)

    def test_the_receipt_is_a_letter_with_the_moment(self, world: World, house: Household) -> None:
        application = applied(world, house, words="Graag hulp.")
        answer = world.client("sanne").get(f"/besluiten/{application.pk}/ontvangst.pdf")
        assert answer["Cache-Control"] == "no-store"
        letter = text_of(answer.content)
        assert "ontvangen op 2 november 2026, 10:00" in letter
        assert application.reference in letter
        assert "Graag hulp." in letter

    def test_what_nobody_took_up_yet_is_received_and_not_said_to_be_handled(
        self, world: World, house: Household
    ) -> None:
        application = applied(world, house)
        for name, key in (("application", application.pk), ("own_record", house.family_id)):
            text = page(world.client("sanne"), name, key)
            assert re.search(r'class="status status-busy">(?:<svg.*?</svg>)?ontvangen<', text), name
            assert ">in behandeling<" not in text
        taken_up(world, application)
        for name, key in (("application", application.pk), ("own_record", house.family_id)):
            assert "in behandeling" in page(world.client("sanne"), name, key)

    def test_the_list_shows_days_and_no_name(self, world: World, house: Household) -> None:
        application = applied(world, house, words="Graag hulp.", wants_pgb=True)
        text = page(world.client("bram"), "applications")
        assert application.reference in text
        assert "nog 56 dagen" in text
        assert "met pgb" in text
        for secret in ("Noor", "Sanne", "Graag hulp", str(house.family_id)):
            assert secret not in text
        own = page(world.client("ellen"), "applications")
        assert "U begeleidt dit gezin" in own

    def test_the_list_asks_as_much_for_many_as_for_one(self, world: World, house: Household) -> None:
        applied(world, house)
        client = world.client("bram")
        few = count(client, "applications")
        for parent, other, child in (("Lisa", "Tom", "Finn"), ("Fatma", "Ali", "Esra"), ("An", "Ben", "Pim")):
            name = parent.lower()
            applied(world, household(world, parent=parent, other=other, child=child), name)
        assert count(client, "applications") == few

    def test_an_application_asks_a_fixed_number(self, world: World, house: Household) -> None:
        application = taken_up(world, applied(world, house))
        client = world.client("bram")
        few = count(client, "application", application.pk)
        for _time in range(2):
            actions.ask_more(
                actor=world.actor("bram"),
                application_id=application.pk,
                words="Wat?",
                answer_by=(world.at + timedelta(days=9)).date(),
                at=world.at,
            )
            actions.answer_question(
                actor=world.actor("sanne"), application_id=application.pk, words="Dit.", at=world.at
            )
        assert count(client, "application", application.pk) == few

    def test_who_decides_asks_and_the_family_answers(self, world: World, house: Household) -> None:
        application = taken_up(world, applied(world, house))
        bram = world.client("bram")
        wrong = bram.post(
            reverse("ask_more", args=[application.pk]), {"words": "Welke dag?", "answer_by": "31-02-2026"}
        )
        assert wrong.status_code == 422
        assert "Deze datum bestaat niet" in wrong.content.decode()
        assert "Welke dag?" in wrong.content.decode()
        bram.post(
            reverse("ask_more", args=[application.pk]), {"words": "Welke dag?", "answer_by": "2026-11-12"}
        )
        text = page(world.client("sanne"), "application", application.pk)
        assert "Welke dag?" in text
        assert "De klok staat stil" in text
        answer = world.client("sanne").post(
            reverse("answer_question", args=[application.pk]), {"words": "Dinsdag"}, follow=True
        )
        assert "De klok loopt weer" in answer.content.decode()
        assert "Dinsdag" in page(bram, "application", application.pk)

    def test_the_decision_is_made_on_the_page_and_the_letter_is_the_familys(
        self, world: World, house: Household
    ) -> None:
        application = taken_up(world, applied(world, house, wants_pgb=True))
        bram = world.client("bram")
        form = {"verdict": "partly", "what": "Een uur per week.", "reasons": "Meer is niet nodig."}
        wrong = bram.post(reverse("decide_application", args=[application.pk]), form)
        assert wrong.status_code == 422
        assert "Zeg ook daarover ja of nee" in wrong.content.decode()
        assert "Meer is niet nodig." in wrong.content.decode()
        bram.post(reverse("decide_application", args=[application.pk]), form | {"pgb": "0"})
        text = page(world.client("noor"), "application", application.pk)
        assert "voor een deel toegekend" in text
        assert "bezwaar maken tot en met 14 december 2026" in text
        answer = world.client("noor").get(reverse("decision_letter", args=[application.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="besluit.pdf"'
        assert "Meer is niet nodig." in text_of(answer.content)
        assert Entry.objects.filter(code="paper.letter_taken").count() == 1

    def test_why_it_took_longer_is_read_after_the_decision_too(self, world: World, house: Household) -> None:
        application = taken_up(world, applied(world, house))
        made: dict[str, object] = {"application_id": application.pk, "at": world.at}
        bram = world.actor("bram")
        actions.extend(actor=bram, weeks=2, reason="Het onderzoek duurt langer.", **made)  # type: ignore[arg-type]
        actions.decide(actor=bram, verdict="granted", what="Hulp.", reasons="Passend.", **made)  # type: ignore[arg-type]
        text = page(world.client("sanne"), "application", application.pk)
        assert "Het onderzoek duurt langer." in text
        assert reverse("extension_letter", args=[application.pk]) in text

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"GIF89a", "Dit is geen pdf"),
            (b"", "Dit bestand is leeg"),
            (b"%PDF-1.7" + b" " * 5_000_001, "Dit bestand is te groot"),
            (a_pdf(script="x"), "In deze pdf zit iets"),
        ],
        ids=["gif", "empty", "large", "script"],
    )
    def test_a_wrong_file_gets_a_sentence_and_the_words_stay(
        self, world: World, house: Household, content: bytes, words: str
    ) -> None:
        application = taken_up(world, applied(world, house))
        file = BytesIO(content)
        file.name = "brief.pdf"
        answer = world.client("bram").post(
            reverse("decide_application", args=[application.pk]),
            {"verdict": "refused", "reasons": "Dit typte ik.", "letter": file},
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Dit typte ik." in answer.content.decode()
        assert not Decision.objects.exists()

    def test_an_uploaded_letter_is_what_the_family_gets(self, world: World, house: Household) -> None:
        application = taken_up(world, applied(world, house))
        file = BytesIO(a_pdf())
        file.name = "zo heet Noor haar brief.pdf"
        world.client("bram").post(
            reverse("decide_application", args=[application.pk]), {"verdict": "granted", "letter": file}
        )
        answer = world.client("sanne").get(reverse("decision_letter", args=[application.pk]))
        assert answer.content == let_in(file.getvalue(), LETTER).content
        assert "Noor" not in answer["Content-Disposition"]

    def test_when_it_is_too_late_the_family_reads_what_it_can_do(
        self, world: World, house: Household, clock: time_machine.Traveller
    ) -> None:
        application = applied(world, house)
        clock.move_to(world.later(days=57))
        client = world.client("noor")
        text = page(client, "application", application.pk)
        assert "1 dag te laat" in text
        assert "ingebrekestelling" in text
        answer = client.post(reverse("tell_too_late", args=[application.pk]), follow=True)
        assert "vanaf 13 januari 2027 geld" in answer.content.decode()
        assert "1 aanvraag is te laat" in page(world.client("bram"), "applications")

    def test_a_letter_that_is_not_there_is_not_found(self, world: World, house: Household) -> None:
        application = applied(world, house)
        for name in ("decision_letter", "extension_letter"):
            page(world.client("sanne"), name, application.pk, status=404)
        household(world, parent="Lisa", other="Tom", child="Finn")
        page(world.client("lisa"), "application", application.pk, status=404)
        page(world.client("lisa"), "receipt_letter", application.pk, status=404)


class TestDrafts:
    """What is half typed is kept on the device by the name of its form: two forms never share one."""

    def drafts(self, world: World, who: str, *pages: tuple[str, object]) -> list[str]:
        return [
            draft
            for name, key in pages
            for draft in re.findall(r'<form[^>]*data-draft="([^"]+)"', page(world.client(who), name, key))
        ]

    def test_words_for_the_record_do_not_come_up_in_an_application(
        self, world: World, house: Household
    ) -> None:
        found = self.drafts(
            world, "sanne", ("write_own_words", house.family_id), ("ask_decision", house.family_id)
        )
        assert len(set(found)) == len(found) == 2

    def test_a_question_does_not_replace_half_a_decision(self, world: World, house: Household) -> None:
        key = taken_up(world, applied(world, house)).pk
        found = self.drafts(
            world, "bram", ("decide_application", key), ("ask_more", key), ("extend_application", key)
        )
        assert len(set(found)) == len(found) == 3


class TestOwnWords:
    def test_the_family_writes_and_everyone_involved_reads_it(self, world: World, house: Household) -> None:
        form = {"kind": "correction", "topic": "persons", "words": "Ze heet Noor-Anna."}
        answer = world.client("sanne").post(
            reverse("write_own_words", args=[house.family_id]), form, follow=True
        )
        assert "Het staat erbij" in answer.content.decode()
        text = page(world.client("ellen"), "own_record", house.family_id)
        assert "Ze heet Noor-Anna." in text
        assert "Antwoorden" in text

    def test_an_empty_form_says_what_is_missing(self, world: World, house: Household) -> None:
        answer = world.client("sanne").post(
            reverse("write_own_words", args=[house.family_id]), {"kind": "answer"}
        )
        assert answer.status_code == 422
        assert "Schrijf op wat u wilt zeggen." in answer.content.decode()

    def test_the_coach_answers_and_a_no_needs_a_reason(self, world: World, house: Household) -> None:
        own = corrected(world, house)
        where = reverse("answer_correction", args=[own.pk])
        wrong = world.client("ellen").post(where, {"corrected": "0"})
        assert (wrong.status_code, "Schrijf waarom u dit niet verbetert." in wrong.content.decode()) == (
            422,
            True,
        )
        world.client("ellen").post(where, {"corrected": "1", "reply": "Aangepast."})
        assert "Aangepast." in page(world.client("sanne"), "own_record", house.family_id)
        assert OwnWords.objects.get().stage == "corrected"

    def test_the_page_asks_a_fixed_number_whatever_was_written(self, world: World, house: Household) -> None:
        client = world.client("sanne")
        few = count(client, "own_record", house.family_id)
        for kind in ("addition", "answer", "statement"):
            actions.write_own_words(
                actor=world.actor("sanne"),
                family_id=house.family_id,
                kind=kind,
                topic="plan",
                words="x",
                at=world.at,
            )
        assert count(client, "own_record", house.family_id) == few


class TestDestruction:
    def test_the_youth_asks_the_coach_answers_and_the_page_says_what_stays(
        self, world: World, house: Household
    ) -> None:
        mother = page(world.client("sanne"), "own_record", house.family_id)
        assert "Vanaf 12 jaar vraagt alleen de jongere dit zelf." in mother
        world.client("noor").post(
            reverse("ask_destruction", args=[house.family_id]), {"child_id": str(house.child.pk)}
        )
        asked = Destruction.objects.get()
        where = reverse("answer_destruction", args=[asked.pk])
        wrong = world.client("ellen").post(where, {"stage": "refused", "reply": "Liever niet."})
        assert wrong.status_code == 422
        assert "Kies wat er blijft en schrijf waarom." in wrong.content.decode()
        partly = {"stage": "partly", "keep": ["other"], "reply": "Over haar broer."}
        assert "Kies ook welke stukken" in world.client("ellen").post(where, partly).content.decode()
        assert "De hulpvraag en het eerste gesprek" in page(
            world.client("ellen"), "answer_destruction", asked.pk
        )
        piece = f"helprequests_helprequest:{house.request.pk}"
        world.client("ellen").post(where, {**partly, "pieces": [piece]})
        text = page(world.client("noor"), "own_record", house.family_id)
        assert "voor een deel toegezegd, wordt vernietigd" in text
        assert "belangrijk voor iemand anders" in text
        assert "Over haar broer." in text

    def test_where_somebody_hides_a_street_in_an_answer_is_asked_about_first(
        self, world: World, house: Household
    ) -> None:
        own = corrected(world, house)
        world.client("noor").post(
            reverse("ask_destruction", args=[house.family_id]), {"child_id": str(house.child.pk)}
        )
        street = "U woont nu in de Kerkstraat 12."
        typed: dict[str, dict[str, Any]] = {
            reverse("answer_correction", args=[own.pk]): {"corrected": "1", "reply": street},
            reverse("answer_destruction", args=[Destruction.objects.get().pk]): {
                "stage": "refused",
                "keep": ["other"],
                "reply": street,
            },
        }
        set_secret(
            actor=world.actor("ellen"),
            record_id=house.request.compartment.record_id,
            member_id=house.member("Sanne").pk,
            named=(),
            at=world.at,
        )
        for where, answer in typed.items():
            asked = world.client("ellen").post(where, answer)
            assert asked.status_code == 422
            assert "in dit gezin is een adres geheim" in asked.content.decode()
            assert street in asked.content.decode()
            done = world.client("ellen").post(where, {**answer, "address_is_fine": "on"})
            assert done.status_code == 302

    def test_what_no_button_sends_is_no_request(self, world: World, house: Household) -> None:
        answer = world.client("noor").post(reverse("ask_destruction", args=[house.family_id]), {})
        assert answer.status_code == 400


class TestWhichMunicipality:
    def begin(self, world: World, house: Household, **more: str) -> Residence:
        form = {"child_id": str(house.child.pk), "asked_on": "2026-11-01"} | more
        world.client("ellen").post(reverse("residences", args=[house.family_id]), form)
        return Residence.objects.get()

    def test_one_question_at_a_time_and_only_those_that_are_needed(
        self, world: World, house: Household
    ) -> None:
        asked = self.begin(world, house, asked_from="Venlo")
        client, where = world.client("ellen"), reverse("residence", args=[asked.pk])
        assert "Waar woont het kind nu?" in page(client, "residence", asked.pk)
        text = client.post(where, {"stay": "foster"}).content.decode()
        assert "vlak voor dit verblijf" in text
        assert "toen het kind werd geboren" not in text
        text = client.post(where, {"stay": "foster", "before": "other"}).content.decode()
        assert "Regel W3" in text
        wrong = client.post(where, {"stay": "foster", "before": "other", "leg_vast": "1"})
        assert (wrong.status_code, "Schrijf welke gemeente het is." in wrong.content.decode()) == (422, True)
        client.post(where, {"stay": "foster", "before": "other", "other": "Venray", "leg_vast": "1"})
        text = page(client, "residence", asked.pk)
        assert "De gemeente Venray is verantwoordelijk." in text
        assert "De brief aan de gemeente" in text

    def test_a_browser_comes_to_the_answer_by_pressing_what_the_page_holds(
        self, world: World, house: Household
    ) -> None:
        """Each question is an attempt of its own: with the key of the first it would be asked for ever."""
        asked = self.begin(world, house)
        client, where = world.client("ellen"), reverse("residence", args=[asked.pk])
        text = client.get(where).content.decode()
        for pressed in ({"stay": "home"}, {"address": "ours"}, {"leg_vast": "1"}):
            (sent,) = (
                one.fields
                for one in Reader(text).forms
                if "_key" in one.fields and not one.action.endswith("/uit/")
            )
            kept = {name: value for name, value in sent.items() if name in {"_key", "stay", "address"}}
            text = client.post(where, {**kept, **pressed}, follow=True).content.decode()
        asked.refresh_from_db()
        assert asked.answered_at is not None
        assert "Onze gemeente is verantwoordelijk." in text

    def test_a_step_back_and_nonsense(self, world: World, house: Household) -> None:
        asked = self.begin(world, house)
        client, where = world.client("ellen"), reverse("residence", args=[asked.pk])
        back = client.post(where, {"stay": "home", "address": "ours", "terug": "1"}).content.decode()
        assert "Waar staat het kind nu ingeschreven?" in back
        nonsense = client.post(where, {"stay": "moon", "address": "ours", "leg_vast": "1"})
        assert nonsense.status_code == 422
        assert "Waar woont het kind nu?" in nonsense.content.decode()

    def test_a_day_in_the_future_is_refused_in_words(self, world: World, house: Household) -> None:
        answer = world.client("ellen").post(
            reverse("residences", args=[house.family_id]),
            {"child_id": str(house.child.pk), "asked_on": "2026-12-24", "asked_from": "Venlo"},
        )
        assert answer.status_code == 422
        assert "Deze dag ligt in de toekomst." in answer.content.decode()
        assert 'value="Venlo"' in answer.content.decode()

    def test_another_coach_and_the_family_do_not_open_it(self, world: World, house: Household) -> None:
        page(world.client("bram"), "residences", house.family_id, status=404)
        page(world.client("sanne"), "residences", house.family_id, status=403)

    def test_help_goes_on_after_a_move_and_the_last_day_is_shown(self, world: World, helped: Help) -> None:
        client = world.client("ellen")
        assert "Gezin verhuist" in page(client, "residences", helped.family_id)
        client.post(
            reverse("continue_help", args=[helped.family_id, helped.match.pk]),
            {"moved_on": "2026-12-01", "to": "Venlo"},
        )
        assert "tot en met 30 november 2027, na de verhuizing naar Venlo" in page(
            client, "residences", helped.family_id
        )

    def test_help_of_who_came_here_goes_on_with_its_terms_the_reason_and_the_last_day(
        self, world: World, helped: Help
    ) -> None:
        client, url = (
            world.client("ellen"),
            reverse("take_over_help", args=[helped.family_id, helped.match.pk]),
        )
        assert url in page(client, "residences", helped.family_id)
        form = client.get(url).content.decode()
        assert "Jeugdwet artikel 2.7a" in form
        assert "vlinder" in form.casefold()
        typed = {"moved_on": "2026-10-01", "came_from": "Venlo", "terms": ""}
        again = client.post(url, typed)
        assert again.status_code == 422
        assert 'value="Venlo"' in again.content.decode()
        client.post(url, typed | {"terms": "Elke week een uur"})
        text = page(client, "residences", helped.family_id)
        assert "tot en met 30 september 2027, na de verhuizing uit Venlo" in text
        assert "Elke week een uur" in text
        assert url not in text
