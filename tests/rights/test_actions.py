from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from pypdf import PdfReader

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.models import LegalAuthority
from hendig.files.adapters.door import let_in
from hendig.files.rules import LETTER
from hendig.helprequests.actions import take_up as take_up_request
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.kernel.residence import Facts, Place, Stay
from hendig.matching.models import Match
from hendig.people.actions import tell
from hendig.people.models import Letter, Notice
from hendig.rights import actions, jobs, queries
from hendig.rights.models import (
    Application,
    Continuation,
    Decision,
    Destruction,
    DestructionStage,
    OwnStage,
    OwnWords,
    PaperStage,
    Question,
    Reminded,
    Residence,
)
from tests.support.families import confirmed, fosters
from tests.support.matching import Household, household
from tests.support.plans import Help
from tests.support.rights import SEVENTEEN, SMALL, a_pdf, applied, taken_up, text_of
from tests.support.shared import built_once
from tests.support.world import World

pytestmark = pytest.mark.django_db


@built_once
def application(world: World, house: Household) -> Application:
    """Sanne asked for a decision about Noor; nobody took it up."""
    return applied(world, house)


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.refusal.code


def told(world: World, code: str) -> set[str]:
    """Who hears of the latest entry of this kind, by first name."""
    entry = Entry.objects.filter(code=code).latest("id")
    tell(entry_ids=[entry.pk], at=world.at)
    return set(Notice.objects.filter(entry_id=entry.pk).values_list("account__first_name", flat=True))


class TestAsking:
    def test_it_counts_from_the_moment_it_was_asked_and_needs_no_motive(
        self, world: World, application: Application
    ) -> None:
        assert application.received_at == world.at
        assert application.due_on == date(2026, 12, 28)  # eight weeks after Monday 2 November
        assert application.stage == PaperStage.RECEIVED
        assert application.words == ""

    def test_a_mail_confirms_it_without_a_word_of_what_was_asked(
        self, world: World, house: Household
    ) -> None:
        application = applied(world, house, words="Hulp bij haar angst")
        letter = Letter.objects.get(key=f"applied:{application.pk}")
        assert letter.to == "sanne@gezin.example"
        assert "angst" not in letter.body + letter.subject
        assert "besluit" not in letter.body + letter.subject

    def test_the_log_holds_no_word_of_it(self, world: World, house: Household) -> None:
        applied(world, house, words="Hulp bij haar angst", wants_pgb=True, pgb_why="Oma kan het beter")
        entry = Entry.objects.get(code="paper.applied")
        assert "angst" not in str(entry.facts)
        assert set(entry.facts) == {"child", "pgb"}

    @pytest.mark.usefixtures("application")
    def test_the_coach_and_those_who_could_decide_hear_of_it(self, world: World) -> None:
        assert told(world, "paper.applied") == {"Ellen", "Bram"}

    def test_one_at_a_time_for_a_child(self, world: World, house: Household) -> None:
        applied(world, house)
        with pytest.raises(Refused) as no:
            applied(world, house, "noor")
        assert refusal(no) == "paper.already"

    def test_after_it_was_withdrawn_it_can_be_asked_again(self, world: World, house: Household) -> None:
        first = applied(world, house)
        actions.withdraw(actor=world.actor("sanne"), application_id=first.pk, at=world.at)
        assert applied(world, house).pk != first.pk

    @pytest.mark.parametrize("who", ["sanne", "mark", "noor"])
    def test_at_13_parents_with_authority_and_the_youth_each_may_ask(
        self, world: World, house: Household, who: str
    ) -> None:
        assert applied(world, house, who=who).asked_by.first_name.lower() == who

    def test_a_parent_without_authority_may_not(self, world: World, house: Household) -> None:
        row = LegalAuthority.objects.get(holder=house.member("Mark"), child=house.child)
        families.end_authority(actor=world.actor("ellen"), authority_id=row.pk, at=world.at)
        with pytest.raises(Refused) as no:
            applied(world, house, "mark")
        assert refusal(no) == "paper.decides_not"

    def test_a_foster_parent_without_authority_sees_it_and_may_not_ask(self, world: World) -> None:
        house = household(world, born_on=SMALL)
        fosters(world, house.family_id, "Pia")
        with pytest.raises(Refused) as no:
            applied(world, house, "pia")
        assert refusal(no) == "paper.decides_not"

    def test_from_16_the_youth_alone(self, world: World) -> None:
        house = household(world, born_on=SEVENTEEN)
        with pytest.raises(Refused) as no:
            applied(world, house, "sanne")
        assert refusal(no) == "paper.youth_alone"
        assert applied(world, house, "noor").asked_by_id == house.child.pk

    def test_a_declared_authority_that_lapsed_no_longer_asks(self, world: World) -> None:
        house = household(world, checked=False)
        world.later(days=14)
        with pytest.raises(Refused) as no:
            applied(world, house, "sanne")
        assert refusal(no) == "paper.decides_not"

    def test_another_family_finds_nothing_and_a_coach_asks_nothing(
        self, world: World, house: Household
    ) -> None:
        household(world, parent="Lisa", other="Tom", child="Finn")
        with pytest.raises(NotVisible):
            applied(world, house, "lisa")
        with pytest.raises(Forbidden):
            applied(world, house, "ellen")

    def test_of_a_child_of_another_family_nothing_can_be_asked(self, world: World, house: Household) -> None:
        other = household(world, parent="Lisa", other="Tom", child="Finn")
        with pytest.raises(NotVisible):
            applied(world, house, child_id=other.child.pk)


