"""The pages of a tent: who sees what, without scripts, at any size."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.helprequests.models import HelpRequest
from hendig.kernel.periods import AMSTERDAM
from hendig.tents import actions, queries
from hendig.tents.models import Gesture, Page, Phase, Piece, Seat, Tent
from tests.support.files import a_photo
from tests.support.matching import Household, household
from tests.support.tents import (
    PLACE,
    agree,
    answer,
    call_tent,
    go_to,
    look,
    meeting,
    picked,
    refuse,
    seat,
    talked_through,
    understood,
    welcome,
    write,
)
from tests.support.world import World

XSS = "<script>alert('hoi')</script>"


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests live in the time of the world, too."""
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def get(client: Client, name: str, *args: object) -> HttpResponse:
    return client.get(reverse(name, args=args))  # type: ignore[return-value]


def post(client: Client, name: str, *args: object, **fields: object) -> HttpResponse:
    return client.post(reverse(name, args=args), {"_key": str(uuid4()), **fields})  # type: ignore[return-value]


def words(answer: HttpResponse) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


class TestCalling:
    def test_the_coach_calls_with_expertises_a_moment_and_a_place(
        self, world: World, house: Household
    ) -> None:
        ellen = world.client("ellen")
        page = get(ellen, "call_tent", house.request.pk)
        assert "Angst en somberheid" in words(page)
        assert "Heeft de komende weken nog geen tent." in words(page)
        starts = (world.at + timedelta(days=3)).astimezone(AMSTERDAM)
        answer_ = post(
            ellen,
            "call_tent",
            house.request.pk,
            people=picked(world, "angst", "scheiding"),
            starts_at=f"{starts:%Y-%m-%dT%H:%M}",
            place=PLACE,
        )
        tent = Tent.objects.get()
        assert (answer_.status_code, answer_["Location"]) == (302, reverse("tent", args=[tent.pk]))
        assert tent.starts_at == world.at + timedelta(days=3)
        assert tent.seats.count() == 2

    def test_the_place_of_last_time_is_filled_in(self, world: World, house: Household) -> None:
        call_tent(world, house.request)
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        assert (
            f'value="{PLACE}"' in get(world.client("ellen"), "call_tent", other.request.pk).content.decode()
        )

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, world: World, house: Household) -> None:
        answer_ = post(world.client("ellen"), "call_tent", house.request.pk, place="Bij de bakker")
        assert answer_.status_code == 422
        assert "Kies eerst wie u vraagt." in words(answer_)
        assert 'value="Bij de bakker"' in answer_.content.decode()

    def test_a_standing_tent_greys_out_the_button(self, world: World, house: Household) -> None:
        call_tent(world, house.request)
        assert "Er is al een tent voor deze vraag." in words(
            get(world.client("ellen"), "call_tent", house.request.pk)
        )

    def test_another_coach_finds_nothing(self, world: World, house: Household) -> None:
        assert get(world.client("bram"), "call_tent", house.request.pk).status_code == 404


