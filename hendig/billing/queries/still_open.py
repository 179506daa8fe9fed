"""The invoices that are not done, added up where they lie: as many are read as a page names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from hendig.billing.models import (
    NOT_PAID,
    Invoice,
    InvoiceLine,
    InvoiceStage,
    Payment,
    own_of,
    payable_by,
    still_owed,
    turned_down_by,
)
from hendig.kernel.actor import Actor
from hendig.people.models import Municipality


@dataclass(frozen=True, slots=True)
class Place:
    """An invoice that a page names, or that stands for its partner; with what all of them add up to."""

    pk: UUID
    partner_id: UUID
    partner: str
    iban: str
    payable: int
    # In which lists it is, and whether it is named there.
    is_right: bool
    named: bool
    asked: bool
    came_back: bool
    # Of its partner: what of all that is right can be paid now, and how many invoices that are.
    cents: int
    count: int
    # Of all.
    asked_count: int
    back_count: int
    own: int
    own_accepted: int
    own_read: int
    town: str
    town_iban: str


# Each open invoice is judged once, by the same rule as a payment, and counted here. The first row always
# comes, for what is said of all; and one of each partner for its sum.
PLACES = """
    WITH one (pk, partner_id, partner, iban, number, mine, payable, stage, accepted, last, own_read, town,
            town_iban) AS MATERIALIZED ({open}),
    listed AS (
        SELECT *, payable > 0 AND NOT mine AS is_right, stage = 'asked' AS is_asked,
            last = ANY (%s) AS is_back FROM one
    ),
    placed AS (
        SELECT *,
            row_number() OVER (PARTITION BY is_right, partner_id ORDER BY number) AS place,
            dense_rank() OVER (PARTITION BY is_right ORDER BY partner, partner_id) AS partner_place,
            row_number() OVER (PARTITION BY is_asked ORDER BY partner, partner_id, number) AS asked_place,
            row_number() OVER (PARTITION BY is_back ORDER BY partner, partner_id, number) AS back_place,
            row_number() OVER (ORDER BY partner, partner_id, number) AS any_place,
            coalesce(sum(payable) FILTER (WHERE is_right) OVER of_partner, 0)::bigint AS cents,
            count(*) FILTER (WHERE is_right) OVER of_partner AS of,
            count(*) FILTER (WHERE is_asked) OVER () AS asked_of,
            count(*) FILTER (WHERE is_back) OVER () AS back_of,
            count(*) FILTER (WHERE mine AND payable <> 0) OVER () AS own,
            (sum(accepted) OVER ())::bigint AS own_accepted,
            count(*) FILTER (WHERE own_read) OVER () AS own_read_of
        FROM listed WINDOW of_partner AS (PARTITION BY partner_id)
    ),
    shown AS (
        SELECT *, is_right AND place <= %s AND partner_place <= %s AS named, is_asked AND asked_place <= %s
            AS asked, is_back AND back_place <= %s AS back FROM placed
    )
    SELECT pk, partner_id, partner, iban, payable, is_right, named, asked, back, cents, of, asked_of, back_of,
        own, own_accepted, own_read_of, town, town_iban
    FROM shown WHERE named OR asked OR back OR any_place = 1 OR is_right AND place = 1
    ORDER BY partner, partner_id, number
"""


def places(actor: Actor, *, of_partner: int, partners: int, others: int, at: datetime) -> list[Place]:
    """What a page names: so many of each of so many partners, and so many of each other list. 1 query."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).left().order_by().values("invoice")
    accepted = lines.exclude(findings=[]).filter(accepted_by=actor.account)
    town = Municipality.objects.filter(pk=OuterRef("municipality_id"))
    rows = with_payable(actor, at=at).annotate(
        mine=ExpressionWrapper(own_of(actor), BooleanField()),
        accepted=Coalesce(Subquery(accepted.annotate(count=Count("pk")).values("count")), 0),
        last_stage=last_stage(),
        own_read=turned_down_by(actor, of="pk"),
        town=Subquery(town.values("name")),
        town_iban=Subquery(town.values("iban")),
    )
    names = ("pk", "partner_id", "partner__name", "partner__iban", "number", "mine", "payable", "stage")
    told = rows.values_list(*names, "accepted", "last_stage", "own_read", "town", "town_iban").order_by()
    words, parameters = told.query.sql_with_params()
    with connection.cursor() as cursor:
        counts = (list(NOT_PAID), of_partner, partners, others, others)
        cursor.execute(PLACES.format(open=words), (*parameters, *counts))
        return [Place(*row) for row in cursor.fetchall()]


def with_payable(actor: Actor, *, at: datetime) -> QuerySet[Invoice]:
    """What is not done, each with what of it the actor can pay (`payable`)."""
    open_ones = Invoice.objects.visible_to(actor, at=at).filter(
        stage__in=[InvoiceStage.RIGHT, InvoiceStage.ASKED]
    )
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).left().order_by().values("invoice")
    payable = lines.filter(payable_by(actor)).annotate(sum=Sum("cents")).values("sum")
    return open_ones.annotate(payable=Coalesce(Subquery(payable), 0))


def last_stage() -> Coalesce:
    """What the bank said of what was asked last for an invoice; nothing when nothing was."""
    last = Payment.objects.filter(invoice=OuterRef("pk")).order_by("-id").values("stage")[:1]
    return Coalesce(Subquery(last), Value(""))


@dataclass(frozen=True, slots=True)
class NotePlace:
    """A note of which something is still to come back, or that stands for its partner."""

    pk: UUID
    partner_id: UUID
    partner: str
    number: str
    kind: str
    cents: int
    named: bool
    # Of its partner: what came back too much, below nothing, and what is still to come back.
    below: int
    above: int
    # Of all.
    count: int


NOTES = """
    WITH one (pk, partner_id, partner, number, their_number, kind, cents) AS MATERIALIZED ({notes}),
    placed AS (
        SELECT *,
            row_number() OVER (ORDER BY number) AS any_place,
            row_number() OVER (PARTITION BY partner_id ORDER BY number) AS place,
            coalesce(sum(cents) FILTER (WHERE cents < 0) OVER of_partner, 0)::bigint AS below,
            coalesce(sum(cents) FILTER (WHERE cents > 0) OVER of_partner, 0)::bigint AS above,
            count(*) OVER () AS of
        FROM one WINDOW of_partner AS (PARTITION BY partner_id)
    )
    SELECT pk, partner_id, partner, coalesce(nullif(their_number, ''), number), kind, cents, any_place <= %s,
        below, above, of
    FROM placed WHERE any_place <= %s OR place = 1 ORDER BY number
"""


def note_places(actor: Actor, *, named: int) -> list[NotePlace]:
    """The first of what is to come back, and one of each partner for its sums. 1 query."""
    notes = still_owed(Invoice.objects.filter(municipality_id=actor.municipality_id)).order_by()
    names = ("pk", "partner_id", "partner__name", "number", "their_number", "kind", "owed")
    words, parameters = notes.values_list(*names).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(NOTES.format(notes=words), (*parameters, named, named))
        return [NotePlace(*row) for row in cursor.fetchall()]
