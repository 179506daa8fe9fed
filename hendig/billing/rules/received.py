"""An invoice that a partner's own system sent: why it is refused as a whole, and what its lines ask for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.nl import bsn

from hendig.billing.models import MOST_NUMBER
from hendig.billing.rules.accounts import written
from hendig.billing.rules.months import Kept, Price, counted, price_on
from hendig.kernel.money import half_up
from hendig.kernel.periods import CALENDAR, Period
from hendig.kernel.refusal import Refusal, Words
from hendig.kernel.traces import name_in

# The units of UN/ECE recommendation 20 in which help can be counted, in minutes.
UNITS: Mapping[str, int] = {"HUR": 60, "MIN": 1}
# A month of a professional has fewer minutes; more on one line is a mistake.
MOST_MINUTES = 60 * 24 * 31
MOST_CENTS_PER_HOUR = 100_000
# Nine digits, also as people write them apart; looked for from every digit that begins a group.
_NINE = tuple(
    re.compile(rf"(?<!\d)(?=({shape})(?!\d))", re.ASCII)
    for shape in (r"\d{9}", r"\d{2,4}(?:[ .-]\d{2,4}){2}", r"\d{2,4}(?:[ .-]\d{2,4}){3}")
)
BSN_LONG, _APART = 9, re.compile(r"[ .-]")
# Signs of free text on one invoice, all lines together: five hundred lines of five hundred.
MOST_TOLD = 250_000
SAID = " · "
_NUMBER = re.compile(r"[A-Za-z]{0,4}[-/.]?\d[-/.\d]{0,20}", re.ASCII)
# The number that stands in a Dutch VAT number passes the same test, and so does one day in eleven.
_NO_BSN = re.compile(
    r"NL\d{9}B\d{2}|(?<!\d)(?:(?:19|20)\d\d-\d\d-\d\d|\d\d?-\d\d?-(?:19|20)\d\d)(?!\d)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Said:
    """A line as the partner wrote it; `place` says where, in words of the form in which it came."""

    place: Words
    match_number: str
    code: str
    quantity: Decimal
    unit: str
    price: Decimal
    per: Decimal
    cents: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line as it can be booked."""

    place: Words
    match_number: str
    code: str
    minutes: int
    cents_per_hour: int
    cents: int
    first_on: date
    last_on: date

    @property
    def words(self) -> str:
        """Match number and code as they were written, as far as they look like it: else nobody reads them."""
        return SAID.join(text if _NUMBER.fullmatch(text) else "?" for text in (self.match_number, self.code))


@dataclass(frozen=True, slots=True)
class Billed:
    """What an invoice says beside its lines; `seller` and `buyer` are the numbers of organisations."""

    number: str
    issued_on: date
    is_credit: bool
    is_correction: bool
    before: tuple[str, ...]
    seller: frozenset[str]
    buyer: frozenset[str]
    iban: str
    in_euros: bool
    exempt: bool
    # A discount, a charge, an advance or a rounding that stands apart from the lines.
    has_more: bool
    # What a person may have written in it freely.
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """The partner as it is known here."""

    kvk: str
    iban: str


def why_not_for_us(billed: Billed, *, town: str, numbers: Collection[str]) -> Refusal | None:
    """Why this invoice is not one for this municipality, in a form in which it pays."""
    if not billed.buyer & set(numbers):
        return Refusal(
            "received.other_municipality",
            format_lazy(
                _("Deze factuur is niet voor gemeente {town}: daar hoort een ander KvK-nummer of OIN bij."),
                town=town,
            ),
        )
    if not billed.in_euros:
        return Refusal(
            "received.not_euro", _("De factuur is niet in euro. De gemeente betaalt alleen in euro.")
        )
    if not billed.exempt:
        return Refusal(
            "received.vat",
            _("Op de factuur staat btw, of geen vrijstelling. Jeugdhulp is vrijgesteld (categorie E)."),
        )
    if billed.has_more:
        return Refusal(
            "received.more",
            _(
                "Op de factuur staat een korting, toeslag, voorschot of afronding naast de regels."
                " Zet er alleen regels met uren op."
            ),
        )
    return None


def why_not_from(billed: Billed, sender: Sender | None) -> Refusal | None:
    """Why this invoice cannot be from the partner for which it came in; None when that is nobody here."""
    if sender is None or billed.seller != {sender.kvk}:
        return Refusal(
            "received.other_sender",
            _("Deze factuur is van een andere organisatie: het KvK-nummer van de afzender is een ander."),
        )
    if billed.iban and written(billed.iban) != written(sender.iban):
        return Refusal(
            "received.other_account",
            _(
                "Op de factuur staat een ander rekeningnummer dan wij van u kennen. Zet het bekende nummer"
                " erop, of vraag eerst een ander nummer aan bij Rekeningnummer."
            ),
        )
    return None


