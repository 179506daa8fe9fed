"""Where the persons of a family live: read, written down, corrected, ended, and who may know it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Form, Request
from hendig.families.actions import homes as actions
from hendig.families.forms.homes import HomeForm, KnowsForm, LastDayForm
from hendig.families.queries import homes as queries
from hendig.kernel.periods import local_day


def homes(request: Request, family_id: UUID) -> HttpResponse:
    with queries.opening_homes(request.actor, family_id, at=request.at) as look:
        page = queries.homes_page(look)
    return _kept_nowhere(render(request, "families/homes.html", {"page": page}))


def new_home(request: Request, member_id: UUID) -> HttpResponse:
    person = queries.whose(request.actor, member_id, at=request.at)
    form = HomeForm.of(request, mine=person.mine, known=None, from_on=local_day(request.at))
    note = lambda: actions.note_home(  # noqa: E731
        actor=request.actor, person_id=member_id, at=request.at, **form.told()
    )
    if form.done(note) is not None:
        messages.success(request, _("Opgeschreven. Alleen wie het mag weten, leest dit."))
        return redirect("homes", person.family_id)
    return _typed(request, "families/home.html", {"person": person, "form": form}, form)


def correct_home(request: Request, home_id: UUID) -> HttpResponse:
    home = queries.home_of(request.actor, home_id, at=request.at)
    person = home.person
    form = HomeForm.of(request, mine=person.mine, known=home.address, from_on=home.from_on)
    correct = lambda: actions.note_home(  # noqa: E731
        actor=request.actor, person_id=person.member_id, instead_of=home_id, at=request.at, **form.told()
    )
    if form.done(correct) is not None:
        messages.success(request, _("Verbeterd. Wat er stond, telt niet meer."))
        return redirect("homes", person.family_id)
    return _typed(request, "families/home.html", {"person": person, "home": home, "form": form}, form)


def end_home(request: Request, home_id: UUID) -> HttpResponse:
    home = queries.home_of(request.actor, home_id, at=request.at)
    form = LastDayForm.of(request, initial={"until_on": local_day(request.at)})
    end = lambda: actions.end_home(  # noqa: E731
        actor=request.actor, home_id=home_id, at=request.at, **form.cleaned_data
    )
    if form.done(end) is not None:
        return redirect("homes", home.person.family_id)
    return _typed(request, "families/end_home.html", {"home": home, "form": form}, form)


@require_POST
def who_knows_home(request: Request, member_id: UUID) -> HttpResponse:
    form = KnowsForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    act = actions.let_know if form.cleaned_data["on"] else actions.let_know_no_more
    account_id = form.cleaned_data["account"]
    person = act(actor=request.actor, person_id=member_id, account_id=account_id, at=request.at)
    return redirect("homes", person.family_id)


def _typed(request: Request, template: str, page: dict[str, object], form: Form) -> HttpResponse:
    return _kept_nowhere(render(request, template, page, status=form.http_status))


def _kept_nowhere(answer: HttpResponse) -> HttpResponse:
    """What holds an address is kept by no browser, and not as the answer of this form."""
    answer["Cache-Control"] = "no-store"
    answer.alone = True  # type: ignore[attr-defined]
    return answer
