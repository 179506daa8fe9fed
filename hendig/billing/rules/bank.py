"""What a file of the bank says, whether it can be believed, and what it means for our payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.models import NOT_PAID, Payment, PaymentStage
from hendig.files.rules import XML, Welcome
from hendig.kernel.money import euros
from hendig.kernel.references import OUR_REFERENCE
from hendig.kernel.refusal import Refusal, Words

BANK_FILE = Welcome(
    frozenset({XML}),
    15,
    Refusal(
        "bank.no_bank_file",
        _(
            "Dit is geen bestand van de bank. Haal bij de bank een afschrift (camt.053) of een statusbericht "
            "(pain.002) op. Zit het in een zip, pak het dan eerst uit."
        ),
    ),
)


class Said(StrEnum):
    """What the bank says happened."""

    DEBITED = "debited"
    RETURNED = "returned"
    REJECTED = "rejected"
    # Somebody sent money under this reference, or wrote this number as what it is for.
    CAME_IN = "came_in"
    PAID_BACK = "paid_back"


@dataclass(frozen=True, slots=True)
class Word:
    """What the bank says of one payment; without a reference of all of a batch. `line` is how it calls it.

    `beside` are more numbers of ours in what a payer wrote: of the invoice with that of its credit note.
    """

    said: Said
    reference: str
    batch: str
    cents: int | None
    on: date
    line: str = ""
    reason: str = ""
    beside: tuple[str, ...] = ()


class NotRead(StrEnum):
    """Why a file cannot be read as what it says it is."""

    OTHER_MESSAGE = "bank.other_message"
    INCOMPLETE = "bank.incomplete"
    NO_AMOUNT = "bank.no_amount"
    SCHEMA = "bank.schema"
    # Files of the bank too, that say something else.
    INTERIM = "bank.interim"
    NOTIFICATION = "bank.notification"
    ORDER = "bank.order"
    # Only the process that reads files of the bank finds this.
    TOO_MUCH = "bank.too_much"


NOT_READ: Mapping[NotRead, Refusal] = {
    NotRead.OTHER_MESSAGE: BANK_FILE.otherwise,
    NotRead.INCOMPLETE: Refusal(
        NotRead.INCOMPLETE,
        _("In dit bestand ontbreekt iets dat er moet staan. Haal het opnieuw op bij de bank."),
    ),
    NotRead.NO_AMOUNT: Refusal(
        NotRead.NO_AMOUNT, _("In dit bestand staat een bedrag of een dag die niet te lezen is.")
    ),
    NotRead.SCHEMA: Refusal(
        NotRead.SCHEMA,
        _("Dit bestand past niet bij de regels van de bank (het schema). Haal het opnieuw op bij de bank."),
    ),
    NotRead.INTERIM: Refusal(
        NotRead.INTERIM,
        _(
            "Dit is een overzicht van een dag die nog niet voorbij is (camt.052). Daarin kan nog iets "
            "veranderen. Haal na die dag het afschrift op (camt.053)."
        ),
    ),
    NotRead.NOTIFICATION: Refusal(
        NotRead.NOTIFICATION,
        _(
            "Dit is een melding van losse regels (camt.054). Zonder saldo is niet te zien of ze er allemaal "
            "in staan. Haal het afschrift op (camt.053)."
        ),
    ),
    NotRead.ORDER: Refusal(
        NotRead.ORDER,
        _(
            "Dit bestand gaat naar de bank (pain.001). Haal op wat de bank ervan zegt: een afschrift "
            "(camt.053) of een statusbericht (pain.002)."
        ),
    ),
    NotRead.TOO_MUCH: Refusal(
        NotRead.TOO_MUCH,
        _("Het bestand is afgewezen: het lezen kost te veel. Haal bij de bank een afschrift per dag op."),
    ),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A payment as the books have it before the file is read."""

    id: UUID
    batch: str
    reference: str
    cents: int
    stage: PaymentStage
    booked: tuple[date, str] | None = None
    refused: tuple[date, str] | None = None

    @property
    def left(self) -> bool:
        """Whether it left the account: by a line of the bank, or as somebody saw it."""
        return self.booked is not None or self.stage == PaymentStage.PAID


