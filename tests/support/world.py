"""A small Peelrand for tests, made by the real actions: who works there, and a clock that stands still."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db.models.functions import Now
from django.test import Client

from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.people import actions, queries
from hendig.people.actions.door import NOWHERE
from hendig.people.models import Account, Expertise, Municipality, Partner, Professional, ServiceCode, User
from hendig.people.rules import Means
from hendig.people.views import KEY_BYTES, WAITS

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
IBANS = ("NL91ABNA0417164300", "NL20INGB0001234567", "NL02RABO0123456789")


@dataclass(slots=True)
class World:
    """Peelrand at a moment: `at` is now, `later()` moves on. People are found by their first name."""

    municipality: Municipality
    at: datetime = AT
    accounts: dict[str, Account] = field(default_factory=dict)
    professionals: dict[str, Professional] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)

    def later(self, **time: int) -> datetime:
        """Moves the clock and tells the new time."""
        self.at += timedelta(**time)
        return self.at

    @property
    def system(self) -> Actor:
        return Actor.system(self.municipality.pk)

    @property
    def visitor(self) -> Actor:
        return Actor.visitor(self.municipality.pk)

    def actor(self, name: str) -> Actor:
        """Who this person is right now, as a request would know it."""
        found = queries.me(self.account(name).pk, on=local_day(self.at))
        assert found is not None
        return found.actor

    def account(self, name: str) -> Account:
        """The account by first name: of the world itself, or of a family that came in later."""
        name = name.lower()
        return self.accounts.get(name) or Account.objects.get(first_name__iexact=name)

    def client(self, name: str | None = None) -> Client:
        """A browser without scripts, signed in as the person with this name or as nobody."""
        client = Client()
        if name:
            client.cookies["hendig"] = signed_in(self.account(name).pk)
        return client

    def expertise(self, slug: str) -> Expertise:
        return Expertise.objects.get(slug=slug, municipality_id=self.municipality.pk)

    def service_code(self, code: str = "H2") -> ServiceCode:
        return ServiceCode.objects.get(code=code, municipality_id=self.municipality.pk)

    def add_worker(self, name: str, role: Role, partner: str | None = None) -> Account:
        account = actions.add_worker(
            actor=self.system,
            email=f"{name}@peelrand.example",
            first_name=name.capitalize(),
            last_name="Peeters",
            role=role,
            on=local_day(self.at) - timedelta(days=365),
            at=self.at,
            partner_id=self.partners[partner].pk if partner else None,
        )
        self.accounts[name] = account
        return account

    def add_professional(
        self, name: str, partner: str, *expertises: str, families_max: int = 6
    ) -> Professional:
        account = self.add_worker(name, Role.PROFESSIONAL, partner)
        self.professionals[name] = actions.add_professional(
            actor=self.system,
            account_id=account.pk,
            partner_id=self.partners[partner].pk,
            title="jeugdhulpverlener",
            can_do="Ik luister en denk mee.",
            expertise_slugs=expertises,
            at=self.at,
            families_max=families_max,
        )
        return self.professionals[name]

    def add_partner(self, name: str) -> Partner:
        number = len(self.partners)
        self.partners[name] = actions.add_partner(
            actor=self.system,
            name=name.capitalize(),
            kvk=f"{12345670 + number}",
            iban=IBANS[number % len(IBANS)],
            email=f"kantoor@{name}.example",
            vat=f"NL{123456782 + number}B01",
            street="Dorpsstraat 1",
            postcode="5999 AA",
            town="Peelrand",
            at=self.at,
        )
        return self.partners[name]


def signed_in(account_id: UUID, means: Means = Means.PASSKEY, *, shown_at: datetime | None = None) -> str:
    """The cookie of a browser in which this account signed in, without going past the door."""
    session = SessionStore()
    shown = {"shown": shown_at.isoformat()} if shown_at else {}
    waits = {WAITS: secrets.token_hex(KEY_BYTES)}
    session.update({"account": str(account_id), "means": means.value, **waits, **shown})
    session.create()
    assert session.session_key is not None
    user, _made = User.objects.get_or_create(account_id=account_id)
    # By the clock of the database, which no test moves.
    UserSession.objects.create(user=user, session_key=session.session_key, ip=NOWHERE, last_seen_at=Now())
    return session.session_key


def build_world() -> World:
    """What the fixture `world` gives, for tests that manage their own transactions."""
    return world_from(AT)


def world_from(at: datetime) -> World:
    """The same from another moment on: everybody works here since a year before it."""
    municipality = actions.open_municipality(
        name="Peelrand",
        slug="peelrand",
        cbs_code="9999",
        at=at,
        iban="NL56DEUT0265186420",
        kvk="12345678",
        post="Postbus 99, 5999 ZZ Peelrand",
        counsellor="Mirjam",
        counsellor_phone="0499 00 00 25",
        counsellor_email="mirjam@vertrouwenspunt.example",
    )
    world = World(municipality, at)
    actions.set_settings(
        actor=world.system,
        principles=[("Vraag voor aanbod", "We beginnen bij wat het gezin vraagt.")],
        codes=[
            {"code": f"H{n}", "name": name, "sentence": "", "ijw_category": "45", "cbs_care_form": "02"}
            for n, name in enumerate(("Meedenken", "Begeleiding", "Behandeling"), start=1)
        ],
        expertises=[
            ("angst", "Angst en somberheid", "Helpt bij angst."),
            ("opvoeden", "Opvoeden", "Denkt mee over opvoeden."),
            ("scheiding", "Scheiding", "Helpt ouders die uit elkaar gaan."),
        ],
        at=at,
    )
    for name in ("vlinder", "anker"):
        world.add_partner(name)
    for name in ("ellen", "bram"):
        world.add_worker(name, Role.COACH)
    world.add_professional("anouk", "vlinder", "angst", "opvoeden")
    world.add_professional("youssef", "anker", "scheiding", "opvoeden")
    world.add_worker("jolanda", Role.OFFICE, "vlinder")
    world.add_worker("piet", Role.HELPER)
    world.add_worker("henk", Role.FINANCE)
    world.add_worker("petra", Role.POLICY)
    world.add_worker("karin", Role.PRIVACY)
    return world


def uuid_in(path: str) -> UUID:
    """The identifier in a path such as /tenten/<uuid>/."""
    return next(UUID(part) for part in path.split("/") if len(part) == 36)
