"""Why something for safety cannot happen now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import Part
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import AMSTERDAM, local_day, working_days_after
from hendig.kernel.refusal import Refusal, Words
from hendig.safety.models import Abroad, Found, Step

EMERGENCY_LASTS = timedelta(minutes=60)
# A safety hold ends by itself: nobody is kept in the dark because somebody forgot.
HOLD_AT_MOST = timedelta(days=90)
REPORT_WITHIN = timedelta(hours=72)
KEPT_YEARS = 20

# Parts in which somebody works with a record and may begin a worry about safety.
AT_WORK = frozenset(
    {Part.COACH, Part.PROFESSIONAL, Part.GUIDE, Part.SUPERVISOR, Part.EMERGENCY, Part.COLLEAGUE}
)

FOUND: Mapping[Step, tuple[Found, ...]] = {
    Step.SIGNALS: (Found.DONE,),
    Step.CONSULT: (Found.COLLEAGUE, Found.VEILIG_THUIS, Found.BOTH),
    Step.TALK: (Found.TALKED, Found.NOT_SAFE),
    Step.WEIGH: (Found.NO_DANGER, Found.UNSAFE, Found.STRUCTURAL, Found.ACUTE),
    Step.DECIDE: (Found.REPORT_AND_HELP, Found.REPORT, Found.HELP, Found.NOTHING),
}
_MUST_CONSULT = frozenset({Found.VEILIG_THUIS, Found.BOTH})
_DANGER = frozenset({Found.ACUTE, Found.STRUCTURAL})
_REPORTS = frozenset({Found.REPORT, Found.REPORT_AND_HELP})

# The same words whether nobody is called so, two are, or it is not allowed: nothing can be learnt from it.
NOT_FOUND = Refusal(
    "emergency.not_found",
    _(
        "Zo kan er niets open. Kijk de naam en de geboortedatum na, en zet erbij wie er bij het kind is. "
        "Is er nu gevaar? Bel 112, of Veilig Thuis: 0800-2000."
    ),
)


def why_no_emergency(found: Collection[UUID]) -> Refusal | None:
    """Why no record opens in an emergency: it must be exactly one, which the database looked for."""
    return None if len(found) == 1 else NOT_FOUND


def judged_before(at: datetime) -> datetime:
    """Two working days after an emergency, at the end of the day, it is judged."""
    last = working_days_after(local_day(at), 2)
    return datetime.combine(last + timedelta(days=1), time(), AMSTERDAM)


def why_not_judged(*, judged: bool, own: bool, wrong: bool, note: str) -> Refusal | None:
    """Why the privacy officer cannot judge an emergency so."""
    if judged:
        return Refusal("emergency.judged", _("Hierover is al geoordeeld."))
    if own:
        return Refusal("emergency.own", _("U oordeelt niet over uzelf. Vraag een collega."))
    if wrong and not note.strip():
        return Refusal(
            "emergency.no_note", _("Schrijf op waarom dit niet terecht was, en wat er nu gebeurt.")
        )
    return None


def why_no_step(
    step: Step, found: Found, done: Mapping[int, str], *, done_on: date, on: date, closed: bool
) -> Refusal | None:
    """Why this step cannot be written down; `done` has the newest outcome of each step that was taken."""
    if closed:
        return Refusal("concern.closed", _("Deze zorg is afgesloten. Begin een nieuwe als er weer iets is."))
    if found not in FOUND[step]:
        return Refusal("concern.other_step", _("Dit antwoord hoort bij een andere stap."))
    if done_on > on:
        return Refusal("concern.not_yet", _("Deze dag is nog niet geweest."))
    if step == Step.DECIDE:
        return why_no_decision(found, done)
    return None


def why_no_decision(found: Found, done: Mapping[int, str]) -> Refusal | None:
    """Why nothing can be decided yet, or not so (Besluit verplichte meldcode, the five steps)."""
    missing = [Step(step).label for step in Step if step != Step.DECIDE and step not in done]
    if missing:
        return Refusal(
            "concern.steps_missing",
            _("Eerst de andere stappen. Nog niet gezet: %(steps)s.")
            % {"steps": "; ".join(map(str, missing))},
        )
    if done[Step.WEIGH] in _DANGER and found not in _REPORTS:
        return Refusal(
            "concern.must_report",
            _(
                "Bij acute of structurele onveiligheid meldt u bij Veilig Thuis. "
                "Denkt u er anders over, zet stap 4 dan opnieuw en schrijf op waarom."
            ),
        )
    return None


def why_no_concern(part: Part | None) -> Refusal | None:
    """Why somebody in this part cannot write down a worry about safety here."""
    if part not in AT_WORK:
        return Refusal("concern.not_at_work", _("Vertel het aan de gezinscoach: die kan dit opschrijven."))
    return None


def why_not_named(roles: Collection[str], *, own_family: bool, named: bool) -> Refusal | None:
    """Why this colleague cannot be named for the safety part. Somebody of the family is never."""
    if named:
        return Refusal("safety.named", _("Deze collega is al genoemd."))
    if own_family or not {Role.COACH.value, Role.PROFESSIONAL.value} & set(roles):
        return Refusal("safety.not_a_colleague", _("Deze persoon kan hier niet voor genoemd worden."))
    return None


def why_not_declared(named: UUID | None, able: Collection[UUID]) -> Refusal | None:
    """Why a coach cannot leave a family that is the own one yet: where it can be, somebody goes on."""
    if named is None and able:
        return Refusal("own.who_goes_on", _("Kies welke collega met dit gezin verder gaat."))
    if named is not None and named not in able:
        return Refusal("own.closed_to", _("Deze collega kan hier geen gezinscoach zijn. Kies iemand anders."))
    return None


# A colleague may be asked what was meant for as long as it is fresh.
MISTAKE_WAITS = timedelta(days=30)


def asked_back(asked_at: datetime | None, at: datetime) -> datetime | None:
    """Since when it waits for a second person; None when it does not, or not any more."""
    return asked_at if asked_at and at - asked_at <= MISTAKE_WAITS else None


def why_not_asked_back(*, waits: bool) -> Refusal | None:
    """Why somebody cannot ask (again) that a family which they closed for themself is not their own."""
    if waits:
        return Refusal("own.mistake_waits", _("U hebt dit al gevraagd. Iemand anders kijkt ernaar."))
    return None


def why_no_mistake(*, own: bool, is_family: bool, asked_at: datetime, at: datetime) -> Refusal | None:
    """Why this second person does not agree that it was a mistake."""
    if own:
        return Refusal("own.asked_by_you", _("U vroeg dit zelf. Iemand anders geeft akkoord."))
    if is_family:
        return Refusal("own.is_family", _("Deze persoon staat zelf bij het gezin. Dan blijft het dicht."))
    if at - asked_at > MISTAKE_WAITS:
        return Refusal("own.too_late", _("Dit is meer dan een maand geleden gevraagd. Vraag het opnieuw."))
    return None


def why_not_unnamed(*, left: int) -> Refusal | None:
    if left == 0:
        return Refusal("safety.last", _("Er moet iemand overblijven. Noem eerst een collega."))
    return None


def why_not_told(*, named: bool, closed: bool) -> Refusal | None:
    """Why this person cannot write down what somebody outside told: it is for those who are named alone."""
    if not named:
        return Refusal(
            "informant.not_named", _("Alleen wie voor veiligheid genoemd is, schrijft op wie iets vertelde.")
        )
    if closed:
        return Refusal("concern.closed", _("Deze zorg is afgesloten. Begin een nieuwe als er weer iets is."))
    return None


# Long enough to see that it was about another child, too short to take away what somebody decided on.
TOLD_TAKEN_BACK_WITHIN = timedelta(days=14)


def why_told_stays(
    *, mine: bool, taken_back: bool, closed: bool, kept_at: datetime, at: datetime
) -> Refusal | None:
    """Why what somebody outside told cannot be taken back by this person now."""
    if taken_back:
        return Refusal("informant.taken_back", _("Dit is al teruggenomen."))
    if not mine:
        return Refusal("informant.not_yours", _("Alleen wie dit opschreef, neemt het terug."))
    if closed:
        return Refusal("concern.closed", _("Deze zorg is afgesloten. Wat erin staat, blijft staan."))
    if at - kept_at > TOLD_TAKEN_BACK_WITHIN:
        return Refusal(
            "informant.too_late",
            _("Dit staat er langer dan twee weken en blijft staan. Schrijf bij een stap wat er niet klopt."),
        )
    return None


def why_not_on(told_on: date, on: date) -> Refusal | None:
    return Refusal("concern.not_yet", _("Deze dag is nog niet geweest.")) if told_on > on else None


def why_not_closed(done: Mapping[int, str], *, closed: bool) -> Refusal | None:
    if closed:
        return Refusal("concern.closed", _("Deze zorg is al afgesloten."))
    if Step.DECIDE not in done:
        return Refusal("concern.undecided", _("Zet eerst alle vijf stappen. Daarna kan de zorg dicht."))
    return None


def why_no_hold(until: date, on: date, *, standing: bool) -> Refusal | None:
    if standing:
        return Refusal("hold.stands", _("Er staat al een veiligheidsslot. Haal dat er eerst af."))
    if not on < until <= on + HOLD_AT_MOST:
        return Refusal("hold.too_long", _("Kies een dag binnen 90 dagen. Daarna kunt u opnieuw kiezen."))
    return None


def why_not_agreed(*, own: bool, settled: bool) -> Refusal | None:
    """Why this request by law cannot be agreed to by this person."""
    if settled:
        return Refusal("legal.settled", _("Hierover is al beslist."))
    if own:
        return Refusal("legal.own", _("Iemand anders moet meekijken: u schreef dit zelf op."))
    return None


def why_no_pieces(pieces: Collection[str], offered: Collection[str]) -> Refusal | None:
    if not pieces:
        return Refusal("legal.no_pieces", _("Kies eerst wat er weg mag. Alles geven kan niet."))
    if not set(offered).issuperset(pieces):
        return Refusal("legal.other_pieces", _("Een van deze stukken is er niet. Kies opnieuw."))
    return None


def why_not_destroyed(*, asked_by: UUID, actor: Actor, done: bool, taken_back: bool) -> Refusal | None:
    """Why this person cannot agree to an erasure."""
    if done:
        return Refusal("erasure.done", _("Dit is al vernietigd."))
    if taken_back:
        return Refusal("erasure.taken_back", _("Wie dit vroeg, nam het terug. Er wordt niets vernietigd."))
    if asked_by == actor.account_id:
        return Refusal("erasure.own", _("Een tweede persoon moet akkoord geven."))
    return None


BUSY = Refusal(
    "erasure.busy", _("Iemand werkt nu in dit dossier. Er is nog niets vernietigd. Probeer het zo opnieuw.")
)


def why_kept(last_change: datetime, at: datetime, *, asked: bool) -> Refusal | None:
    """Why this record must be kept yet: 20 years after its last change, shorter where it was asked."""
    if asked or over_term(last_change, at):
        return None
    return Refusal("erasure.term", _("De bewaartermijn loopt nog. Dan kan het alleen op verzoek."))


def why_asked_twice(*, known: bool) -> Refusal | None:
    if known:
        return Refusal("erasure.asked", _("Dit is al gevraagd. Kijk in de lijst."))
    return None


def over_term(last_change: datetime, at: datetime) -> bool:
    return last_change < years_before(at, KEPT_YEARS)


def years_before(at: datetime, years: int) -> datetime:
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - years, day=day)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a breach, as articles 33.3 and 34 ask it; what is not known yet is empty."""

    found_at: datetime
    from_at: datetime
    until_at: datetime
    what: str
    nature: Sequence[str] = ()
    concerned: Sequence[str] = ()
    people_about: int | None = None
    data_kinds: Sequence[str] = ()
    records_about: int | None = None
    contact: str = ""
    effects: str = ""
    measures: str = ""
    abroad: str = ""
    abroad_where: str = ""
    to_authority: bool = True
    reported_at: datetime | None = None
    reference: str = ""
    late_why: str = ""
    not_reported_why: str = ""
    to_people: bool = False
    told_on: date | None = None
    not_told: str = ""
    not_told_why: str = ""

    @property
    def report_before(self) -> datetime:
        return self.found_at + REPORT_WITHIN

    @property
    def is_reported_late(self) -> bool:
        return self.reported_at is not None and self.reported_at > self.report_before


