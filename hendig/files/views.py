"""A file is shown or taken along: translate in, one call, translate out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hendig.audit.forms import Request
from hendig.families.queries import opening
from hendig.files import queries


@require_safe
def file(request: Request, file_id: UUID) -> HttpResponse:
    """A photo shows in its page, a paper is saved; it can do nothing there, nor say about whom it is."""
    found = queries.where(request.actor, file_id, at=request.at)
    with opening(
        request.actor,
        "file.seen",
        found.family_id,
        at=request.at,
        kinds=(found.kind,),
        only=found.compartment_id,
        facts=found.facts,
    ) as look:
        kept = queries.content(look, file_id)
    response = HttpResponse(kept.content, content_type="image/jpeg" if kept.is_photo else "application/pdf")
    response["Content-Disposition"] = (
        'inline; filename="foto.jpg"' if kept.is_photo else 'attachment; filename="brief.pdf"'
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
