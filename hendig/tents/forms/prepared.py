"""What is written down at home for the meeting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hendig.audit.forms import Form, Request
from hendig.families.forms import CarefulForm
from hendig.tents.forms.table import TOO_LONG
from hendig.tents.models import (
    OwnPlan,
    PreparedKind,
)
from hendig.tents.queries.prepared import Note, Preparing
from hendig.tents.rules import MOST_LETTERS

ASKS = {
    PreparedKind.QUESTION: _("Wat wilt u vragen of vertellen?"),
    PreparedKind.GOES_WELL: _("Wat gaat er goed?"),
    PreparedKind.WORRY: _("Waar maakt u zich zorgen over?"),
}


class NoteForm(CarefulForm):
    """Something to bring to the table; a coach who writes with a family says whose words they are."""

    shared_texts = ("text",)

    text = forms.CharField(
        label=_("In uw eigen woorden"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_LETTERS,
        error_messages={"max_length": TOO_LONG, "required": _("Schrijf eerst iets op.")},
    )
    kind = forms.TypedChoiceField(choices=PreparedKind.choices, coerce=PreparedKind, widget=forms.HiddenInput)
    said_by = forms.TypedChoiceField(label=_("Wie zegt dit?"), coerce=UUID, empty_value=None, required=False)

    def __init__(self, *args: Any, page: Preparing, kind: PreparedKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title, self.name = ASKS[kind], kind.value
        self.fields["kind"].initial = kind
        if page.own:
            del self.fields["said_by"]
        else:
            members = [(str(pk), name) for pk, name in page.members]
            self.fields["said_by"].choices = [("", _("Ik zelf")), *members]  # type: ignore[attr-defined]

    @classmethod
    def posted(cls, request: Request, page: Preparing) -> NoteForm | None:
        """The one of the three that was sent; None when none was."""
        try:
            kind = PreparedKind(request.POST.get("kind", ""))
        except ValueError:
            return None
        return cls.of(request, page=page, kind=kind)

    @classmethod
    def each(cls, page: Preparing, posted: NoteForm | None) -> list[tuple[list[Note], NoteForm]]:
        """The three of them, each with what was written in it before; what was typed stands where it was."""
        return [
            (
                [note for note in page.notes if note.kind == kind],
                posted
                if posted and posted.fields["kind"].initial == kind
                else cls(page=page, kind=kind, auto_id=f"{kind}_%s"),
            )
            for kind in PreparedKind
        ]


class OwnPlanForm(Form):
    choice = forms.TypedChoiceField(choices=OwnPlan.choices, coerce=OwnPlan)
