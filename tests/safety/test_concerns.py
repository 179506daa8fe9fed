"""The protected place for safety: five steps, for who is named; the family's bytes stay the same."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from hendig.audit.actions import reading, speaking
from hendig.audit.models import Entry
from hendig.families.actions import work_notes
from hendig.families.models import Compartment, Involvement, Note, Purpose
from hendig.helprequests.models import HelpRequest, TalkNote
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people.actions import tell
from hendig.people.models import Notice
from hendig.plans.models import Goal, Task
from hendig.rights.actions import write_own_words
from hendig.rights.models import OwnWords
from hendig.safety import actions, rules
from hendig.safety.models import Asker, Concern, ConcernStep, Found, Law, SafetyHold, Step
from hendig.safety.queries.held import Count, counted
from hendig.safety.queries.pieces import NEVER, offered
from hendig.tents.models import Page
from tests.support.along import a_full_record
from tests.support.safety import held, informed, opened, stepped, worried
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("_the_clock_of_the_pages")

FAMILY_PAGES = ("family", "who_looked", "plan", "own_help", "circle")


def get(world: World, name: str, page: str, *args: object) -> Any:
    return world.client(name).get(reverse(page, args=list(args)))


def bytes_of(world: World, request: HelpRequest, name: str) -> dict[str, str]:
    """All that somebody of the family reads, without what differs from one request to the next."""
    pages = {page: get(world, name, page, request.family_id).content.decode() for page in FAMILY_PAGES}
    pages["notices"] = get(world, name, "notices").content.decode()
    return {page: re.sub(r"value=\"[^\"]*\"|card-[0-9a-f]{8}", "", text) for page, text in pages.items()}


def same(answer: Any) -> str:
    """The page without the token that differs from one request to the next."""
    return re.sub(r"value=\"[^\"]*\"", "", answer.content.decode())


def test_the_family_s_bytes_are_the_same_before_and_after(world: World, request_: HelpRequest) -> None:
    """9 years, tells of abuse by a parent with authority: nothing of it reaches that parent."""
    for name in ("sanne", "mark"):
        bytes_of(world, request_, name)
    before = {name: bytes_of(world, request_, name) for name in ("sanne", "mark")}
    since = Entry.objects.order_by("-id").values_list("pk", flat=True)[0]
    concern = worried(world, request_)
    stepped(world, concern)
    actions.name_for_safety(
        actor=world.actor("ellen"), concern_id=concern.pk, account_id=world.account("bram").pk, at=world.at
    )
    held(world, concern)
    get(world, "bram", "concern", concern.pk)
    tell(entry_ids=list(Entry.objects.filter(pk__gt=since).values_list("pk", flat=True)), at=world.at)
    # The own looks of each parent are read by the other: the same number in both rounds.
    after = {name: bytes_of(world, request_, name) for name in ("sanne", "mark")}
    for name, pages in before.items():
        for page, text in pages.items():
            if page != "who_looked":
                assert after[name][page] == text, (name, page)
        assert {"veiligheid", "Bram", "KANARIE"}.isdisjoint(re.findall(r"\w+", after[name]["who_looked"]))
        assert not Notice.objects.filter(account=world.account(name), code__startswith="safety").exists()


def test_the_database_tells_the_family_nothing_either(world: World, request_: HelpRequest) -> None:
    """The second wall alone: rows, involvements and holds are not there for a parent who asks for all."""
    concern = worried(world, request_)
    held(world, concern)
    opened(world, request_)
    for name in ("sanne", "mark"):
        with speaking(world.actor(name), world.at):
            assert not Concern.objects.exists()
            assert not SafetyHold.objects.exists()
            assert not Involvement.objects.filter(purpose=Purpose.SAFETY).exists()
            assert Involvement.objects.exists()


def test_the_five_steps_are_taken_in_the_pages(world: World, request_: HelpRequest) -> None:
    client = world.client("ellen")
    url = reverse("safety", args=[request_.family_id])
    assert "Begin met stap 1" in client.get(url).content.decode()
    begun: Any = client.post(
        url,
        {"_key": str(uuid4()), "record_id": str(request_.compartment.record_id), "about": "Blauwe plekken"},
    )
    concern = Concern.objects.get()
    assert begun["Location"] == reverse("concern", args=[concern.pk])
    step = reverse("concern_step", args=[concern.pk, 1])
    typed = {"_key": str(uuid4()), "found": "done", "words": "Drie keer gezien.", "done_on": "2026-11-01"}
    assert client.post(step, typed)["Location"] == begun["Location"]
    shown = client.get(begun["Location"]).content.decode()
    assert "Drie keer gezien." in shown
    too_early: Any = client.post(
        reverse("concern_step", args=[concern.pk, 5]),
        {"_key": str(uuid4()), "found": "report", "words": "Nu melden.", "done_on": "2026-11-01"},
    )
    assert too_early.status_code == 422
    assert "Eerst de andere stappen" in too_early.content.decode()
    assert "Nu melden." in too_early.content.decode()


def test_after_five_steps_it_can_be_closed_and_not_before(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    stepped(world, concern, until=4)
    close: dict[str, Any] = {"actor": world.actor("ellen"), "concern_id": concern.pk, "at": world.at}
    with pytest.raises(Refused) as no:
        actions.close_concern(**close)
    assert no.value.refusal.code == "concern.undecided"
    stepped(world, concern)
    assert actions.close_concern(**close).closed_at == world.at
    with pytest.raises(Refused) as no:
        stepped(world, concern, until=1)
    assert no.value.refusal.code == "concern.closed"


def test_half_a_step_about_one_child_never_comes_up_at_another(world: World, request_: HelpRequest) -> None:
    """The browser keeps what is half typed under the name of its form."""
    first, second = worried(world, request_), worried(world, request_, about="Iets anders")
    steps = [(one, number) for one in (first, second) for number in (1, 2)]
    pages: list[tuple[Any, ...]] = [("concern_step", one.pk, number) for one, number in steps]
    pages += [("ask_by_law", one.pk) for one in (first, second)]
    drafts = [
        draft
        for name, *args in pages
        for draft in re.findall(
            r'<form[^>]*data-draft="([^"]+)"', get(world, "ellen", str(name), *args).content.decode()
        )
    ]
    assert len(set(drafts)) == len(drafts) == 6


ALL_DONE = {1: "done", 2: "both", 3: "talked"}


@pytest.mark.parametrize(
    ("weighed", "decision", "code"),
    [
        ("acute", Found.HELP, "concern.must_report"),
        ("structural", Found.NOTHING, "concern.must_report"),
        ("acute", Found.REPORT, None),
        ("unsafe", Found.HELP, None),
        ("no_danger", Found.NOTHING, None),
    ],
)
def test_where_the_weighing_says_danger_a_report_follows(
    weighed: str, decision: Found, code: str | None
) -> None:
    no = rules.why_no_decision(decision, {**ALL_DONE, 4: weighed})
    assert (no.code if no else None) == code


def test_an_answer_of_another_step_and_a_day_to_come_are_refused() -> None:
    from datetime import date

    day = date(2026, 11, 2)
    common: dict[str, Any] = {"on": day, "closed": False}
    other = rules.why_no_step(Step.TALK, Found.REPORT, {}, done_on=day, **common)
    ahead = rules.why_no_step(Step.TALK, Found.TALKED, {}, done_on=day + timedelta(days=1), **common)
    assert other is not None
    assert ahead is not None
    assert (other.code, ahead.code) == ("concern.other_step", "concern.not_yet")


def test_who_was_not_named_gets_the_same_404_as_for_nothing(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    for name in ("bram", "youssef", "anouk"):
        theirs, nothing = (get(world, name, "concern", key) for key in (concern.pk, uuid4()))
        assert (theirs.status_code, nothing.status_code) == (404, 404)
        assert same(theirs) == same(nothing)
    for name in ("sanne", "mark", "piet", "henk", "karin"):
        assert get(world, name, "concern", concern.pk).status_code == 403
        with pytest.raises(Forbidden):
            stepped(world, concern, until=1, name=name)


def test_a_named_colleague_reads_the_safety_part_and_nothing_else(
    world: World, request_: HelpRequest
) -> None:
    concern = worried(world, request_)
    stepped(world, concern, until=1)
    bram = world.account("bram").pk
    actions.name_for_safety(actor=world.actor("ellen"), concern_id=concern.pk, account_id=bram, at=world.at)
    assert "KANARIE stap 1" in get(world, "bram", "concern", concern.pk).content.decode()
    assert get(world, "bram", "family", request_.family_id).status_code == 404
    assert get(world, "bram", "plan", request_.family_id).status_code == 404
    actions.unname(actor=world.actor("ellen"), concern_id=concern.pk, account_id=bram, at=world.at)
    assert get(world, "bram", "concern", concern.pk).status_code == 404
    with pytest.raises(Refused) as no:
        actions.unname(
            actor=world.actor("ellen"),
            concern_id=concern.pk,
            account_id=world.account("ellen").pk,
            at=world.at,
        )
    assert no.value.refusal.code == "safety.last"


@pytest.mark.parametrize("name", ["mark", "piet", "henk", "karin"])
def test_family_volunteers_and_finance_are_never_named(
    world: World, request_: HelpRequest, name: str
) -> None:
    concern = worried(world, request_)
    with pytest.raises(Refused) as no:
        actions.name_for_safety(
            actor=world.actor("ellen"), concern_id=concern.pk, account_id=world.account(name).pk, at=world.at
        )
    assert no.value.refusal.code == "safety.not_a_colleague"


def test_who_has_a_worry_where_others_are_named_reaches_them_and_reads_nothing(
    world: World, request_: HelpRequest
) -> None:
    """Writing down a worry is no way in to what others wrote."""
    first = worried(world, request_)
    opened(world, request_, "youssef")
    world.later(minutes=1)
    second = worried(world, request_, "ellen", "Nog iets")
    from hendig.audit.actions import change
    from hendig.families.actions import involve
    from hendig.families.models import Ground, Part, Record

    with speaking(world.system, world.at), change(world.system, "match.made", at=world.at) as act:
        record = Record.objects.get(pk=request_.compartment.record_id)
        involve(
            act,
            record=record,
            account_id=world.account("anouk").pk,
            part=Part.PROFESSIONAL,
            ground=Ground.YOUTH_ACT,
        )
        act.record(record)
    third = worried(world, request_, "anouk", "Wat het kind mij vertelde")
    with pytest.raises(NotVisible):
        actions.close_concern(actor=world.actor("anouk"), concern_id=first.pk, at=world.at)
    assert get(world, "anouk", "concern", third.pk).status_code == 404
    assert "Wat het kind mij vertelde" in get(world, "ellen", "safety", request_.family_id).content.decode()
    assert second.pk != third.pk


def test_a_hold_ends_by_itself_and_lasts_ninety_days_at_most(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    with pytest.raises(Refused) as no:
        held(world, concern, days=91)
    assert no.value.refusal.code == "hold.too_long"
    hold = held(world, concern, days=1)
    with pytest.raises(Refused) as no:
        held(world, concern)
    assert no.value.refusal.code == "hold.stands"
    opened(world, request_)
    assert "noodgeval" not in get(world, "mark", "who_looked", request_.family_id).content.decode()
    world.at = hold.until_at
    assert "noodgeval" in get(world, "mark", "who_looked", request_.family_id).content.decode()


def count(world: World) -> tuple[Count, ...]:
    with speaking(Actor.system(world.municipality.pk), world.at):
        return counted(world.municipality.pk, at=world.at, since=world.at - timedelta(days=2))


def test_written_is_shown_and_held(
    world: World, request_: HelpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = held(world, worried(world, request_))
    opened(world, request_)
    during = count(world)
    assert {one.account_id for one in during} == {world.account("sanne").pk, world.account("mark").pk}
    assert all(one.right and one.held == 1 for one in during)
    actions.release_hold(actor=world.actor("ellen"), hold_id=hold.pk, at=world.later(minutes=1))
    assert all(one.right and one.held == 0 for one in count(world))
    # A page that forgot lines is noticed, and the privacy officer hears of it.
    monkeypatch.setattr("hendig.safety.queries.held.log_lines", lambda *_, **__: Entry.objects.none())
    since = world.at - timedelta(days=2)
    assert actions.count_lines(municipality_id=world.municipality.pk, since=since, at=world.at) == 2
    assert Entry.objects.filter(code="log.mismatch").count() == 1


# --- asks by law ---


def asked(world: World, concern: Concern, *pieces: str) -> Any:
    return actions.ask_by_law(
        actor=world.actor("ellen"),
        concern_id=concern.pk,
        asker=Asker.VEILIG_THUIS,
        who="J. de Vries, onderzoeker",
        law=Law.REPORT_RIGHT,
        asked_on=local_day(world.at),
        weighing="Zonder deze stap kan het onderzoek niet beginnen.",
        pieces=pieces,
        at=world.at,
    )


def test_only_the_chosen_pieces_leave_after_a_second_person_agreed(
    world: World, request_: HelpRequest
) -> None:
    concern = worried(world, request_)
    stepped(world, concern, until=2)
    with speaking(world.actor("ellen"), world.at):
        there = [piece.key for piece in offered(world.actor("ellen"), concern.record_id, at=world.at)]
    steps = [key for key in there if key.startswith("step:")]
    assert len(steps) == 2
    legal = asked(world, concern, steps[0])
    take = {"legal_id": legal.pk, "at": world.at}
    with pytest.raises(NotVisible):
        actions.take_pieces(actor=world.actor("ellen"), **take)
    with pytest.raises(Refused) as no:
        actions.answer_by_law(actor=world.actor("ellen"), agreed=True, **take)
    assert no.value.refusal.code == "legal.own"
    actions.name_for_safety(
        actor=world.actor("ellen"), concern_id=concern.pk, account_id=world.account("bram").pk, at=world.at
    )
    actions.answer_by_law(actor=world.actor("bram"), agreed=True, **take)
    client = world.client("ellen")
    answer: Any = client.post(reverse("take_pieces", args=[legal.pk]), {"_key": str(uuid4())})
    assert answer["Content-Type"] == "application/pdf"
    words = text_of(answer.content)
    assert "KANARIE stap 1" in words
    assert "KANARIE stap 2" not in words
    assert "slaapt" not in words
    assert Entry.objects.filter(code="legal.taken", object_id=legal.pk).count() == 1


def test_each_kind_of_the_record_leaves_by_itself_and_nothing_with_it(world: World) -> None:
    """Veilig Thuis asks: a weighing form, pieces chosen, only those leave, in the file and in the log."""
    a_full_record(world)
    ellen, concern = world.actor("ellen"), Concern.objects.get()
    stepped(world, concern, until=1)
    informed(world, concern)
    work_notes.write_work_note(actor=ellen, record_id=concern.record_id, words="KANARIE werk", at=world.at)
    actions.name_for_safety(
        actor=ellen, concern_id=concern.pk, account_id=world.account("bram").pk, at=world.at
    )
    with reading(ellen, world.at):
        there = [piece.key for piece in offered(ellen, concern.record_id, at=world.at)]
        page = Page.objects.get()
        says = {f"page:{page.pk}": page.understanding, f"agreed:{page.pk}": page.agreements}
        for kind, model in (("goal", Goal), ("own", OwnWords), ("talk", TalkNote), ("step", ConcernStep)):
            row = model.objects.get(pk=next(key for key in there if key.startswith(f"{kind}:")).split(":")[1])
            says[f"{kind}:{row.pk}"] = row.words
        task = Task.objects.get(pk=next(key for key in there if key.startswith("task:")).split(":")[1])
        says[f"task:{task.pk}"] = task.what
        hidden = Compartment.objects.filter(kind__in=NEVER).values("pk")
        apart = {str(pk) for pk in Note.objects.filter(compartment__in=hidden).values_list("pk", flat=True)}
    assert apart
    assert not apart & {key.split(":")[1] for key in there}
    assert {key.split(":")[0] for key in there} >= {"person", "request", "page", "agreed", "talk", "step"}
    for chosen, own in says.items():
        legal = asked(world, concern, chosen)
        actions.answer_by_law(actor=world.actor("bram"), legal_id=legal.pk, agreed=True, at=world.at)
        left = letters(text_of(actions.take_pieces(actor=ellen, legal_id=legal.pk, at=world.at)))
        told = [key for key, words in says.items() if letters(str(words)) in left]
        assert told == [chosen], own
        assert not [word for word in ("KANARIEZwaan", "KANARIEwerk", "straatvan") if word in left]
        line = Entry.objects.get(code="legal.taken", object_id=legal.pk)
        assert line.facts == {"pieces": 1, chosen.split(":")[0]: 1}


def titled(world: World, record_id: UUID) -> list[str]:
    with reading(world.actor("ellen"), world.at):
        return [str(piece.title) for piece in offered(world.actor("ellen"), record_id, at=world.at)]


def test_pieces_of_one_kind_and_day_are_told_apart_by_a_word_more_and_never_by_what_they_say(
    world: World, request_: HelpRequest
) -> None:
    """By who wrote them; by the time where that is the same; and on paper by neither."""
    concern = worried(world, request_)
    stepped(world, concern, until=1)
    day = "van 2 november 2026"
    assert titled(world, concern.record_id).count(f"Wat het gezin erbij schreef, {day}") == 0
    for who in ("sanne", "mark", "sanne"):
        world.later(minutes=7)
        write_own_words(
            actor=world.actor(who),
            family_id=request_.family_id,
            kind="addition",
            topic="plan",
            words=f"KANARIE van {who}",
            at=world.at,
        )
    titles = titled(world, concern.record_id)
    own = [one for one in titles if one.startswith("Wat het gezin erbij schreef")]
    assert own == [
        f"Wat het gezin erbij schreef, {day}, door Sanne, om 10:07",
        f"Wat het gezin erbij schreef, {day}, door Mark",
        f"Wat het gezin erbij schreef, {day}, door Sanne, om 10:21",
    ]
    assert len({*titles}) == len(titles)
    assert f"De hulpvraag, {day}" in titles, "of which there is one"
    assert not any("KANARIE" in one for one in titles)
    with reading(world.actor("ellen"), world.at):
        there = offered(world.actor("ellen"), concern.record_id, at=world.at)
    first = next(piece.key for piece in there if str(piece.title) == own[0])
    actions.name_for_safety(
        actor=world.actor("ellen"), concern_id=concern.pk, account_id=world.account("bram").pk, at=world.at
    )
    legal = asked(world, concern, first)
    assert own[0] in get(world, "ellen", "legal", legal.pk).content.decode()
    actions.answer_by_law(actor=world.actor("bram"), legal_id=legal.pk, agreed=True, at=world.at)
    left = text_of(actions.take_pieces(actor=world.actor("ellen"), legal_id=legal.pk, at=world.at))
    assert "KANARIE van sanne" in left
    assert "om 10:07" not in left
    assert "Mark" not in left


def test_who_could_agree_hears_that_it_waits(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    stepped(world, concern, until=1)
    with speaking(world.actor("ellen"), world.at):
        piece = offered(world.actor("ellen"), concern.record_id, at=world.at)[0].key
    first = asked(world, concern, piece)
    assert "Noem eerst een collega" in get(world, "ellen", "legal", first.pk).content.decode()
    bram = world.account("bram")
    actions.name_for_safety(
        actor=world.actor("ellen"), concern_id=concern.pk, account_id=bram.pk, at=world.at
    )
    second = asked(world, concern, piece)
    assert "Noem eerst een collega" not in get(world, "ellen", "legal", second.pk).content.decode()
    line = Entry.objects.get(code="legal.asked", object_id=second.pk)
    tell(entry_ids=[line.pk], at=world.at)
    (notice,) = Notice.objects.filter(entry_id=line.pk)
    assert (notice.account_id, notice.url) == (bram.pk, reverse("legal", args=[second.pk]))


def letters(text: str) -> str:
    """Without white space and pictures, which paper shows in its own way."""
    return "".join(re.findall(r"\w", text))


def text_of(document: bytes) -> str:
    from io import BytesIO

    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


def test_nothing_leaves_without_pieces_or_with_pieces_that_are_not_there(
    world: World, request_: HelpRequest
) -> None:
    concern = worried(world, request_)
    for pieces, code in (((), "legal.no_pieces"), ((f"step:{uuid4()}",), "legal.other_pieces")):
        with pytest.raises(Refused) as no:
            asked(world, concern, *pieces)
        assert no.value.refusal.code == code


def test_the_police_by_telephone_get_no_path(world: World, request_: HelpRequest) -> None:
    concern = worried(world, request_)
    page = get(world, "ellen", "ask_by_law", concern.pk).content.decode()
    assert "Aan de telefoon geeft u niets." in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [("", "Dit horen we nog graag van u."), ("2040-01-01", "Kies een dag binnen 90 dagen.")],
)
def test_a_hold_that_cannot_be_says_so_where_it_was_asked(
    world: World, request_: HelpRequest, typed: str, says: str
) -> None:
    concern = worried(world, request_)
    url = reverse("place_hold", args=[concern.pk])
    answer = world.client("ellen").post(url, {"until_on": typed, "_key": str(uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'value="{typed}"' in page or not typed
    assert not SafetyHold.objects.exists()


def test_a_worry_shows_which_step_is_next_and_each_step_asks_its_own(
    world: World, request_: HelpRequest
) -> None:
    concern = worried(world, request_)
    stepped(world, concern, until=2)
    page = get(world, "ellen", "concern", concern.pk).content.decode()
    assert page.count("card card-main") == 1
    assert page.index("card card-main") < page.index("Praten met het gezin") < page.index("Wegen met het")
    asked = [get(world, "ellen", "concern_step", concern.pk, number).content.decode() for number in (3, 4)]
    assert "Hoe ging het gesprek?" in asked[0]
    assert "Hoe weegt u dit" in asked[1]
