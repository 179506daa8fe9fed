"""What the municipality calls help, and what iJw, Statistics Netherlands and its own books call it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.rules.agreements import words_of
from hendig.kernel.refusal import Refusal, Words

# JZ020, without the categories of 2015.
IJW_CATEGORIES: Mapping[str, Words] = {
    "40": _("Persoonlijke verzorging"),
    "41": _("Dagbehandeling"),
    "42": _("Vervoer"),
    "43": _("Verblijf met behandeling"),
    "44": _("Verblijf zonder behandeling"),
    "45": _("Jeugdhulp ambulant"),
    "46": _("Jeugdhulp crisis"),
    "47": _("Jeugdreclassering"),
    "48": _("Jeugdbescherming"),
    "49": _("Preventief justitieel kader"),
    "50": _("Maatwerkarrangementen jeugd"),
    "51": _("Generalistische basis-ggz"),
    "52": _("Specialistische ggz"),
    "53": _("Kindergeneeskunde"),
    "54": _("Jeugd-ggz"),
    "55": _("Landelijk ingekochte hulp"),
}
# Informatieprotocol Beleidsinformatie Jeugd, version 7.
CBS_CARE_FORMS: Mapping[str, Words] = {
    "01": _("Zonder verblijf, door het wijkteam"),
    "02": _("Ambulant, bij de aanbieder"),
    "03": _("Daghulp, bij de aanbieder"),
    "04": _("In de omgeving van de jeugdige"),
    "11": _("Pleegzorg"),
    "12": _("Gezinsgericht"),
    "13": _("Gesloten"),
    "14": _("Ander verblijf"),
}
# Iv3 as it stands since 2023.
IV3_FIELDS: Mapping[str, Words] = {
    "6.2": _("Toegang en eerstelijnsvoorzieningen"),
    "6.72a": _("Jeugdhulp begeleiding"),
    "6.72b": _("Jeugdhulp behandeling"),
    "6.72c": _("Jeugdhulp dagbesteding"),
    "6.72d": _("Jeugdhulp zonder verblijf, overig"),
    "6.73a": _("Pleegzorg"),
    "6.73b": _("Gezinsgericht"),
    "6.73c": _("Jeugdhulp met verblijf, overig"),
    "6.74a": _("Jeugdhulp behandeling ggz"),
    "6.74b": _("Jeugdhulp crisis, landelijk en ggz-verblijf"),
    "6.74c": _("Gesloten plaatsing"),
    "6.82a": _("Jeugdbescherming"),
    "6.82b": _("Jeugdreclassering"),
}
# LDT_ProductCode: one to five characters, none of them blank.
IJW_CODE = re.compile(r"[^\W_]{1,5}")


def why_no_mapping(*, ijw_category: str, ijw_code: str, cbs_care_form: str, iv3_field: str) -> Refusal | None:
    """Why the others would not understand what this code is."""
    if ijw_category not in IJW_CATEGORIES:
        return Refusal("code.no_category", _("Kies een categorie van iJw."))
    if not IJW_CODE.fullmatch(ijw_code):
        return Refusal(
            "code.bad_ijw_code",
            _("De productcode van iJw is een tot vijf letters of cijfers, zonder spatie."),
        )
    if cbs_care_form not in CBS_CARE_FORMS:
        return Refusal("code.no_care_form", _("Kies een hulpvorm van het CBS."))
    return why_no_field(iv3_field)


def why_not_called_from(
    from_on: date, today: date, *, same: bool, before: date | None, invoiced_until: date | None
) -> Refusal | None:
    """Why a code cannot be called otherwise from that day on; `before` is until when it last was.

    What was invoiced keeps the name and field under which it was.
    """
    if same:
        return Refusal("code.same", _("Zo heet deze code al. Er verandert niets."))
    if from_on > today:
        return Refusal("code.to_come", _("Deze dag komt nog. Kies vandaag of een eerdere dag."))
    if before is not None and from_on <= before:
        return Refusal(
            "code.changed_later",
            format_lazy(_("De code veranderde al na {day}. Kies een latere dag."), day=words_of(before)),
        )
    if invoiced_until is not None and from_on <= invoiced_until:
        return Refusal(
            "code.already_invoiced",
            format_lazy(
                _("Tot en met {day} is al hulp op deze code gefactureerd. Kies een latere dag."),
                day=words_of(invoiced_until),
            ),
        )
    return None


def why_no_field(iv3_field: str) -> Refusal | None:
    """Why nothing can be booked under this."""
    if iv3_field not in IV3_FIELDS:
        return Refusal("code.no_iv3", _("Kies een taakveld van Iv3."))
    return None