def why_no_breach(told: Told, at: datetime) -> Refusal | None:
    """Why a breach cannot stand so in the register. Unfinished it can; against the clock it cannot."""
    if not told.from_at <= told.until_at:
        return Refusal("breach.order", _("Het begin ligt na het einde."))
    if told.found_at > at:
        return Refusal("breach.future", _("Ontdekt kan niet in de toekomst liggen."))
    if told.reported_at is not None and not told.found_at <= told.reported_at <= at:
        return Refusal("breach.reported", _("Gemeld ligt tussen het moment van ontdekken en nu."))
    if told.is_reported_late and not told.late_why.strip():
        return Refusal(
            "breach.late_why", _("Dit is later dan 72 uur gemeld. Schrijf op waarom: de wet vraagt dat.")
        )
    if told.told_on is not None and not local_day(told.from_at) <= told.told_on <= local_day(at):
        return Refusal("breach.told", _("Kies een dag tussen het begin van het lek en vandaag."))
    return None


def why_not_added(*, newest: bool, same: bool) -> Refusal | None:
    """Why nothing is added to a breach: somebody else did meanwhile, or it would say what stands there."""
    if not newest:
        return Refusal(
            "breach.changed",
            _(
                "Intussen vulde iemand anders dit aan. Lees het hieronder; wat u typte staat er nog. "
                "Sla daarna opnieuw op."
            ),
        )
    return Refusal("breach.same", _("Er is niets veranderd.")) if same else None


