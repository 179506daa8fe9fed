"""What happens around a tent, as the people of the tests do it: all by the real actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from hendig.audit.actions import Viewing
from hendig.directory.actions import keep_card
from hendig.families.queries import opening
from hendig.helprequests.models import HelpRequest
from hendig.kernel.ages import age_on
from hendig.kernel.periods import local_day
from hendig.people.models import ProfessionalExpertise
from hendig.tents import actions, queries
from hendig.tents.models import Gesture, Page, PageText, Phase, Piece, PieceKind, Seat, Tent
from hendig.tents.queries.table import TentPage
from tests.support.matching import Household, household
from tests.support.world import World

PLACE = "Dorpshuis De Linde"


def can_on_tuesdays(world: World, name: str) -> None:
    """The own card of this professional says: Tuesday mornings."""
    keep_card(
        actor=world.actor(name),
        can_do="Ik luister.",
        languages=[],
        areas=[],
        free=["2m"],
        families_max=6,
        at=world.at,
    )


def call_tent(
    world: World,
    request: HelpRequest,
    *expertises: str,
    who: str = "ellen",
    starts_at: datetime | None = None,
    place: str = PLACE,
    **given: object,
) -> Tent:
    """Ellen asks for these expertises (fear and divorce, if none is named), in three days.

    Of each expertise she picks the first by name, unless `professional_ids` says whom.
    """
    asked = [world.expertise(slug).pk for slug in expertises or ("angst", "scheiding")]
    return actions.call_tent(
        actor=world.actor(who),
        request_id=request.pk,
        starts_at=starts_at or world.at + timedelta(days=3),
        place=place,
        expertise_ids=asked,
        at=world.at,
        **({"professional_ids": first_of(asked)} | given),  # type: ignore[arg-type]
    )


def first_of(expertise_ids: Sequence[UUID]) -> list[UUID]:
    """Who has each of these, the first by name."""
    can = ProfessionalExpertise.objects.filter(expertise__in=expertise_ids)
    rows = can.order_by("-professional__account__first_name").values_list("expertise", "professional")
    return list(dict(rows).values())


def picked(world: World, *expertises: str) -> list[str]:
    """The same as a page sends it: an expertise, and who is asked for it."""
    return [
        f"{pk} {professional}"
        for pk in (world.expertise(slug).pk for slug in expertises)
        for professional in first_of([pk])
    ]


def seat(tent: Tent, name: str) -> Seat:
    return Seat.objects.get(tent=tent, professional__account__first_name__iexact=name)


def answer(world: World, tent: Tent, *names: str, can: bool = True) -> None:
    for name in names:
        actions.answer_seat(actor=world.actor(name), seat_id=seat(tent, name).pk, can=can, at=world.at)


def welcome(world: World, tent: Tent, *names: str, who: str = "sanne") -> None:
    for name in names:
        actions.welcome_guest(actor=world.actor(who), seat_id=seat(tent, name).pk, at=world.at)


def refuse(world: World, tent: Tent, name: str, who: str = "sanne") -> None:
    actions.refuse_guest(actor=world.actor(who), seat_id=seat(tent, name).pk, at=world.at)


def planned_tent(world: World, house: Household | None = None) -> Tent:
    """A tent where Anouk and Youssef can come and the family made both welcome."""
    house = house or household(world)
    tent = call_tent(world, house.request)
    answer(world, tent, "anouk", "youssef")
    # From 16 it is the youth, and nobody else, who lets somebody see along.
    alone = house.child.born_on is not None and age_on(house.child.born_on, local_day(world.at)) >= 16
    who = house.child.first_name if alone else "sanne"
    actions.welcome_all(actor=world.actor(who), tent_id=tent.pk, at=world.at)
    return tent


def meeting(world: World, house: Household | None = None) -> Tent:
    """The meeting is on, led by Anouk."""
    tent = planned_tent(world, house)
    world.later(days=3)
    return actions.begin(actor=world.actor("ellen"), tent_id=tent.pk, at=world.at)


def go_to(world: World, tent: Tent, phase: Phase, who: str = "anouk") -> Tent:
    return actions.set_phase(actor=world.actor(who), tent_id=tent.pk, phase=phase, at=world.at)


def write(
    world: World,
    tent: Tent,
    text: str,
    who: str = "sanne",
    *,
    kind: PieceKind | None = None,
    leads_to: Piece | None = None,
    **given: object,
) -> Piece:
    return actions.write_piece(
        actor=world.actor(who),
        tent_id=tent.pk,
        text=text,
        kind=kind,
        leads_to_id=leads_to.pk if leads_to else None,
        at=world.at,
        **given,  # type: ignore[arg-type]
    )


def understood(world: World, tent: Tent, who: str = "", *, yes: bool = True, words: str = "") -> Gesture:
    """Somebody of the family, first of all who called for help, says that it is understood so."""
    return actions.say_understood(
        actor=world.actor(who or tent.request.asked_by.first_name.lower()),
        tent_id=tent.pk,
        yes=yes,
        words=words,
        at=world.at,
    )


def talked_through(world: World, tent: Tent) -> Tent:
    """Everything said, up to the agreement; the talk is at agreeing."""
    go_to(world, tent, Phase.LISTEN)
    write(world, tent, "Hoe gaat Noor weer graag naar school?")
    go_to(world, tent, Phase.UNDERSTAND)
    tired = write(world, tent, "Noor slaapt slecht", "noor")
    write(world, tent, "Er is vaak ruzie thuis.", "mark", leads_to=tired)
    understood(world, tent)
    go_to(world, tent, Phase.GOES_WELL)
    write(world, tent, "Noor zwemt elke zaterdag.", "anouk")
    go_to(world, tent, Phase.DIRECTIONS)
    write(world, tent, "Oma haalt Noor op dinsdag.", circle="own")
    go_to(world, tent, Phase.AGREE)
    write(world, tent, "Mark belt maandag met school.", "mark")
    return tent


def closed_tent(world: World, house: Household | None = None) -> Tent:
    """The meeting is over; its page is a draft."""
    tent = talked_through(world, meeting(world, house))
    actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
    tent.refresh_from_db()
    return tent


def amend(
    world: World, tent: Tent, who: str = "sanne", *, edition: int | None = None, **changed: object
) -> PageText:
    """The page as it is, with these parts changed."""
    page = Page.objects.get(tent=tent)
    names = ("question", "understanding", "goes_well", "agreements", "people", "until_on")
    parts = {name: getattr(page, name) for name in names} | changed
    return actions.amend_page(
        actor=world.actor(who),
        tent_id=tent.pk,
        edition=page.edition if edition is None else edition,
        at=world.at,
        **parts,
    )


def agree(world: World, tent: Tent, who: str = "sanne", edition: int | None = None) -> PageText:
    seen = Page.objects.get(tent=tent).edition if edition is None else edition
    return actions.agree_page(actor=world.actor(who), tent_id=tent.pk, edition=seen, at=world.at)


def screen(world: World, tent: Tent, who: str) -> TentPage:
    """What this person has on the screen of the tent."""
    with opening(world.actor(who), "tent.seen", tent.family_id, at=world.at) as look:
        return queries.tent_page(look, tent.pk)


def look(world: World, family_id: UUID, who: str) -> Viewing:
    with opening(world.actor(who), "tent.seen", family_id, at=world.at) as found:
        return found


def born_for(age: int) -> date:
    """A birth date that makes somebody this old in the world of the tests."""
    return date(2026 - age, 1, 15)
