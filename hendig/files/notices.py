"""The line that a look at a file leaves. Nobody is told: the family reads it in its log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hendig.audit.notices import Code

CODES = {
    "file.seen": Code("Somebody opened a photo or a paper of the record.", _("opende een foto of een brief")),
}
