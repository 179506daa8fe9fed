"""Who is involved with a record, who said yes to that, and who is kept out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import LockedText, Recorded
from hendig.families.models.filters import OfFamilyQuerySet, Row, opened
from hendig.families.models.measures import MeasureKind
from hendig.families.models.persons import Family, FamilyMember, known_to
from hendig.families.models.records import Compartment, CompartmentKind, Record
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import OF_FAMILY, SAID
from hendig.people.models import Account


class Part(models.TextChoices):
    """In what part somebody is involved; the part, never the role, opens the record."""

    FAMILY = "family", _("gezin")
    CONFIDANT = "confidant", _("vertrouwde volwassene")
    COACH = "coach", _("gezinscoach")
    GUEST = "guest", _("gast van de tent")
    PROFESSIONAL = "professional", _("beroepskracht door een match")
    DECIDER = "decider", _("wie over een aanvraag beslist")
    SHARED_WITH = "shared_with", _("met wie u iets deelt")
    GUIDE = "guide", _("trajectbegeleider")
    SUPERVISOR = "supervisor", _("gezinsvoogd")
    PROBATION = "probation", _("jeugdreclasseerder")
    GP = "gp", _("huisarts")
    REFERRER = "referrer", _("verwijzer")
    VOLUNTEER = "volunteer", _("vrijwilliger")
    EMERGENCY = "emergency", _("noodtoegang")
    COLLEAGUE = "colleague", _("collega die meedenkt over veiligheid")
    DEPUTY = "deputy", _("vervanger")
    TRAINEE = "trainee", _("in opleiding")


# Who looks in one of these reads of the own family.
OWN_PARTS = frozenset({Part.FAMILY, Part.CONFIDANT})
# Who carries out what was imposed over a child, each the own kind of measure.
CARRIES_OUT: dict[str, MeasureKind] = {
    Part.SUPERVISOR: MeasureKind.SUPERVISION,
    Part.PROBATION: MeasureKind.PROBATION,
}
# Who is involved in one of these is so by somebody else, and never longer or for more.
BEHIND = frozenset({Part.DEPUTY, Part.TRAINEE})


class Ground(models.TextChoices):
    OWN = "own", _("het gaat over u zelf")
    AUTHORITY = "authority", _("deze ouder heeft gezag")
    YOUTH_ACT = "youth_act", _("taak van de gemeente (Jeugdwet)")
    CONSENT = "consent", _("u gaf toestemming")
    MATCH = "match", _("u koos samen voor deze hulp")
    COURT = "court", _("de rechter besliste dit")
    DUTY = "duty", _("plicht om te melden")
    VITAL = "vital", _("er was direct gevaar")


class Purpose(models.TextChoices):
    """What somebody is involved for; what is kept for one purpose is not used for another."""

    HELP = "help", _("helpen")
    SAFETY = "safety", _("veiligheid")
    VISIT = "visit", _("weten waar iemand woont")
    ACCESS = "access", _("besluiten over toegang tot hulp")


class InvolvementQuerySet(OfFamilyQuerySet["Involvement"]):
    def visible_to(self, actor: Actor, *, at: datetime) -> InvolvementQuerySet:
        """Those of an open family; for safety only to who has that part open, or an emergency not held. That
        somebody who works is named for the part of one parent, or for where one person lives, to who has that
        part open; of who is known to one parent's side only, to that side only; and that a youth is on
        probation to who has what is shared of that record open.
        """
        rows = self.filter(municipality_id=actor.municipality_id)
        if actor.has(Role.SYSTEM):
            return rows
        asked = [actor.account_id, at]
        safe = RawSQL("SELECT record_id FROM hendig_open(%s, %s) WHERE kind = 'safety'", asked)
        held = RawSQL("SELECT unnest(hendig_held(%s))", [at])
        to_all = ~Q(purpose=Purpose.SAFETY) | Q(part=Part.EMERGENCY) & ~Q(record__in=held)
        apart = Compartment.objects.filter(
            record=OuterRef("record"), person=OuterRef("member"), pk__in=opened("compartment_id", actor, at)
        )
        of_home, home = Q(kinds__contains=[CompartmentKind.ADDRESS]), Q(kind=CompartmentKind.ADDRESS)
        named = Q(of_home, Exists(apart.filter(home))) | Q(~of_home, Exists(apart.exclude(home)))
        told = Q(member=None) | Q(part__in=[*OWN_PARTS]) | named
        person = FamilyMember.objects.filter(known_to(actor, at) | Q(account_id=actor.account_id))
        known = Q(member=None) | Exists(person.filter(pk=OuterRef("member")))
        shared = Compartment.objects.filter(
            kind=CompartmentKind.SHARED, pk__in=opened("compartment_id", actor, at)
        )
        penal = ~Q(part=Part.PROBATION) | Q(record__in=shared.values("record_id"))
        return rows.filter(
            told, known, penal, to_all | Q(record__in=safe), family__in=opened("family_id", actor, at)
        )

    def standing(self, at: datetime) -> InvolvementQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)

    def carrying_out(self, account_id: UUID | None, at: datetime) -> InvolvementQuerySet:
        """Those by which this account carries out a measure over a child now, by a ruling."""
        return self.standing(at).filter(account_id=account_id, part__in=CARRIES_OUT, ground=Ground.COURT)

    def coming_too(self, at: datetime) -> InvolvementQuerySet:
        """Those that stand, and those that are agreed and begin later."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=at))

    def told(self) -> InvolvementQuerySet:
        """Those that the family reads: what is for safety alone is not, nor an emergency that is held."""
        held = RawSQL("SELECT unnest(hendig_held())", [])
        hidden = ~Q(part=Part.EMERGENCY) | Q(record__in=held)
        return self.exclude(hidden, purpose=Purpose.SAFETY)


