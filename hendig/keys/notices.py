"""Which lines of the log concern keys. Nobody is told: who does this is at the keyboard."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code

CODES = {
    "key.destroyed": Code("A compartment's key was destroyed.", _("Een deel van het dossier is vernietigd")),
    "key.root_made": Code("A new root key was made.", _("De beveiliging kreeg een nieuwe sleutel")),
    "key.rewrapped": Code(
        "Keys were wrapped again by the newest root key.", _("De beveiliging is vernieuwd")
    ),
    "key.roots_retired": Code("Older root keys were thrown away.", _("Oude sleutels zijn weggegooid")),
    "key.renewed": Code("Compartments got a new key.", _("Het dossier kreeg een nieuwe sleutel")),
    "key.sealed_again": Code(
        "Texts were sealed again with the newest key.", _("De beveiliging van het dossier is vernieuwd")
    ),
}
