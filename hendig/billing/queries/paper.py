"""What stands on the paper of an invoice: the words of the page, written out."""

from __future__ import annotations

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hendig.billing.queries.office import InvoicePage
from hendig.billing.queries.rows import Line
from hendig.kernel.money import euros


def on_paper(page: InvoicePage) -> dict[str, object]:
    """The invoice in words, as the paper shows it. No queries."""
    invoice, partner, town = page.invoice, page.partner, page.municipality
    return {
        "lang": (get_language() or "nl")[:2],
        "title": (_("Creditnota %(number)s") if page.corrects else _("Factuur %(number)s"))
        % {"number": invoice.shown},
        "heading": _("Creditnota") if page.corrects else _("Factuur"),
        "number": invoice.shown,
        "words": {"from": _("Van"), "to": _("Aan"), "total": _("Totaal")},
        "partner": {
            "name": partner.name,
            "lines": [
                partner.name,
                *filter(None, [partner.street, f"{partner.postcode} {partner.town}".strip()]),
                f"KvK {partner.kvk}",
                *([f"AGB {partner.agb}"] if partner.agb else []),
                f"IBAN {partner.iban}",
            ],
        },
        "municipality": {
            "lines": [
                _("Gemeente %(name)s") % {"name": town.name},
                *([f"KvK {town.kvk}"] if town.kvk else []),
                *([f"OIN {town.oin}"] if town.oin else []),
            ]
        },
        "facts": [
            [_("Nummer"), invoice.shown],
            [_("Datum"), date_format(invoice.sent_on, "j F Y")],
            [_("Maand"), date_format(invoice.month, "F Y")],
            [_("Bij factuur"), page.corrects[1]]
            if page.corrects
            else [_("Betalen voor"), date_format(page.due_on, "j F Y")],
        ],
        "columns": [_("Code"), _("Match"), _("Periode"), _("Uren"), _("Tarief"), _("Bedrag")],
        "rows": [_row(line) for line in page.lines],
        "total": _money(invoice.cents),
        "vat": str(page.vat_exempt),
        "payment": _payment(page),
    }


def _payment(page: InvoicePage) -> str:
    """To whom the amount goes, if to anybody."""
    if page.is_paid_back or page.owed > 0:
        return _("Wij betalen dit bedrag terug op %(iban)s, ten name van gemeente %(name)s.") % {
            "iban": page.municipality.iban,
            "name": page.municipality.name,
        }
    if page.corrects or page.invoice.cents <= 0:
        return _("Dit bedrag hoeft u niet meer te betalen.")
    return _("Wij ontvangen dit bedrag graag op %(iban)s, ten name van %(name)s.") % {
        "iban": page.partner.iban,
        "name": page.partner.name,
    }


def _row(line: Line) -> list[str]:
    return [
        f"{line.code} {line.code_name}".strip(),
        line.match_number,
        f"{date_format(line.first_on, _('j b'))} – {date_format(line.last_on, _('j b'))}",
        _clock(line.minutes) if line.minutes else "",
        _money(line.cents_per_hour) if line.minutes else "",
        _money(line.cents),
    ]


def _clock(minutes: int) -> str:
    """4:25, because a third of an hour times a tariff is only exact in minutes."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def _money(cents: int) -> str:
    return f"€\N{NO-BREAK SPACE}{number_format(euros(cents), 2, force_grouping=True)}"