class Involvement(Recorded):
    """Somebody is involved with a record in a part, for one purpose, on one ground, from a moment until a
    moment, and for named compartments: this opens them, and this the family reads under "wie mag wat".
    """

    privacy = Privacy(
        why="To open the record for who needs it, and show the family who that is (GDPR art. 5.1 b, 25).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "kinds": "which compartments it is for",
            "passes_on": "whether a GP may share what the practice writes",
            "ruled_on": "the day of the ruling by which who carries out a measure is here",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="involvements")
    record = models.ForeignKey(Record, models.PROTECT, related_name="involvements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="involvements", db_index=False)
    # Which person of the family this is; of a professional, whose own compartment or address is meant.
    member = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=14, choices=Part)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.HELP)
    ground = models.CharField(max_length=10, choices=Ground)
    kinds = ArrayField(models.CharField(max_length=10, choices=CompartmentKind))
    # Whom a deputy stands in for, and under whom a trainee works.
    behind = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # Of a GP: whether the practice may share what it writes, and who of the family said so last.
    passes_on = models.BooleanField(default=False, db_default=False)
    passes_by = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    # Of who carries out a measure: the day of the ruling on which it rests.
    ruled_on = models.DateField(null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    # A coach who takes up a question is not involved yet; nor is who opens a record in an emergency.
    wall = (
        OF_FAMILY.but(
            "For safety only whoever has that part open; an emergency the family too, unless it is held.",
            "purpose <> 'safety' OR record_id = ANY ((SELECT hendig_safe_records())::uuid[])"
            " OR part = 'emergency' AND record_id <> ALL ((SELECT hendig_held())::uuid[])",
        )
        .but(
            "That somebody who works reads what is of one parent, or where one person lives, only to whoever"
            " has that part open.",
            "member_id IS NULL OR part = 'family' OR part = 'confidant'"
            " OR (record_id, member_id, 'address' = ANY (kinds)) IN ("
            "SELECT c.record_id, c.person_id, c.kind = 'address' FROM families_compartment c"
            " WHERE c.id = ANY ((SELECT hendig_open_ids())::uuid[]))",
        )
        .but(
            "Of a person whom the reader may know.",
            "member_id IS NULL"
            " OR EXISTS (SELECT 1 FROM families_familymember m WHERE m.id = families_involvement.member_id)",
        )
        .but(
            "That a youth is on probation (GDPR art. 10) only whoever has what is shared of it open.",
            "part <> 'probation' OR record_id IN (SELECT c.record_id FROM families_compartment c"
            " WHERE c.kind = 'shared' AND c.id = ANY ((SELECT hendig_open_ids())::uuid[]))",
        )
        .and_also(
            "Somebody's own involvements: of the family, with a record of which a part is open.",
            "account_id = (SELECT hendig_who())"
            " AND (part <> 'family' OR record_id = ANY ((SELECT hendig_open_records())::uuid[]))",
        )
    )

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "record"], name="involvement_of_account"),
            # What ended stays for twenty years; the gate asks what did not.
            models.Index(fields=["account", "until_at"], name="involvement_until"),
            models.Index(fields=["municipality_id", "family"], name="involvement_of_family"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=[Part.DEPUTY, Part.TRAINEE], behind__isnull=False)
                | ~Q(part__in=[Part.DEPUTY, Part.TRAINEE]) & Q(behind__isnull=True),
                name="behind_somebody_or_not",
            )
        ]


class Items(models.TextChoices):
    """What of what is shared a yes is for."""

    ALL = "all", _("alles wat we samen weten")
    CHILD = "child", _("wat over het kind gaat")


class Sort(models.TextChoices):
    """What of what is shared can be left out for who is here by a yes alone; the question never is."""

    AGENDA = "agenda", _("de afspraken")
    PLAN = "plan", _("het plan, de doelen en de taken")
    TENT = "tent", _("de tent en het verslag")
    OWN = "own", _("wat bij ‘Van ons’ staat")


