"""Which lines of the log concern money, and who hears of them: the partner's office, never a family."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.billing.models import Invoice
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.people.models import Membership, Professional


def the_office(entry: Entry) -> Iterable[UUID]:
    """Who runs the office of the partner that sent the invoice."""
    partner = Invoice.objects.filter(pk__in=[entry.object_id]).values("partner")
    held = Membership.objects.standing(local_day(entry.at)).filter(role=Role.OFFICE, partner__in=partner)
    return held.order_by("id").values_list("account_id", flat=True)


def finance(entry: Entry) -> Iterable[UUID]:
    """Who pays for the municipality."""
    held = Membership.objects.standing(local_day(entry.at)).filter(
        role=Role.FINANCE, municipality_id=entry.municipality_id
    )
    return held.order_by("id").values_list("account_id", flat=True)


def office_and_finance(entry: Entry) -> Iterable[UUID]:
    """Both sides of an invoice that was made by itself; nobody where nothing was to be paid."""
    office = list(the_office(entry))
    return [*office, *finance(entry)] if office else []


def invoice_page(entry: Entry) -> str:
    return reverse("invoice", args=[entry.object_id])


def office_of_change(entry: Entry) -> Iterable[UUID]:
    """Who runs the office of the partner whose account it is; nobody of an account of the municipality."""
    if not entry.facts["partner"]:
        return ()
    held = Membership.objects.standing(local_day(entry.at)).filter(
        role=Role.OFFICE, partner=entry.facts["partner"]
    )
    return held.order_by("id").values_list("account_id", flat=True)


def both_sides_of_change(entry: Entry) -> Iterable[UUID]:
    return [*office_of_change(entry), *finance(entry)]


def account_page(entry: Entry) -> str:
    return reverse("account", args=[entry.facts["partner"]])


def office_of_file(entry: Entry) -> Iterable[UUID]:
    """Who runs the office of the partner that sent the file, where that could be read."""
    return office_of_change(entry)


def finance_of_own(entry: Entry) -> Iterable[UUID]:
    """Whoever pays, for an account of the municipality itself and for a file that names no sender."""
    return () if entry.facts["partner"] else finance(entry)


def whose_hours(entry: Entry) -> Iterable[UUID]:
    """The professional who keeps them."""
    return Professional.objects.filter(pk=entry.facts["professional"]).values_list("account_id", flat=True)


def hours_page(entry: Entry) -> str:
    return f"{reverse('hours')}?partner={entry.facts['partner']}&maand={entry.facts['month']}"


def turned_away_page(entry: Entry) -> str:
    return reverse("turned_away", args=[entry.object_id])


CODES = {
    "billing.own_help_seen": Code(
        "Somebody opened what a family's own help cost.", _("bekeek wat uw hulp kost")
    ),
    "payment.followed": Code(
        "Somebody followed a payment to the hours on which it stands.",
        _("ging een betaling na, met de dagen, uren en kosten van uw hulp"),
    ),
    "payment.taken_along": Code(
        "Somebody took a payment along with the hours on which it stands, without a name.",
        _("nam een betaling mee als bestand, met de dagen, uren en kosten van uw hulp, zonder namen"),
        takes=True,
    ),
    "invoice.seen": Code(
        "Somebody of the municipality opened an invoice with hours of a family, without a name.",
        _("bekeek een factuur, met uren en kosten van uw hulp"),
    ),
    "invoice.taken_along": Code(
        "Somebody of the municipality took an invoice along, with hours of a family, without a name.",
        _("nam een factuur mee als bestand, met uren en kosten van uw hulp, zonder namen"),
        takes=True,
    ),
    "account.asked": Code(
        "A partner asked to be paid on another account.",
        _("vroeg om een ander rekeningnummer"),
        tell=(
            Tell(
                to=finance,
                words=_("Een partner vraagt om een ander rekeningnummer. Bel om te horen of dat klopt."),
                url=lambda _entry: reverse("pay"),
                by_mail=False,
            ),
            Tell(
                to=office_of_change,
                words=_(
                    "Iemand van uw kantoor vroeg om een ander rekeningnummer. Klopt dat niet, houd het tegen."
                ),
                url=account_page,
            ),
        ),
    ),
    "own_account.asked": Code(
        "The operator asked that the municipality pays from another account.",
        _("vroeg om een ander rekeningnummer voor de gemeente"),
        tell=(
            Tell(
                to=finance,
                words=_(
                    "De beheerder vraagt om een ander rekeningnummer voor de gemeente. Kijk of het klopt."
                ),
                url=lambda _entry: reverse("pay"),
            ),
        ),
    ),
    "account.agreed": Code(
        "Who pays for the municipality agreed to another account; it holds still for 72 hours.",
        _("keurde een rekeningnummer goed"),
        tell=(
            Tell(
                to=office_of_change,
                words=_("Over 72 uur verandert uw rekeningnummer. Klopt dat niet, houd het dan nu tegen."),
                url=account_page,
            ),
            Tell(
                to=finance_of_own,
                words=_(
                    "De gemeente betaalt over 72 uur van een andere rekening. Klopt dat niet, houd het tegen."
                ),
                url=lambda _entry: reverse("pay"),
            ),
        ),
    ),
    "account.stopped": Code(
        "A change of account was stopped.",
        _("hield een ander rekeningnummer tegen"),
        tell=(
            Tell(
                to=both_sides_of_change,
                words=_("Een wijziging van een rekeningnummer is tegengehouden."),
                url=lambda _entry: "/meldingen/",
                by_mail=False,
            ),
        ),
    ),
    "account.moved": Code(
        "The hold was over: a partner is paid on another account, or the municipality pays from one.",
        _("veranderde een rekeningnummer"),
        tell=(
            Tell(
                to=office_of_change,
                words=_("Uw rekeningnummer is veranderd. U wordt nu op het nieuwe nummer betaald."),
                url=account_page,
            ),
            Tell(
                to=finance_of_own,
                words=_("De gemeente betaalt nu van het nieuwe rekeningnummer."),
                url=lambda _entry: reverse("pay"),
            ),
        ),
    ),
    "monthly_amount.set": Code(
        "What is paid each month under an agreement was agreed.", _("sprak een bedrag per maand af")
    ),
    "advance.made": Code(
        "The amount of a month under an agreement became an invoice by itself.",
        _("maakte de factuur van een bedrag per maand"),
        tell=(
            Tell(
                to=the_office,
                words=_(
                    "Het bedrag van deze maand staat klaar. De gemeente betaalt het zonder factuur van u."
                ),
                url=invoice_page,
                by_mail=False,
            ),
        ),
    ),
    "advances.settled": Code(
        "Advances were settled with what was kept until a day.",
        _("verrekende voorschotten"),
        tell=(
            Tell(
                to=office_and_finance,
                words=_("De voorschotten zijn verrekend."),
                url=invoice_page,
                by_mail=False,
            ),
        ),
    ),
    "agreement.made": Code(
        "The municipality and a partner agreed.", _("maakte een afspraak met een partner")
    ),
    "agreement.ended": Code(
        "An agreement with a partner got its last day.", _("beëindigde een afspraak met een partner")
    ),
    "pot.made": Code(
        "An amount was set aside for a group of families in a year.",
        _("maakte een pot voor een groep gezinnen"),
    ),
    "pot.amount_set": Code(
        "Another amount was set aside for a group of families, from a day on.",
        _("veranderde het bedrag van een pot"),
    ),
    "pot.stopped": Code("A pot was taken away.", _("haalde een pot weg")),
    "service_code.changed": Code(
        "What a code is called, here or by others, changed.", _("veranderde hoe een code heet")
    ),
    "tariff.set": Code("What an hour on a code costs was agreed.", _("sprak een tarief af")),
    "tariff.ended": Code("A tariff got its last day.", _("beëindigde een tarief")),
    "invoice.sent": Code(
        "A partner's month became an invoice, and its four facts were checked.", _("verstuurde een factuur")
    ),
    "invoice.received": Code(
        "An invoice or credit note of a partner's own system was booked, and its four facts were checked.",
        _("ontving een factuur"),
        tell=(Tell(to=the_office, words=_("Uw factuur is ontvangen."), url=invoice_page, by_mail=False),),
    ),
    "hours.running_out": Code(
        "Hours of a partner are nearly too old to be invoiced without a question.",
        _("zag dat uren van bijna een jaar geleden op geen factuur staan"),
        tell=(
            Tell(
                to=office_of_change,
                words=_("Uren van bijna een jaar geleden staan nog op geen factuur. Verstuur ze op tijd."),
                url=hours_page,
            ),
            Tell(
                to=finance,
                words=_("Uren van bijna een jaar geleden staan nog op geen factuur. Kijk van welke partner."),
                url=lambda _entry: f"{reverse('agreements')}#running-out",
                by_mail=False,
            ),
        ),
    ),
    "hours.own_running_out": Code(
        "Hours of a professional are nearly too old to be invoiced without a question.",
        _("zag dat uren van bijna een jaar geleden op geen factuur staan"),
        tell=(
            Tell(
                to=whose_hours,
                words=_(
                    "Een afspraak van bijna een jaar geleden staat nog op geen factuur. Tik aan of die is "
                    "geweest. Deed u dat al? Zeg het dan uw kantoor."
                ),
                url=lambda _entry: reverse("today"),
            ),
        ),
    ),
    "invoice.answered": Code(
        "The system that sent an invoice by the folder was told how it stands.",
        _("liet het systeem van een partner weten hoe een factuur ervoor staat"),
    ),
    "invoice.turned_away": Code(
        "An invoice in the folder was not booked.",
        _("nam een factuur niet aan"),
        tell=(
            Tell(
                to=office_of_file,
                words=_("Een factuur van uw systeem is niet aangenomen. Lees waarom."),
                url=turned_away_page,
            ),
            Tell(
                to=finance_of_own,
                words=_("Een factuur in de map is niet aangenomen, en wij weten niet van wie. Lees waarom."),
                url=turned_away_page,
            ),
        ),
    ),
    "invoice.checked": Code(
        "The four facts of an invoice were checked once more.",
        _("keek een factuur opnieuw na"),
        tell=(
            Tell(to=the_office, words=_("Uw factuur is opnieuw bekeken."), url=invoice_page, by_mail=False),
        ),
    ),
    "invoice_line.answered": Code(
        "A partner answered what was asked about a line of its invoice.",
        _("beantwoordde een vraag over een factuur"),
        tell=(
            Tell(
                to=finance,
                words=_("Een partner gaf antwoord op een vraag over een factuur."),
                url=invoice_page,
                by_mail=False,
            ),
        ),
    ),
    "invoice_line.accepted": Code(
        "A line of an invoice was accepted as it stands, although something was asked about it.",
        _("keurde een regel van een factuur goed"),
        tell=(
            Tell(
                to=the_office,
                words=_("Een regel van uw factuur is goedgekeurd."),
                url=invoice_page,
                by_mail=False,
            ),
        ),
    ),
    "invoice_line.credited": Code(
        "A partner took a line back; a credit note says so. What was paid of it comes off the next payment.",
        _("crediteerde een regel van een factuur"),
        tell=(
            Tell(
                to=finance,
                words=_("Een partner crediteerde een regel van een factuur."),
                url=invoice_page,
                by_mail=False,
            ),
        ),
    ),
    "repayment.booked": Code(
        "By a statement of the bank a partner paid back what it was to give back.",
        _("las dat een partner geld terugbetaalde"),
        tell=(Tell(to=the_office, words=_("Uw terugbetaling is binnen."), url=invoice_page, by_mail=False),),
    ),
    "invoice.part_paid": Code(
        "What was right of an invoice was paid; a question stands open about the rest.",
        _("betaalde een deel van een factuur"),
        tell=(Tell(to=the_office, words=_("Een deel van een factuur van u is betaald."), url=invoice_page),),
    ),
    "payment.made": Code(
        "Everything that was right was paid in one file.", _("betaalde de facturen die klopten")
    ),
    "payment.left_out": Code(
        "A partner was not paid with the others: no right account of it is known.",
        _("betaalde een partner niet, omdat het rekeningnummer niet klopt"),
        tell=(
            Tell(
                to=office_of_change,
                words=_(
                    "Wij konden u niet betalen: uw rekeningnummer klopt niet of is er niet. Geef het op."
                ),
                url=account_page,
            ),
        ),
    ),
    "payment.confirmed": Code(
        "Somebody of the municipality saw at the bank that a batch was carried out.",
        _("bevestigde dat de bank een betaling uitvoerde"),
    ),
    "invoice.confirmed": Code(
        "Somebody of the municipality saw at the bank that what was asked for an invoice was paid.",
        _("bevestigde dat de bank een factuur betaalde"),
    ),
    "journal.made": Code(
        "A month was written for the financial system.", _("maakte het journaal van een maand")
    ),
    "bank_file.read": Code("A file of the bank was read.", _("las een bestand van de bank")),
    "invoice.booked": Code(
        "The bank paid what was asked for an invoice.", _("las dat de bank een factuur betaalde")
    ),
    "invoice.turned_down": Code(
        "The bank refused a payment or gave it back; what it was for can be paid once more.",
        _("las dat een betaling terugkwam"),
        tell=(
            Tell(
                to=the_office,
                words=_("Een betaling aan u kwam terug. Kijk waarom, en of uw rekeningnummer klopt."),
                url=invoice_page,
            ),
            Tell(
                to=finance,
                words=_("De bank gaf een betaling terug. Zij staat weer klaar."),
                url=invoice_page,
                by_mail=False,
            ),
        ),
    ),
    "invoice.paid": Code(
        "An invoice was paid.",
        _("betaalde een factuur"),
        tell=(Tell(to=the_office, words=_("Een factuur van u is betaald."), url=invoice_page),),
    ),
}
