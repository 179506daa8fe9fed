"""Registrations and expertises: an office proposes, the municipality keeps what it looked up itself."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Forbidden, NotVisible
from hendig.people import actions as people
from hendig.people.actions import registrations as actions
from hendig.people.models import Notice, Professional, ProposedExpertise, Registration
from hendig.people.queries import registrations as queries
from hendig.people.rules.registered import is_physician, is_registered
from tests.support.refusals import code_of
from tests.support.registrations import NURSE, PHYSICIAN, SKJ, registered
from tests.support.shared import built_once
from tests.support.world import World

REASON = "Een gedragswetenschapper kijkt elke week mee."


@built_once
def strict(world: World) -> World:
    """Anouk can do what somebody registered is asked for, and is not registered yet."""
    people.set_settings(
        actor=world.system,
        principles=(),
        codes=(),
        expertises=[("zwaar", "Zware dingen", "Als iets ouds nog pijn doet.")],
        registered=("zwaar",),
        at=world.at,
    )
    actions.set_expertises(
        actor=world.actor("petra"),
        professional_id=anouk(world).pk,
        expertise_ids=expertise(world, "zwaar", "opvoeden"),
        at=world.at,
    )
    return world


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def anouk(world: World) -> Professional:
    return Professional.objects.get(account=world.account("anouk"))


def keep(world: World, who: str = "petra", **given: Any) -> Registration:
    asked: dict[str, Any] = {
        "professional_id": anouk(world).pk,
        "register": "skj",
        "number": SKJ,
        "source": "register",
        "checked_on": local_day(world.at),
    }
    return actions.keep_registration(actor=world.actor(who), at=world.at, **(asked | given))


def propose(world: World, who: str = "jolanda", **given: Any) -> Registration:
    asked: dict[str, Any] = {"professional_id": anouk(world).pk, "register": "skj", "number": SKJ}
    return actions.propose_registration(actor=world.actor(who), at=world.at, **(asked | given))


def confirm(world: World, row: Registration, who: str = "petra", **given: Any) -> Registration:
    asked: dict[str, Any] = {"source": "register", "checked_on": local_day(world.at)}
    return actions.answer_registration(
        actor=world.actor(who), registration_id=row.pk, at=world.at, **(asked | given)
    )


def end(world: World, row: Registration, who: str = "petra") -> Registration:
    return actions.end_registration(actor=world.actor(who), registration_id=row.pk, at=world.at)


def expertise(world: World, *slugs: str) -> list[UUID]:
    return [world.expertise(slug).pk for slug in slugs]


def can(world: World) -> set[str]:
    return set(anouk(world).expertises.values_list("slug", flat=True))


def told(world: World, code: str) -> set[str]:
    lines = Entry.objects.filter(code=code)
    people.tell(entry_ids=list(lines.values_list("pk", flat=True)), at=world.at)
    return set(Notice.objects.filter(code=code).values_list("account__first_name", flat=True))


def standing(world: World) -> list[tuple[str, str, str]]:
    rows = Registration.objects.standing().filter(professional=anouk(world))
    return list(rows.values_list("register", "profession", "number"))


class TestWhatCounts:
    @pytest.mark.parametrize(
        ("register", "profession", "counts", "physician"),
        [
            ("skj", "", True, False),
            ("big", "physician", True, True),
            ("big", "nurse", True, False),
            ("big", "psychologist", True, False),
            ("big", "therapist", True, False),
            ("big", "pedagogue", True, False),
            ("big", "other", False, False),
            ("other", "", False, False),
        ],
    )
    def test_a_register_counts_for_youth_help_and_one_for_a_physician(
        self, register: str, profession: str, *, counts: bool, physician: bool
    ) -> None:
        day = date(2026, 12, 1)
        one = Registration(register=register, profession=profession, number="1", until=day)
        assert (is_registered([one], day), is_physician([one], day)) == (counts, physician)
        assert not is_registered([one], day + timedelta(days=1))
        assert not is_physician([one], day + timedelta(days=1))
        one.until = None
        assert is_registered([one], date(2099, 1, 1)) is counts


class TestTheMunicipalityKeeps:
    def test_the_number_without_what_stands_around_it_and_how_it_is_known(self, world: World) -> None:
        row = keep(world, register="big", profession="physician", number=" BIG 190.1234 5601")
        assert (row.number, row.profession, row.source) == (PHYSICIAN, "physician", "register")
        assert (row.checked_on, row.kept_by_id) == (local_day(world.at), world.account("petra").pk)
        entry = Entry.objects.filter(code="registration.kept").latest("id")
        assert entry.facts["register"] == "big"
        assert PHYSICIAN not in str(entry.facts)

    def test_a_new_one_takes_the_place_of_the_same_and_another_stands_beside_it(self, world: World) -> None:
        keep(world)
        keep(world, number="110099999", until=local_day(world.at) + timedelta(days=900))
        keep(world, register="big", profession="nurse", number=NURSE)
        assert standing(world) == [("skj", "", "110099999"), ("big", "nurse", NURSE)]
        assert Registration.objects.filter(professional=anouk(world)).count() == 3

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"register": "big", "number": PHYSICIAN}, "registration.no_profession"),
            (
                {"register": "big", "profession": "nurse", "number": PHYSICIAN},
                "registration.other_profession",
            ),
            (
                {"register": "big", "profession": "other", "number": PHYSICIAN},
                "registration.other_profession",
            ),
            (
                {"register": "big", "profession": "physician", "number": "1901234501"},
                "registration.no_big_number",
            ),
            (
                {"register": "big", "profession": "physician", "number": "1901234560A"},
                "registration.no_big_number",
            ),
            ({"number": "SKJ"}, "registration.no_number"),
            ({"number": "11001234A"}, "registration.no_skj_number"),
            ({"register": "other"}, "registration.no_name"),
            ({"until": date(2020, 1, 1)}, "registration.over"),
            ({"until": date(2099, 1, 1)}, "registration.too_far"),
            ({"checked_on": date(2099, 1, 1)}, "registration.checked_ahead"),
            ({"checked_on": None}, "registration.not_checked"),
            ({"checked_on": date(1026, 11, 2)}, "registration.checked_long_ago"),
            ({"number": "1100\u00b23456"}, "registration.no_skj_number"),
            (
                {"register": "big", "profession": "other", "number": "1901234560\u0661"},
                "registration.no_big_number",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, world: World, given: dict[str, Any], code: str) -> None:
        assert code_of(lambda: keep(world, **given)) == code
        assert not Registration.objects.exists()

    def test_nobody_else_keeps_it_and_nobody_their_own(self, world: World) -> None:
        for who in ("jolanda", "ellen", "anouk", "karin", "henk", "piet"):
            with pytest.raises(Forbidden):
                keep(world, who)
        mine = world.add_professional("petra", "vlinder", "angst")
        assert code_of(lambda: keep(world, professional_id=mine.pk)) == "registration.own"
        with pytest.raises(NotVisible):
            keep(world, professional_id=uuid4())

    def test_what_is_taken_away_counts_no_more_and_stays_to_be_found(self, world: World) -> None:
        row = keep(world)
        end(world, row)
        assert standing(world) == []
        with pytest.raises(NotVisible):
            end(world, row)
        assert Registration.objects.get(pk=row.pk).number == SKJ


class TestAnOfficeProposes:
    def test_it_counts_once_the_municipality_looked_it_up(self, strict: World) -> None:
        row = propose(strict)
        assert standing(strict) == []
        assert told(strict, "registration.proposed") == {"Petra"}
        assert queries.professionals(strict.actor("petra"), at=strict.at)[0].waiting == 1
        strict.later(hours=1)
        confirm(strict, row)
        assert standing(strict) == [("skj", "", SKJ)]
        assert told(strict, "registration.kept") == {"Jolanda"}
        with pytest.raises(NotVisible):
            confirm(strict, row)

    def test_for_the_own_people_only(self, world: World) -> None:
        youssef = Professional.objects.get(account=world.account("youssef"))
        with pytest.raises(NotVisible):
            propose(world, professional_id=youssef.pk)
        with pytest.raises(NotVisible):
            queries.professional(world.actor("jolanda"), youssef.pk, at=world.at)
        assert [
            one.name.split()[0] for one in queries.professionals(world.actor("jolanda"), at=world.at)
        ] == ["Anouk"]
        with pytest.raises(Forbidden):
            confirm(world, propose(world), "jolanda")

    def test_an_office_takes_back_what_it_proposed_and_nothing_that_is_kept(self, world: World) -> None:
        end(world, propose(world), "jolanda")
        assert not Registration.objects.waiting().exists()
        row = keep(world)
        with pytest.raises(NotVisible):
            end(world, row, "jolanda")

    def test_a_number_that_cannot_be_is_refused_at_once(self, world: World) -> None:
        refused = code_of(lambda: propose(world, register="big", profession="nurse", number=PHYSICIAN))
        assert refused == "registration.other_profession"


class TestExpertises:
    def test_the_municipality_says_what_somebody_is_asked_for(self, world: World) -> None:
        actions.set_expertises(
            actor=world.actor("petra"),
            professional_id=anouk(world).pk,
            expertise_ids=expertise(world, "opvoeden", "scheiding"),
            at=world.at,
        )
        assert can(world) == {"opvoeden", "scheiding"}

    def test_an_office_proposes_and_each_is_answered_apart(self, world: World) -> None:
        for asked in (("angst",), ("opvoeden", "scheiding")):
            actions.propose_expertises(
                actor=world.actor("jolanda"),
                professional_id=anouk(world).pk,
                expertise_ids=expertise(world, *asked),
                at=world.at,
            )
        assert can(world) == {"angst", "opvoeden"}
        waiting = {(one.expertise.slug, one.adds): one for one in ProposedExpertise.objects.waiting()}
        assert set(waiting) == {("scheiding", True), ("angst", False)}
        for one, agree in ((waiting["scheiding", True], True), (waiting["angst", False], False)):
            actions.answer_expertise(actor=world.actor("petra"), proposal_id=one.pk, agree=agree, at=world.at)
        assert can(world) == {"angst", "opvoeden", "scheiding"}
        assert told(world, "expertise.set") == told(world, "expertise.declined") == {"Jolanda"}

    def test_nobody_is_left_without_any(self, world: World) -> None:
        def none(who: str, act: Any) -> str:
            return code_of(
                lambda: act(
                    actor=world.actor(who), professional_id=anouk(world).pk, expertise_ids=[], at=world.at
                )
            )

        assert none("petra", actions.set_expertises) == "expertise.none"
        assert none("jolanda", actions.propose_expertises) == "expertise.none"
        assert can(world) == {"angst", "opvoeden"}


class TestTheReason:
    def give(self, world: World, reason: str = REASON) -> Professional:
        return actions.give_reason(
            actor=world.actor("petra"), professional_id=anouk(world).pk, reason=reason, at=world.at
        )

    def test_it_is_asked_once_and_only_where_a_registration_is_missing(self, strict: World) -> None:
        assert code_of(lambda: self.give(strict, " ")) == "registration.no_reason"
        assert self.give(strict).unless == REASON
        assert code_of(lambda: self.give(strict, "Iets anders.")) == "registration.reason_known"

    def test_who_is_registered_needs_none(self, strict: World) -> None:
        registered(strict, "anouk")
        assert code_of(lambda: self.give(strict)) == "registration.not_missing"
        registered(strict, "anouk", "other")
        assert self.give(strict).unless == REASON


class TestThePages:
    def post(self, world: World, who: str, **typed: object) -> HttpResponse:
        path = reverse("registrations", args=[anouk(world).pk])
        return world.client(who).post(path, {"_key": str(uuid4()), **typed})  # type: ignore[return-value]

    def page(self, world: World, who: str) -> str:
        path = reverse("registrations", args=[anouk(world).pk])
        return unescape(world.client(who).get(path).content.decode())

    def test_an_office_proposes_and_the_municipality_looks_it_up(self, strict: World) -> None:
        assert "registratie mist" in unescape(
            strict.client("petra").get(reverse("professionals")).content.decode()
        )
        assert "Stel een registratie voor" in self.page(strict, "jolanda")
        assert "Hoe weet u dit?" not in self.page(strict, "jolanda")
        typed = {"do": "registration", "register": "skj", "number": SKJ, "until": "2029-12-31"}
        assert self.post(strict, "jolanda", **typed).status_code == 302
        row = Registration.objects.get()
        path = reverse("answer_registration", args=[row.pk])
        assert f'"{path}"' in self.page(strict, "petra")
        assert f'"{path}"' not in self.page(strict, "jolanda")
        petra = strict.client("petra")
        assert SKJ in petra.get(path).content.decode()
        late = petra.post(path, {"_key": str(uuid4()), "source": "register", "checked_on": "2099-01-01"})
        assert late.status_code == 422
        assert "Deze dag moet nog komen." in unescape(late.content.decode())
        sent = {"_key": str(uuid4()), "source": "register", "checked_on": str(local_day(strict.at))}
        assert petra.post(path, sent).status_code == 302
        assert petra.get(path).status_code == 404
        page = self.page(strict, "petra")
        assert "opgezocht in het register zelf" in page
        assert "Petra" in page
        assert "registratie mist" not in unescape(petra.get(reverse("professionals")).content.decode())

    def test_what_was_typed_stays_beside_the_refusal(self, world: World) -> None:
        refused = self.post(
            world, "petra", do="registration", register="big", profession="nurse", number=PHYSICIAN,
            source="register", checked_on=str(local_day(world.at)),
        )  # fmt: skip
        page = unescape(refused.content.decode())
        assert refused.status_code == 422
        assert "Die horen bij een ander beroep." in page
        assert f'value="{PHYSICIAN}"' in page
        much = self.post(world, "jolanda", do="registration", register="skj", number="9" * 200_000)
        assert much.status_code == 422
        assert "Zo lang is geen nummer." in unescape(much.content.decode())
        assert self.post(world, "petra", do="nonsense").status_code == 200
        assert not Registration.objects.exists()

    def test_the_reason_and_the_expertises_are_kept_on_the_same_page(self, strict: World) -> None:
        assert "Hier mist een registratie" in self.page(strict, "petra")
        assert self.post(strict, "petra", do="reason", reason=REASON).status_code == 302
        assert REASON in self.page(strict, "jolanda")
        chosen = [str(one) for one in expertise(strict, "opvoeden")]
        assert self.post(strict, "petra", do="expertises", expertise_ids=chosen).status_code == 302
        assert can(strict) == {"opvoeden"}
        with pytest.raises(Forbidden):
            actions.give_reason(
                actor=strict.actor("jolanda"), professional_id=anouk(strict).pk, reason=REASON, at=strict.at
            )
        assert self.post(strict, "jolanda", do="reason", reason=REASON).status_code == 403

    def test_an_office_hears_when_there_is_nothing_to_look_at(self, world: World) -> None:
        said = {"scheiding": "Voorgesteld.", "angst": "Er wacht geen voorstel meer."}
        for one, words in said.items():
            chosen = [str(pk) for pk in expertise(world, "opvoeden", one)]
            chosen += [str(pk) for pk in expertise(world, "angst")] if one == "scheiding" else []
            client = world.client("jolanda")
            path = reverse("registrations", args=[anouk(world).pk])
            sent = {"_key": str(uuid4()), "do": "expertises", "expertise_ids": chosen}
            assert words in unescape(client.post(path, sent, follow=True).content.decode())
        assert not ProposedExpertise.objects.waiting().exists()

    def test_what_waits_of_oneself_another_looks_at(self, world: World) -> None:
        """Jolanda works as a professional too; a colleague of the office proposed it of her."""
        mine = world.add_professional("jolanda", "vlinder", "angst")
        world.add_worker("joost", Role.OFFICE, "vlinder")
        row = propose(world, "joost", professional_id=mine.pk)
        page = unescape(
            world.client("jolanda").get(reverse("registrations", args=[mine.pk])).content.decode()
        )
        button = page.partition(f'action="{reverse("end_registration", args=[row.pk])}"')[2].partition(
            "</form>"
        )[0]
        assert ("disabled" in button, "Dit gaat over uzelf." in button) == (True, True)
        assert code_of(lambda: end(world, row, "jolanda")) == "registration.own"
        end(world, row, "joost")

    def test_who_answers_for_nobody_finds_no_page(self, world: World) -> None:
        for who in ("anouk", "ellen", "karin", "henk"):
            assert world.client(who).get(reverse("professionals")).status_code == 403
        youssef = Professional.objects.get(account=world.account("youssef"))
        assert world.client("jolanda").get(reverse("registrations", args=[youssef.pk])).status_code == 404

    def test_policy_and_the_office_find_the_way_there(self, world: World) -> None:
        for who, room in (("petra", "learning"), ("jolanda", "hours")):
            assert reverse("professionals") in world.client(who).get(reverse(room)).content.decode()

    @pytest.mark.parametrize("more", [0, 5])
    def test_the_pages_take_as_many_queries_at_any_size(
        self, world: World, django_assert_num_queries: DjangoAssertNumQueries, more: int
    ) -> None:
        for at in range(more):
            world.add_professional(f"meer{at}", "vlinder", "angst")
            registered(world, f"meer{at}")
            propose(world, number=f"11000000{at}")
        keep(world)
        petra, who = world.actor("petra"), anouk(world).pk
        with django_assert_num_queries(1):
            assert len(queries.professionals(petra, at=world.at)) == 2 + more
        with django_assert_num_queries(5):
            queries.professional(petra, who, at=world.at)
