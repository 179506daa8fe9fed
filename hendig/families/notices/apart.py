"""Which lines of the log are about what is of a youth or of one parent alone: the others read none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code, Tell
from hendig.families.queries.hearing import family_page, own_part_page, the_side, who_may_page, whose_it_is

CODES = {
    "family.side_joined": Code(
        "Somebody came into the family who belongs to the side of one parent alone.",
        _("schreef iemand op die alleen bij u hoort"),
        tell=(Tell(to=the_side, words=_("Er staat iemand nieuw bij uw gezin."), url=family_page),),
    ),
    "family.side_said": Code(
        "It was put right whether somebody belongs to one parent's side alone, or to all of the family.",
        _("schreef op wie van iemand in uw gezin mag weten"),
        tell=(
            Tell(to=the_side, words=_("Er is veranderd wie van iemand in uw gezin weet."), url=family_page),
        ),
    ),
    "parent.coach_reads": Code(
        "A coach reads from now on what is of one parent alone.",
        _("leest vanaf nu ook wat alleen van u is"),
        tell=(
            Tell(
                to=the_side,
                words=_("Uw gezinscoach leest nu ook wat alleen van u is."),
                url=who_may_page,
            ),
        ),
    ),
    "apart.coach_changed": Code(
        "Another coach goes along, and does not read what is of a parent or a youth alone until named.",
        _("droeg uw vraag over aan een coach die niet leest wat alleen van u is"),
        tell=(
            Tell(
                to=whose_it_is,
                words=_(
                    "U hebt een andere gezinscoach. Die leest niet wat alleen van u is. Dat kiest u zelf."
                ),
                url=own_part_page,
            ),
        ),
    ),
    "parent.named": Code(
        "Somebody who helps reads along in what is of one parent alone.",
        _("liet iemand meelezen in wat alleen van u is"),
        tell=(Tell(to=the_side, words=_("Iemand leest nu mee in wat alleen van u is."), url=who_may_page),),
    ),
    "parent.named_no_more": Code(
        "Somebody does not read along in what is of one parent alone any more.",
        _("liet iemand niet meer meelezen in wat alleen van u is"),
    ),
    "child.notes_seen": Code(
        "A youth, a parent, or who was named there, opened an own part.",
        _("las wat alleen van u is"),
    ),
    "child.note_written": Code(
        "Something was written in the own part of a youth or a parent.",
        _("schreef iets bij wat alleen van u is"),
    ),
    "child.told": Code(
        "Somebody wrote down apart what a child said that has no way in of its own.",
        _("schreef apart op wat u vertelde"),
    ),
    "child.note_about": Code(
        "Somebody said whom a piece in an own part is about.",
        _("schreef op over wie iets gaat dat alleen van u is"),
    ),
    "child.note_taken_back": Code(
        "Who wrote something in an own part took it away.", _("haalde iets weg dat alleen van u is")
    ),
    "child.note_put_back": Code(
        "Something stands in an own part again.", _("zette iets terug dat alleen van u is")
    ),
    "child.named": Code(
        "A youth named somebody who helps to read along in the youth's own part.",
        _("liet iemand meelezen in wat alleen van u is"),
    ),
    "child.named_no_more": Code(
        "Somebody does not read along in the youth's own part any more.",
        _("liet iemand niet meer meelezen in wat alleen van u is"),
    ),
}
