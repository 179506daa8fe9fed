"""A note beside the page that remains: it says why it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.families.models.about import AboutSomebody
from hendig.kernel.refusal import Words
from hendig.keys.models import SealedText

LONGEST_REASON = 120


class Because(models.TextChoices):
    """Why a note is kept; what nobody asks for is kept for none of these."""

    NEXT = "next", _("Wie na mij komt, moet dit weten")
    AGREED = "agreed", _("We spraken af om dit te onthouden")
    SAFE = "safe", _("Het is nodig om veilig te helpen")
    OTHER = "other", _("Een andere reden")
    BEFORE = "before", _("Van voor deze vraag")


# What can be chosen: nobody writes anything today from before it was asked.
REASONS = (Because.NEXT, Because.AGREED, Because.SAFE, Because.OTHER)


@dataclass(frozen=True, slots=True)
class WhyKept:
    """Why a note must be kept, as its writer says: one of the choices, own words, or both."""

    because: str = ""
    words: str = ""

    @property
    def because_kept(self) -> str:
        return self.because or (Because.OTHER if self.words_kept else "")

    @property
    def words_kept(self) -> str:
        return self.words.strip()


NO_REASON = WhyKept()


class FurtherNote(AboutSomebody):
    """A note of a record beside its page, and why it is kept: empty where nobody asks for a reason.

    A family says of its own pieces what it likes, and what destroys itself is not kept.
    """

    # What was there before it was asked says so, and so does a process of before an upgrade that writes on.
    because = models.CharField(
        max_length=6, choices=Because, blank=True, default="", db_default=Because.BEFORE.value
    )
    because_words = SealedText(max_length=LONGEST_REASON, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def reason(self) -> WhyKept:
        """The reason as it can be given again: of a note from before it was asked there is none."""
        asked = "" if self.because == Because.BEFORE else self.because
        return WhyKept(asked, str(self.because_words))

    @property
    def because_said(self) -> Words:
        """Why it is kept, in words; empty where it was not asked."""
        own = str(self.because_words)
        if not self.because or (own and self.because == Because.OTHER):
            return own
        label = Because(self.because).label
        return format_lazy("{label}: {own}", label=label, own=own) if own else label
