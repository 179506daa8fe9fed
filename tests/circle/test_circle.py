"""Drawing who is around by tapping, undoing a step, and a youth's own circle that only the youth shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.circle import actions, queries
from hendig.circle.queries import Tapped
from hendig.families.models import Bond, CompartmentKind, Tie
from hendig.kernel.refusal import Forbidden, NotVisible
from tests.support.billing import make_match
from tests.support.matching import Household, household
from tests.support.refusals import code_of
from tests.support.world import World

GIRL_FRIEND: dict[str, Any] = {
    "name": "Yara",
    "relation": "vriendin",
    "distance": 1,
    "bond": Bond.WARM,
    "gives": "luistert",
}
TYPED = {"name": "Yara", "relation": "vriendin", "distance": "1", "bond": "warm"}


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World) -> Iterator[None]:
    with time_machine.travel(world.at, tick=False):
        yield


def draw(world: World, house: Household, who: str = "sanne", *, own: bool = False, **said: Any) -> Tie:
    return actions.draw(
        actor=world.actor(who), family_id=house.family_id, own=own, at=world.at, **(GIRL_FRIEND | said)
    )


def seen(
    world: World, house: Household, who: str, *, own: bool = False, tapped: Tapped | None = None
) -> queries.Drawing:
    actor = world.actor(who)
    with queries.opening_circle(actor, house.family_id, own=own, at=world.at) as look:
        return queries.drawing(look, tapped or Tapped(), own=own)


def names(world: World, house: Household, who: str, *, own: bool = False) -> list[str]:
    return [one.name for one in seen(world, house, who, own=own).circle.around]


def page(world: World, who: str, name: str, house: Household, query: str = "") -> tuple[int, str]:
    answer = world.client(who).get(reverse(name, args=[house.family_id]) + query)
    return answer.status_code, unescape(re.sub(r"\s+", " ", answer.content.decode()))


def post(world: World, who: str, url: str, **fields: object) -> Any:
    return world.client(who).post(url, {"_key": str(uuid4()), **fields})


class TestTapping:
    def test_each_ring_and_each_person_is_a_link_that_fills_in_the_form(
        self, world: World, house: Household
    ) -> None:
        tie, url = draw(world, house), reverse("circle", args=[house.family_id])
        html = page(world, "sanne", "circle", house)[1]
        assert re.findall(rf'href="{url}\?afstand=(\d)#wie"', html) == ["3", "2", "1"]
        assert f'href="{url}?wie={tie.pk}#wie" aria-label="Verander Yara"' in html
        far = page(world, "sanne", "circle", house, "?afstand=3")[1]
        assert 'name="distance" value="3" id="id_distance_2" checked' in far
        chosen = page(world, "sanne", "circle", house, f"?wie={tie.pk}")[1]
        assert 'value="Yara"' in chosen
        assert "Yara veranderen" in chosen

    def test_what_was_tapped_and_typed_of_what_they_give_is_one_sentence(
        self, world: World, house: Household
    ) -> None:
        url = reverse("circle", args=[house.family_id])
        sent = post(world, "sanne", url, **TYPED, picks=["0", "2"], gives="soep")
        assert sent.status_code == 302
        assert Tie.objects.get().gives == "luistert, rijdt mee, soep"
        long = post(world, "sanne", url, **TYPED, picks=["0", "1", "2"], gives="x" * 110)
        assert long.status_code == 422
        assert Tie.objects.count() == 1

    def test_what_cannot_be_read_in_the_address_is_nothing(self, world: World, house: Household) -> None:
        assert page(world, "sanne", "circle", house, "?afstand=9&wie=oma&stap=%00")[0] == 200

    def test_each_step_can_be_undone(self, world: World, house: Household) -> None:
        tie = draw(world, house)
        html = page(world, "sanne", "circle", house, f"?stap={tie.pk}")[1]
        assert "Yara staat in de kring." in html
        url = reverse("circle", args=[house.family_id])
        post(world, "sanne", f"{url}?wie={tie.pk}", **TYPED | {"distance": "3"}, gives="belt soms")
        now = seen(world, house, "sanne").circle.around
        assert [(one.name, one.distance, one.gives) for one in now] == [("Yara", 3, "belt soms")]
        changed = Tie.objects.present().get()
        assert "Yara is aangepast." in page(world, "sanne", "circle", house, f"?stap={changed.pk}")[1]
        post(world, "sanne", reverse("restore_tie", args=[changed.pk]))
        now = seen(world, house, "sanne").circle.around
        assert [(one.name, one.distance, one.gives) for one in now] == [("Yara", 1, "luistert")]
        post(world, "sanne", reverse("remove_tie", args=[tie.pk]))
        assert names(world, house, "sanne") == []
        post(world, "sanne", reverse("restore_tie", args=[tie.pk]))
        assert names(world, house, "sanne") == ["Yara"]
        post(world, "sanne", reverse("restore_tie", args=[tie.pk]))
        assert names(world, house, "sanne") == []

    def test_who_changed_meanwhile_is_not_changed_twice(self, world: World, house: Household) -> None:
        tie = draw(world, house)
        said: dict[str, Any] = {
            "actor": world.actor("sanne"),
            "tie_id": tie.pk,
            "at": world.at,
            **GIRL_FRIEND,
        }
        actions.change_tie(**said)
        assert code_of(lambda: actions.change_tie(**said)) == "circle.gone"
        assert Tie.objects.present().count() == 1

    def test_who_was_changed_while_another_typed_is_not_drawn_a_second_time(
        self, world: World, house: Household
    ) -> None:
        tie, url = draw(world, house), reverse("circle", args=[house.family_id])
        said = GIRL_FRIEND | {"distance": 2}
        actions.change_tie(actor=world.actor("mark"), tie_id=tie.pk, at=world.at, **said)
        sent = post(world, "sanne", f"{url}?wie={tie.pk}", **TYPED, gives="belt elke dag")
        assert (sent.status_code, "belt elke dag" in sent.content.decode()) == (422, True)
        assert "Dit is intussen aangepast" in sent.content.decode()
        assert Tie.objects.present().count() == 1

    def test_nobody_stands_there_twice_however_often_steps_are_undone(
        self, world: World, house: Household
    ) -> None:
        sanne = world.actor("sanne")
        first = draw(world, house)

        def moved(tie: Tie, distance: int) -> Tie:
            said = GIRL_FRIEND | {"distance": distance}
            return actions.change_tie(actor=sanne, tie_id=tie.pk, at=world.at, **said)

        def undo(tie: Tie) -> list[int]:
            actions.undo_tie(actor=sanne, tie_id=tie.pk, at=world.at)
            return [one.distance for one in seen(world, house, "sanne").circle.around]

        second = moved(first, 2)
        assert (undo(second), undo(second), undo(second)) == ([1], [2], [1])
        third = moved(moved(first, 3), 1)
        # What stands otherwise by now is not put back beside it, whichever step of before it is.
        assert code_of(lambda: undo(first)) == "circle.gone"
        assert code_of(lambda: undo(second)) == "circle.gone"
        assert undo(third) == [3]
        assert Entry.objects.filter(code="family.tie_restored").count() == 1
        assert Entry.objects.filter(code="circle.tie_undone").count() == 3

    def test_the_page_asks_as_much_for_many_as_for_one(self, world: World, house: Household) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                seen(world, house, "sanne")
            return len(found)

        draw(world, house)
        small = asked()
        for number in range(12):
            draw(world, house, name=f"Mens {number}")
        assert asked() == small


class TestOwnCircle:
    def test_it_is_there_for_the_youth_and_for_nobody_else(self, world: World, house: Household) -> None:
        tie = draw(world, house, "noor", own=True)
        assert tie.compartment.kind == CompartmentKind.CHILD
        assert names(world, house, "noor", own=True) == ["Yara"]
        assert "Yara" in page(world, "noor", "own_circle", house)[1]
        for who in ("sanne", "mark", "ellen", "noor"):
            assert names(world, house, who) == []
        for who in ("sanne", "mark", "bram"):
            status, html = page(world, who, "own_circle", house)
            assert (status, "Yara" in html) == (404 if who != "bram" else 403, False)
            with pytest.raises((NotVisible, Forbidden)):
                draw(world, house, who, own=True)
            with pytest.raises(NotVisible):
                actions.remove_tie(actor=world.actor(who), tie_id=tie.pk, at=world.at)

    def test_the_second_wall_alone_keeps_it(self, world: World, house: Household) -> None:
        draw(world, house, "noor", own=True)
        for who, count in (("noor", 1), ("sanne", 0), ("mark", 0), ("ellen", 0), ("anouk", 0)):
            with reading(world.actor(who), at=world.at):
                assert Tie.objects.filter(family_id=house.family_id).count() == count, who

    def test_parents_hear_nothing_of_it(self, world: World, house: Household) -> None:
        before = page(world, "sanne", "who_looked", house)[1]
        tie = draw(world, house, "noor", own=True)
        actions.change_tie(
            actor=world.actor("noor"), tie_id=tie.pk, at=world.at, **(GIRL_FRIEND | {"distance": 2})
        )
        page(world, "noor", "own_circle", house)
        assert "kring" not in page(world, "sanne", "who_looked", house)[1].replace(before, "")
        assert "bekeek de eigen kring" not in page(world, "sanne", "who_looked", house)[1]
        assert Entry.objects.filter(code="circle.own_drawn").exists()

    def test_before_twelve_there_is_none(self, world: World) -> None:
        young = household(world, parent="Fatima", other="Ali", child="Sami", born_on=date(2016, 5, 4))
        with pytest.raises((NotVisible, Forbidden)):
            draw(world, young, "fatima", own=True)

    def test_the_youth_shows_it_and_takes_it_back(self, world: World, house: Household) -> None:
        noor = world.actor("noor")
        show = partial(actions.show_circle, actor=noor, family_id=house.family_id, at=world.at)
        hide = partial(actions.hide_circle, actor=noor, family_id=house.family_id, at=world.at)
        assert code_of(show) == "circle.empty"
        draw(world, house, "noor", own=True)
        assert code_of(hide) == "circle.not_shown"
        assert post(world, "noor", reverse("show_circle", args=[house.family_id])).status_code == 302
        for who in ("sanne", "mark", "ellen"):
            assert names(world, house, who) == ["Yara"]
        assert seen(world, house, "noor", own=True).shown == 1
        draw(world, house, "noor", own=True, name="Coach Ben")
        assert names(world, house, "sanne") == ["Yara"]
        assert show() == 2
        assert sorted(names(world, house, "sanne")) == ["Coach Ben", "Yara"]
        assert hide() == 2
        assert names(world, house, "sanne") == []
        assert len(names(world, house, "noor", own=True)) == 2

    def test_what_others_changed_of_it_goes_with_what_the_youth_takes_back(
        self, world: World, house: Household
    ) -> None:
        draw(world, house, "noor", own=True)
        noor = world.actor("noor")
        actions.show_circle(actor=noor, family_id=house.family_id, at=world.at)

        def moved(who: str, distance: int) -> None:
            said = GIRL_FRIEND | {"distance": distance}
            stands = Tie.objects.present().exclude(compartment__kind=CompartmentKind.CHILD).get()
            actions.change_tie(actor=world.actor(who), tie_id=stands.pk, at=world.at, **said)

        moved("sanne", 2)
        moved("mark", 3)
        assert seen(world, house, "noor", own=True).shown == 1
        # Shown again as it is now, and not beside what was made of it.
        actions.show_circle(actor=noor, family_id=house.family_id, at=world.at)
        assert [one.distance for one in seen(world, house, "ellen").circle.around] == [1]
        moved("ellen", 2)
        assert actions.hide_circle(actor=noor, family_id=house.family_id, at=world.at) == 1
        assert names(world, house, "sanne") == names(world, house, "ellen") == []
        assert seen(world, house, "noor", own=True).shown == 0

    @pytest.mark.parametrize("before", ["as shown", "changed", "taken out"])
    def test_what_the_youth_took_back_nobody_puts_back(
        self, world: World, house: Household, before: str
    ) -> None:
        """By a link that was kept, to whichever row of that person."""
        draw(world, house, "noor", own=True)
        draw(world, house, "noor", own=True, name="Coach Ben")
        noor, sanne = world.actor("noor"), world.actor("sanne")
        actions.show_circle(actor=noor, family_id=house.family_id, at=world.at)
        shown = next(one for one in Tie.objects.present() if one.name == "Yara" and one.shown_id is None)
        rows = [shown.pk]
        if before == "changed":
            said = GIRL_FRIEND | {"distance": 2}
            rows.append(actions.change_tie(actor=sanne, tie_id=shown.pk, at=world.at, **said).pk)
        elif before == "taken out":
            actions.remove_tie(actor=sanne, tie_id=shown.pk, at=world.at)
        actions.hide_circle(actor=noor, family_id=house.family_id, at=world.at)
        for row in rows:
            assert "Zet terug" not in page(world, "sanne", "circle", house, f"?stap={row}")[1]
            for who in ("sanne", "mark", "ellen", "noor"):
                undo = partial(actions.undo_tie, actor=world.actor(who), tie_id=row, at=world.at)
                assert code_of(undo) == "circle.taken_back"
            said_no = post(world, "sanne", reverse("restore_tie", args=[row]))
            assert said_no.status_code == 422
            assert "haalde het weer terug" in said_no.content.decode()
        assert names(world, house, "sanne") == []
        actions.show_circle(actor=noor, family_id=house.family_id, at=world.at)
        assert sorted(names(world, house, "sanne")) == ["Coach Ben", "Yara"]

    def test_nor_does_the_database(self, world: World, house: Household) -> None:
        draw(world, house, "noor", own=True)
        noor = world.actor("noor")
        actions.show_circle(actor=noor, family_id=house.family_id, at=world.at)
        actions.hide_circle(actor=noor, family_id=house.family_id, at=world.at)
        taken = Tie.objects.get(taken_back=True)
        taken.removed_at = None
        with pytest.raises(IntegrityError), change(noor, "circle.tie_undone", at=world.at):
            taken.save()

    def test_nobody_shows_that_of_another(self, world: World, house: Household) -> None:
        draw(world, house, "noor", own=True)
        for who, no in (("sanne", NotVisible), ("ellen", Forbidden), ("anouk", Forbidden)):
            with pytest.raises(no):
                actions.show_circle(actor=world.actor(who), family_id=house.family_id, at=world.at)
        assert names(world, house, "sanne") == []

    def test_another_family_has_no_such_page(self, world: World, house: Household) -> None:
        draw(world, house, "noor", own=True)
        missing = world.client("noor").get(reverse("own_circle", args=[UUID(int=7)]))
        assert missing.status_code == 404


class TestWhoMeetsWithTheFamily:
    """A professional of a tent or a match reads who is around: help begins near. The family draws."""

    @pytest.fixture
    def path(self, world: World) -> str:
        match = make_match(world)
        said = GIRL_FRIEND | {"family_id": match.family_id, "record_id": match.compartment.record_id}
        actions.draw(actor=world.actor("sanne"), own=False, at=world.at, **said)
        return reverse("circle", args=[match.family_id])

    def test_reads_the_circle_and_is_offered_nothing_to_draw(self, world: World, path: str) -> None:
        html = world.client("anouk").get(path).content.decode()
        assert all(words in html for words in ("Yara", "vriendin", "luistert"))
        assert all(words not in html for words in ("Zet erbij", "Haal weg", "?afstand=", "?wie="))
        assert "Zet erbij" in world.client("sanne").get(path).content.decode()

    def test_draws_nothing(self, world: World, path: str) -> None:
        assert post(world, "anouk", path, **(TYPED | {"name": "Pim"})).status_code == 403
        assert "Pim" not in world.client("sanne").get(path).content.decode()