def known_of(payment: Payment) -> Known:
    """The payment, whose batch must have been read with it."""
    return Known(
        id=payment.pk,
        batch=payment.batch.number,
        reference=payment.reference,
        cents=payment.cents,
        stage=PaymentStage(payment.stage),
        # What somebody said to have seen is no line of the bank.
        booked=(payment.booked_on, payment.booked_line)
        if payment.booked_on and payment.booked_in_id
        else None,
        refused=(payment.refused_on, payment.refused_line) if payment.refused_on else None,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the file means for one payment that it changes."""

    id: UUID
    stage: PaymentStage
    booked: Word | None = None
    refused: Word | None = None


@dataclass(slots=True)
class _Heard:
    """All that the file says of one payment that the books do not have yet."""

    debits: list[Word] = field(default_factory=list)
    returns: list[Word] = field(default_factory=list)
    rejections: list[Word] = field(default_factory=list)


def is_ours(word: Word, batches: Collection[str]) -> bool:
    """Whether the bank speaks of something that we must know: by its batch or by how its reference looks."""
    if word.said == Said.PAID_BACK:
        return False
    return word.batch in batches or OUR_REFERENCE.fullmatch(word.reference) is not None


def pays_back(word: Word, notes: Collection[str]) -> bool:
    """Whether money came in under the number of a credit note of ours.

    Anybody can write a number as what a payment is for: one that we do not know is not our business.
    """
    return word.reference in notes and word.said in {Said.RETURNED, Said.CAME_IN, Said.PAID_BACK}


def under_note(word: Word, notes: Collection[str]) -> Word:
    """The word under the first number of a credit note that it names, where it names one."""
    named = (word.reference, *word.beside)
    return replace(word, reference=next((one for one in named if one in notes), word.reference), beside=())


def believed(known: Collection[Known], words: Collection[Word]) -> tuple[Word, ...]:
    """These words without what anybody could say by sending a cent under a reference of ours.

    Not each bank marks what comes back. What is not marked is a payment of ours only where it is
    that to the cent, left the account, and did not come back before.
    """
    debits = [word for word in words if word.said == Said.DEBITED]
    named = {word.reference for word in debits if word.reference}
    whole = {word.batch for word in debits if not word.reference}
    by_reference = {one.reference: one for one in known}
    kept: list[Word] = []
    back = {word.reference for word in words if word.said == Said.RETURNED}
    for word in words:
        if word.said != Said.CAME_IN:
            kept.append(word)
            continue
        one = by_reference.get(word.reference)
        left = one is not None and (one.left or one.reference in named or one.batch in whole)
        if one is None or not left or word.cents != one.cents or word.reference in back:
            continue
        if one.refused in {None, (word.on, word.line)}:
            back.add(word.reference)
            kept.append(replace(word, said=Said.RETURNED))
    return tuple(kept)


def outcomes(known: Collection[Known], words: Iterable[Word]) -> tuple[Outcome, ...] | Refusal:
    """What changes by these words of the bank, or why none of it can be believed.

    Every word is about one of the `known`: the rest of a statement is not ours, or must be (`is_ours`).
    """
    heard: dict[UUID, _Heard] = defaultdict(_Heard)
    by_reference = {one.reference: one for one in known}
    for word in words:
        found = by_reference.get(word.reference)
        # A batch in one line is what of it was not refused before.
        batch = [one for one in known if one.batch == word.batch and one.stage != PaymentStage.REFUSED]
        about = [found] if found else batch if not word.reference else []
        no = _why_not_word(word, about)
        if no:
            return no
        for one in about:
            _hear(heard[one.id], one, word)
    made = [_outcome(one, heard[one.id]) for one in known if one.id in heard]
    refusals = [one for one in made if isinstance(one, Refusal)]
    return refusals[0] if refusals else tuple(one for one in made if isinstance(one, Outcome))


def _why_not_word(word: Word, about: Collection[Known]) -> Refusal | None:
    name = word.reference or word.batch
    if not about:
        words = _("De bank noemt betaling {name}. Die is hier niet gemaakt. Er is niets veranderd.")
        return Refusal("bank.unknown_reference", format_lazy(words, name=name))
    if word.cents is None:
        return None if word.said == Said.REJECTED else NOT_READ[NotRead.NO_AMOUNT]
    asked = sum(one.cents for one in about)
    if word.cents == asked:
        return None
    words = _("De bank noemt {said} bij betaling {name}. Wij vroegen {asked}. Er is niets veranderd.")
    return Refusal(
        "bank.other_amount", format_lazy(words, said=in_euros(word.cents), name=name, asked=in_euros(asked))
    )


def _hear(heard: _Heard, one: Known, word: Word) -> None:
    """The word is added, unless the books have this very line of the bank already."""
    # How what came back had left the account is no news where somebody saw it before the bank said so.
    seen = one.stage == PaymentStage.RETURNED and one.booked is None
    if word.said == Said.DEBITED and one.booked != (word.on, word.line) and not seen:
        heard.debits.append(word)
    elif word.said == Said.RETURNED and one.refused != (word.on, word.line):
        heard.returns.append(word)
    elif word.said == Said.REJECTED and one.stage not in NOT_PAID:
        heard.rejections.append(word)


def _outcome(one: Known, heard: _Heard) -> Outcome | Refusal | None:
    if one.stage == PaymentStage.REFUSED:
        # Taken from the account and given back is the refusal that we know, in two lines.
        same = len(heard.debits) == len(heard.returns)
        return None if same else _about(one, "bank.contradicts", CONTRADICTS)
    debit, back = (found[0] if found else None for found in (heard.debits, heard.returns))
    no = next((word for word in heard.rejections if word.reason), next(iter(heard.rejections), None))
    debited = one.booked is not None or debit is not None
    if len(heard.debits) > (one.booked is None) or len(heard.returns) > (one.refused is None):
        wrong = _about(one, "bank.twice", TWICE)
    elif no and debited:
        wrong = _about(one, "bank.contradicts", CONTRADICTS)
    elif back and not (debited or one.left):
        wrong = _about(one, "bank.never_debited", NEVER_DEBITED)
    else:
        wrong = None
    if wrong or not (debit or back or no):
        return wrong
    stage = PaymentStage.RETURNED if back else PaymentStage.REFUSED if no else PaymentStage.PAID
    return Outcome(one.id, stage, booked=debit, refused=back or no)


CONTRADICTS = _(
    "De bank schrijft betaling {name} af, en wijst haar ook af. Vraag het de bank. Er is niets veranderd."
)
TWICE = _("Betaling {name} staat er een tweede keer. Vraag het de bank. Er is niets veranderd.")
NEVER_DEBITED = _(
    "Betaling {name} komt terug, maar is nog niet afgeschreven. Lees eerst het vorige afschrift."
)


def _about(one: Known, code: str, words: Words) -> Refusal:
    return Refusal(code, format_lazy(str(words), name=one.reference))


def in_euros(cents: int) -> Words:
    return format_lazy("€\N{NO-BREAK SPACE}{amount}", amount=_written(cents))


def _in_figures(cents: int) -> str:
    return number_format(euros(cents), 2, force_grouping=True)


_written = lazy(_in_figures, str)
