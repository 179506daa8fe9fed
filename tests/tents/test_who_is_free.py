"""Who is free at the moment that a coach typed, and why: looked at without asking anybody yet."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from hendig.families.models import Family
from hendig.kernel.periods import AMSTERDAM
from hendig.plans.actions import cancel_appointment, plan_appointment
from hendig.tents import actions, queries
from hendig.tents.models import Tent
from hendig.tents.queries.calling import CallPage, Candidate
from hendig.tents.queries.slots import MovePage
from tests.support.matching import Household, household
from tests.support.plans import begin_help
from tests.support.shared import built_once
from tests.support.tents import call_tent, can_on_tuesdays, look, picked, screen
from tests.support.world import World
from tests.tents.test_slots import every_tuesday


@built_once
def house(world: World) -> Household:
    for name in ("anouk", "youssef"):
        can_on_tuesdays(world, name)
    return household(world)


def tuesday(world: World, hour: int = 9) -> datetime:
    """The Tuesday of next week, in the morning."""
    day = world.at.astimezone(AMSTERDAM) + timedelta(days=7)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def called(world: World, house: Household, then: datetime | None = None) -> CallPage:
    return queries.call_page(look(world, house.family_id, "ellen"), house.request.pk, then=then)


def of(page: CallPage, name: str) -> Candidate:
    return next(
        one for proposal in page.proposals for one in proposal.people if one.person.first_name == name
    )


HELD = "Heeft dan al een afspraak of een tent."


class TestTheMomentThatWasTyped:
    def test_who_is_free_stands_in_front_with_why_and_nobody_is_left_out(
        self, world: World, house: Household
    ) -> None:
        morning, afternoon = called(world, house, tuesday(world)), called(world, house, tuesday(world, 14))
        assert of(morning, "Anouk").fits
        assert not of(afternoon, "Anouk").fits
        assert of(morning, "Anouk").why.startswith("Vrij op dinsdagochtend")
        for page in (morning, afternoon):
            assert HELD not in of(page, "Anouk").why
            for one in page.proposals:
                assert [who.fits for who in one.people] == sorted(
                    (who.fits for who in one.people), reverse=True
                )
        assert [len(one.people) for one in morning.proposals] == [
            len(one.people) for one in afternoon.proposals
        ]

    def test_who_sits_at_another_tent_then_is_not_free_and_is_right_after_it(
        self, world: World, house: Household
    ) -> None:
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        anouk = [world.professionals["anouk"].pk]
        tent = call_tent(world, other.request, "angst", starts_at=tuesday(world), professional_ids=anouk)
        held = called(world, house, tuesday(world) + timedelta(minutes=60))
        assert not of(held, "Anouk").fits
        assert of(held, "Anouk").why.endswith(HELD)
        assert of(held, "Youssef").fits
        assert held.engaged_then
        after = called(world, house, tent.ends_at)
        assert of(after, "Anouk").fits
        assert not after.engaged_then
        actions.cancel_tent(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)
        assert of(called(world, house, tuesday(world)), "Anouk").fits

    def test_an_appointment_counts_as_a_tent_does_and_it_is_not_said_which_or_whose(
        self, world: World, house: Household
    ) -> None:
        help_ = begin_help(world, parent="Fatima", child="Sami")
        planned = plan_appointment(
            actor=help_.professional, match_id=help_.match.pk, starts_at=tuesday(world), at=world.at
        )
        held = of(called(world, house, tuesday(world)), "Anouk")
        assert not held.fits
        assert held.why.endswith(HELD)
        assert not {"Fatima", "Sami"} & set(re.findall(r"\w+", held.why))
        assert of(called(world, house, planned.starts_at + timedelta(minutes=60)), "Anouk").fits
        cancel_appointment(actor=help_.professional, appointment_id=planned.pk, at=world.at)
        assert of(called(world, house, tuesday(world)), "Anouk").fits

    def test_an_appointment_of_the_family_itself_counts_until_it_is_cancelled(
        self, world: World, house: Household
    ) -> None:
        """The coach is told of it at a free place, at a typed moment and until the talk begins."""
        other = begin_help(world, parent="Fatima", child="Sami")
        every_tuesday(world)
        planned = other.appointment(tuesday(world) + timedelta(minutes=30))
        seen = look(world, other.family_id, "ellen")

        def at_places(page: CallPage | MovePage | None = None) -> list[bool]:
            slots = (page or queries.call_page(seen, other.request.pk)).slots
            return [one.engaged for one in slots if one.starts_at.date() == planned.starts_at.date()]

        def then() -> bool:
            return queries.call_page(seen, other.request.pk, then=tuesday(world)).engaged_then

        assert at_places() == [True, False, False]
        assert then()
        assert not queries.call_page(seen, other.request.pk, then=tuesday(world, 14)).engaged_then
        assert not called(world, house, tuesday(world)).engaged_then, "it is of another family"
        tent = call_tent(world, other.request, "scheiding", starts_at=tuesday(world))
        assert screen(world, tent, "ellen").engaged
        assert at_places(queries.move_page(seen, tent.pk)) == [True, False, False]
        cancel_appointment(actor=other.professional, appointment_id=planned.pk, at=world.at)
        assert not screen(world, tent, "ellen").engaged
        assert at_places() == [True, False, False], "the tent itself counts, for a next one"
        assert not any(one.engaged for one in queries.move_page(seen, tent.pk).slots), "and not for itself"

    def test_the_proposed_moment_is_one_at_which_the_family_has_nothing(
        self, world: World, house: Household
    ) -> None:
        other = begin_help(world, parent="Fatima", child="Sami")
        seen = look(world, other.family_id, "ellen")
        first = queries.call_page(seen, other.request.pk).proposed
        planned = other.appointment(first + timedelta(minutes=60))
        second = queries.call_page(seen, other.request.pk)
        assert second.then == second.proposed
        assert second.proposed > first
        assert second.proposed.weekday() <= 4
        assert called(world, house).proposed == first
        cancel_appointment(actor=other.professional, appointment_id=planned.pk, at=world.at)
        assert queries.call_page(seen, other.request.pk).proposed == first

    def test_who_was_asked_hears_of_an_own_appointment_then_and_so_does_the_coach(
        self, world: World, house: Household
    ) -> None:
        help_ = begin_help(world, parent="Fatima", child="Sami")
        planned = help_.appointment(tuesday(world))
        anouk = [world.professionals["anouk"].pk]
        tent = call_tent(world, house.request, "angst", starts_at=tuesday(world), professional_ids=anouk)

        def told() -> list[bool]:
            seats = queries.seats_for(world.actor("anouk"), at=world.at)
            guests = screen(world, tent, "ellen").guests
            return [*(one.clashes for one in guests), *(one.clashes for one in seats)]

        assert told() == [True, True]
        assert [one.clashes for one in screen(world, tent, "sanne").guests] == [False]
        cancel_appointment(actor=help_.professional, appointment_id=planned.pk, at=world.at)
        assert told() == [False, False]

    def test_without_free_places_the_proposed_moment_counts(self, world: World, house: Household) -> None:
        page = called(world, house)
        assert page.then == page.proposed
        begin_help(world, parent="Fatima", child="Sami").appointment(page.then)
        assert HELD in of(called(world, house), "Anouk").why

    def test_a_tent_of_the_coach_long_from_now_counts_too(self, world: World, house: Household) -> None:
        later = tuesday(world) + timedelta(weeks=20)
        other = household(world, parent="Fatima", other="Ali", child="Sami")
        call_tent(world, other.request, "angst", starts_at=later)
        assert called(world, house, later).engaged_then
        assert not called(world, house, later + timedelta(days=1)).engaged_then


class TestThePage:
    def look_at(self, world: World, house: Household, **typed: object) -> tuple[int, str]:
        data = {"_key": str(uuid4()), "kijk": "1", **typed}
        with time_machine.travel(world.at, tick=False):
            answer = world.client("ellen").post(reverse("call_tent", args=[house.request.pk]), data)
        return answer.status_code, unescape(answer.content.decode())

    def test_looking_asks_nobody_keeps_what_was_typed_and_leads_on(
        self, world: World, house: Household
    ) -> None:
        when = f"{tuesday(world):%Y-%m-%dT%H:%M}"
        chosen = picked(world, "angst")
        key = str(uuid4())
        status, html = self.look_at(world, house, starts_at=when, place="Bij ons", people=chosen, _key=key)
        assert status == 200
        assert not Tent.objects.exists()
        assert "om 09:00 vrij is" in html
        assert all(text in html for text in (f'value="{when}"', 'value="Bij ons"', f'value="{chosen[0]}"'))
        assert html.count("checked") == len(chosen)
        assert "field-error" not in html
        # The answer is none to the question: sent from the page that was shown, it is asked.
        shown = html.partition('name="people"')[0].rpartition('name="_key" value="')[2].partition('"')[0]
        assert shown not in {key, ""}
        with time_machine.travel(world.at, tick=False):
            answer = world.client("ellen").post(
                reverse("call_tent", args=[house.request.pk]),
                {"_key": shown, "starts_at": when, "place": "Bij ons", "people": chosen},
            )
        assert answer.status_code == 302
        assert Tent.objects.get().starts_at == tuesday(world)

    def test_whoever_looks_means_the_typed_moment_whichever_place_was_marked(
        self, world: World, house: Household
    ) -> None:
        actions.make_recurring(
            actor=world.actor("ellen"),
            name="Vrijdag",
            weekday=4,
            starts_at=tuesday(world, 12).timetz().replace(tzinfo=None),
            place="De Linde",
            from_on=world.at.date(),
            at=world.at,
        )
        slot = queries.free_slots(world.actor("ellen"), at=world.at)[0]
        status, html = self.look_at(
            world,
            house,
            starts_at=f"{tuesday(world):%Y-%m-%dT%H:%M}",
            slot=f"{slot.recurring_id} {slot.starts_at.isoformat()}",
        )
        assert status == 200
        assert "om 09:00 vrij is" in html
        assert re.search(r'value="other"[^>]*checked', html)

    @pytest.mark.parametrize("typed", ["", "gisteren", "0001-01-01T00:00", "9999-12-31T23:59"])
    def test_what_is_no_moment_is_said_at_the_moment_only(
        self, world: World, house: Household, typed: str
    ) -> None:
        status, html = self.look_at(world, house, starts_at=typed, place="Bij ons")
        assert status == 422
        assert 'value="Bij ons"' in html
        assert "Kies eerst wie u vraagt." not in html
        assert not Tent.objects.exists()

    def test_a_place_that_is_none_is_an_error_and_no_crash(self, world: World, house: Household) -> None:
        for slot in ("x", "a b", "0 9999-12-31T23:59:59+00:00", "1 2026-13-01"):
            with time_machine.travel(world.at, tick=False):
                answer = world.client("ellen").post(
                    reverse("call_tent", args=[house.request.pk]), {"slot": slot, "people": []}
                )
            assert answer.status_code == 422
        assert Family.objects.count() == 1
