"""Which lines the drawing of who is around makes. Nobody is told of them; the log shows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code

CODES = {
    "circle.own_seen": Code(
        "A youth opened the drawing of the own circle, which nobody else reads.", _("bekeek de eigen kring")
    ),
    "circle.own_drawn": Code("A youth drew somebody in the own circle.", _("zette iemand in de eigen kring")),
    "circle.tie_changed": Code("Somebody of the circle stands otherwise.", _("paste iemand in de kring aan")),
    "circle.tie_undone": Code(
        "The last step in the circle was undone.", _("deed een stap terug in de kring")
    ),
    "circle.shown": Code(
        "A youth showed the own circle in that of the family.", _("liet de eigen kring zien in uw kring")
    ),
    "circle.hidden": Code(
        "A youth took the own circle out of that of the family.", _("haalde de eigen kring weg uit uw kring")
    ),
}
