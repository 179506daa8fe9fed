"""What is written down of cards: nobody is told of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code

CODES = {
    "card.kept": Code(
        "A professional changed the own card in the directory.", _("paste het eigen kaartje aan")
    ),
    "card.photo_removed": Code(
        "A professional took the own photo off the card.", _("haalde de eigen foto van het kaartje")
    ),
}
