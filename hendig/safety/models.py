"""What is kept for safety: emergencies, the five steps, holds, asks by law, secret addresses, proofs."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedManager
from hendig.families.models import (
    Family,
    FamilyMember,
    OfRecord,
    OfRecordQuerySet,
    Record,
)
from hendig.kernel.actor import Actor, Role
from hendig.kernel.privacy import RECORD_20_YEARS, WITH_THE_FAMILY, Privacy
from hendig.kernel.walls import CONTENT, OFFICER
from hendig.keys.models import SealedText
from hendig.people.models import Account

REVIEW = "review"


class OfSafety(OfRecord):
    """A row that names its record, so that a line of the log about it can be held from the family."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Category(models.TextChoices):
    """Why somebody cannot wait: a closed list, because a reason that fits everything fits nothing."""

    VIOLENCE = "violence", _("geweld of dreiging met geweld")
    SELF_HARM = "self_harm", _("gevaar dat iemand zichzelf iets aandoet")
    MISSING = "missing", _("een kind is weg")
    ILLNESS = "illness", _("een ernstig ongeluk of plotseling ernstig ziek")
    NOBODY = "nobody", _("er is niemand die voor het kind zorgt")


class Outcome(models.TextChoices):
    RIGHT = "right", _("terecht")
    WRONG = "wrong", _("niet terecht")


class EmergencyQuerySet(OfRecordQuerySet["Emergency"]):
    def to_judge(self, actor: Actor) -> EmergencyQuerySet:
        """All of the municipality, for the privacy officer; in a transaction that says what for."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.has(Role.PRIVACY) or actor.has(Role.SYSTEM) else rows.none()

    def waiting(self) -> EmergencyQuerySet:
        return self.filter(reviewed_at=None)


class Emergency(OfSafety):
    """Somebody opened one record for an hour, because of danger; the privacy officer judges it afterwards."""

    privacy = Privacy(
        why="To act on direct danger, and to be judged for it (GDPR art. 6.1 d and 32).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"reason": "what the danger was", "note": "what the privacy officer found"},
    )

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    category = models.CharField(max_length=10, choices=Category)
    reason = SealedText(max_length=1000)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    outcome = models.CharField(max_length=5, choices=Outcome, blank=True)
    note = SealedText(max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    wall = CONTENT.and_also("The privacy officer, who judges it.", OFFICER)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "emergencies"
        ordering = ["-id"]
        indexes = [models.Index(fields=["municipality_id", "-id"], name="emergency_of_municipality")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at=None, outcome="") | Q(reviewed_at__isnull=False) & ~Q(outcome=""),
                name="judged_with_outcome",
            )
        ]


class Concern(OfSafety):
    """A worry about somebody's safety, on its way along the five steps of the reporting code (meldcode)."""

    privacy = Privacy(
        why="To follow the reporting code (Youth Act art. 4.1.7, Wet verplichte meldcode).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"about": "what somebody worries about, in a few words"},
    )

    begun_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    about = SealedText(max_length=300)
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = OfRecordQuerySet["Concern"].as_manager()

    class Meta:
        ordering = ["-id"]


class Step(models.IntegerChoices):
    """The five steps of the reporting code, in the order of the law."""

    SIGNALS = 1, _("Signalen in kaart brengen")
    CONSULT = 2, _("Overleggen met een collega en zo nodig Veilig Thuis")
    TALK = 3, _("Praten met het gezin")
    WEIGH = 4, _("Wegen met het afwegingskader")
    DECIDE = 5, _("Beslissen: melden, en hulp organiseren")


class Found(models.TextChoices):
    """What came out of a step, for those steps that ask it."""

    DONE = "done", _("gedaan")
    COLLEAGUE = "colleague", _("met een collega")
    VEILIG_THUIS = "veilig_thuis", _("met Veilig Thuis, zonder naam te noemen")
    BOTH = "both", _("met een collega en met Veilig Thuis")
    TALKED = "talked", _("er is gepraat")
    NOT_SAFE = "not_safe", _("niet gepraat: dat is niet veilig")
    NO_DANGER = "no_danger", _("geen vermoeden van onveiligheid")
    ACUTE = "acute", _("acute onveiligheid")
    STRUCTURAL = "structural", _("structurele onveiligheid")
    UNSAFE = "unsafe", _("wel een vermoeden, niet acuut of structureel")
    REPORT = "report", _("melden bij Veilig Thuis")
    REPORT_AND_HELP = "report_help", _("melden bij Veilig Thuis en hulp geven")
    HELP = "help", _("niet melden, wel hulp geven")
    NOTHING = "nothing", _("niet melden en geen hulp nodig")