class WhatFor(models.TextChoices):
    """For what somebody may see along: chosen by the family where it invites, else as the part is."""

    SUPPORT = "support", _("om het gezin te steunen")
    THINK = "think", _("om mee te denken")
    CHILD = "child", _("om er voor het kind te zijn")
    PRACTICAL = "practical", _("om praktisch te helpen")
    OWN = "own", _("om iets anders, in eigen woorden")
    TENT = "tent", _("om mee te denken in de tent")
    GP = "gp", _("om als huisarts te weten wat er speelt")
    HELP = "help", _("om te helpen")
    LEARN = "learn", _("om te leren")
    RAISE = "raise", _("om voor het kind te zorgen")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a yes is for; in own words where none of the plain ones fits."""

    what_for: WhatFor
    words: str = ""


AIM_OF: dict[Part, Aim] = {
    Part.FAMILY: Aim(WhatFor.RAISE),
    Part.GUEST: Aim(WhatFor.TENT),
    Part.GP: Aim(WhatFor.GP),
    Part.PROFESSIONAL: Aim(WhatFor.HELP),
    Part.TRAINEE: Aim(WhatFor.LEARN),
}


class SaidQuerySet(OfFamilyQuerySet[Row]):
    """What is said of an account, and by whom."""

    def visible_to(self, actor: Actor, *, at: datetime) -> OfFamilyQuerySet[Row]:
        """Those of an open family, of nobody and by nobody whom the actor may not know of."""
        rows = super().visible_to(actor, at=at)
        if actor.has(Role.SYSTEM):
            return rows
        unknown = FamilyMember.objects.unknown_to(actor, at)
        of_whom = unknown.filter(family=OuterRef("family"), account=OuterRef("account"))
        return rows.filter(~Exists(of_whom), ~Exists(unknown.filter(pk=OuterRef("giver"))))


class ConsentQuerySet(SaidQuerySet["Consent"]):
    def standing(self, at: datetime) -> ConsentQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class Consent(Recorded):
    """One person of the family says yes or no to somebody seeing along; who must say so follows from age.

    A yes opens nothing by itself: it is the ground under an involvement. A later answer ends the earlier one.
    """

    privacy = Privacy(
        why="To share only with whom the family wants (GDPR art. 6.1 a and 7, Youth Act art. 7.3.11).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "yes": "whether it is a yes",
            "items": "whether for all that is shared, or for the child alone",
            "leaves_out": "which sorts of pieces it is not for",
            "what_for": "what it is for, from a list of ours",
            "aim": "what it is for in the family's own words, locked",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="consents")
    giver = models.ForeignKey(FamilyMember, models.PROTECT, related_name="consents")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    yes = models.BooleanField()
    # Of somebody who is here by a yes alone: all that is shared, or what is about the child and no one else.
    items = models.CharField(max_length=5, choices=Items, default=Items.ALL, db_default=Items.ALL)
    # What it is for (GDPR art. 5.1 b); of a yes from before that was kept nobody knows.
    what_for = models.CharField(max_length=9, choices=WhatFor, blank=True, default="", db_default="")
    aim = LockedText(max_length=80, blank=True, default="", db_default="")
    # The same: the sorts of pieces that this one does not read.
    leaves_out = ArrayField(models.CharField(max_length=6, choices=Sort), default=list, db_default=[])
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    wall = SAID

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "record", "giver", "account", name="one_consent_at_a_time", condition=Q(until_at=None)
            )
        ]


class BlockQuerySet(SaidQuerySet["Block"]):
    def standing(self, at: datetime) -> BlockQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)

    def said_own(self) -> BlockQuerySet:
        """What somebody said to be the own family, or known from home, and two did not take back."""
        return self.filter(own_family=True, mistake_agreed_by=None)


class Block(Recorded):
    """This person may not see these compartments of the record, whatever else says yes."""

    privacy = Privacy(
        why="To keep somebody out for the safety or the wish of the family (GDPR art. 18, Youth Act 7.3.11).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "kinds": "which compartments; none named means all",
            "own_family": "whether this person said that the family is their own, or known from home",
        },
    )

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="blocks")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    # Who of the family wanted this: only that person takes it back.
    giver = models.ForeignKey(FamilyMember, models.PROTECT, null=True, related_name="+")
    kinds = ArrayField(models.CharField(max_length=10, choices=CompartmentKind), default=list)
    # Said by themself. It stands until two take it back: who said so asks, and somebody who watches agrees.
    own_family = models.BooleanField(default=False, db_default=False)
    mistake_at = models.DateTimeField(null=True)
    mistake_agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    wall = SAID

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mistake_agreed_by=None)
                | Q(own_family=True, mistake_at__isnull=False) & ~Q(mistake_agreed_by=F("account")),
                name="a_mistake_is_taken_back_by_two",
            )
        ]
