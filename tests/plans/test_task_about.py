"""A task says whom it is about: what a parent takes on for themself is not the child's to read."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.families.models import CHILD, OUTSIDE, Whom
from hendig.families.queries import opening_all
from hendig.families.queries.looked import who_looked
from hendig.kernel.refusal import NotVisible, Refused
from hendig.plans import actions
from hendig.plans.models import Task
from hendig.rights.queries import take_along
from tests.plans.test_goal_about import member, read
from tests.support.along import unpacked
from tests.support.plans import Help
from tests.support.world import World

pytestmark = pytest.mark.django_db
HERS, OURS = "Praten met de verslavingszorg.", "Samen naar school fietsen."


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def of(helped: Help, name: str) -> Whom:
    return Whom(member(helped, name).pk)


def task(helped: Help, what: str, about: Whom = CHILD, by: str = "ellen", does: str = "") -> Task:
    return actions.set_task(
        actor=helped.world.actor(by),
        request_id=helped.request.pk,
        what=what,
        who=does or "iemand",
        account_id=helped.world.account(does).pk if does else None,
        about=about,
        at=helped.world.at,
    )


def say(helped: Help, one: Task, who: str, about: Whom) -> Task:
    return actions.say_whom(actor=helped.world.actor(who), task_id=one.pk, about=about, at=helped.world.at)


def lines(helped: Help, who: str) -> int:
    at = helped.world.at
    with opening_all(helped.world.actor(who), "family.log_seen", helped.family_id, at=at) as look:
        words = [str(line.words) for line in who_looked(look).lines]
    return words.count("schreef op wie wat doet") + words.count("zei dat iets gedaan is")


def post(helped: Help, who: str, name: str, key: UUID, **typed: object) -> int:
    sent: dict[str, Any] = {"_key": str(uuid4()), **typed}
    return helped.world.client(who).post(reverse(name, args=[key]), sent).status_code


def test_a_task_of_a_parent_is_on_the_plan_of_all_but_the_child(helped: Help) -> None:
    hers = task(helped, HERS, of(helped, "Sanne"), does="sanne")
    ours = task(helped, OURS)
    for who in ("sanne", "ellen", "anouk"):
        text = read(helped, who)
        assert (HERS in text, OURS in text, "Over Sanne" in text) == (True, True, True)
    text = read(helped, "noor")
    assert (HERS in text, OURS in text) == (False, True)
    seen = {}
    for who in ("noor", "sanne"):
        with reading(helped.world.actor(who), helped.world.at):
            seen[who] = set(Task.objects.values_list("pk", flat=True))
    assert seen == {"noor": {ours.pk}, "sanne": {hers.pk, ours.pk}}
    with pytest.raises(NotVisible):
        actions.finish_task(actor=helped.world.actor("noor"), task_id=hers.pk, at=helped.world.at)


def test_what_the_child_does_or_wrote_the_child_reads(helped: Help) -> None:
    assert task(helped, "Mama bellen.", of(helped, "Sanne"), does="noor").whom == CHILD
    mine = task(helped, "Met mama praten.", of(helped, "Sanne"), by="noor")
    assert mine.whom == of(helped, "Sanne")
    text = read(helped, "noor")
    assert ("Mama bellen." in text, "Met mama praten." in text) == (True, True)


def test_a_copy_holds_it_for_whom_it_is_about_alone(helped: Help) -> None:
    task(helped, HERS, of(helped, "Sanne"))
    task(helped, OURS)
    at, record_id = helped.world.at, helped.request.compartment.record_id
    held = {}
    for who in ("sanne", "noor"):
        copy = take_along(helped.world.actor(who), record_id, whole=True, at=at)
        held[who] = [row["what"] for row in unpacked(copy.content).data["tasks"]]
    assert held == {"sanne": [HERS, OURS], "noor": [OURS]}


def test_who_set_it_and_the_coach_put_it_right_and_the_log_follows(helped: Help) -> None:
    before = {who: lines(helped, who) for who in ("noor", "sanne")}
    one = task(helped, HERS, by="anouk")
    actions.finish_task(actor=helped.world.actor("anouk"), task_id=one.pk, at=helped.world.at)
    assert lines(helped, "noor") == before["noor"] + 2
    with pytest.raises(Refused) as no:
        say(helped, one, "sanne", OUTSIDE)
    assert no.value.refusal.code == "about.not_yours"
    assert say(helped, one, "ellen", of(helped, "Sanne")).whom == of(helped, "Sanne")
    assert (lines(helped, "noor"), lines(helped, "sanne")) == (before["noor"], before["sanne"] + 2)
    assert say(helped, one, "anouk", CHILD).whom == CHILD
    assert lines(helped, "noor") == before["noor"] + 2
    facts = Entry.objects.filter(code="task.about").order_by("id").values_list("facts", flat=True)
    assert [one.get("another") for one in facts] == [str(member(helped, "Sanne").pk), None]


def test_the_pages_ask_it_in_one_quiet_choice(helped: Help) -> None:
    form = helped.world.client("ellen").get(reverse("new_task", args=[helped.family_id])).content.decode()
    assert "Gaat dit over iemand anders?" in form
    sent = {"request_id": str(helped.request.pk), "what": HERS, "helper": "else", "somebody": "Sanne"}
    assert post(helped, "ellen", "new_task", helped.family_id, **sent, about="onzin") == 422
    key = form.split('name="helper" value="')[1].split('"')[0]
    sent["helper"] = key
    assert post(helped, "ellen", "new_task", helped.family_id, **sent, about="outside") == 302
    one = Task.objects.get()
    path = reverse("task_about", args=[one.pk])
    assert path in read(helped, "ellen")
    assert path not in read(helped, "sanne")
    assert HERS in helped.world.client("ellen").get(path).content.decode()
    assert helped.world.client("noor").get(path).status_code == 404
    assert post(helped, "ellen", "task_about", one.pk, about=str(member(helped, "Sanne").pk)) == 302
    assert Task.objects.get().whom == of(helped, "Sanne")


def test_the_page_takes_as_many_queries_at_any_size(helped: Help) -> None:
    one = task(helped, HERS, by="ellen")

    def counts() -> list[int]:
        found = []
        for path in (reverse("plan", args=[helped.family_id]), reverse("task_about", args=[one.pk])):
            client = helped.world.client("ellen")
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    few = counts()
    for _n in range(5):
        task(helped, HERS, of(helped, "Sanne"))
    assert counts() == few