class ConcernStep(OfSafety):
    """One step as it was taken: by whom, on which day, what was found. Written again it is a new row."""

    privacy = Privacy(
        why="To show how a decision about safety was weighed (Besluit verplichte meldcode).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={"words": "what was seen, said or weighed", "done_on": "the day of the step"},
    )
    under = "concern"

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="steps")
    step = models.PositiveSmallIntegerField(choices=Step)
    found = models.CharField(max_length=12, choices=Found)
    words = SealedText(max_length=4000)
    done_on = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfRecordQuerySet["ConcernStep"].as_manager()

    class Meta:
        ordering = ["id"]


class Misplaced(models.TextChoices):
    """Why what somebody told is taken back: a closed list, so that nothing of what was told stands in it."""

    OTHER_CHILD = "other_child", _("het gaat over een ander kind")
    NOT_SAID = "not_said", _("het is niet zo verteld")
    TWICE = "twice", _("het stond er al")


class Informant(OfSafety):
    """What somebody outside the family told of a worry, and who that was.

    It lies in a part of its own: who reads a worry in an emergency does not read this, no copy or paper has
    it, and nobody of the family can tell that it is there.
    """

    privacy = Privacy(
        why="To weigh what was told, and keep who told it safe (Youth Act art. 7.3.10, GDPR art. 15.4).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "name": "who told it, if that one gave a name",
            "role": "what that person is to the family",
            "words": "what was told",
            "told_on": "the day on which it was told",
        },
    )

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="+")
    name = SealedText(max_length=120, blank=True)
    role = SealedText(max_length=120)
    words = SealedText(max_length=4000)
    told_on = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Who wrote it by mistake took it back: that it was there stays, and nothing of what was told.
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    taken_back_why = models.CharField(max_length=11, choices=Misplaced, blank=True, default="", db_default="")

    objects = OfRecordQuerySet["Informant"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, taken_back_why="")
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_why=""),
                name="told_is_taken_back_by_somebody",
            )
        ]


class SafetyHoldQuerySet(OfRecordQuerySet["SafetyHold"]):
    def standing(self, at: datetime) -> SafetyHoldQuerySet:
        rows = self.filter(from_at__lte=at, until_at__gt=at)
        return rows.filter(Q(released_at=None) | Q(released_at__gt=at))


class SafetyHold(OfSafety):
    """Until its end the family does not read lines of the log that are about safety; after it, it does."""

    privacy = Privacy(
        why="To keep somebody safe from who would hear of it (Youth Act art. 7.3.11 lid 3, GDPR art. 23).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    objects = SafetyHoldQuerySet.as_manager()


class SecretAddressQuerySet(OfRecordQuerySet["SecretAddress"]):
    def standing(self, at: datetime) -> SecretAddressQuerySet:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)