# The code for a file that came in already, and of which nothing was booked twice.
AGAIN = "received.again"


def why_not_booked(
    billed: Billed,
    *,
    today: date,
    sent: Collection[str],
    same_file: bool,
    earlier: Collection[str],
    same_key: bool = False,
) -> Refusal | None:
    """Why a document with this number cannot come in: once each, and not before its day.

    `sent` are the numbers of the partner that are known; `earlier` those that a correction can be of.
    `same_key`: by the key under which a system sends it, something came before.
    """
    again = _why_again(same_file=same_file, same_key=same_key)
    if again:
        return again
    if billed.number in sent:
        return Refusal(
            "received.twice",
            _("Met dit nummer kwam al een factuur van u binnen. Geef elke factuur een eigen nummer."),
        )
    if len(billed.number) > MOST_NUMBER:
        return Refusal(
            "received.long_number",
            format_lazy(_("Het nummer van de factuur is langer dan {most} tekens."), most=MOST_NUMBER),
        )
    if billed.issued_on > today:
        return Refusal("received.future", _("De datum van de factuur ligt in de toekomst."))
    if billed.is_correction and not (billed.before and set(billed.before) <= set(earlier)):
        return Refusal(
            "received.no_earlier",
            _("Zet erbij welke factuur dit verbetert. Wij kennen het nummer dat er nu staat niet."),
        )
    return None


def _why_again(*, same_file: bool, same_key: bool) -> Refusal | None:
    if same_file:
        return Refusal(AGAIN, _("Dit bestand is al ontvangen. Er is niets dubbel geboekt."))
    if same_key:
        return Refusal(
            "received.key_used",
            _("Met deze Idempotency-Key kwam al een ander bestand binnen. Geef elk bestand een eigen."),
        )
    return None


def why_too_told(billed: Billed) -> Refusal | None:
    """Why nobody looks through this: no invoice says so much, and others would wait for it meanwhile."""
    if sum(map(len, billed.told)) > MOST_TOLD:
        return Refusal(
            "received.long",
            _("Op de factuur staat te veel tekst. Kort de omschrijvingen in en stuur hem opnieuw."),
        )
    return None


def why_not_told(billed: Billed, names: Collection[str]) -> Refusal | None:
    """Why this may not be kept: it leads to a person, and to pay an organisation nobody's name is needed.

    Which name or number it is, is not repeated. The number of an invoice may be one that a person could have.
    """
    texts = [_NO_BSN.sub(" ", text) for text in billed.told]
    nine = {
        digits
        for text in texts
        for shape in _NINE
        for found in shape.findall(text)
        if len(digits := _APART.sub("", found)) == BSN_LONG
    }
    if any(map(bsn.is_valid, nine)):
        return Refusal(
            "received.bsn",
            _("Op de factuur staat een burgerservicenummer (BSN). Haal het weg: het matchnummer is genoeg."),
        )
    if any(name_in(text, names) for text in (*texts, billed.number)):
        return Refusal(
            "received.name",
            _("Op de factuur staat een naam uit een gezin. Haal die weg: het matchnummer is genoeg."),
        )
    return None


def why_no_line(said: Said) -> Refusal | None:
    """Why a line cannot be booked, whoever it is for."""
    if said.unit not in UNITS:
        return of_line("unit", said, _("Schrijf de tijd in uren (HUR) of minuten (MIN)."))
    if said.quantity <= 0 or said.price < 0 or said.cents < 0:
        return of_line("negative", said, _("Het aantal uren is nul of minder. Maak daarvoor een creditnota."))
    # Before they are rounded: a number may be longer than can be.
    if not (Decimal("0.5") <= _time(said) <= MOST_MINUTES):
        return of_line("hours", said, _("Zoveel uren kan niet. Kijk het aantal na."))
    if not (0 <= _rate(said) <= MOST_CENTS_PER_HOUR):
        return of_line("price", said, _("Dit uurtarief kan niet. Kijk de prijs na."))
    return _why_no_days(said)


def _why_no_days(said: Said) -> Refusal | None:
    known = [day for day in (said.first_on, said.last_on) if day and CALENDAR.covers(day)]
    if said.first_on is None or said.last_on is None or len(known) < 2:
        return of_line("no_days", said, _("Schrijf van welke dag tot en met welke dag de hulp was."))
    if said.last_on < said.first_on:
        return of_line("days", said, _("De laatste dag ligt voor de eerste dag."))
    return None