def missing(told: Told) -> tuple[Words, ...]:
    """What the law asks and the register does not say yet (GDPR art. 33.3, 33.5 and 34)."""
    asked: tuple[tuple[object, Words], ...] = (
        (told.nature, _("wat er met de gegevens gebeurde")),
        (told.concerned and told.people_about is not None, _("om wie het gaat, en om hoeveel mensen")),
        (
            told.data_kinds and told.records_about is not None,
            _("om welke gegevens het gaat, en om hoeveel dossiers"),
        ),
        (told.contact, _("bij wie iemand meer kan horen")),
        (told.effects, _("wat dit kan betekenen")),
        (told.measures, _("wat er gedaan is en nog gebeurt")),
        (
            told.abroad == Abroad.NO or (told.abroad == Abroad.YES and told.abroad_where),
            _("of het over de grens gaat, en waar"),
        ),
        (
            told.reported_at if told.to_authority else told.not_reported_why,
            _("wanneer het gemeld is") if told.to_authority else _("waarom het niet gemeld wordt"),
        ),
        (
            told.told_on if told.to_people else told.not_told,
            _("wanneer de mensen het hoorden") if told.to_people else _("waarom de mensen het niet horen"),
        ),
    )
    return tuple(words for known, words in asked if not known)


def why_not_secret(*, own: bool) -> Refusal | None:
    """Why somebody cannot be kept from an address: it is their own."""
    if own:
        return Refusal("address.own", _("Iemand kan niet buitengesloten worden van het eigen adres."))
    return None


def why_not_ended(*, named: object, signs_in: object) -> Refusal | None:
    """Why a coach cannot end it: nobody was named yet, and the person can say so."""
    if named is None and signs_in is not None:
        return Refusal(
            "address.theirs_to_say",
            _("Wie hier woont zegt zelf of dit geheim blijft. Hendig vraagt dat op de eigen pagina."),
        )
    return None


def why_not_frozen(*, frozen: bool, wanted: bool) -> Refusal | None:
    if frozen == wanted:
        words = _("Het dossier is al stilgezet.") if frozen else _("Het dossier is niet stilgezet.")
        return Refusal("freeze.so_already", words)
    return None