class SecretAddress(OfSafety):
    """Where this person lives is for named people only; whoever types a street elsewhere is warned."""

    privacy = Privacy(
        why="To keep the place where somebody hides secret (GDPR art. 5.1 f and 18).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
    )

    member = models.ForeignKey(FamilyMember, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    objects = SecretAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "secret addresses"
        constraints = [
            models.UniqueConstraint("record", "member", name="secret_once", condition=Q(until_at=None))
        ]


class Asker(models.TextChoices):
    VEILIG_THUIS = "veilig_thuis", _("Veilig Thuis")
    POLICE = "police", _("politie of officier van justitie")
    COURT = "court", _("rechter")
    CHILD_PROTECTION = "rvdk", _("Raad voor de Kinderbescherming")
    INSTITUTION = "gi", _("gecertificeerde instelling (gezinsvoogd)")


class Law(models.TextChoices):
    """On which article something may leave without a yes; without one of these nothing leaves."""

    REPORT_RIGHT = "wmo_5_2_6", _("meldrecht: Wmo 2015 artikel 5.2.6")
    SUPERVISION = "jw_7_3_11", _("ondertoezichtstelling: Jeugdwet artikel 7.3.11 lid 4")
    CHILD_PROTECTION = "bw_1_240", _("onderzoek van de Raad: BW 1:240")
    DEMAND = "sv_126nd", _("schriftelijke vordering van de officier: Sv artikel 126nd tot en met 126nf")
    JUDGE = "court_order", _("bevel van de rechter")
    CONFLICT_OF_DUTIES = "duties", _("conflict van plichten: direct gevaar voor iemands leven")


class LegalRequest(OfSafety):
    """Somebody asks for a part of the record by law: what leaves was weighed by one and agreed by another."""

    privacy = Privacy(
        why="To give no more than the law asks (Youth Act art. 7.3.11, GDPR art. 5.1 c).",
        kept=RECORD_20_YEARS,
        goes=WITH_THE_FAMILY,
        fields={
            "who": "who asks, with name and function",
            "weighing": "why this is needed, and no less would do",
            "pieces": "which pieces leave, by kind and identifier",
            "asked_on": "the day of the letter that asks",
        },
    )

    asker = models.CharField(max_length=12, choices=Asker)
    who = SealedText(max_length=200)
    law = models.CharField(max_length=12, choices=Law)
    asked_on = models.DateField()
    weighing = SealedText(max_length=4000)
    pieces = ArrayField(models.CharField(max_length=48))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    objects = OfRecordQuerySet["LegalRequest"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("account")), name="another_agrees"
            )
        ]


class ErasureWhy(models.TextChoices):
    TERM = "term", _("de bewaartermijn is voorbij")
    ASKED = "asked", _("het verzoek om te vernietigen is ingewilligd")


class Erasure(Recorded):
    """A record is destroyed, or the pieces of it that are named here; this row is the proof that stays.

    Of a whole record the keys of all compartments go. Of a part the rows lose their texts, and their
    compartments get a new key; a restore of an older backup empties the rows again.
    """

    privacy = Privacy(
        why="To show that a record was destroyed, when, and by whom (Youth Act art. 7.3.8 and 7.3.9).",
        kept="20 years after the erasure",
        goes="deleted by the privacy officer",
        fields={"pieces": "which rows lost their texts, by table and identifier"},
    )

    # No foreign keys: the proof must outlive what it is about.
    record_id = models.UUIDField()
    family_id = models.UUIDField()
    destruction_id = models.UUIDField(null=True)
    pieces = ArrayField(models.CharField(max_length=80), default=list)
    why = models.CharField(max_length=6, choices=ErasureWhy)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    compartments = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    objects = RecordedManager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["record_id"], name="destroyed_once", condition=Q(pieces=[])),
            models.UniqueConstraint(fields=["destruction_id"], name="destroyed_as_asked"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("asked_by")), name="another_destroys"
            ),
        ]


class Nature(models.TextChoices):
    """What a breach did to the data: one, or more of them (GDPR art. 4.12)."""

    SEEN = "seen", _("iemand zag of kreeg wat niet mocht")
    CHANGED = "changed", _("er is iets veranderd wat niet mocht")
    GONE = "gone", _("gegevens zijn weg, of niet te bereiken")


class Concerned(models.TextChoices):
    """Of whom the data are (GDPR art. 33.3 a)."""

    CHILDREN = "children", _("kinderen en jongeren")
    PARENTS = "parents", _("ouders en verzorgers")
    AROUND = "around", _("anderen rond het gezin")
    WORKERS = "workers", _("mensen die hier werken of helpen")