class TestWhoDecides:
    def test_a_coach_who_does_not_guide_the_family_takes_it_up_and_the_family_hears(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        assert application.decider_id == world.account("bram").pk
        assert "Sanne" in told(world, "paper.taken_up")

    def test_the_familys_own_coach_does_not_decide(self, world: World, application: Application) -> None:
        with pytest.raises(Refused) as no:
            taken_up(world, application, "ellen")
        assert refusal(no) == "paper.own_family"

    def test_who_becomes_the_coach_afterwards_no_longer_decides(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        take_up_request(actor=world.actor("bram"), request_id=confirmed(world, "Sanne").pk, at=world.at)
        with pytest.raises(Refused) as no:
            decided(world, application)
        assert refusal(no) == "paper.own_family"

    def test_a_coach_who_is_of_the_family_does_not_decide_and_finds_it_on_no_list(
        self, world: World, house: Household
    ) -> None:
        families.add_parent(
            actor=world.actor("ellen"),
            family_id=house.family_id,
            first_name="Bram",
            email="bram@peelrand.example",
            holds_authority=True,
            at=world.at,
        )
        application = applied(world, house)
        assert queries.open_applications(world.actor("bram"), at=world.at).lines == ()
        with pytest.raises(NotVisible):
            taken_up(world, application)

    def test_two_coaches_take_it_up_once(self, world: World, house: Household) -> None:
        world.add_worker("carla", Role.COACH)
        application = taken_up(world, applied(world, house))
        with pytest.raises(NotVisible):
            taken_up(world, application, "carla")

    @pytest.mark.parametrize("who", ["petra", "henk", "anouk", "karin", "jolanda"])
    def test_no_other_role_takes_it_up(self, world: World, application: Application, who: str) -> None:
        with pytest.raises(Forbidden):
            taken_up(world, application, who)

    def test_who_decides_sees_the_application_and_nothing_else_of_the_family(
        self, world: World, house: Household
    ) -> None:
        application = taken_up(world, applied(world, house, words="Graag hulp."))
        page = queries.application_page(world.actor("bram"), application.pk, at=world.at)
        assert page.words == "Graag hulp."
        assert world.client("bram").get(f"/gezin/{house.family_id}/").status_code == 404
        assert world.client("bram").get(f"/plan/{house.family_id}/").status_code == 404
        assert world.client("bram").get(f"/van-ons/{house.family_id}/").status_code == 404
        look = Entry.objects.get(code="paper.seen")
        assert (look.part, look.family_id) == ("decider", house.family_id)

    def test_what_was_withdrawn_is_gone_for_who_never_took_it_up(
        self, world: World, application: Application
    ) -> None:
        queries.application_page(world.actor("bram"), application.pk, at=world.at)
        actions.withdraw(actor=world.actor("sanne"), application_id=application.pk, at=world.at)
        with pytest.raises(NotVisible):
            queries.application_page(world.actor("bram"), application.pk, at=world.at)

    def test_who_decided_sees_it_until_an_objection_was_read(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        decided(world, application)
        world.later(days=55)
        queries.application_page(world.actor("bram"), application.pk, at=world.at)
        world.later(days=1)
        with pytest.raises(NotVisible):
            queries.application_page(world.actor("bram"), application.pk, at=world.at)
        queries.application_page(world.actor("noor"), application.pk, at=world.at)


def decided(world: World, application: Application, **more: object) -> Decision:
    """Bram grants it, unless `more` says otherwise; an `upload` comes in as every file does."""
    if "upload" in more:
        brought = more.pop("upload")
        assert isinstance(brought, bytes)
        more["letter"] = let_in(brought, LETTER)
    given: dict[str, object] = {
        "verdict": "granted",
        "what": "Elke week een uur begeleiding, van 1 december tot 1 juni.",
        "reasons": "Noor heeft rust nodig.\nU kunt dit niet alleen.",
        "at": world.at,
    }
    return actions.decide(
        actor=world.actor("bram"),
        application_id=application.pk,
        **(given | more),  # type: ignore[arg-type]
    )


class TestTheClock:
    def ask(self, world: World, application: Application, days: int = 14) -> Question:
        return actions.ask_more(
            actor=world.actor("bram"),
            application_id=application.pk,
            words="Welke dagen past het?",
            answer_by=local_day(world.at) + timedelta(days=days),
            at=world.at,
        )

    def answer(self, world: World, application: Application) -> Application:
        actions.answer_question(
            actor=world.actor("sanne"), application_id=application.pk, words="Dinsdag.", at=world.at
        )
        application.refresh_from_db()
        return application

    def test_a_question_stops_the_clock_and_the_answer_starts_it(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        self.ask(world, application)
        application.refresh_from_db()
        assert application.stage == PaperStage.INCOMPLETE
        world.later(days=8)
        application = self.answer(world, application)
        assert application.stage == PaperStage.RECEIVED
        assert application.due_on == date(2027, 1, 4)  # 28 December and seven days

    def test_two_pauses_add_up(self, world: World, application: Application) -> None:
        application = taken_up(world, application)
        for _time in range(2):
            self.ask(world, application)
            world.later(days=4)
            application = self.answer(world, application)
        assert application.due_on == date(2027, 1, 4)  # six days more is a Sunday

    def test_an_unanswered_question_lapses_once_and_the_clock_goes_on(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        self.ask(world, application, days=10)
        world.later(days=11)
        for _time in range(2):
            actions.remind(actor=world.system, application_id=application.pk, at=world.at)
        application.refresh_from_db()
        assert application.stage == PaperStage.RECEIVED
        assert application.due_on == date(2027, 1, 6)  # nine days
        assert Entry.objects.filter(code="paper.question_lapsed").count() == 1
        assert told(world, "paper.question_lapsed") == {"Sanne", "Mark", "Noor", "Bram"}

    @pytest.mark.parametrize(("days", "code"), [(1, "question.too_short"), (29, "question.too_long")])
    def test_a_question_gives_time_and_not_too_much(
        self, world: World, application: Application, days: int, code: str
    ) -> None:
        application = taken_up(world, application)
        with pytest.raises(Refused) as no:
            self.ask(world, application, days=days)
        assert refusal(no) == code

    def test_after_the_term_a_question_stops_nothing(self, world: World, application: Application) -> None:
        application = taken_up(world, application)
        world.later(days=60)
        with pytest.raises(Refused) as no:
            self.ask(world, application)
        assert refusal(no) == "paper.overdue"

    def extend(self, world: World, application: Application, weeks: int = 4) -> Application:
        return actions.extend(
            actor=world.actor("bram"),
            application_id=application.pk,
            weeks=weeks,
            reason="Wij wachten op een onderzoek.",
            at=world.at,
        )

    def test_more_time_is_taken_once_with_a_letter_that_says_why(
        self, world: World, application: Application
    ) -> None:
        application = self.extend(world, taken_up(world, application))
        assert application.due_on == date(2027, 1, 25)
        letter = text_of(queries.extension_paper(world.actor("sanne"), application.pk, at=world.at))
        assert "uiterlijk op 25 januari 2027" in letter
        assert "Wij wachten op een onderzoek." in letter
        with pytest.raises(Refused) as no:
            self.extend(world, application)
        assert refusal(no) == "extension.twice"

    def test_no_more_time_once_the_term_is_over(self, world: World, application: Application) -> None:
        application = taken_up(world, application)
        world.later(days=57)
        with pytest.raises(Refused) as no:
            self.extend(world, application)
        assert refusal(no) == "extension.late"

    def test_only_who_took_it_up_asks_extends_and_decides(
        self, world: World, application: Application
    ) -> None:
        for act in (self.ask, self.extend, decided):
            with pytest.raises(Refused) as no:
                act(world, application)
            assert refusal(no) == "paper.not_yours"

    def test_the_municipality_is_reminded_once_of_each_and_the_family_when_it_is_late(
        self, world: World, application: Application
    ) -> None:
        seen = []
        for day in range(60):
            del day
            for _time in range(2):
                for _town, found in queries.applications_to_remind(at=world.at):
                    actions.remind(actor=world.system, application_id=found, at=world.at)
            world.later(days=1)
            application.refresh_from_db()
            seen.append(application.reminded)
        codes = Entry.objects.filter(code__in=("paper.due_soon", "paper.due_today", "paper.overdue"))
        days = [(entry.code, local_day(entry.at)) for entry in codes.order_by("id")]
        assert days == [
            ("paper.due_soon", date(2026, 12, 7)),
            ("paper.due_today", date(2026, 12, 28)),
            ("paper.overdue", date(2026, 12, 29)),
        ]
        assert seen == sorted(seen)
        assert told(world, "paper.due_soon") == {"Bram", "Petra"}  # Ellen guides the family
        assert told(world, "paper.overdue") == {"Bram", "Petra", "Sanne", "Mark", "Noor"}

    def test_the_workers_job_reminds(self, world: World, application: Application) -> None:
        with connection.cursor() as cursor:  # a worker comes in as nobody, and says itself that it is Hendig
            cursor.execute("SELECT set_config('hendig.context', '', true)")
        with time_machine.travel(world.at + timedelta(days=40)):
            jobs.remind(timestamp=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('hendig.context', 'system', true)")
        application.refresh_from_db()
        assert application.reminded == Reminded.SOON

    def test_too_late_can_be_told_once_and_two_weeks_later_it_costs_money(
        self, world: World, application: Application
    ) -> None:
        for days, code in ((0, "default.early"), (56, "default.early")):
            with pytest.raises(Refused) as no:
                actions.tell_too_late(
                    actor=world.actor("noor"),
                    application_id=application.pk,
                    at=world.at + timedelta(days=days),
                )
            assert refusal(no) == code
        world.later(days=57)
        noor = world.actor("noor")
        actions.tell_too_late(actor=noor, application_id=application.pk, at=world.at)
        page = queries.application_page(noor, application.pk, at=world.at)
        assert page.in_default_on == date(2026, 12, 29)
        assert page.penalty_from == date(2027, 1, 13)
        with pytest.raises(Refused) as no:
            actions.tell_too_late(actor=noor, application_id=application.pk, at=world.at)
        assert refusal(no) == "default.twice"


class TestDeciding:
    def test_the_letter_says_what_why_and_how_to_object(self, world: World, house: Household) -> None:
        application = taken_up(world, applied(world, house, wants_pgb=True, pgb_why="Oma kan het."))
        decision = decided(world, application, pgb=False)
        assert decision.objection_by == date(2026, 12, 14)
        letter = text_of(bytes(decision.paper))
        for words in (
            "Besluit op uw aanvraag",
            application.reference,
            "Elke week een uur begeleiding",
            "Noor heeft rust nodig.",
            "U krijgt hiervoor geen pgb.",
            "tot en met 14 december 2026",
            "College van burgemeester en wethouders van Peelrand, Postbus 99",
            "Zet uw handtekening eronder",
        ):
            assert words in letter, words
        assert "geen werkdag" not in letter

    def test_the_letter_says_why_the_last_day_to_object_is_later_than_six_weeks(
        self, world: World, application: Application
    ) -> None:
        """Algemene termijnenwet art. 1: what ends on a Saturday ends on the first working day after it."""
        application = taken_up(world, application)
        world.later(days=5)
        decision = decided(world, application)
        assert (decision.at.strftime("%a"), decision.objection_by) == ("Sat", date(2026, 12, 21))
        letter = text_of(bytes(decision.paper))
        assert "tot en met 21 december 2026" in letter
        assert "Die dag is geen werkdag. Daarom telt de eerste werkdag daarna." in letter

    def test_the_letter_is_dutch_and_reads_aloud(self, world: World, application: Application) -> None:
        decision = decided(world, taken_up(world, application))
        paper = bytes(decision.paper)
        assert b"/Lang" in paper or b"pdfuaid" in paper
        assert b"pdfuaid" in paper

    def test_the_family_and_its_coach_hear_of_it_and_it_is_closed(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        decided(world, application)
        application.refresh_from_db()
        assert (application.stage, application.closed_at) == (PaperStage.DECIDED, world.at)
        assert told(world, "paper.decided") == {"Sanne", "Mark", "Noor", "Ellen"}
        assert queries.open_applications(world.actor("bram"), at=world.at).lines == ()
        for act in (
            lambda: decided(world, application),
            lambda: actions.withdraw(actor=world.actor("sanne"), application_id=application.pk, at=world.at),
        ):
            with pytest.raises(Refused) as no:
                act()
            assert refusal(no) == "paper.stage"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"reasons": " "}, "decision.reasons"),
            ({"what": ""}, "decision.what"),
            ({"pgb": None}, "decision.pgb"),
            ({"verdict": "refused", "what": "", "pgb": True}, "decision.pgb_without_help"),
        ],
    )
    def test_what_a_decision_must_say(
        self, world: World, house: Household, given: dict[str, object], code: str
    ) -> None:
        application = taken_up(world, applied(world, house, wants_pgb=True))
        with pytest.raises(Refused) as no:
            decided(world, application, **({"pgb": True} | given))
        assert refusal(no) == code
        assert not Decision.objects.exists()

    def test_an_own_letter_is_kept_page_by_page_without_who_made_it(
        self, world: World, application: Application
    ) -> None:
        application = taken_up(world, application)
        paper = a_pdf(pages=2)
        decision = decided(world, application, what="", reasons="", upload=paper)
        assert decision.uploaded
        kept = queries.decision_paper(world.actor("sanne"), application.pk, at=world.at)
        assert kept == let_in(paper, LETTER).content
        assert len(PdfReader(BytesIO(kept)).pages) == 2

    @pytest.mark.parametrize(
        ("upload", "code"),
        [
            (b"", "file.empty"),
            (b"MZ\x90 not a letter", "file.no_pdf"),
            (b"<html>%PDF-1.7", "file.no_pdf"),
            (b"%PDF-1.7\n" + b"x" * 5_000_000, "file.large"),
            (b"%PDF-1.7\nnothing that opens", "file.broken"),
            (a_pdf()[:200], "file.broken"),
            (a_pdf(password="geheim"), "file.locked"),
            (a_pdf(pages=41), "file.long"),
            (a_pdf(script="app.alert(1)"), "file.active"),
            (a_pdf(carries=b"MZ"), "file.active"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_a_file_that_is_no_plain_letter_is_refused_by_what_is_in_it(
        self, world: World, application: Application, upload: bytes, code: str
    ) -> None:
        application = taken_up(world, application)
        with pytest.raises(Refused) as no:
            decided(world, application, upload=upload)
        assert refusal(no) == code
        assert not Decision.objects.exists()


class TestOwnWords:
    def write(self, world: World, house: Household, who: str = "sanne", kind: str = "statement") -> OwnWords:
        return actions.write_own_words(
            actor=world.actor(who),
            family_id=house.family_id,
            kind=kind,
            topic="plan",
            words="Wij zien dit anders.",
            at=world.at,
        )

    def test_a_statement_stays_as_it_was_written_and_the_coach_hears(
        self, world: World, house: Household
    ) -> None:
        own = self.write(world, house)
        assert (own.words, own.stage, own.due_on) == ("Wij zien dit anders.", OwnStage.STANDS, None)
        assert told(world, "own.written") == {"Ellen"}
        assert "anders" not in str(Entry.objects.get(code="own.written").facts)

    def test_a_correction_is_answered_within_a_month_and_then_stands(
        self, world: World, house: Household
    ) -> None:
        own = self.write(world, house, kind="correction")
        assert (own.stage, own.due_on) == (OwnStage.ASKED, date(2026, 12, 2))
        with pytest.raises(Refused) as no:
            actions.answer_correction(actor=world.actor("ellen"), own_id=own.pk, corrected=False, at=world.at)
        assert refusal(no) == "own.no_reason"
        own = actions.answer_correction(
            actor=world.actor("ellen"),
            own_id=own.pk,
            corrected=False,
            reply="Zo staat het in de brief.",
            at=world.at,
        )
        assert own.stage == OwnStage.NOT_CORRECTED
        assert own.words == "Wij zien dit anders."
        assert told(world, "own.answered") == {"Sanne"}
        with pytest.raises(Refused) as no:
            actions.take_back(actor=world.actor("sanne"), own_id=own.pk, at=world.at)
        assert refusal(no) == "own.settled"

    def test_only_who_wrote_it_takes_it_back_and_then_the_words_are_gone(
        self, world: World, house: Household
    ) -> None:
        own = self.write(world, house)
        with pytest.raises(Refused) as no:
            actions.take_back(actor=world.actor("mark"), own_id=own.pk, at=world.at)
        assert refusal(no) == "own.not_yours"
        own = actions.take_back(actor=world.actor("sanne"), own_id=own.pk, at=world.at)
        assert own.words == ""

    def test_others_write_nothing_and_another_family_finds_nothing(
        self, world: World, house: Household
    ) -> None:
        own = self.write(world, house)
        household(world, parent="Lisa", other="Tom", child="Finn")
        with pytest.raises(Forbidden):
            self.write(world, house, "ellen")
        with pytest.raises(NotVisible):
            self.write(world, house, "lisa")
        with pytest.raises(NotVisible):
            actions.take_back(actor=world.actor("lisa"), own_id=own.pk, at=world.at)
        with pytest.raises(NotVisible):
            actions.answer_correction(actor=world.actor("bram"), own_id=own.pk, corrected=True, at=world.at)


class TestDestruction:
    def ask(self, world: World, house: Household, who: str) -> Destruction:
        return actions.ask_destruction(
            actor=world.actor(who), family_id=house.family_id, child_id=house.child.pk, at=world.at
        )

    @pytest.mark.parametrize(
        ("born_on", "who", "code"),
        [
            (SMALL, "sanne", None),
            (SMALL, "mark", None),
            (date(2014, 11, 3), "sanne", None),  # twelve tomorrow
            (date(2014, 11, 2), "sanne", "destruction.youth_alone"),  # twelve today
            (date(2013, 5, 4), "noor", None),
            (SEVENTEEN, "sanne", "destruction.youth_alone"),
            (SEVENTEEN, "noor", None),
        ],
    )
    def test_who_may_ask_it_by_age(self, world: World, born_on: date, who: str, code: str | None) -> None:
        house = household(world, born_on=born_on)
        if code is None:
            assert self.ask(world, house, who).due_on == date(2027, 2, 2)
            return
        with pytest.raises(Refused) as no:
            self.ask(world, house, who)
        assert refusal(no) == code

    def test_it_is_asked_once_and_can_be_taken_back(self, world: World, house: Household) -> None:
        asked = self.ask(world, house, "noor")
        with pytest.raises(Refused) as no:
            self.ask(world, house, "noor")
        assert refusal(no) == "destruction.already"
        actions.take_destruction_back(actor=world.actor("noor"), destruction_id=asked.pk, at=world.at)
        assert self.ask(world, house, "noor").pk != asked.pk

    def answer(self, world: World, asked: Destruction, **more: object) -> Destruction:
        return actions.answer_destruction(
            actor=world.actor("ellen"),
            destruction_id=asked.pk,
            at=world.at,
            **more,  # type: ignore[arg-type]
        )

    def test_granted_names_what_stays_whatever_is_asked(self, world: World, house: Household) -> None:
        asked = self.answer(world, self.ask(world, house, "noor"), stage="granted")
        assert asked.stage == DestructionStage.GRANTED
        assert asked.keep == ["log", "money"]
        assert told(world, "destruction.answered") == {"Sanne", "Mark", "Noor", "Karin"}

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"stage": "granted", "keep": ["other"]}, "destruction.not_all"),
            ({"stage": "partly"}, "destruction.no_reason"),
            ({"stage": "refused", "keep": ["law"]}, "destruction.no_reason"),
            ({"stage": "refused", "reply": "Nee."}, "destruction.no_reason"),
            ({"stage": "partly", "keep": ["mood"], "reply": "x"}, "destruction.keep"),
            ({"stage": "partly", "keep": ["law"], "reply": "x"}, "destruction.no_pieces"),
            (
                {"stage": "partly", "keep": ["law"], "reply": "x", "pieces": ["plans_goal:1"]},
                "destruction.other_pieces",
            ),
        ],
    )
    def test_a_no_has_a_reason_of_the_law_and_words(
        self, world: World, house: Household, given: dict[str, object], code: str
    ) -> None:
        asked = self.ask(world, house, "noor")
        with pytest.raises(Refused) as no:
            self.answer(world, asked, **given)
        assert refusal(no) == code

    def test_it_is_answered_once(self, world: World, house: Household) -> None:
        asked = self.ask(world, house, "noor")
        piece = f"helprequests_helprequest:{house.request.pk}"
        self.answer(
            world, asked, stage="partly", keep=["law"], pieces=[piece], reply="Een melding moet blijven."
        )
        with pytest.raises(Refused) as no:
            self.answer(world, asked, stage="granted")
        assert refusal(no) == "destruction.settled"


class TestResidence:
    def ask(self, world: World, house: Household, **more: object) -> Residence:
        given: dict[str, object] = {
            "child_id": house.child.pk,
            "asked_on": local_day(world.at),
            "at": world.at,
        }
        return actions.ask_residence(
            actor=world.actor("ellen"),
            family_id=house.family_id,
            **(given | more),  # type: ignore[arg-type]
        )

    def test_the_answer_is_due_in_two_weeks_and_the_coach_is_reminded_once(
        self, world: World, house: Household
    ) -> None:
        asked = self.ask(world, house)
        assert asked.due_on == date(2026, 11, 16)
        for _day in range(17):
            for _town, found in queries.residences_to_remind(at=world.at):
                actions.remind_of_residence(actor=world.system, residence_id=found, at=world.at)
            world.later(days=1)
        entries = Entry.objects.filter(code__startswith="residence.").exclude(code="residence.asked")
        assert [(one.code, local_day(one.at)) for one in entries.order_by("id")] == [
            ("residence.due_soon", date(2026, 11, 11)),
            ("residence.due_soon", date(2026, 11, 16)),
            ("residence.overdue", date(2026, 11, 17)),
        ]
        assert told(world, "residence.overdue") == {"Ellen"}

    def test_kept_are_only_the_facts_that_were_needed(self, world: World, house: Household) -> None:
        asked = self.ask(world, house)
        facts = Facts(Stay.FOSTER, address=Place.OURS, before=Place.OTHER, mother=Place.ABROAD)
        asked = actions.answer_residence(
            actor=world.actor("ellen"), residence_id=asked.pk, facts=facts, other="Venlo", at=world.at
        )
        assert (asked.stay, asked.before, asked.address, asked.mother) == ("foster", "other", "", "")
        assert (asked.rule, asked.ours, asked.other) == ("W3", False, "Venlo")
        assert "Venlo" not in str(Entry.objects.get(code="residence.answered").facts)

    @pytest.mark.parametrize(
        ("facts", "other", "code"),
        [
            (Facts(), "", "residence.incomplete"),
            (Facts(Stay.HOME, address=Place.UNKNOWN), "", "residence.incomplete"),
            (Facts(Stay.HOME, address=Place.OTHER), " ", "residence.which"),
        ],
    )
    def test_without_an_answer_nothing_is_kept(
        self, world: World, house: Household, facts: Facts, other: str, code: str
    ) -> None:
        asked = self.ask(world, house)
        with pytest.raises(Refused) as no:
            actions.answer_residence(
                actor=world.actor("ellen"), residence_id=asked.pk, facts=facts, other=other, at=world.at
            )
        assert refusal(no) == code

    @pytest.mark.parametrize(("days", "code"), [(1, "residence.future"), (-366, "residence.long_ago")])
    def test_an_impossible_day_is_refused(self, world: World, house: Household, days: int, code: str) -> None:
        with pytest.raises(Refused) as no:
            self.ask(world, house, asked_on=local_day(world.at) + timedelta(days=days))
        assert refusal(no) == code

    def test_the_other_municipality_gets_a_letter_and_nothing_more_than_it_needs(
        self, world: World, house: Household
    ) -> None:
        asked = self.ask(world, house, asked_from="Venlo")
        actions.answer_residence(
            actor=world.actor("ellen"),
            residence_id=asked.pk,
            facts=Facts(Stay.PROVIDER, before=Place.OURS),
            at=world.at,
        )
        page = world.client("ellen").get(f"/gemeente/vraag/{asked.pk}/antwoord.pdf")
        letter = text_of(page.content)
        assert "Gemeente Venlo" in letter
        assert "Wij zijn verantwoordelijk voor de jeugdhulp aan Noor." in letter
        assert "Jeugdwet art. 8.2.1" in letter
        assert "slaapt" not in letter

    def test_without_a_municipality_that_asked_there_is_no_letter(
        self, world: World, house: Household
    ) -> None:
        asked = self.ask(world, house)
        assert world.client("ellen").get(f"/gemeente/vraag/{asked.pk}/antwoord.pdf").status_code == 404


class TestAMove:
    def go_on(self, world: World, match: Match, moved_on: date) -> Continuation:
        return actions.continue_help(
            actor=world.actor("ellen"), match_id=match.pk, moved_on=moved_on, to="Venlo", at=world.at
        )

    def test_the_match_goes_on_and_ends_a_year_after_the_move(self, world: World, helped: Help) -> None:
        going = self.go_on(world, helped.match, date(2026, 12, 1))
        helped.match.refresh_from_db()
        assert going.until_on == helped.match.ends_on == date(2027, 11, 30)
        assert Match.objects.standing(date(2027, 11, 30)).filter(pk=helped.match.pk).exists()
        assert not Match.objects.standing(date(2027, 12, 1)).filter(pk=helped.match.pk).exists()
        helped.appointment(world.at + timedelta(days=40))
        assert told(world, "continuation.begun") == {"Sanne", "Noor", "Anouk"}
        assert "Venlo" not in str(Entry.objects.filter(code="continuation.begun").get().facts)

    def test_once_and_only_while_the_help_stands(self, world: World, helped: Help) -> None:
        self.go_on(world, helped.match, date(2026, 12, 1))
        with pytest.raises(Refused) as no:
            self.go_on(world, helped.match, date(2026, 12, 1))
        assert refusal(no) == "continuation.already"

    @pytest.mark.parametrize(
        ("moved_on", "code"),
        [(date(2026, 11, 1), "continuation.before"), (date(2027, 8, 1), "continuation.far")],
    )
    def test_an_impossible_move_is_refused(
        self, world: World, helped: Help, moved_on: date, code: str
    ) -> None:
        with pytest.raises(Refused) as no:
            self.go_on(world, helped.match, moved_on)
        assert refusal(no) == code

    def test_another_coach_does_not_find_it(self, world: World, helped: Help) -> None:
        about: dict[str, Any] = {"actor": world.actor("bram"), "match_id": helped.match.pk, "at": world.at}
        with pytest.raises(NotVisible):
            actions.continue_help(moved_on=date(2026, 12, 1), to="Venlo", **about)
        with pytest.raises(NotVisible):
            actions.take_over_help(moved_on=date(2026, 10, 1), came_from="Venlo", terms="Zo", **about)


class TestAMoveHere:
    """Who came to live here keeps the help that ran elsewhere."""

    def take_over(self, world: World, match: Match, moved_on: date) -> Continuation:
        return actions.take_over_help(
            actor=world.actor("ellen"),
            match_id=match.pk,
            moved_on=moved_on,
            came_from="Venlo",
            terms="Elke week een uur, 90 euro",
            at=world.at,
        )

    @pytest.mark.parametrize("moved_on", [date(2026, 8, 15), date(2026, 12, 1)])
    def test_the_help_goes_on_on_its_terms_until_a_year_after_the_move(
        self, world: World, helped: Help, moved_on: date
    ) -> None:
        going = self.take_over(world, helped.match, moved_on)
        helped.match.refresh_from_db()
        until = moved_on.replace(year=moved_on.year + 1) - timedelta(days=1)
        assert going.until_on == helped.match.ends_on == until
        with reading(world.actor("ellen"), world.at):
            kept = Continuation.objects.get(pk=going.pk)
        assert (kept.came_from, kept.terms, kept.to) == ("Venlo", "Elke week een uur, 90 euro", "")
        assert told(world, "continuation.taken_over") == {"Sanne", "Noor", "Anouk"}
        assert "Venlo" not in str(Entry.objects.filter(code="continuation.taken_over").get().facts)

    def test_not_when_the_year_is_over_nor_twice(self, world: World, helped: Help) -> None:
        with pytest.raises(Refused) as over:
            self.take_over(world, helped.match, world.at.date() - timedelta(days=365))
        self.take_over(world, helped.match, world.at.date() - timedelta(days=364))
        with pytest.raises(Refused) as again:
            self.take_over(world, helped.match, date(2026, 10, 1))
        assert (refusal(over), refusal(again)) == ("continuation.over", "continuation.already")

    @pytest.mark.parametrize(("place", "refused"), [(Place.OTHER, True), (Place.OURS, False)])
    def test_the_right_is_one_to_the_municipality_that_is_responsible(
        self, world: World, helped: Help, place: Place, refused: bool
    ) -> None:
        asked = actions.ask_residence(
            actor=world.actor("ellen"),
            family_id=helped.family_id,
            child_id=helped.match.child_id,
            asked_on=world.at.date(),
            at=world.at,
        )
        facts = Facts(stay=Stay.HOME, address=place)
        actions.answer_residence(
            actor=world.actor("ellen"), residence_id=asked.pk, facts=facts, other="Venlo", at=world.at
        )
        if refused:
            with pytest.raises(Refused) as no:
                self.take_over(world, helped.match, date(2026, 10, 1))
            assert refusal(no) == "continuation.elsewhere"
            assert not Continuation.objects.exists()
        else:
            assert self.take_over(world, helped.match, date(2026, 10, 1)).until_on == date(2027, 9, 30)