def of_line(code: str, said: Said | BilledLine, words: Words) -> Refusal:
    return Refusal(f"received.line_{code}", format_lazy("{}: {}", said.place, words))


def line_of(said: Said) -> BilledLine:
    """The line in minutes and a price for an hour; `why_no_line` found nothing against it."""
    assert said.first_on is not None
    assert said.last_on is not None
    return BilledLine(
        said.place,
        said.match_number,
        said.code,
        half_up(_time(said)),
        half_up(_rate(said)),
        said.cents,
        said.first_on,
        said.last_on,
    )


def _time(said: Said) -> Decimal:
    """In minutes."""
    return said.quantity * UNITS[said.unit]


def _rate(said: Said) -> Decimal:
    """In cents for an hour."""
    return said.price * 100 * 60 / ((said.per or 1) * UNITS[said.unit])


def month_billed(lines: Iterable[BilledLine], today: date) -> date:
    """The month of an invoice: that of its last day, and none that is still to come."""
    return min(max(line.last_on for line in lines), today).replace(day=1)


def shared(
    lines: Sequence[BilledLine],
    kept: Iterable[Kept],
    prices: Collection[Price],
    match_of: Mapping[str, UUID],
) -> dict[int, tuple[Kept, ...]]:
    """Which kept appointments stand behind which line, by its place: each behind one at the most.

    A line takes what lies in its days until its minutes are reached; who says fewer days chooses first.
    """
    left = sorted(kept, key=lambda one: one.on)
    found: dict[int, tuple[Kept, ...]] = {}
    for place in sorted(range(len(lines)), key=lambda n: (lines[n].last_on - lines[n].first_on, n)):
        line, minutes, taken = lines[place], 0, []
        days = Period(line.first_on, line.last_on)
        for one in left:
            price = price_on(prices, one.service_code_id, one.on)
            # What is advanced is settled by the year, and on no invoice of hours.
            more = 0 if price and price.is_advanced(one.on) else counted(one, prices)
            fits = one.match_id == match_of.get(line.match_number) and days.covers(one.on)
            if fits and more and minutes + more <= line.minutes:
                taken.append(one)
                minutes += more
        left = [one for one in left if one not in taken]
        found[place] = tuple(taken)
    return found


# The number of an organisation among governments that is made of that of the trade register.
_OF_TRADE = re.compile(r"0{7}3(\d{8})0000", re.ASCII)
# Where the number of the invoice may be what may not be there.
_PERSONAL = {"received.bsn", "received.name"}
# One letter at the most: no name is so short.
_NAMELESS = re.compile(rf"(?=.{{1,{MOST_NUMBER}}}$)[A-Za-z]?[-/.]?\d[-/.\d]*", re.ASCII)
# A number of the trade register, as a sender can be answered by.
_TRADE = re.compile(r"\d{8}", re.ASCII)


def trade_numbers(numbers: Iterable[str]) -> frozenset[str]:
    """The numbers in the trade register, also where they stand within an OIN."""
    found = ((number, _OF_TRADE.fullmatch(number)) for number in numbers)
    return frozenset(inside[1] if inside else number for number, inside in found)


def trade_number(numbers: Iterable[str]) -> str:
    """The one by which an organisation is reached; nothing where there is none, or it says two."""
    found = {number for number in trade_numbers(numbers) if _TRADE.fullmatch(number)}
    return found.pop() if len(found) == 1 else ""


def number_to_show(number: str, refusal: Refusal) -> str:
    """The number of an invoice that was not booked; nothing where it might name somebody or is none."""
    return "" if refusal.code in _PERSONAL or len(number) > MOST_NUMBER else number


def number_to_answer(number: str, refusal: Refusal) -> str:
    """The same, for who sent it: also where somebody is named in it, when the number itself names nobody."""
    digits = re.sub(r"\D", "", number)
    plain = _NAMELESS.fullmatch(number) and not (len(digits) == BSN_LONG and bsn.is_valid(digits))
    return number if plain and refusal.code in _PERSONAL else number_to_show(number, refusal)


def sent_as(key: str) -> str:
    """What is kept of the key under which a system sent something: whatever it wrote in it."""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def booking_series(kvk: str, year: int) -> str:
    """The partner's series of what its own system sent, beside the one of what is made here."""
    return f"E{kvk}-{year}-"


def booking_number(kvk: str, year: int, before: int) -> str:
    return f"{booking_series(kvk, year)}{before + 1:04d}"
