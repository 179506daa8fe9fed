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
    here, on = request.actor.municipality_id, local_day(request.at)
    page = {
        "groups": queries.people_by_role(here, on=on),
        "others": [
            (name, queries.people_by_role(pk, on=on)) for pk, name in queries.other_municipalities(here)
        ],
    }
    return render(request, "web/demo.html", page)


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
