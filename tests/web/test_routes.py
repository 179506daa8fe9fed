"""Every route has a row in the permission table, and the matrix role × route is run through the site."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hendig.connections.rules import REACH, permitted
from hendig.kernel.actor import Role
from hendig.people.rules import PERMISSIONS, Permission
from tests.support.connections import ALL as SYSTEMS
from tests.support.connections import token
from tests.support.families import confirmed
from tests.support.world import World

# What depends on its address alone, and is the same for everybody: the stylesheet of a colour.
FOR_ALL = {"accent"}
OPEN_TO_MACHINES = {"healthz", "readyz"}
WHO = {
    Role.ANYONE: None,
    Role.FAMILY: "sanne",
    Role.COACH: "ellen",
    Role.PROFESSIONAL: "anouk",
    Role.TRAINEE: "lotte",
    Role.OFFICE: "jolanda",
    Role.HELPER: "piet",
    Role.FINANCE: "henk",
    Role.POLICY: "petra",
    Role.PRIVACY: "karin",
    Role.AUDITOR: "cora",
}


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


ALL = [route for route in routes(get_resolver().url_patterns) if route.name not in OPEN_TO_MACHINES]


def needed_for(route: URLPattern) -> Permission:
    needs = getattr(route.callback, "needs", None)
    assert isinstance(needs, Permission)
    return needs


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.name)
def test_every_route_names_its_permission(route: URLPattern) -> None:
    assert needed_for(route) in PERMISSIONS


def test_route_names_are_unique() -> None:
    names = [route.name for route in ALL]
    assert len(names) == len(set(names))


def test_every_permission_is_somebodys_and_has_a_sentence() -> None:
    for permission in Permission:
        sentences = PERMISSIONS[permission]
        assert sentences
        assert all(sentence.endswith(".") for sentence in sentences.values())


def permitted_by_system(role: Role) -> frozenset[Permission]:
    """What a system may do that somebody of this role let in for everything; a part of what the role may."""
    reach = permitted([one for one, reach in REACH.items() if reach.role == role])
    assert all(not {role, Role.ANYONE}.isdisjoint(PERMISSIONS[one]) for one in reach)
    return reach


def path_of(route: URLPattern) -> str:
    parts = []
    for part in str(route.pattern).split("/"):
        kind = part.strip("<>").split(":")[0] if part.startswith("<") else None
        parts.append({None: part, "uuid": str(UUID(int=7)), "int": "7"}.get(kind, "2026-10"))
    return "/" + "/".join(parts)


def test_every_role_that_can_sign_in_is_in_the_matrix() -> None:
    """A system comes with a token: tests/connections."""
    assert set(WHO) == set(Role) - {Role.SYSTEM}


def everybody(world: World) -> None:
    """Who is not in the world from the beginning."""
    confirmed(world)
    world.add_worker("lotte", Role.TRAINEE, "vlinder")
    world.add_worker("cora", Role.AUDITOR)


@pytest.mark.parametrize("role", WHO, ids=str)
def test_a_role_reaches_what_its_row_says_and_nothing_else(world: World, role: Role) -> None:
    """For a get and a post of every route: 403 (or the sign-in page) exactly where the table says no."""
    everybody(world)
    client = world.client(WHO[role])
    # Where systems come, one of this role comes with a token, or with none where the role lets none in.
    bearer = f"Bearer {token(world, str(WHO[role]))}" if WHO[role] in SYSTEMS else ""
    wrong = []
    for route in ALL:
        may = not {role, Role.ANYONE}.isdisjoint(PERMISSIONS[needed_for(route)])
        by_system = getattr(route.callback, "for_machines", False)
        if by_system:
            may = needed_for(route) in permitted_by_system(role)
        for method in ("get", "post"):
            send = getattr(client, method)
            answer = send(path_of(route), headers={"Authorization": bearer} if by_system else {})
            asked_in = answer.status_code == 302 and answer["Location"].startswith("/aanmelden/?")
            stopped = answer.status_code == 403 or asked_in or (by_system and answer.status_code == 401)
            # A file is for this reader at this moment: the rule of `middleware.Unkept`, at every route.
            page = answer["Content-Type"].startswith("text/html") if "Content-Type" in answer else True
            kept = not page and answer.get("Cache-Control") != "no-store" and route.name not in FOR_ALL
            if stopped == may or answer.status_code >= 500 or kept:
                wrong.append((route.name, method, answer.status_code, answer.get("Location", "")))
            # Who must show again who is there sees nothing until then: the next route is for who did.
            shows_again = answer.status_code == 401 or answer.get("Location") == reverse("come_back")
            # The device that was signed out may be this one.
            if route.name in {"sign_out", "end_device"} or shows_again:
                client = world.client(WHO[role])
    assert not wrong


def test_who_audits_changes_nothing(world: World) -> None:
    """To what only some may do, nothing can be posted; own sign-in and own notices are everybody's."""
    world.add_worker("cora", Role.AUDITOR)
    client, works = world.client("cora"), {role for role in Role if role not in {Role.SYSTEM, Role.ANYONE}}
    read = []
    for route in ALL:
        held = set(PERMISSIONS[needed_for(route)])
        # Where systems come, no session comes in.
        if getattr(route.callback, "for_machines", False):
            continue
        if Role.AUDITOR in held and not works <= held:
            read.append(route.name)
            # With a session nobody comes in where systems do.
            no = 401 if getattr(route.callback, "for_machines", False) else 405
            assert client.post(path_of(route)).status_code == no, route.name
    assert {"accountant", "paid", "chain", "journals", "seal", "register", "invoice"} <= set(read)


@pytest.mark.parametrize("role", WHO, ids=str)
def test_a_session_opens_no_address_for_systems(world: World, role: Role) -> None:
    """And no address for systems has a way in for a form of another site."""
    everybody(world)
    client = world.client(WHO[role])
    for route in ALL:
        if getattr(route.callback, "for_machines", False):
            is_open = needed_for(route) is Permission.SEE_PUBLIC_PAGES
            assert client.get(path_of(route)).status_code == (200 if is_open else 401), route.name
            assert client.post(path_of(route)).status_code == (405 if is_open else 401), route.name


@pytest.mark.parametrize("role", [Role.COACH, Role.ANYONE], ids=str)
def test_not_yours_and_not_existing_answer_alike(world: World, role: Role) -> None:
    client = world.client(WHO[role])
    nowhere = client.get("/zomaar/een/pad/")
    assert nowhere.status_code == 404
    if role is Role.COACH:
        hidden = client.get(f"/gezin/{UUID(int=7)}/")
        assert (hidden.status_code, hidden.content) == (404, nowhere.content)
