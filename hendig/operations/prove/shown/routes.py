"""Every route of the site, with every identifier that exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from hendig.audit.models import Entry
from hendig.billing.models import (
    AccountChange,
    Agreement,
    Invoice,
    InvoiceLine,
    Journal,
    Payment,
    PaymentBatch,
    Pot,
    TurnedAway,
)
from hendig.connections.models import Connection
from hendig.families.models import (
    Block,
    Death,
    Family,
    FamilyMember,
    GpAsk,
    Home,
    Incapacity,
    Invitation,
    LegalAuthority,
    LogQuestion,
    Note,
    Record,
    SamePerson,
    Tie,
)
from hendig.files.models import File
from hendig.helprequests.models import Asked, Handover, HelpRequest
from hendig.matching.models import Match, MatchTalk
from hendig.opentent.models import Post, Response
from hendig.people.models import (
    Account,
    Elsewhere,
    Membership,
    Municipality,
    Notice,
    Partner,
    Professional,
    ProposedExpertise,
    Registration,
    RoleRequest,
    ServiceCode,
    SignInCode,
)
from hendig.plans.models import Appointment, Goal, Task
from hendig.rights.models import Application, Destruction, InformationRequest, OwnWords, Residence
from hendig.safety.models import (
    Breach,
    Concern,
    Emergency,
    Erasure,
    Informant,
    LegalRequest,
    SafetyHold,
    SecretAddress,
)
from hendig.shares.models import Share
from hendig.tents.models import (
    Gesture,
    Hearer,
    NamelessQuestion,
    PageRemark,
    Piece,
    PreparedNote,
    RecurringTent,
    Seat,
    Tent,
)

# Of what an identifier in an address is. A route that names another fails until it stands here.
OF: dict[str, type[models.Model]] = {
    "account_id": Account,
    "agreement_id": Agreement,
    "application_id": Application,
    "appointment_id": Appointment,
    "ask_id": GpAsk,
    "asked_id": Asked,
    "authority_id": LegalAuthority,
    "batch_id": PaymentBatch,
    "block_id": Block,
    "breach_id": Breach,
    "change_id": AccountChange,
    "code_id": SignInCode,
    "concern_id": Concern,
    "death_id": Death,
    "destruction_id": Destruction,
    "emergency_id": Emergency,
    "entry_id": Entry,
    "erasure_id": Erasure,
    "elsewhere_id": Elsewhere,
    "family_id": Family,
    "file_id": File,
    "goal_id": Goal,
    "handover_id": Handover,
    "hearer_id": Hearer,
    "hold_id": SafetyHold,
    "home_id": Home,
    "incapacity_id": Incapacity,
    "information_id": InformationRequest,
    "invitation_id": Invitation,
    "invoice_id": Invoice,
    "journal_id": Journal,
    "legal_id": LegalRequest,
    "line_id": InvoiceLine,
    "link_id": SamePerson,
    "match_id": Match,
    "member_id": FamilyMember,
    "membership_id": Membership,
    "municipality_id": Municipality,
    "nameless_id": NamelessQuestion,
    "note_id": Note,
    "notice_id": Notice,
    "own_id": OwnWords,
    "share_id": Share,
    "partner_id": Partner,
    "payment_id": Payment,
    "piece_id": Piece,
    "prepared_id": PreparedNote,
    "recurring_id": RecurringTent,
    "hand_id": Gesture,
    "post_id": Post,
    "pot_id": Pot,
    "professional_id": Professional,
    "proposal_id": ProposedExpertise,
    "question_id": LogQuestion,
    "record_id": Record,
    "registration_id": Registration,
    "remark_id": PageRemark,
    "request_id": HelpRequest,
    "residence_id": Residence,
    "response_id": Response,
    "role_id": RoleRequest,
    "seat_id": Seat,
    "secret_id": SecretAddress,
    "service_code_id": ServiceCode,
    "talk_id": MatchTalk,
    "task_id": Task,
    "tent_id": Tent,
    "tie_id": Tie,
    "told_id": Informant,
    "connection_id": Connection,
    "turned_id": TurnedAway,
}
NUMBERS = ("1", "2", "3", "7")
# What a system asks for: a month, and what the bank calls a payment. Where one goes on to, and a colour.
OTHERS = {
    "month": ["2026-11"],
    "reference": ["12345670-2026-0001"],
    "onward": ["gezinnen/"],
    "digits": ["1f5c4a"],
}
# Of what there is more than can be asked one by one: the newest of them.
MANY = 20
NOBODY = UUID(int=7)


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    pattern: str
    names: tuple[str, ...]

    def path(self, values: Iterable[str]) -> str:
        given = dict(zip(self.names, values, strict=True))
        return "/" + "/".join(
            given[part[1:-1].partition(":")[2]] if part.startswith("<") else part
            for part in self.pattern.split("/")
        )


def all_routes() -> list[Route]:
    return [
        Route(
            str(one.name),
            str(one.pattern),
            tuple(
                part[1:-1].partition(":")[2] for part in str(one.pattern).split("/") if part.startswith("<")
            ),
        )
        for one in _patterns(get_resolver().url_patterns)
    ]


def _patterns(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def identifiers(many: int = MANY) -> dict[str, list[str]]:
    """What stands for each name in an address: everything of that kind, and one that nobody has."""
    found = {"number": list(NUMBERS), **OTHERS}
    for name, model in OF.items():
        rows = model.objects.order_by("-pk").values_list("pk", flat=True)[:many]  # type: ignore[attr-defined]
        found[name] = [str(pk) for pk in rows] + [str(NOBODY)]
    return found


def addresses(routes: Iterable[Route], found: dict[str, list[str]]) -> Iterator[tuple[Route, str]]:
    for route in routes:
        for values in product(*(found[name] for name in route.names)):
            yield route, route.path(values)


# Why nobody comes there in the town, whatever the identifier.
NOT_REACHED = {
    "erasure": "no record of the town is old enough to be destroyed",
    "come_back": "it would lock the visit",
    "sign_out": "it would end the visit",
    "second_factor": "everybody who works here has shown one",
    "live": "a stream has no end: streams are heard apart",
}


def not_reached(routes: Iterable[Route], reached: set[str]) -> list[str]:
    """Routes that answered nobody with anything: what they show was proved of none."""
    left = {one.name for one in routes} - reached
    return [f"nobody reached {name}" for name in sorted(left - set(NOT_REACHED))] + [
        f"somebody reached {name}, which says that nobody can" for name in sorted(set(NOT_REACHED) & reached)
    ]
