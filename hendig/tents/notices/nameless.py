"""Which lines of the log a question without a name makes, and who hears of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.tents.models import NamelessQuestion
from hendig.tents.queries.hearing import the_coach, the_family, who_hears, whose_question


def my_tents(_entry: Entry) -> str:
    return reverse("my_tents")


def nameless_page(entry: Entry) -> str:
    """The page of a question without a name: of itself, or of an answer to it."""
    itself = NamelessQuestion.objects.filter(pk=str(entry.object_id))
    rows = itself or NamelessQuestion.objects.filter(told__hearers=entry.object_id)
    return reverse("nameless", args=[rows.values_list("request_id", flat=True).get()])


CODES = {
    "nameless.seen": Code(
        "Somebody opened what is told of a question without a name.",
        _("bekeek wat zonder naam verteld wordt"),
    ),
    "nameless.written": Code(
        "A question was written down as it may be told without a name; it waits for the family.",
        _("schreef uw vraag op zonder naam"),
        tell=(
            Tell(
                to=the_family,
                words=_("Uw vraag staat klaar, zonder naam. Lees of het zo verteld mag worden."),
                url=nameless_page,
            ),
        ),
    ),
    "nameless.told": Code(
        "The family allowed it: a question was told without a name to people of an expertise.",
        _("liet uw vraag vertellen, zonder naam"),
        tell=(
            Tell(to=who_hears, words=_("Een gezin vraagt zonder naam wat u denkt."), url=my_tents),
            Tell(
                to=the_coach, words=_("Een gezin laat zijn vraag zonder naam vertellen."), url=nameless_page
            ),
        ),
    ),
    "nameless.withdrawn": Code(
        "A question is not told without a name any more.", _("haalde uw vraag zonder naam terug")
    ),
    "nameless.answered": Code(
        "A professional answered a question without knowing whose it is.",
        _("antwoordde op uw vraag zonder naam"),
        tell=(
            Tell(to=whose_question, words=_("Iemand antwoordde op uw vraag zonder naam."), url=nameless_page),
        ),
    ),
    "nameless.forgotten": Code(
        "What was told without a name, and its answers, went after their term.",
        _("ruimde een vraag zonder naam op"),
    ),
}
