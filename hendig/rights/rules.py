"""Why not: who may ask what of a record by age, and what a term allows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hendig.families.models import MemberKind
from hendig.kernel.ages import Band, age_on
from hendig.kernel.consent import Deciders
from hendig.kernel.refusal import Refusal
from hendig.kernel.terms import after_months, after_weeks
from hendig.kernel.traces import has_address, has_worry
from hendig.rights.models import (
    DESTRUCTION_MOVES,
    OWN_MOVES,
    PAPER_MOVES,
    DestructionStage,
    InformationStage,
    OwnKind,
    OwnStage,
    PaperStage,
    Reminded,
    Verdict,
)

# How long before its day the municipality is reminded of a decision, and of the answer who is responsible.
DECISION_SOON = timedelta(weeks=3)
RESIDENCE_SOON = timedelta(days=5)
ANSWER_SOON = timedelta(weeks=1)
# "Another reasonable term" (Awb art. 4:14 lid 3) is never more than the law's own eight weeks again.
LONGEST_EXTENSION = 8
LONGEST_QUESTION = 4  # weeks
RESIDENCE_WEEKS = 2  # Regeling Jeugdwet art. 1a.1
OBJECTION_WEEKS = 6  # Awb art. 6:7
DEFAULT_WEEKS = 2  # Awb art. 4:17 lid 3
PENALTY_DAYS = 42  # Awb art. 4:17 lid 1
ANSWER_MONTHS = 1  # GDPR art. 12.3
DESTRUCTION_MONTHS = 3  # Jeugdwet art. 7.3.9 lid 1
YOUTH_FROM = 12


# --- a decision on paper ---


def why_no_application(
    who: Deciders, child: UUID, member: UUID | None, *, open_already: bool
) -> Refusal | None:
    """Why this person cannot ask a decision about this child.

    Those who must say yes to help may ask it (Jeugdwet art. 7.3.4, 7.3.5): parents with authority below 16,
    the youth from 12, from 16 the youth alone.
    """
    if open_already:
        return Refusal(
            "paper.already", _("Er loopt al een aanvraag voor dit kind. Kijk daar hoe het ermee staat.")
        )
    if member in who.may_answer(child):
        return None
    if who.band in {Band.FROM_16, Band.ADULT}:
        return Refusal(
            "paper.youth_alone", _("Vanaf 16 jaar vraagt uw kind dit zelf aan. U mag natuurlijk meehelpen.")
        )
    return Refusal(
        "paper.decides_not",
        _("Dit vraagt iemand aan die over het kind beslist: een ouder met gezag, of de jongere vanaf 12."),
    )


def why_not_move(stage: str, to: PaperStage) -> Refusal | None:
    if to in PAPER_MOVES[PaperStage(stage)]:
        return None
    return Refusal("paper.stage", _("Dit kan niet meer: de aanvraag is al afgerond."))


def why_not_take_up(*, involved: bool, decider: UUID | None, me: UUID | None) -> Refusal | None:
    """Why this coach does not decide on it.

    Who goes along with the family does not also decide against or for it: the one who stands beside a family
    must be free to help it ask, and a decision must be taken without bias (Awb art. 2:4).
    """
    if involved:
        return Refusal("paper.own_family", _("U begeleidt dit gezin. Daarom beslist een collega."))
    if decider is not None and decider != me:
        return Refusal("paper.taken", _("Een collega behandelt deze aanvraag al."))
    return None


def why_not_handle(stage: str, to: PaperStage, *, decider: UUID | None, me: UUID | None) -> Refusal | None:
    """Why somebody cannot ask, extend or decide."""
    if decider is None or decider != me:
        return Refusal("paper.not_yours", _("Neem de aanvraag eerst zelf in behandeling."))
    return why_not_move(stage, to)


def why_no_question(answer_by: date, *, on: date, overdue: bool) -> Refusal | None:
    """Why this cannot be the day for an answer. After the term there is no clock left to stop."""
    if overdue:
        return Refusal("paper.overdue", _("De termijn is voorbij. Vragen zet de klok nu niet meer stil."))
    if answer_by <= on + timedelta(days=1):
        return Refusal("question.too_short", _("Geef het gezin tijd: kies een dag na morgen."))
    if answer_by > on + timedelta(weeks=LONGEST_QUESTION):
        return Refusal("question.too_long", _("Kies een dag binnen vier weken."))
    return None


def why_no_extension(weeks: int, *, extended: bool, due_on: date, on: date) -> Refusal | None:
    """Why the decision may not take longer: once, told within the term (Awb art. 4:14 lid 3)."""
    if extended:
        return Refusal("extension.twice", _("De termijn is al een keer verlengd. Meer mag niet."))
    if on > due_on:
        return Refusal("extension.late", _("De termijn is voorbij. Verlengen kan alleen daarvóór."))
    if not 1 <= weeks <= LONGEST_EXTENSION:
        return Refusal("extension.weeks", _("Kies één tot acht weken."))
    return None


def why_no_default(stage: str, *, due_on: date, on: date, given: bool) -> Refusal | None:
    """Why the municipality cannot be told that it is too late (Awb art. 4:17 lid 3)."""
    if PaperStage(stage) is not PaperStage.RECEIVED:
        return Refusal("default.stage", _("De klok loopt nu niet."))
    if on <= due_on:
        return Refusal("default.early", _("De gemeente is nog op tijd."))
    if given:
        return Refusal("default.twice", _("U hebt dit al laten weten. Eén keer is genoeg."))
    return None


def penalty_from(in_default_on: date) -> date:
    """The first day for which the municipality owes money: two weeks later (Awb art. 4:17 lid 3)."""
    return after_weeks(in_default_on, DEFAULT_WEEKS) + timedelta(days=1)


def why_no_answer(stage: str, *, may_ask: bool) -> Refusal | None:
    if not may_ask:
        return Refusal("paper.decides_not", _("Antwoorden doet iemand die over het kind beslist."))
    if PaperStage(stage) is not PaperStage.INCOMPLETE:
        return Refusal("question.none", _("Er staat nu geen vraag open."))
    return None


def why_not_withdrawn(stage: str, *, may_ask: bool) -> Refusal | None:
    if not may_ask:
        return Refusal("paper.decides_not", _("Intrekken doet iemand die over het kind beslist."))
    return why_not_move(stage, PaperStage.WITHDRAWN)


def why_no_verdict(
    verdict: str, what: str, reasons: str, *, uploaded: bool, wants_pgb: bool, pgb: bool | None
) -> Refusal | None:
    """What a decision must say before it can be sent (Awb art. 3:46; Jeugdwet art. 8.1.1).

    In an uploaded letter the words stand already; what was decided is told apart all the same.
    """
    if not uploaded and not reasons.strip():
        return Refusal("decision.reasons", _("Schrijf waarom u zo beslist."))
    if not uploaded and verdict != Verdict.REFUSED and not what.strip():
        return Refusal("decision.what", _("Schrijf welke hulp u toekent, vanaf wanneer en tot wanneer."))
    if wants_pgb and pgb is None:
        return Refusal("decision.pgb", _("Het gezin vroeg een pgb. Zeg ook daarover ja of nee."))
    if verdict == Verdict.REFUSED and pgb:
        return Refusal("decision.pgb_without_help", _("Zonder toegekende hulp kan er geen pgb zijn."))
    return None


def reminder(due_on: date, on: date, soon: timedelta = DECISION_SOON) -> Reminded:
    """How strongly the municipality is to be reminded on this day."""
    if on > due_on:
        return Reminded.OVERDUE
    if on == due_on:
        return Reminded.TODAY
    return Reminded.SOON if on >= due_on - soon else Reminded.NOT


# --- the own words ---


def first_stage(kind: str) -> OwnStage:
    return OwnStage.ASKED if kind == OwnKind.CORRECTION else OwnStage.STANDS


def why_no_own_words(*, of_family: bool) -> Refusal | None:
    if not of_family:
        return Refusal("own.not_of_family", _("Dit schrijft iemand van het gezin zelf."))
    return None


def why_not_asked_apart(kind: str, *, read: bool) -> Refusal | None:
    """Why this cannot be asked apart: a correction needs somebody who reads and answers it."""
    if kind == OwnKind.CORRECTION and not read:
        return Refusal(
            "own.nobody_reads",
            _(
                "Niemand leest nu mee in wat alleen van u is. "
                "Kies eerst wie dat mag, of vraag dit aan iedereen."
            ),
        )
    return None


def why_not_taken_back(stage: str, *, mine: bool) -> Refusal | None:
    if not mine:
        return Refusal("own.not_yours", _("Alleen wie dit schreef, kan het terugnemen."))
    if OwnStage.TAKEN_BACK not in OWN_MOVES[OwnStage(stage)]:
        return Refusal("own.settled", _("Hierop is al geantwoord. Het blijft staan."))
    return None


def why_no_reply(stage: str, to: OwnStage, reply: str) -> Refusal | None:
    if to not in OWN_MOVES[OwnStage(stage)]:
        return Refusal("own.settled", _("Hierop is al geantwoord. Het blijft staan."))
    if to is OwnStage.NOT_CORRECTED and not reply.strip():
        return Refusal("own.no_reason", _("Schrijf waarom u dit niet verbetert."))
    return None


def correction_due(on: date) -> date:
    return after_months(on, ANSWER_MONTHS)


# --- destruction ---

KEEP = {
    "money": _("Rekeningen bewaart de gemeente zeven jaar. Er staan codes en bedragen in, geen verhaal."),
    "log": _("Wie er keek, blijft bewaard. Daarmee kunt u laten zien dat het goed ging."),
    "other": _("Een stuk is heel belangrijk voor iemand anders, zoals een broer of zus."),
    "law": _("Een andere wet zegt dat een stuk moet blijven, bijvoorbeeld na een melding van onveiligheid."),
    "running": _("De hulp loopt nog. Wie helpt, moet weten wat er is afgesproken."),
}
# These stay whatever is asked; the others are for who answers to choose.
ALWAYS_KEPT = ("money", "log")


def why_no_destruction(who: Deciders, child: UUID, member: UUID | None, *, standing: bool) -> Refusal | None:
    """Why this person cannot ask that this child's record is destroyed.

    Below 12 those who decide for the child; from 12 the youth alone (Jeugdwet art. 7.3.9 with 7.3.15). The
    law leaves room for parents of a youth of 12–15; the reading that protects the record most was chosen.
    """
    if standing:
        return Refusal("destruction.already", _("Dit is al gevraagd."))
    # What cannot be undone nobody asks in the place of a youth.
    if who.youth or who.instead:
        if member == child:
            return None
        return Refusal("destruction.youth_alone", _("Vanaf 12 jaar vraagt alleen de jongere dit zelf."))
    if member in who.parents:
        return None
    return Refusal("destruction.decides_not", _("Dit vraagt een ouder met gezag, of de jongere vanaf 12."))


def why_destruction_not_answered(
    stage: str, to: DestructionStage, keep: Collection[str], reply: str
) -> Refusal | None:
    """Why this is no answer: what stays is named, and a no has a reason (Jeugdwet art. 7.3.9 lid 2)."""
    if to not in DESTRUCTION_MOVES[DestructionStage(stage)]:
        return Refusal("destruction.settled", _("Hierop is al geantwoord."))
    if not set(keep) <= set(KEEP):
        return Refusal("destruction.keep", _("Kies wat er blijft uit de lijst."))
    chosen = set(keep) - set(ALWAYS_KEPT)
    if to is DestructionStage.GRANTED and chosen:
        return Refusal("destruction.not_all", _("Blijft er iets? Kies dan: voor een deel."))
    if to is not DestructionStage.GRANTED and not (chosen and reply.strip()):
        return Refusal("destruction.no_reason", _("Kies wat er blijft en schrijf waarom."))
    return None


def why_no_part(pieces: Collection[str], offered: Collection[str]) -> Refusal | None:
    """Why these pieces cannot be the part that is destroyed."""
    if not pieces:
        return Refusal("destruction.no_pieces", _("Kies ook welke stukken wel vernietigd worden."))
    if not set(pieces) <= set(offered):
        return Refusal("destruction.other_pieces", _("Een van deze stukken is er niet. Kies opnieuw."))
    return None


def why_destruction_not_taken_back(stage: str, *, mine: bool, done: bool) -> Refusal | None:
    if not mine:
        return Refusal("destruction.not_yours", _("Alleen wie dit vroeg, kan het terugnemen."))
    if done:
        return Refusal("destruction.done", _("Het is al vernietigd. Dat kan niemand meer terughalen."))
    if DestructionStage.TAKEN_BACK not in DESTRUCTION_MOVES[DestructionStage(stage)]:
        return Refusal("destruction.settled", _("Hierop is al geantwoord."))
    return None


def destruction_due(on: date) -> date:
    return after_months(on, DESTRUCTION_MONTHS)


def destruction_answer_due(on: date) -> date:
    """The last day on which must be answered what happens with the question (GDPR art. 12.3)."""
    return after_months(on, ANSWER_MONTHS)


# --- which municipality is responsible ---


def why_no_residence_question(asked_on: date, *, on: date, open_already: bool) -> Refusal | None:
    if asked_on > on:
        return Refusal("residence.future", _("Deze dag ligt in de toekomst."))
    if asked_on < on - timedelta(days=365):
        return Refusal(
            "residence.long_ago", _("Deze dag is meer dan een jaar geleden. Kijk hem nog eens na.")
        )
    if open_already:
        return Refusal("residence.already", _("Deze vraag staat al open voor dit kind."))
    return None


def why_no_residence_answer(*, complete: bool, answered: bool, ours: bool, other: str) -> Refusal | None:
    if answered:
        return Refusal("residence.answered", _("Hierop is al geantwoord."))
    if not complete:
        return Refusal("residence.incomplete", _("Er ontbreekt nog een antwoord."))
    if not ours and not other.strip():
        return Refusal("residence.which", _("Schrijf welke gemeente het is."))
    return None


def why_not_continued(
    *, starts_on: date, ends_on: date | None, moved_on: date, on: date, already: bool, came: bool = False
) -> Refusal | None:
    """Why help cannot go on after this move (Jeugdwet art. 2.7a). Of who `came` here it began elsewhere."""
    if already:
        return Refusal("continuation.already", _("Deze hulp loopt al door na een verhuizing."))
    if ends_on is not None and ends_on < max(moved_on, on):
        return Refusal("continuation.ended", _("Deze hulp is al gestopt op die dag."))
    if moved_on < starts_on and not came:
        return Refusal("continuation.before", _("De verhuizing was vóór deze hulp begon."))
    if moved_on > on + timedelta(days=183):
        return Refusal("continuation.far", _("Deze dag ligt meer dan een half jaar vooruit."))
    if moved_on < on - timedelta(days=364):
        return Refusal("continuation.over", _("De verhuizing is meer dan een jaar geleden. Het jaar is om."))
    return None


def why_not_taken_over(*, elsewhere: bool) -> Refusal | None:
    """The right is one to the municipality in which the child lives now (Jeugdwet art. 2.7a lid 1)."""
    if elsewhere:
        return Refusal(
            "continuation.elsewhere",
            _("Voor dit kind is een andere gemeente verantwoordelijk. Laat het gezin het daar vragen."),
        )
    return None


# --- information for a parent without authority ---

# So many words in a row that stand in what somebody told apart are no accident.
REPEATS = 6


def why_no_information(kind: str, *, decides: bool, waiting: bool) -> Refusal | None:
    """Why this person of the family does not ask it here (Civil Code 1:377c)."""
    if kind != MemberKind.PARENT:
        return Refusal("information.no_parent", _("Dit is voor een ouder zonder gezag."))
    if decides:
        return Refusal("information.has_authority", _("U heeft gezag. Vraag het gewoon aan wie helpt."))
    if waiting:
        return Refusal("information.waiting", _("Uw vorige vraag wacht nog op antwoord."))
    return None


def parents_see_unasked(born_on: date, on: date, *, by_default: bool) -> bool:
    """Whether a parent with authority sees the record while the child said nothing about that parent.

    Until 12 always, until 16 where the municipality lets them, from 16 on never (rules T3, T4 and T5).
    """
    age = age_on(born_on, on)
    return age < 12 or (age < 16 and by_default)


def why_nothing_to_tell(stage: str, *, parent_sees: bool) -> Refusal | None:
    """Why nothing can be told now: never more than a parent with authority gets."""
    if stage != InformationStage.ASKED:
        return Refusal("information.settled", _("Hierop is al geantwoord."))
    if not parent_sees:
        return Refusal(
            "information.more_than_other",
            _("Nu mag geen ouder met gezag dit dossier zien. Dan krijgt een ouder zonder gezag ook niets."),
        )
    return None


def why_not_released(stage: str, answer: str, *, parent_sees: bool, apart: Iterable[str]) -> Refusal | None:
    """Why this text does not go to a parent without authority."""
    if no := why_nothing_to_tell(stage, parent_sees=parent_sees):
        return no
    if not answer.strip():
        return Refusal("information.empty", _("Schrijf op wat deze ouder mag weten."))
    return _why_too_much(answer, apart)


def _why_too_much(answer: str, apart: Iterable[str]) -> Refusal | None:
    """Why a parent without authority never reads this text, whether it tells something or why not."""
    if has_address(answer):
        return Refusal(
            "information.address",
            _("Hier staat een straat of postcode. Een adres geeft u nooit. Haal het weg."),
        )
    if has_worry(answer):
        return Refusal(
            "information.safety",
            _(
                "Hier staat iets over veiligheid. Dat leest deze ouder nooit. Haal het weg, "
                'of kies "Ik geef dit niet, zonder reden".'
            ),
        )
    if repeats(answer, apart):
        return Refusal(
            "information.apart",
            _("Hier staat letterlijk wat een kind of ouder apart vertelde. Dat geeft u nooit. Haal het weg."),
        )
    return None


def why_not_told_no(stage: str, why: str, *, apart: Iterable[str] = ()) -> Refusal | None:
    """Why this is no refusal with a reason: it was settled, says none, or says more than may be told."""
    if stage != InformationStage.ASKED:
        return Refusal("information.settled", _("Hierop is al geantwoord."))
    if not why.strip():
        return Refusal("information.no_reason", _("Schrijf op waarom u dit niet geeft."))
    return _why_too_much(why, apart)


def why_not_told_nothing(stage: str) -> Refusal | None:
    """Why it cannot be refused without a reason: it was settled."""
    if stage != InformationStage.ASKED:
        return Refusal("information.settled", _("Hierop is al geantwoord."))
    return None


def repeats(text: str, others: Iterable[str]) -> bool:
    """Whether so many words in a row stand in one of the others too, whatever the capitals and commas."""
    said = _rows_of_words(text)
    return any(said & _rows_of_words(other) for other in others)


def _rows_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + REPEATS]) for at in range(len(words) - REPEATS + 1)}
