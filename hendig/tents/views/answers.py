"""What every answer of a tent needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from hendig.audit.forms import Form, Request
from hendig.kernel.refusal import NotVisible
from hendig.people.views import safe_path


def valid(form: Form) -> dict[str, Any]:
    """What a button sends; anything else was not sent by a button of ours."""
    if not form.is_valid():
        raise NotVisible
    return form.cleaned_data


def back(request: Request, default: str, *args: object) -> HttpResponse:
    """To the page where the button stood."""
    where = safe_path(request.POST.get("next", ""))
    return HttpResponseRedirect(where) if where else redirect(default, *args)


def file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
