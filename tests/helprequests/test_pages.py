"""Asking without an account, and the coach's board, list and first talk as pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.models import Entry, Kind
from hendig.families.actions import end_authority
from hendig.families.models import LegalAuthority
from hendig.helprequests import actions
from hendig.helprequests.models import Asked, HelpRequest, TalkNote
from hendig.people.models import Letter
from hendig.plans.actions import end_request
from tests.support.families import asked, code_of, confirmed, fosters, looked_up, sees_along, taken_up, talked
from tests.support.matching import Household, open_talk
from tests.support.world import World

SMALL, LARGE = 1, 6
STATEMENTS_OF_A_LIST = 8


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def words_of(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def post(client: Client, url: str, **fields: str) -> Any:
    """With a key of its own, unless one is given as `_key`."""
    return client.post(url, {"_key": str(uuid4()), **fields})


def typed_question() -> dict[str, str]:
    return {"words": "Ze slaapt slecht.", "first_name": "Sanne", "email": "sanne@gezin.example"}


# --- asking ---


def test_from_three_fields_to_the_own_page_without_an_account(world: World) -> None:
    client = world.client()
    shown = words_of(client.get(reverse("ask")))
    assert len(re.findall(r'<(?:textarea|input)[^>]*name="(?:words|first_name|email)"', shown)) == 3
    sent = post(client, reverse("ask"), **typed_question())
    question = Asked.objects.get()
    assert sent["Location"] == reverse("confirm_question", args=[question.pk])
    page = words_of(client.get(sent["Location"]))
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    assert "sanne@gezin.example" not in page
    done = post(client, sent["Location"], code=code_of(question))
    request = HelpRequest.objects.get()
    assert done["Location"] == reverse("family", args=[request.family_id])
    page = words_of(client.get(done["Location"]))
    assert "Ze slaapt slecht." in page
    assert "Een gezinscoach neemt contact met u op, uiterlijk woensdag 4 november." in page


def test_signing_in_gives_a_new_session(world: World) -> None:
    client = world.client()
    post(client, reverse("ask"), **typed_question())
    before = client.session.session_key
    question = Asked.objects.get()
    post(client, reverse("confirm_question", args=[question.pk]), code=code_of(question))
    assert client.session.session_key != before
    assert client.session["account"] == str(world.account("sanne").pk)


@pytest.mark.parametrize("left_out", ["words", "first_name", "email"])
def test_what_is_missing_is_said_and_what_was_typed_stays(world: World, left_out: str) -> None:
    fields = {**typed_question(), left_out: ""}
    answer = post(world.client(), reverse("ask"), **fields)
    assert answer.status_code == 422
    for value in fields.values():
        assert value in words_of(answer)
    assert not Asked.objects.exists()


def test_one_key_asks_once(world: World) -> None:
    client, key = world.client(), uuid4()
    first, second = (post(client, reverse("ask"), _key=str(key), **typed_question()) for _again in range(2))
    assert first["Location"] == second["Location"]
    assert Asked.objects.count() == Letter.objects.count() == 1


def test_a_wrong_code_costs_a_try_although_the_page_says_no(world: World) -> None:
    question = asked(world)
    url, client = reverse("confirm_question", args=[question.pk]), world.client()
    wrong = f"{(int(code_of(question)) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1, 0):
        assert post(client, url, code=wrong).status_code == 422
        assert Asked.objects.get().tries_left == left
    assert reverse("ask") in words_of(client.get(url))
    assert post(client, url, code=code_of(question)).status_code == 422
    assert not HelpRequest.objects.exists()


@pytest.mark.usefixtures("new")
def test_the_link_opened_again_says_that_the_question_is_in(world: World) -> None:
    page = words_of(world.client().get(reverse("confirm_question", args=[Asked.objects.get().pk])))
    assert "Uw vraag is al binnen" in page
    assert reverse("sign_in") in page


def test_a_link_that_leads_nowhere(world: World) -> None:
    assert world.client().get(reverse("confirm_question", args=[uuid4()])).status_code == 404


def test_a_number_is_offered_once(world: World, new: HelpRequest) -> None:
    client = world.client("sanne")
    family, url = reverse("family", args=[new.family_id]), reverse("give_phone", args=[new.pk])
    assert url in words_of(client.get(family))
    assert post(client, url, phone="bel maar").status_code == 422
    assert post(client, url, phone="06 1234 5678")["Location"] == family
    assert world.account("sanne").phone == "06 1234 5678"
    assert url not in words_of(client.get(family))


def test_the_number_may_be_given_with_the_code_in_one_tap(world: World) -> None:
    question, client = asked(world), world.client()
    url = reverse("confirm_question", args=[question.pk])
    assert post(client, url, code=code_of(question), phone="bel maar").status_code == 422
    assert not HelpRequest.objects.exists()
    assert post(client, url, code=code_of(question), phone="06 1234 5678").status_code == 302
    assert world.account("sanne").phone == "06 1234 5678"


# --- the board ---


def test_a_new_question_stands_on_every_coach_s_board_without_opening_a_record(
    world: World, new: HelpRequest
) -> None:
    looks = Entry.objects.filter(kind=Kind.LOOK).count()
    for name in ("ellen", "bram"):
        page = words_of(world.client(name).get(reverse("coach_board")))
        assert "Sanne" in page
        assert "Ze slaapt slecht." in page
        assert "naar school" not in page
        assert reverse("take_up", args=[new.pk]) in page
    assert Entry.objects.filter(kind=Kind.LOOK).count() == looks


def test_one_tap_takes_it_up_and_the_colleague_is_told_why_not(world: World, new: HelpRequest) -> None:
    url = reverse("take_up", args=[new.pk])
    assert post(world.client("ellen"), url)["Location"] == reverse("first_talk", args=[new.pk])
    late = post(world.client("bram"), url)
    assert late.status_code == 422
    assert "Een collega heeft deze vraag al opgepakt." in words_of(late)


@pytest.mark.usefixtures("mine")
def test_the_board_shows_the_coach_s_own_questions_and_how_long_they_wait(world: World) -> None:
    world.later(days=3)
    mine = words_of(world.client("ellen").get(reverse("coach_board")))
    assert "Sanne" in mine
    assert "wacht 3 dagen op u" in mine
    assert "Sanne" not in words_of(world.client("bram").get(reverse("coach_board")))


@pytest.mark.parametrize("name", ["anouk", "henk", "piet", "karin"])
def test_the_board_is_for_coaches(world: World, name: str) -> None:
    assert world.client(name).get(reverse("coach_board")).status_code == 403


def test_a_visitor_is_asked_to_sign_in(world: World) -> None:
    assert world.client().get(reverse("coach_board"))["Location"].startswith(reverse("sign_in"))


# --- the list ---


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a>', page)


def listed(world: World, name: str = "ellen", **sought: str) -> str:
    return words_of(world.client(name).get(reverse("coach_list"), sought))


def found(world: World, typed: str, name: str = "ellen") -> str:
    return words_of(world.client(name).post(reverse("coach_list"), {"q": typed}))


def test_the_list_begins_with_who_waits_longest(world: World) -> None:
    for name in ("Sanne", "Joris", "Fatma"):
        taken_up(world, name)
        world.later(days=1)
    assert names_in(listed(world)) == ["Sanne", "Joris", "Fatma"]


@pytest.mark.usefixtures("known")
def test_search_finds_a_family_by_a_child_s_name_and_only_the_own(world: World) -> None:
    talked(world, "Joris", child="Daan", other="Eva")
    assert names_in(found(world, "noo")) == ["Sanne"]
    assert names_in(found(world, "daan")) == ["Joris"]
    assert "Niemand gevonden" in found(world, "xyz")
    assert names_in(found(world, "noo", "bram")) == []


def test_a_sought_name_stands_in_no_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.helprequests.queries.ROWS", 1)
    for _ in range(3):
        taken_up(world, "Sanne")
    for page in (found(world, "sann"), words_of(world.client("ellen").get(reverse("coach_board")))):
        assert '<form class="search" role="search" method="post"' in page
        addresses = re.findall(r'(?:href|action|hx-\w+)="([^"]*)"', page)
        assert addresses
        assert not [one for one in addresses if "sann" in one.lower() or "q=" in one]
    # In an address it finds nothing either: an old bookmark shows the list.
    assert len(names_in(listed(world, q="xyz"))) == 1


def test_pages_of_the_list_join_without_gap_or_double(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.helprequests.queries.ROWS", 2)
    names = [f"Naam{n}" for n in range(5)]
    for name in names:
        taken_up(world, name)
    seen, url = [], reverse("coach_list")
    client = world.client("ellen")
    while url:
        page = words_of(client.get(url))
        seen += names_in(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"{reverse('coach_list')}{older.group(1).replace('&amp;', '&')}" if older else ""
    assert sorted(seen) == names


@pytest.mark.parametrize("after", ["x", "1.2", "99999999999999999999999999.x", ".", "-1"])
@pytest.mark.usefixtures("mine")
def test_a_place_that_is_none_shows_the_first_page(world: World, after: str) -> None:
    assert names_in(listed(world, na=after)) == ["Sanne"]


# --- the first talk ---


def test_one_submit_writes_the_whole_first_talk(world: World, mine: HelpRequest) -> None:
    client, url = world.client("ellen"), reverse("first_talk", args=[mine.pk])
    assert "Ze slaapt slecht." in words_of(client.get(url))
    sent = post(
        client,
        url,
        result="Weer met plezier naar school.",
        note="Slaapt slecht.",
        because="next",
        child="new",
        child_first_name="Noor",
        child_born_on="2013-05-04",
        parent_first_name="Mark",
        parent_email="mark@gezin.example",
        decides="both",
    )
    assert sent["Location"] == reverse("family", args=[mine.family_id])
    page = words_of(client.get(sent["Location"]))
    for shown in ("Weer met plezier naar school.", "Noor", "Mark"):
        assert shown in page


def test_the_family_reads_what_the_coach_wrote_of_the_first_talk(world: World, known: HelpRequest) -> None:
    """The form says that the family may see it: it stands with what is theirs."""
    request = looked_up(world, known)
    words, page = "Slaapt slecht sinds de verhuizing.", reverse("own_record", args=[request.family_id])
    assert words in words_of(world.client("sanne").get(page))
    held = LegalAuthority.objects.get(holder__first_name="Mark")
    end_authority(actor=world.actor("ellen"), authority_id=held.pk, at=world.at)
    assert words not in words_of(world.client("mark").get(page))


def test_a_family_reads_its_question_also_when_that_is_done(world: World, known: HelpRequest) -> None:
    request = looked_up(world, known)
    end_request(actor=world.actor("ellen"), request_id=request.pk, reason="01", at=world.at)
    page = words_of(world.client("sanne").get(reverse("family", args=[request.family_id])))
    assert "Ze slaapt slecht." in page


def test_who_asks_is_told_who_can_read_it(world: World) -> None:
    page = words_of(world.client().get(reverse("ask")))
    assert "De andere ouder met gezag" in page
    assert "zien alle gezinscoaches van de gemeente uw voornaam en het begin van uw vraag" in page
    assert "Alleen uw gezinscoach" not in page


@pytest.mark.parametrize(("born_on", "status"), [("2013-05-04", 302), ("2018-05-04", 422)])
def test_a_youth_is_invited_in_the_same_submit_and_a_young_child_is_not(
    world: World, mine: HelpRequest, born_on: str, status: int
) -> None:
    sent = post(
        world.client("ellen"),
        reverse("first_talk", args=[mine.pk]),
        child="new",
        child_first_name="Noor",
        child_born_on=born_on,
        child_email="noor@gezin.example",
    )
    assert sent.status_code == status
    assert Letter.objects.filter(to="noor@gezin.example").exists() == (status == 302)
    assert (HelpRequest.objects.get().child is not None) == (status == 302)


NOOR = {"child": "new", "child_first_name": "Nohr", "child_born_on": "2013-04-05"}


def with_noor(world: World) -> str:
    """The page of the first talk with Joris, while Noor is in another family of the same coach."""
    talked(world)
    return reverse("first_talk", args=[taken_up(world, "Joris").pk])


def test_a_likely_double_is_shown_and_never_stops_anybody(world: World) -> None:
    url = with_noor(world)
    typed = {**NOOR, "child_first_name": "Noor"}
    sent = post(world.client("ellen"), url, **typed)
    assert sent.status_code == 422
    page = words_of(sent)
    assert "Staat deze persoon er al?" in page
    assert "geboortedatum die er erg op lijkt" in page
    assert 'name="somebody_else"' in page
    assert not HelpRequest.objects.filter(child__first_name="Noor", asked_by__first_name="Joris").exists()
    assert post(world.client("ellen"), url, **typed, somebody_else="1").status_code == 302
    assert HelpRequest.objects.filter(child__first_name="Noor", asked_by__first_name="Joris").exists()


def test_a_likely_double_is_shown_while_typing(world: World) -> None:
    url = with_noor(world)
    request_id = HelpRequest.objects.get(asked_by__first_name="Joris").pk
    while_typing = reverse("talk_doubles", args=[request_id])
    assert f'hx-post="{while_typing}"' in words_of(world.client("ellen").get(url))
    shown = world.client("ellen").post(
        while_typing, {"child_first_name": "Noor", "child_born_on": "2013-05-04"}
    )
    assert "Noor" in words_of(shown)
    # Seen and gone on: the submit does not ask again.
    assert 'name="somebody_else" value="1"' in words_of(shown)
    for unfinished in ({}, {"child_first_name": "N"}, {"child_first_name": "Noor", "child_born_on": "4"}):
        nothing = world.client("ellen").post(while_typing, unfinished)
        assert (nothing.status_code, words_of(nothing).strip()) == (200, "")


def test_a_likely_double_stays_in_view_beside_what_must_be_put_right(world: World) -> None:
    url = with_noor(world)
    typed = {"child": "new", "child_first_name": "Noor", "child_born_on": "2013-05-04"}
    wrong = post(world.client("ellen"), url, **typed, parent_email="m@gezin.example")
    assert wrong.status_code == 422
    page = words_of(wrong)
    assert "Schrijf ook hoe de andere ouder heet." in page
    assert "Staat deze persoon er al?" in page
    assert 'name="somebody_else" value="1"' in page
    right = post(world.client("ellen"), url, **typed, somebody_else="1")
    assert right.status_code == 302


@pytest.mark.usefixtures("known")
def test_nobody_hears_of_a_double_that_they_may_not_see(world: World) -> None:
    request = taken_up(world, "Joris", coach="bram")
    url, typed = reverse("talk_doubles", args=[request.pk]), {"child_born_on": "2013-05-04"}
    real = world.client("bram").post(url, {**typed, "child_first_name": "Noor"})
    nobody = world.client("bram").post(url, {**typed, "child_first_name": "Xyzq"})
    assert real.content == nobody.content
    assert world.client("ellen").post(url, {**typed, "child_first_name": "Noor"}).status_code == 404


def test_nothing_filled_in_changes_nothing(world: World, mine: HelpRequest) -> None:
    assert post(world.client("ellen"), reverse("first_talk", args=[mine.pk]), child="new").status_code == 302
    row = HelpRequest.objects.get()
    assert (row.result, row.child) == ("", None)
    assert not TalkNote.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"child": "new", "child_first_name": "Noor"}, "Schrijf ook de geboortedatum van het kind."),
        ({"child": "new", "child_born_on": "2013-05-04"}, "Schrijf ook hoe het kind heet."),
        ({"child": "new", "child_first_name": "Noor", "child_born_on": "2031-01-01"}, "ligt in de toekomst"),
        ({"parent_email": "m@gezin.example"}, "Schrijf ook hoe de andere ouder heet."),
        (
            {"parent_first_name": "Mark", "parent_email": "sanne@gezin.example"},
            "al van iemand anders in dit gezin",
        ),
        ({"decides": "asker"}, "Kies eerst over welk kind het gaat."),
        ({"decides": "other"}, "Schrijf hoe de andere ouder heet"),
    ],
)
def test_what_does_not_add_up_is_said_and_stays_on_the_page(
    world: World, mine: HelpRequest, fields: dict[str, str], words: str
) -> None:
    answer = post(
        world.client("ellen"),
        reverse("first_talk", args=[mine.pk]),
        note="Blijft staan.",
        because="next",
        **fields,
    )
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert "Blijft staan." in words_of(answer)
    assert not TalkNote.objects.exists()


def test_each_time_the_page_shows_the_record_stands_in_the_log_also_with_an_error(
    world: World, mine: HelpRequest
) -> None:
    client, url = world.client("ellen"), reverse("first_talk", args=[mine.pk])
    client.get(url)
    post(client, url, decides="asker")
    assert Entry.objects.filter(code="request.seen", family_id=mine.family_id).count() == 2


def test_the_note_is_for_the_coach_and_the_result_for_all(world: World, known: HelpRequest) -> None:
    url = reverse("family", args=[known.family_id])
    family, coach = (words_of(world.client(name).get(url)) for name in ("sanne", "ellen"))
    assert "Weer met plezier naar school." in family
    assert "sinds de verhuizing" not in family
    assert "sinds de verhuizing" in coach


@pytest.mark.parametrize("name", ["bram", "ellen"])
def test_somebody_else_s_question_is_not_there(world: World, mine: HelpRequest, name: str) -> None:
    request_id = mine.pk if name == "bram" else uuid4()
    nothing = world.client(name).get(reverse("first_talk", args=[request_id]))
    assert nothing.status_code == 404


# --- the number of queries ---


def statements(client: Client, url: str, **sent: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert (client.post(url, sent) if sent else client.get(url)).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in caught)


@pytest.mark.parametrize("route", ["coach_board", "coach_list"])
def test_board_and_list_take_as_many_statements_at_any_size(world: World, route: str) -> None:
    client, counts = world.client("ellen"), []
    for start, size in ((0, SMALL), (SMALL, LARGE)):
        for n in range(start, start + size):
            confirmed(world, f"Nieuw{n}")
            talked(world, f"Naam{n}", other=f"Ander{n}")
        counts.append(statements(client, reverse(route)))
    assert counts[0] == counts[1] <= STATEMENTS_OF_A_LIST


@pytest.mark.usefixtures("known")
def test_search_takes_three_statements_more(world: World) -> None:
    client = world.client("ellen")
    listing = statements(client, reverse("coach_list"))
    for typed in ("noor", "noor 2013"):
        with CaptureQueriesContext(connection) as seen:
            client.post(reverse("coach_list"), {"q": typed})
        # What is written like that, who of them one may see, and that somebody sought once more.
        assert len(seen) == listing + 3


def test_the_first_talk_takes_as_many_statements_with_more_children_and_questions(
    world: World, known: HelpRequest
) -> None:
    client, url = world.client("ellen"), reverse("first_talk", args=[known.pk])
    before = statements(client, url)
    for n in range(LARGE):
        actions.first_talk(
            actor=world.actor("ellen"),
            request_id=known.pk,
            child=actions.ChildOfTalk(
                first_name=f"Kind{n}", born_on=world.at.date() - timedelta(days=3000 + n)
            ),
            at=world.at,
        )
    assert statements(client, url) == before


# --- whose answer it waits for ---


def test_only_who_has_a_say_in_a_match_reads_that_it_waits_for_them(world: World, house: Household) -> None:
    """The child of 13 and both who decide say yes to a match; who fosters her sees along and says none."""
    fosters(world, house.family_id)
    sees_along(world, house.request.compartment.record_id, "wim", by="noor")
    open_talk(world, house)
    page = reverse("family", args=[house.family_id])
    for who, theirs in (("noor", True), ("sanne", True), ("mark", True), ("wim", False)):
        shown = words_of(world.client(who).get(page))
        asked = ("Dat zegt u zelf." in shown, "Het gaat verder zodra u antwoord geeft." in shown)
        assert asked == (theirs, theirs), who
        assert ("Ieder zegt zelf of het klikt." in shown) is not theirs, who
