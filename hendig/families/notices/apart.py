"""Which lines of the log are about a child's own part: nobody is told, and those who raise read none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code

CODES = {
    "child.notes_seen": Code(
        "The youth, or somebody whom the youth named, opened the youth's own part.",
        _("las wat alleen van u is"),
    ),
    "child.note_written": Code(
        "Something was written in the youth's own part.", _("schreef iets bij wat alleen van u is")
    ),
    "child.told": Code(
        "Somebody wrote down apart what a child said that has no way in of its own.",
        _("schreef apart op wat u vertelde"),
    ),
    "child.note_about": Code(
        "Somebody said whom a piece in the youth's own part is about.",
        _("schreef op over wie iets gaat dat alleen van u is"),
    ),
    "child.note_taken_back": Code(
        "Who wrote something in the youth's own part took it away.", _("haalde iets weg dat alleen van u is")
    ),
    "child.note_put_back": Code(
        "Something stands in the youth's own part again.", _("zette iets terug dat alleen van u is")
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
