from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.people import actions, forms, queries


def sign_in(request: Request) -> HttpResponse:
    form = forms.SignInForm.of(request)
    code_id = form.done(lambda: actions.ask_code(actor=request.actor, at=request.at, **form.cleaned_data))
    if code_id:
        request.session["next"] = safe_path(request.GET.get("next", ""))
        return redirect("enter_code", code_id)
    return render(request, "people/sign_in.html", {"form": form}, status=form.http_status)


def enter_code(request: Request, code_id: UUID) -> HttpResponse:
    form = forms.CodeForm.of(request)
    account = form.done(
        lambda: actions.try_code(
            actor=request.actor, at=request.at, code_id=code_id, typed=form.cleaned_data["code"]
        )
    )
    if account:
        where = request.session.get("next") or "/"
        open_session(request, account.pk)
        return HttpResponseRedirect(where)
    response = render(request, "people/enter_code.html", {"form": form}, status=form.http_status)
    response.commits = True  # type: ignore[attr-defined]
    return response


@require_POST
def sign_out(request: Request) -> HttpResponse:
    request.session.flush()
    return redirect("home")


@require_POST
def choose_language(request: Request) -> HttpResponse:
    form = forms.LanguageForm.of(request)
    response = HttpResponseRedirect(safe_path(request.POST.get("next", "")) or "/")
    if form.is_valid():
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], max_age=31_536_000, samesite="Lax"
        )
        if request.actor.signed_in:
            language = form.cleaned_data["language"]
            actions.choose_language(actor=request.actor, language=language, at=request.at)
    return response


def notices(request: Request) -> HttpResponse:
    if request.method == "POST":
        actions.read_all_notices(actor=request.actor, at=request.at)
        return redirect("notices")
    return render(request, "people/notices.html", {"notices": queries.notices(request.actor)})


@require_POST
def open_notice(request: Request, notice_id: UUID) -> HttpResponse:
    notice = actions.read_notice(actor=request.actor, notice_id=notice_id, at=request.at)
    return HttpResponseRedirect(notice.url)


def open_session(request: Request, account_id: UUID) -> None:
    """The browser is signed in as this account, under a session key that nobody knew before."""
    request.session.flush()
    request.session["account"] = str(account_id)


def safe_path(path: str) -> str:
    """The path when it leads to this site, else nothing."""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
