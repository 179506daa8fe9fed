"""For what somebody sees along, and what of it, in the words of a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.families.models import Compartment, Consent, Invitation, Sort, WhatFor
from hendig.families.models.filters import limited
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Words


def aim_words(what_for: str, words: str = "") -> Words:
    """For what, as it ends a sentence: the plain words of the choice, or the family's own."""
    if what_for != WhatFor.OWN:
        return WhatFor(what_for).label
    own = words.strip().rstrip(".")
    if not own:
        return _("om iets dat het gezin zelf opschreef")
    return own if own.casefold().startswith("om ") else format_lazy(_("voor: {what}"), what=own)


def listed(words: Sequence[Words], last: Words) -> Words:
    """The words in a row, with `last` before the last of them."""
    if len(words) == 1:
        return words[0]
    most = format_lazy(", ".join(["{}"] * (len(words) - 1)), *words[:-1])
    return format_lazy("{most} {last} {word}", most=most, last=last, word=words[-1])


def own_aims(lines: Iterable[tuple[UUID | None, Mapping[str, Any]]]) -> dict[UUID, str]:
    """The own words to which lines of the log lead, by what each line is about. At most 2 queries."""
    things = [pk for pk, facts in lines if pk and facts.get("what_for") == WhatFor.OWN]
    if not things:
        return {}
    found = dict(Consent.objects.filter(pk__in=things).values_list("pk", "aim"))
    return found | dict(Invitation.objects.filter(pk__in=things).values_list("pk", "aim"))


def left_out(town: UUID, account_id: UUID, sort: Sort, *, at: datetime) -> frozenset[UUID]:
    """The compartments of which somebody does not read this sort; asked as Hendig itself. 1 query."""
    found = Compartment.objects.filter(pk__in=limited(Actor(town, account_id), at, sort))
    return frozenset(found.order_by().values_list("pk", flat=True))


def told_more(facts: Mapping[str, Any], own: str, first_name: str) -> Words:
    """What a line of the log says besides: for what, and what was left out before and is now."""
    parts: list[Words] = []
    if facts.get("what_for") in WhatFor.values:
        parts.append(format_lazy(_("Waarvoor: {aim}."), aim=aim_words(facts["what_for"], own)))
    if "leaves_out" in facts:
        before, now = _left_out(facts["left_out"]), _left_out(facts["leaves_out"])
        if first_name:
            parts.append(format_lazy(_("Het ging om {name}."), name=first_name))
        parts.append(format_lazy(_("Eerst: {before}. Nu: {now}."), before=before, now=now))
    return format_lazy(" ".join(["{}"] * len(parts)), *parts) if parts else ""


def _left_out(sorts: Collection[str]) -> Words:
    found = [one.label for one in Sort if one in sorts]
    if not found:
        return _("alles wat we samen weten")
    return format_lazy(_("niet {what}"), what=listed(found, _("en niet")))
