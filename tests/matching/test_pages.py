"""What each person sees and can press; what is hidden from whom; and how many queries it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import speaking
from hendig.audit.models import Entry, Kind
from hendig.families.queries import opening
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.matching import queries
from hendig.matching.models import Match, MatchTalk, TalkStage
from hendig.matching.queries import room
from tests.support.matching import Household, household, open_talk, say
from tests.support.shared import built_once
from tests.support.world import World, uuid_in

EVERYONE = ("noor", "sanne", "mark", "anouk", "ellen")
YES, NO = "Ja, het klikt", "Nee, liever niet"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@built_once
def talk(world: World, house: Household) -> MatchTalk:
    return open_talk(world, house)


def page(world: World, talk: MatchTalk, name: str) -> str:
    answer = world.client(name).get(reverse("match_talk", args=[talk.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, talk: MatchTalk, yes: int) -> str:
    answer = client.post(reverse("match_talk", args=[talk.pk]), {"yes": yes}, follow=True)
    assert answer.redirect_chain, answer.status_code
    return answer.content.decode()


def test_the_coach_brings_them_together_with_one_tap(world: World, house: Household) -> None:
    client, url = world.client("ellen"), reverse("open_talk", args=[house.request.pk])
    shown = client.get(url)
    assert "Weer met plezier naar school." in shown.content.decode()
    form = shown.context["form"]
    answer = client.post(
        url,
        {
            "professional_id": world.professionals["anouk"].pk,
            **{name: form[name].value() for name in ("child_id", "service_code_id", "purpose")},
        },
    )
    assert answer.status_code == 302
    assert (
        MatchTalk.objects.get(pk=uuid_in(answer.headers["Location"])).professional_id
        == world.professionals["anouk"].pk
    )


def test_who_has_no_place_is_named_but_cannot_be_chosen(world: World, house: Household) -> None:
    vera = world.add_professional("vera", "anker", "angst", families_max=1)
    other = household(world, parent="Iris", other="Tom", child="Lize")
    say(world, open_talk(world, other, "vera"), "iris", "tom", "lize", "vera", "ellen")
    client, url = world.client("ellen"), reverse("open_talk", args=[house.request.pk])
    text = client.get(url).content.decode()
    assert "Vera" in text
    assert f'value="{vera.pk}"' not in text
    assert "nog plek voor 6 gezinnen" in text
    given = {
        "professional_id": vera.pk,
        "child_id": house.child.pk,
        "service_code_id": world.service_code().pk,
        "purpose": "x",
    }
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert "Heeft nu geen plek" in answer.content.decode()


def test_the_list_can_be_narrowed_to_what_somebody_can_do(world: World, house: Household) -> None:
    shown = queries.prepare(
        world.actor("ellen"), house.request.pk, expertise_id=world.expertise("angst").pk, at=world.at
    )
    assert [one.helper.first_name for one in shown.candidates] == ["Anouk"]
    assert shown.code_id in {code.id for code in shown.codes}
    everyone = queries.prepare(world.actor("ellen"), house.request.pk, at=world.at)
    assert [one.helper.first_name for one in everyone.candidates] == ["Anouk", "Youssef"]


def test_the_family_sees_who_must_say_yes_and_why(world: World, talk: MatchTalk) -> None:
    say(world, talk, "noor")
    text = page(world, talk, "sanne")
    for words in (
        "Noor is 13: vanaf 12 jaar beslist een jongere mee",
        "Mark heeft gezag: een ja van Mark is nodig",
        "Anouk gaat helpen en kiest zelf ook",
        "Ellen is de gezinscoach en kijkt of het past",
        YES,
        NO,
        f"/live/?topic=matchtalk:{talk.pk}",
    ):
        assert words in text
    assert "Zoek verder" not in text


def test_an_invited_professional_sees_only_what_is_needed_and_it_is_logged(
    world: World, talk: MatchTalk
) -> None:
    say(world, talk, "sanne")
    before = Entry.objects.filter(kind=Kind.LOOK, code="matchtalk.seen").count()
    text = page(world, talk, "anouk")
    for words in ("Noor", "13 jaar", "Weer met plezier naar school.", YES):
        assert words in text
    for hidden in ("Sanne", "Mark", "slaapt slecht", "heeft gezag", str(talk.family_id)):
        assert hidden not in text
    entry = Entry.objects.filter(kind=Kind.LOOK, code="matchtalk.seen").latest("id")
    assert Entry.objects.filter(kind=Kind.LOOK, code="matchtalk.seen").count() == before + 1
    assert (entry.family_id, entry.part, entry.ground, entry.account_id) == (
        talk.family_id,
        "professional",
        "consent",
        world.account("anouk").pk,
    )


def test_a_stranger_cannot_tell_that_the_talk_exists(world: World, talk: MatchTalk) -> None:
    for name in ("youssef", "bram"):
        for url in (reverse("match_talk", args=[talk.pk]), reverse("match_talk", args=[talk.family_id])):
            assert world.client(name).get(url).status_code == 404
    assert world.client("henk").get(reverse("match_talk", args=[talk.pk])).status_code == 403
    assert world.client().get(reverse("match_talk", args=[talk.pk])).status_code == 302


def test_everyone_taps_yes_on_the_own_page_and_there_is_a_match(world: World, talk: MatchTalk) -> None:
    for name in EVERYONE[:-1]:
        assert "Er is een match" not in post(world.client(name), talk, 1)
    text = post(world.client(EVERYONE[-1]), talk, 1)
    match = Match.objects.get()
    assert match.number in text
    assert match.number in page(world, talk, "noor")
    assert "Er is een match" in page(world, talk, "anouk")
    assert YES not in text


def test_a_no_is_shown_without_blame_and_can_be_taken_back(world: World, talk: MatchTalk) -> None:
    text = post(world.client("mark"), talk, 0)
    assert "Geen klik – we zoeken verder" in text
    assert "Toch ja, het klikt" in text
    assert "Geen klik" in page(world, talk, "sanne")
    assert "Geen klik" not in post(world.client("mark"), talk, 1)


def test_an_answer_that_is_no_answer_changes_nothing(world: World, talk: MatchTalk) -> None:
    answer = world.client("mark").post(reverse("match_talk", args=[talk.pk]), {"yes": "misschien"})
    assert answer.status_code == 422
    assert not talk.answers.exists()


def test_a_yes_that_finds_no_place_is_kept_and_the_page_says_so(world: World, house: Household) -> None:
    world.add_professional("vera", "anker", "angst", families_max=1)
    other = household(world, parent="Iris", other="Tom", child="Lize")
    first, second = open_talk(world, house, "vera"), open_talk(world, other, "vera")
    say(world, first, "noor", "sanne", "mark", "vera", "ellen")
    say(world, second, "iris", "tom", "lize", "vera")
    text = post(world.client("ellen"), second, 1)
    assert "Vera heeft nu geen plek meer. Ieders ja is bewaard." in text
    assert second.answers.filter(yes=True).count() == 5


def test_the_coach_records_an_exception_and_looks_further_with_one_tap(world: World, talk: MatchTalk) -> None:
    say(world, talk, "noor")
    text = page(world, talk, "ellen")
    assert "artikel 7.3.4" in text
    assert "Noor blijft hulp wensen" in text
    client = world.client("ellen")
    answer = client.post(
        reverse("record_exception", args=[talk.pk]), {"exception": "keeps_wishing"}, follow=True
    )
    assert "Noor blijft deze hulp wensen" in answer.content.decode()
    assert (
        client.post(reverse("record_exception", args=[talk.pk]), {"exception": "because"}).status_code == 422
    )
    answer = client.post(reverse("look_further", args=[talk.pk]))
    assert answer.headers["Location"] == reverse("open_talk", args=[talk.request_id])
    assert MatchTalk.objects.get().stage == TalkStage.NO_CLICK
    assert client.post(reverse("look_further", args=[talk.pk])).status_code == 422


def test_the_family_ends_the_help_with_one_button(world: World, talk: MatchTalk) -> None:
    match = say(world, talk, *EVERYONE).match
    assert match is not None
    client, url = world.client("sanne"), reverse("end_match", args=[match.pk])
    shown = client.get(url)
    assert shown.status_code == 200
    value = shown.context["form"]["ends_on"].value()
    assert client.post(url, {"ends_on": value.isoformat()}).status_code == 302
    assert Match.objects.get().ends_on == value
    assert world.client("anouk").get(url).status_code == 404


def test_each_is_spoken_to_as_who_they_are(world: World, talk: MatchTalk) -> None:
    assert "is alles wat u door dit gesprek ziet" in page(world, talk, "anouk")
    assert "wat het gezin hoopt te bereiken, is alles wat Anouk" in page(world, talk, "ellen")
    assert "wat u samen hoopt te bereiken, is alles wat Anouk" in page(world, talk, "sanne")
    match = say(world, talk, *EVERYONE).match
    assert match is not None
    url = reverse("end_match", args=[match.pk])
    ends = {name: world.client(name).get(url).content.decode() for name in ("anouk", "sanne")}
    assert "Na deze dag ziet u niets meer van het gezin." in ends["anouk"]
    assert "Na deze dag ziet Anouk niets meer van het gezin." in ends["sanne"]


def test_panels_show_the_family_its_talks_and_help_and_everyone_what_waits_for_them(
    world: World, house: Household, talk: MatchTalk
) -> None:
    other = open_talk(world, house, "youssef")
    say(world, talk, *EVERYONE)
    with opening(world.actor("sanne"), "family.page_seen", house.family_id, at=world.at) as look:
        talks, matches = queries.talks_of(look), queries.matches_of(look)
    assert [(line.id, line.my_turn) for line in talks] == [(other.pk, True), (talk.pk, False)]
    assert [(line.helper.first_name, line.stands, line.may_end) for line in matches] == [
        ("Anouk", True, True)
    ]
    assert [line.id for line in queries.talks_for(world.actor("mark"), at=world.at)] == [other.pk]
    (mine,) = queries.talks_for(world.actor("youssef"), at=world.at)
    assert (mine.child, mine.purpose, mine.my_turn) == ("", "", True)
    assert queries.talks_for(world.actor("anouk"), at=world.at) == ()
    assert room.room_of(world.professionals["anouk"].pk, on=talk.opened_at.date()).left == 5


def test_what_the_help_is_for_can_be_read_back_once_there_is_a_match(world: World, talk: MatchTalk) -> None:
    say(world, talk, "anouk", "sanne", "mark", "noor", "ellen")
    assert Match.objects.filter(talk=talk).exists()
    where = reverse("match_talk", args=[talk.pk])
    for name in ("sanne", "anouk", "ellen"):
        page = world.client(name).get(reverse("family", args=[talk.family_id])).content.decode()
        assert where in page, name
        assert talk.purpose in world.client(name).get(where).content.decode(), name


def test_a_stranger_sees_no_match(world: World, talk: MatchTalk) -> None:
    match = say(world, talk, *EVERYONE).match
    assert match is not None
    with pytest.raises(NotVisible):
        queries.match_page(world.actor("youssef"), match.pk, at=world.at)


# What each query of this app takes, whatever the number of talks, people and families.
STATEMENTS = {
    "talk_page": 7,
    "talk_page of who is only invited": 6,
    "talks_of": 2,
    "talks_for": 2,
    "matches_of": 2,
    "match_page": 5,
    "room_of": 2,
    "prepare": 11,
}


def statements(world: World, house: Household, invited: MatchTalk, matched: Match) -> dict[str, int]:
    """How many statements each query takes now in a request, savepoints aside."""
    sanne, anouk, ellen, at = world.actor("sanne"), world.actor("anouk"), world.actor("ellen"), world.at
    with opening(sanne, "family.page_seen", house.family_id, at=at) as look:
        pass
    ways: dict[str, Callable[[], object]] = {
        "talk_page": lambda: queries.talk_page(sanne, invited.pk, at=at),
        "talk_page of who is only invited": lambda: queries.talk_page(anouk, invited.pk, at=at),
        "talks_of": lambda: queries.talks_of(look),
        "talks_for": lambda: queries.talks_for(anouk, at=at),
        "matches_of": lambda: queries.matches_of(look),
        "match_page": lambda: queries.match_page(sanne, matched.pk, at=at),
        "room_of": lambda: room.room_of(world.professionals["anouk"].pk, on=local_day(at)),
        "prepare": lambda: queries.prepare(ellen, house.request.pk, at=at),
    }
    counted = {}
    for name, way in ways.items():
        who = {"talk_page of who is only invited": anouk, "talks_for": anouk, "prepare": ellen}.get(
            name, sanne
        )
        with speaking(who, at), CaptureQueriesContext(connection) as seen:
            way()
        counted[name] = sum("SAVEPOINT" not in query["sql"] for query in seen)
    return counted


def test_no_query_takes_more_statements_when_there_is_more(world: World, house: Household) -> None:
    matched = say(
        world, open_talk(world, house, "youssef"), "noor", "sanne", "mark", "youssef", "ellen"
    ).match
    assert matched is not None
    invited = open_talk(world, house, "anouk")
    assert statements(world, house, invited, matched) == STATEMENTS
    for name in ("vera", "wim", "xena"):
        world.add_professional(name, "anker", "angst", "opvoeden")
        say(world, open_talk(world, house, name), "noor", "sanne", name)
    other = household(world, parent="Iris", other="Tom", child="Lize")
    say(world, open_talk(world, other, "anouk"), "lize", "iris")
    say(world, open_talk(world, other, "vera"), "lize", "iris", "tom", "vera", "ellen")
    say(world, invited, "noor", "sanne", "mark")
    assert statements(world, house, invited, matched) == STATEMENTS
