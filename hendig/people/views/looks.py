"""How the pages of a municipality look: its one colour."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hendig.audit.forms import Request
from hendig.kernel.refusal import NotVisible
from hendig.people import actions, forms
from hendig.people.rules import accent as rules


def look(request: Request) -> HttpResponse:
    now = request.accent or rules.GREEN
    form = forms.LookForm.of(request, initial={"colour": now})
    if form.done(lambda: actions.set_accent(actor=request.actor, at=request.at, **form.cleaned_data)):
        messages.success(request, _("Bewaard. Elke bladzijde heeft nu deze kleur."))
        return redirect("look")
    page = {"form": form, "now": now, "night": rules.by_night(now), "nearest": _nearest(form)}
    return render(request, "people/look.html", page, status=form.http_status)


def _nearest(form: forms.LookForm) -> str:
    """What can be had instead of a colour that is too pale."""
    pale = any(error.code == "accent.pale" for error in form.errors.as_data().get("__all__", []))
    return rules.nearest(form.cleaned_data["colour"]) if pale else ""


@require_GET
def accent(_request: Request, digits: str) -> HttpResponse:
    """The stylesheet of a colour. It depends on its address alone: whoever has it need not ask again."""
    colour = f"#{digits}"
    if rules.why_no_accent(colour):
        raise NotVisible
    words = f":root {{ --hendig-accent: {colour}; --hendig-accent-night: {rules.by_night(colour)}; }}\n"
    response = HttpResponse(words, content_type="text/css")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response.for_all = True  # type: ignore[attr-defined]
    return response
