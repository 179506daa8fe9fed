"""Only in demo mode: everybody's door, the mail that would have been sent, and the components."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.people import queries
from hendig.people.rules import Means, Permission
from hendig.people.urls import route
from hendig.people.views import open_session
from hendig.web import gallery
from hendig.web.shell import front_door


def door(request: Request) -> HttpResponse:
    people = queries.people_by_role(request.actor.municipality_id, on=local_day(request.at))
    return render(request, "web/demo.html", {"groups": people})


@require_POST
def become(request: Request, account_id: UUID) -> HttpResponse:
    person = queries.me(account_id, on=local_day(request.at))
    if person is None:
        raise NotVisible
    open_session(request, account_id, Means.DEMO)
    return redirect(front_door(person.actor))


def post(request: Request) -> HttpResponse:
    return render(request, "web/post.html", {"letters": queries.letters()})


PUBLIC = Permission.SEE_PUBLIC_PAGES
urlpatterns = [
    route("demo/", door, name="demo", needs=PUBLIC),
    route("demo/post/", post, name="demo_post", needs=PUBLIC),
    route("demo/<uuid:account_id>/", become, name="become", needs=PUBLIC),
    route("componenten/", gallery.components, name="components", needs=PUBLIC),
]
