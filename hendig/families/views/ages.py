"""The page of what changes on a birthday."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from hendig.audit.forms import Request
from hendig.families import queries
from hendig.families.queries.ages import turning


def ages(request: Request, family_id: UUID) -> HttpResponse:
    with queries.opening(request.actor, "age.seen", family_id, at=request.at) as look:
        page = {"family_id": family_id, "children": turning(look), "part": look.part}
    return render(request, "families/ages.html", page)