class TestChoosing:
    def test_the_asked_professional_reads_no_name_and_answers_in_one_tap(
        self, world: World, house: Household
    ) -> None:
        tent = call_tent(world, house.request)
        anouk = world.client("anouk")
        page = words(get(anouk, "my_tents"))
        assert "Angst en somberheid" in page
        assert not [name for name in ("Sanne", "Noor", "Mark", house.request.words, PLACE) if name in page]
        assert get(anouk, "tent", tent.pk).status_code == 404
        assert post(anouk, "answer_seat", seat(tent, "anouk").pk, can="1").status_code == 302
        assert seat(tent, "anouk").stage == "free"

    def test_the_button_leads_back_to_where_it_stood_and_never_elsewhere(
        self, world: World, house: Household
    ) -> None:
        mine = seat(call_tent(world, house.request), "anouk")
        anouk = world.client("anouk")
        assert post(anouk, "answer_seat", mine.pk, can="1", next="/vandaag/")["Location"] == "/vandaag/"
        away = post(anouk, "answer_seat", mine.pk, can="0", next="https://elsewhere.example/")
        assert away["Location"] == reverse("my_tents")

    def test_the_family_sees_who_they_are_and_chooses_by_name(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk", "youssef")
        sanne = world.client("sanne")
        page = words(get(sanne, "tent", tent.pk))
        assert "Anouk" in page
        assert "Ik luister en denk mee." in page
        assert "Iedereen is welkom" in page
        post(sanne, "refuse_guest", seat(tent, "youssef").pk)
        post(sanne, "welcome_all", tent.pk)
        assert set(tent.seats.values_list("stage", flat=True)) == {"welcome", "refused"}
        assert get(world.client("anouk"), "tent", tent.pk).status_code == 200
        assert get(world.client("youssef"), "tent", tent.pk).status_code == 404

    def test_a_guest_who_is_refused_later_gets_404_on_the_next_request(
        self, world: World, planned: Tent
    ) -> None:
        anouk = world.client("anouk")
        paths = ("tent", "tent_invitation")
        assert [get(anouk, name, planned.pk).status_code for name in paths] == [200, 200]
        refuse(world, planned, "anouk")
        assert [get(anouk, name, planned.pk).status_code for name in paths] == [404, 404]
        assert get(anouk, "live").status_code == 404
        assert anouk.get(f"/live/?topic=tent:{planned.pk}").status_code == 404

    def test_after_two_weeks_a_guest_gets_404(self, world: World, closed: Tent) -> None:
        anouk = world.client("anouk")
        assert get(anouk, "tent_page", closed.pk).status_code == 200
        world.later(days=14)
        anouk = world.client("anouk")
        assert get(anouk, "tent_page", closed.pk).status_code == 404
        assert get(anouk, "tent_page_pdf", closed.pk).status_code == 404

    def test_the_panels_stand_by_themselves(self, world: World, house: Household) -> None:
        tent = call_tent(world, house.request)
        answer(world, tent, "anouk")
        for_family = queries.tents_of(look(world, house.family_id, "sanne"))
        panel = render_to_string("tents/_family_tents.html", {"tents": for_family})
        assert reverse("welcome_all", args=[tent.pk]) in panel
        assert "Anouk" in panel
        for_coach = queries.tents_of(look(world, house.family_id, "ellen"))
        assert reverse("welcome_all", args=[tent.pk]) not in render_to_string(
            "tents/_family_tents.html", {"tents": for_coach}
        )
        seats = queries.seats_for(world.actor("youssef"), at=world.at)
        assert "Ik kan" in render_to_string("tents/_seats.html", {"seats": seats})


class TestTable:
    def test_everyone_sees_the_same_table_and_each_look_is_written_down(
        self, world: World, begun: Tent, house: Household
    ) -> None:
        go_to(world, begun, Phase.LISTEN)
        for who in ("sanne", "noor", "ellen", "anouk", "youssef"):
            page = get(world.client(who), "tent", begun.pk)
            text = words(page)
            assert house.request.words in text
            assert "Wat wilt u dat wij vandaag goed begrijpen?" in text
            assert f"/live/?topic=tent:{begun.pk}" in page.content.decode()
            assert Entry.objects.filter(code="tent.seen", account_id=world.account(who).pk).count() == 1
            assert ("Verder naar: Begrijpen" in text) is (who == "anouk")

    def test_a_piece_lies_on_the_table_in_the_voice_of_who_wrote_it(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.LISTEN)
        noor = world.client("noor")
        done = post(noor, "tent", begun.pk, kind="question", text="Hoe wordt het weer fijn?")
        assert (done.status_code, done["Location"]) == (302, reverse("tent", args=[begun.pk]))
        assert Piece.objects.get().voice == "Noor"
        assert "Hoe wordt het weer fijn?" in words(get(world.client("anouk"), "tent", begun.pk))

    def test_what_was_typed_before_the_phase_moved_keeps_kind(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.UNDERSTAND)
        go_to(world, begun, Phase.GOES_WELL)
        post(world.client("sanne"), "tent", begun.pk, kind="factor", text="Noor slaapt slecht")
        assert Piece.objects.get().kind == "factor"

    def test_a_text_of_200_000_letters_is_refused_in_words_and_kept(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.LISTEN)
        long = "woord " * 33_334
        answer_ = post(world.client("sanne"), "tent", begun.pk, kind="question", text=long)
        assert answer_.status_code == 422
        assert "Dit is te lang voor één briefje." in words(answer_)
        assert long.strip() in answer_.content.decode()
        assert not Piece.objects.exists()

    def test_markup_that_people_type_is_shown_and_never_run(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.UNDERSTAND)
        write(world, begun, XSS)
        page = get(world.client("sanne"), "tent", begun.pk).content.decode()
        assert XSS not in page
        assert "&lt;script&gt;alert" in page
        assert not re.search(r"\sstyle=|\son[a-z]+=", page)

    def test_how_it_hangs_together_is_drawn_and_told(self, world: World, begun: Tent) -> None:
        tent = talked_through(world, begun)
        page = get(world.client("sanne"), "tent", tent.pk)
        # Once for a desk and once for a phone.
        assert page.content.decode().count("hang-line hang-worse") == 2
        assert "Er is vaak ruzie thuis. Dat maakt erger: Noor slaapt slecht" in words(page)

    def test_a_direction_leads_on_to_its_next_step(self, world: World, begun: Tent, house: Household) -> None:
        tent = talked_through(world, begun)
        write(world, tent, "Samen met Anouk verder.", kind=None, circle="")
        go_to(world, tent, Phase.DIRECTIONS)
        community = write(world, tent, "Iets met de buurt", circle="community")
        write(world, tent, "Iets met een beroepskracht", circle="professional")
        page = get(world.client("ellen"), "tent", tent.pk).content.decode()
        assert reverse("open_talk", args=[house.request.pk]) in page
        assert reverse("ask_around", args=[community.pk]) in page
        assert reverse("new_task", args=[house.family_id]) in page
        guest = get(world.client("anouk"), "tent", tent.pk).content.decode()
        assert reverse("open_talk", args=[house.request.pk]) not in guest

    def test_no_solutions_yet_is_said_on_the_page_and_by_the_refusal(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.GOES_WELL)
        said = "Nog geen oplossingen. Schrijf eerst samen op wat er speelt."
        anouk = world.client("anouk")
        assert said in words(get(anouk, "tent", begun.pk))
        moved = post(anouk, "set_phase", begun.pk, phase="directions")
        assert moved.status_code == 422
        assert said in words(moved)

    def test_a_piece_whose_next_phase_is_refused_stands_in_the_form_and_not_on_the_table(
        self, world: World, begun: Tent
    ) -> None:
        go_to(world, begun, Phase.GOES_WELL)
        both = post(
            world.client("anouk"), "tent", begun.pk, kind="goes_well", text="Ze eet goed", phase="directions"
        )
        assert (both.status_code, "Ze eet goed" in both.content.decode()) == (422, True)
        assert not Piece.objects.exists()

    def test_the_whole_meeting_goes_by_buttons(self, world: World, planned: Tent) -> None:
        world.later(days=3)
        ellen, anouk, sanne = (world.client(who) for who in ("ellen", "anouk", "sanne"))
        assert post(ellen, "begin_tent", planned.pk).status_code == 302
        for phase in ("listen", "understand"):
            assert post(anouk, "set_phase", planned.pk, phase=phase).status_code == 302
        post(sanne, "tent", planned.pk, kind="factor", text="Noor slaapt slecht")
        piece = Piece.objects.get()
        assert post(sanne, "remove_piece", piece.pk).status_code == 302
        post(sanne, "tent", planned.pk, kind="factor", text="Noor piekert")
        assert post(sanne, "understood", planned.pk, yes="1").status_code == 302
        youssef = str(world.account("youssef").pk)
        assert post(anouk, "give_chair", planned.pk, account_id=youssef).status_code == 302
        assert post(world.client("youssef"), "set_phase", planned.pk, phase="agree").status_code == 302
        assert post(world.client("youssef"), "close_tent", planned.pk).status_code == 302
        assert Page.objects.get().understanding == "Noor piekert."
        assert "Lees de bladzijde" in words(get(sanne, "tent", planned.pk))


class TestTalk:
    def test_who_is_up_and_who_is_next_stands_on_every_screen_and_hands_go_by_buttons(
        self, world: World, begun: Tent
    ) -> None:
        sanne, anouk = world.client("sanne"), world.client("anouk")
        assert "Nu aan het woord" in words(get(sanne, "tent", begun.pk))
        assert post(sanne, "raise_hand", begun.pk).status_code == 302
        page = words(get(anouk, "tent", begun.pk))
        assert "wil iets zeggen" in page
        assert "Geef het woord" in page
        hand = Gesture.objects.get()
        assert post(anouk, "give_turn", hand.pk).status_code == 302
        assert "Ik ben klaar" in words(get(sanne, "tent", begun.pk))
        assert post(sanne, "lower_hand", hand.pk).status_code == 302
        assert post(anouk, "next_turn", begun.pk, turn="1").status_code == 302
        assert post(sanne, "next_turn", begun.pk, turn="2").status_code == 403
        assert post(world.client("youssef"), "next_turn", begun.pk, turn="2").status_code == 422

    def test_the_time_is_that_of_the_house_in_whole_seconds(self, world: World, begun: Tent) -> None:
        world.later(minutes=12, seconds=30)
        page = get(world.client("sanne"), "tent", begun.pk).content.decode()
        assert page.count('data-lasts="750">12<') == 2

    def test_the_family_says_with_one_tap_that_it_is_understood_or_what_is_missing(
        self, world: World, begun: Tent
    ) -> None:
        tent = go_to(world, begun, Phase.UNDERSTAND)
        write(world, tent, "Noor slaapt slecht", "noor")
        sanne = world.client("sanne")
        assert "Ja, zo is het" in words(get(sanne, "tent", tent.pk))
        assert "Ja, zo is het" not in words(get(world.client("youssef"), "tent", tent.pk))
        empty = post(sanne, "understood", tent.pk, yes="0", words="")
        assert (empty.status_code, "Eén zin is genoeg." in words(empty)) == (422, True)
        long = "woord " * 33_334
        much = post(sanne, "understood", tent.pk, yes="0", words=long)
        assert (much.status_code, long.strip() in much.content.decode()) == (422, True)
        assert post(sanne, "understood", tent.pk, yes="0", words=XSS).status_code == 302
        page = get(world.client("noor"), "tent", tent.pk).content.decode()
        assert XSS not in page
        assert "&lt;script&gt;alert" in page
        assert post(sanne, "understood", tent.pk, yes="1").status_code == 302
        assert Gesture.objects.get().yes

    def test_afterwards_each_says_with_one_tap_whether_they_felt_heard(
        self, world: World, closed: Tent, house: Household
    ) -> None:
        youssef, sanne = world.client("youssef"), world.client("sanne")
        assert "Voelde u zich gehoord?" in words(get(sanne, "tent_page", closed.pk))
        assert "Ja, ik voelde me gehoord" in words(get(sanne, "tent", closed.pk))
        assert post(sanne, "heard", closed.pk, yes="1").status_code == 302
        assert post(youssef, "heard", closed.pk, yes="0", words=XSS).status_code == 302
        page = get(sanne, "tent", closed.pk)
        assert "Ja, ik voelde me gehoord" not in words(page)
        assert "Youssef" in words(page)
        assert XSS not in page.content.decode()
        mark = str(house.member("Mark").pk)
        ellen = world.client("ellen")
        assert "Mark: niet helemaal" in words(get(ellen, "tent", closed.pk))
        assert post(ellen, "heard", closed.pk, yes="1", member_id=mark).status_code == 302
        assert "Mark: niet helemaal" not in words(get(ellen, "tent", closed.pk))
        assert post(youssef, "heard", closed.pk, yes="1", member_id=mark).status_code == 422
        long = "woord " * 33_334
        much = post(world.client("noor"), "heard", closed.pk, yes="1", words=long)
        assert (much.status_code, long.strip() in much.content.decode()) == (422, True)

    def test_what_was_typed_stands_on_the_page_when_the_talk_was_rounded_off_meanwhile(
        self, world: World, closed: Tent
    ) -> None:
        late = post(world.client("sanne"), "tent", closed.pk, kind="agreement", text="Ik bel oma.")
        assert late.status_code == 422
        assert "Schrijven kan zolang het gesprek bezig is." in words(late)
        assert "Ik bel oma." in late.content.decode()


class TestPage:
    def test_the_family_amends_and_agrees(self, world: World, closed: Tent) -> None:
        sanne = world.client("sanne")
        typed = {"question": "Onze vraag", "agreements": XSS, "edition": "1", "until_on": "2027-01-15"}
        assert post(sanne, "tent_page", closed.pk, **typed).status_code == 302
        stale = post(sanne, "tent_page", closed.pk, **typed)
        assert stale.status_code == 422
        assert "Iemand anders paste de bladzijde net aan." in words(stale)
        assert "Iets aanpassen" in words(get(sanne, "tent_page", closed.pk))
        assert post(sanne, "agree_page", closed.pk, edition="2").status_code == 302
        page = get(sanne, "tent_page", closed.pk)
        assert "Sanne zei op" in words(page)
        assert "Iets aanpassen" not in words(page)
        assert XSS not in page.content.decode()

    def as_opened(self, client: Client, tent: Tent, **changed: str) -> dict[str, str]:
        """What the form of the page sends when only this was changed in it."""
        form = get(client, "tent_page", tent.pk).context["form"]  # type: ignore[attr-defined]
        names = ("edition", *form.texts, *(f"was_{name}" for name in form.texts))
        return {
            name: "" if form[name].value() is None else str(form[name].value()) for name in names
        } | changed

    def test_two_who_change_other_parts_at_once_both_stay(self, world: World, closed: Tent) -> None:
        sanne, ellen = world.client("sanne"), world.client("ellen")
        hers = self.as_opened(sanne, closed, goes_well="Noor lacht weer.", until_on="2027-02-01")
        theirs = self.as_opened(ellen, closed, agreements="Mark belt dinsdag.")
        assert post(ellen, "tent_page", closed.pk, **theirs).status_code == 302
        assert post(sanne, "tent_page", closed.pk, **hers).status_code == 302
        page = Page.objects.get()
        assert (page.goes_well, page.agreements) == ("Noor lacht weer.", "Mark belt dinsdag.")
        assert (page.edition, str(page.until_on)) == (3, "2027-02-01")

    @pytest.mark.parametrize(
        ("keep", "stays"),
        [("mine", "Van Sanne."), ("theirs", "Van Ellen."), ("both", "Van Ellen.\nVan Sanne.")],
    )
    def test_two_in_the_same_field_see_both_texts_and_choose(
        self, world: World, closed: Tent, keep: str, stays: str
    ) -> None:
        sanne, ellen = world.client("sanne"), world.client("ellen")
        hers = self.as_opened(sanne, closed, agreements="Van Sanne.")
        post(ellen, "tent_page", closed.pk, **self.as_opened(ellen, closed, agreements="Van Ellen."))
        asked = post(sanne, "tent_page", closed.pk, **hers)
        assert asked.status_code == 422
        assert "Kies wat blijft." in words(asked)
        assert "Van Ellen." in words(asked)
        assert "Van Sanne." in words(asked)
        assert Page.objects.get().agreements == "Van Ellen."
        form = asked.context["form"]  # type: ignore[attr-defined]
        again = {name: form[name].value() for name in hers} | {"keep_agreements": keep}
        assert post(sanne, "tent_page", closed.pk, **again).status_code == 302
        assert Page.objects.get().agreements == stays

    def test_a_page_that_was_agreed_meanwhile_is_refused_with_the_words_still_there(
        self, world: World, closed: Tent
    ) -> None:
        sanne = world.client("sanne")
        hers = self.as_opened(sanne, closed, agreements="Nog iets.")
        agree(world, closed)
        late = post(sanne, "tent_page", closed.pk, **hers)
        assert late.status_code == 422
        assert "Het gezin is akkoord met deze bladzijde." in words(late)
        assert "Nog iets." in late.content.decode()

    def test_a_guest_reads_the_page_and_changes_nothing(self, world: World, closed: Tent) -> None:
        page = words(get(world.client("anouk"), "tent_page", closed.pk))
        assert "Mark belt maandag met school." in page
        assert "Iets aanpassen" not in page
        assert "Zo klopt het" not in page

    def test_it_goes_along_as_an_accessible_pdf_without_a_name_on_the_file(
        self, world: World, closed: Tent
    ) -> None:
        agree(world, closed)
        taken = get(world.client("sanne"), "tent_page_pdf", closed.pk)
        assert taken["Content-Type"] == "application/pdf"
        assert taken["Content-Disposition"] == 'attachment; filename="blad.pdf"'
        assert taken.content.startswith(b"%PDF-")
        assert b"pdfuaid" in taken.content
        assert b"/Lang(nl)" in taken.content
        assert Entry.objects.filter(code="tent.page_taken").count() == 1

    def test_markup_of_the_typesetter_is_only_text_in_the_pdf(self, world: World, begun: Tent) -> None:
        go_to(world, begun, Phase.UNDERSTAND)
        write(world, begun, "#panic() $x *vet* = @kop <label> ] } \\")
        understood(world, begun)
        go_to(world, begun, Phase.AGREE)
        post(world.client("anouk"), "close_tent", begun.pk)
        assert get(world.client("sanne"), "tent_page_pdf", begun.pk).content.startswith(b"%PDF-")

    def test_before_the_meeting_there_is_no_page(self, world: World, planned: Tent) -> None:
        for name in ("tent_page", "tent_page_pdf"):
            assert get(world.client("sanne"), name, planned.pk).status_code == 404

    def test_the_invitation_says_when_and_where_and_nothing_of_the_case(
        self, world: World, planned: Tent
    ) -> None:
        taken = get(world.client("anouk"), "tent_invitation", planned.pk)
        event = Calendar.from_ical(taken.content).walk("VEVENT")[0]
        assert event.decoded("DTSTART") == planned.starts_at
        assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Gesprek", PLACE)
        assert not [name for name in ("Sanne", "Noor", "Mark", "Angst") if name in taken.content.decode()]


class TestSize:
    def write_many(self, world: World, tent: Tent, count: int) -> None:
        for at in range(count):
            write(world, tent, f"Iets {at}", "sanne")

    def test_the_table_takes_as_many_queries_with_forty_pieces_as_with_one(
        self, world: World, begun: Tent, house: Household, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        go_to(world, begun, Phase.UNDERSTAND)
        for more in (1, 39):
            self.write_many(world, begun, more)
            seen = look(world, house.family_id, "sanne")
            # One of them for the knowledge cards, while they understand it together.
            with django_assert_num_queries(8):
                assert queries.tent_page(seen, begun.pk).factors

    def test_lists_take_as_many_queries_with_many_rows_as_with_one(
        self, world: World, house: Household, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        def more(request: HelpRequest) -> Tent:
            tent = call_tent(world, request, "opvoeden", professional_ids=[world.professionals["anouk"].pk])
            answer(world, tent, "anouk")
            welcome(world, tent, "anouk")
            return tent

        more(house.request)
        for size in (1, 3):
            if size > 1:
                for parent, other, child in (("Fatima", "Ali", "Sami"), ("Ewa", "Jan", "Zofia")):
                    tent = call_tent(
                        world, household(world, parent=parent, other=other, child=child).request, "angst"
                    )
                    answer(world, tent, "anouk")
                    welcome(world, tent, "anouk", who=parent)
            anouk = world.actor("anouk")
            with django_assert_num_queries(1):
                assert len(queries.seats_for(anouk, at=world.at)) == size
            with django_assert_num_queries(1):
                assert len(queries.my_tents(anouk, at=world.at)) == size
            seen = look(world, house.family_id, "sanne")
            with django_assert_num_queries(2):
                assert len(queries.tents_of(seen)) == 1
        assert Seat.objects.count() == 3

    def test_the_call_page_takes_ten_queries(
        self, world: World, house: Household, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for extra, name in enumerate(("gijs", "lotte")):
            seen = look(world, house.family_id, "ellen")
            other = household(world, parent=f"Ouder{extra}", other=f"Ander{extra}", child=f"Kind{extra}")
            call_tent(world, other.request, starts_at=world.at + timedelta(days=3 + extra))
            with django_assert_num_queries(10):
                page = queries.call_page(seen, house.request.pk)
            assert sum(len(one.people) for one in page.proposals) == 4 + extra
            assert len(page.engaged) == 1 + extra
            world.add_professional(name, "anker", "opvoeden")


@pytest.mark.parametrize(
    "name", ["tent", "tent_page", "tent_page_pdf", "tent_invitation", "call_tent", "move_tent"]
)
def test_what_does_not_exist_and_what_is_not_yours_answer_alike(
    world: World, closed: Tent, house: Household, name: str
) -> None:
    theirs = house.request.pk if name == "call_tent" else closed.pk
    bram = world.client("bram")
    first, second = get(bram, name, theirs), get(bram, name, UUID(int=7))
    assert first.status_code == second.status_code == 404
    assert re.sub(rb'value="[^"]+"', b"", first.content).replace(str(theirs).encode(), b"") == re.sub(
        rb'value="[^"]+"', b"", second.content
    ).replace(str(UUID(int=7)).encode(), b"")


class TestFaces:
    def test_a_guest_has_a_face_at_the_table_and_when_it_is_their_turn(
        self, world: World, house: Household
    ) -> None:
        photo = SimpleUploadedFile("ik.jpg", a_photo(), "image/jpeg")
        card = {"can_do": "Ik luister.", "families_max": "4", "photo": photo}
        assert post(world.client("anouk"), "my_card", **card).status_code == 302
        tent = go_to(world, meeting(world, house), Phase.LISTEN)
        face = f'src="{reverse("portrait", args=[world.professionals["anouk"].pk, 1])}"'
        ellen = world.client("ellen")
        assert get(ellen, "tent", tent.pk).content.decode().count(face) == 1
        actions.raise_hand(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        assert get(ellen, "tent", tent.pk).content.decode().count(face) == 2


class TestPreparing:
    def test_from_the_tent_ahead_one_goes_on_to_what_is_prepared(
        self, world: World, planned: Tent, house: Household
    ) -> None:
        where = reverse("prepare", args=[house.request.pk])
        for who, leads in (("sanne", True), ("noor", True), ("ellen", True), ("anouk", False)):
            assert (where in get(world.client(who), "tent", planned.pk).content.decode()) is leads, who