class DataKind(models.TextChoices):
    """What kind of data a breach touches; those of a record are called as its parts are."""

    NAMES = "names", _("namen en geboortedata")
    CONTACT = "contact", _("adres, telefoon of e-mail")
    NUMBER = "number", _("burgerservicenummer")
    SHARED = "shared", _("wat gezin en helpers samen weten: de vraag, het plan, de tent")
    CHILD = "child", _("wat een kind apart vertelt")
    PARENT = "parent", _("wat over een ouder zelf gaat")
    SAFETY = "safety", _("wat over veiligheid gaat")
    GP = "gp", _("wat een huisarts schrijft: gezondheid")
    ADDRESS = "address", _("waar iemand woont, ook als dat geheim is")
    OWN_NOTE = "own_note", _("eigen aantekeningen van beroepskrachten")
    FINANCE = "finance", _("uren en bedragen")
    FILES = "files", _("foto's en documenten")
    SIGN_IN = "sign_in", _("gegevens om aan te melden")


class Abroad(models.TextChoices):
    NO = "no", _("nee, alleen in Nederland")
    YES = "yes", _("ja, ook in een ander land van de EU")


class NotTold(models.TextChoices):
    """Why those concerned are not told one by one: nothing else is a reason (GDPR art. 34.1 and 34.3)."""

    NO_HIGH_RISK = "no_high_risk", _("er is geen hoog risico voor hen")
    UNREADABLE = "unreadable", _("niemand kan de gegevens lezen: ze zijn versleuteld")
    TAKEN_AWAY = "taken_away", _("het risico is daarna weggenomen")
    PUBLIC = "public", _("één voor één kan niet: we zeggen het in het openbaar")


class Breach(Recorded):
    """A data breach in the register that the law asks: what, since when, of how many, and what was done.

    What is added later is a new row that names the first one; the newest counts and the older ones stay.
    """

    privacy = Privacy(
        why="To report and register a breach (GDPR art. 33 and 33.5). Nothing about a family.",
        kept="5 years after it was found",
        goes="deleted by the privacy officer",
        fields={
            "what": "what happened, without names",
            "effects": "what it may mean for those concerned",
            "measures": "what was done, and what will be",
            "nature": "whether data were seen, changed or lost",
            "concerned": "kinds of people of whom the data are",
            "data_kinds": "kinds of data",
            "contact": "who at the municipality can be asked about it",
            "abroad": "whether people in another country of the EU are concerned",
            "abroad_where": "in which countries",
            "reference": "how the authority calls the report",
            "late_why": "why it was reported later than 72 hours",
            "not_reported_why": "why it was not reported",
            "told_on": "the day on which those concerned were told",
            "not_told": "which reason of the law there is not to tell them",
            "not_told_why": "the same in words",
        },
    )

    # The first row of this breach; none for that row itself.
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    who = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # No foreign key: the register outlives a record that is destroyed.
    of_record_id = models.UUIDField(null=True)
    records = models.PositiveIntegerField(default=0)
    families = models.PositiveIntegerField(default=0, db_default=0)
    lines = models.PositiveIntegerField(default=0)
    what = models.CharField(max_length=1000)
    nature = ArrayField(models.CharField(max_length=7, choices=Nature), default=list, db_default=[])
    concerned = ArrayField(models.CharField(max_length=8, choices=Concerned), default=list, db_default=[])
    # About how many, as the law asks: the officer's own figure, beside what the log counts.
    people_about = models.PositiveIntegerField(null=True)
    data_kinds = ArrayField(models.CharField(max_length=9, choices=DataKind), default=list, db_default=[])
    records_about = models.PositiveIntegerField(null=True)
    contact = models.CharField(max_length=200, blank=True, default="", db_default="")
    effects = models.CharField(max_length=1000, blank=True)
    measures = models.CharField(max_length=1000, blank=True)
    abroad = models.CharField(max_length=3, choices=Abroad, blank=True, default="", db_default="")
    abroad_where = models.CharField(max_length=200, blank=True, default="", db_default="")
    to_authority = models.BooleanField(default=True)
    reported_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True, default="", db_default="")
    late_why = models.CharField(max_length=1000, blank=True, default="", db_default="")
    not_reported_why = models.CharField(max_length=1000, blank=True, default="", db_default="")
    to_people = models.BooleanField(default=False)
    told_on = models.DateField(null=True)
    not_told = models.CharField(max_length=12, choices=NotTold, blank=True, default="", db_default="")
    not_told_why = models.CharField(max_length=1000, blank=True, default="", db_default="")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RecordedManager()

    class Meta:
        verbose_name_plural = "breaches"
        ordering = ["-id"]
