from __future__ import annotations

import secrets
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hendig.audit.forms import Request
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Refused
from hendig.people import actions, forms, queries, rules
from hendig.people.adapters import broker, factors, sealed
from hendig.people.queries import roles
from hendig.people.rules import Asks, Means

# What goes along when a session gets a new key: where one was going, and what one was about to send. It is
# somebody's own: whoever comes in after another person in the same browser finds neither. So does the key of
# what waits sealed on the device: it ends with the session, or when somebody signs out.
WAITS, KEY_BYTES = "waits", 32
GOES_ALONG = ("next", "sealed", WAITS)
FOR_SURE = "for_sure"


def sign_in(request: Request) -> HttpResponse:
    if request.known and request.method == "GET":
        return redirect("second_factor" if request.asks is Asks.FACTOR else "come_back")
    form = forms.SignInForm.of(request)
    code_id = form.done(lambda: _ask(request, form.cleaned_data["email"]))
    if request.GET.get("next"):
        request.session["next"] = safe_path(request.GET["next"])
    if code_id:
        return redirect("enter_code", code_id)
    page = {"form": form, "provider": settings.OIDC_ISSUER and settings.OIDC_NAME}
    return render(request, "people/sign_in.html", page, status=form.http_status)


def _ask(request: Request, email: str) -> UUID:
    factors.require_allowed(request, "door")
    return actions.ask_code(actor=request.actor, email=email, at=request.at)


def enter_code(request: Request, code_id: UUID) -> HttpResponse:
    form = forms.CodeForm.of(request)
    account = form.done(
        lambda: actions.try_code(
            actor=request.actor, at=request.at, code_id=code_id, typed=form.cleaned_data["code"]
        )
    )
    if account:
        return come_in(request, account.pk, Means.CODE)
    page = {"form": form, "read_out": queries.is_read_out(code_id)}
    return _again(request, "people/enter_code.html", page, form.http_status)


def second_factor(request: Request) -> HttpResponse:
    """After the code by mail: with what one has, or else the page to make one."""
    if request.asks is not Asks.FACTOR:
        return redirect("sign_in")
    return _show_factor(request, "people/second_factor.html")


def come_back(request: Request) -> HttpResponse:
    """After having been still: once more who is there, then on to where one was. A get locks what is open."""
    if request.GET.get("next"):
        request.session["next"] = safe_path(request.GET["next"])
    if request.me and request.method == "GET":
        request.session["locked"] = True
        return redirect("come_back")
    if request.asks is not Asks.SELF:
        return redirect("sign_in")
    return _show_factor(request, "people/come_back.html")


def _show_factor(request: Request, template: str) -> HttpResponse:
    form = forms.FactorForm.of(request)
    if form.done(lambda: _try_typed(request, form.cleaned_data["code"])):
        return come_in(request, request.known.account_id, Means.APP)
    return _again(request, template, _factor_page(request, form), form.http_status)


def _factor_page(request: Request, form: forms.FactorForm) -> dict[str, object]:
    kinds = {line.kind for line in queries.factors(request.known.account_id)}
    # Why it is asked: to be sure before this one thing, or because nobody did anything for a while.
    sure = request.session.get("locked") == FOR_SURE
    return {"form": form, "known": request.known, "kinds": kinds, "sure": sure}


def _try_typed(request: Request, typed: str) -> bool:
    account_id = request.known.account_id
    factors.require_allowed(request, "factor", str(account_id))
    actions.try_typed(actor=request.actor, account_id=account_id, typed=typed, at=request.at)
    return True


@require_POST
def code_again(request: Request) -> HttpResponse:
    """Who has no passkey and no app gets a code by mail once more."""
    if request.asks is not Asks.SELF or queries.factors(request.known.account_id):
        return redirect("sign_in")
    return redirect("enter_code", _ask(request, queries.address(request.known.account_id)))


@require_GET
def ask_passkey(request: Request) -> HttpResponse:
    if not factors.allowed(request, "door"):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    return JsonResponse(factors.ask_passkey())


@require_POST
def use_passkey(request: Request) -> HttpResponse:
    form = forms.PasskeyForm.of(request)
    known = request.known.account_id if request.known else None
    account_id = form.done(
        lambda: actions.try_passkey(
            actor=request.actor, answer=form.cleaned_data["answer"], at=request.at, account_id=known
        )
    )
    if account_id:
        return come_in(request, account_id, Means.PASSKEY)
    return _passkey_failed(request, form)


def _passkey_failed(request: Request, form: forms.PasskeyForm) -> HttpResponse:
    response = _again(request, "people/passkey_failed.html", {"form": form}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _note(request, response, "factor.wrong")


def new_passkey(request: Request) -> HttpResponse:
    """A get asks what the browser needs; a post brings what it made."""
    account_id = _may_add(request)
    if request.method == "GET":
        return JsonResponse(factors.offer_passkey(account_id))
    form = forms.PasskeyForm.of(request)
    name = rules.device(request.headers.get("User-Agent", ""))
    answer = form.done(
        lambda: actions.add_passkey(
            actor=request.actor,
            account_id=account_id,
            name=name,
            answer=form.cleaned_data["answer"],
            at=request.at,
        )
    )
    if answer is None:
        return _passkey_failed(request, form)
    return _added(request, account_id, Means.PASSKEY, first=answer)


def new_app(request: Request) -> HttpResponse:
    account_id = _may_add(request)
    form = forms.FactorForm.of(request)
    offer = factors.offer_app(account_id, again=form.is_bound)
    answer = form.done(
        lambda: actions.add_app(
            actor=request.actor,
            account_id=account_id,
            typed=form.cleaned_data["code"],
            secret=offer.secret,
            at=request.at,
        )
    )
    if answer is None:
        return _again(request, "people/new_app.html", {"form": form, "offer": offer}, form.http_status)
    return _added(request, account_id, Means.APP, first=answer)


def _may_add(request: Request) -> UUID:
    """Whoever is in, or who came by a code and has no factor yet; nobody goes around one that is there."""
    if request.me:
        return UUID(str(request.me.account_id))
    if request.asks is Asks.FACTOR and not queries.factors(request.known.account_id):
        return UUID(str(request.known.account_id))
    raise NotVisible


def _added(request: Request, account_id: UUID, means: Means, *, first: bool) -> HttpResponse:
    """Who was in already stays in; who was not comes in with it, the first time past the recovery codes."""
    if request.me:
        return redirect("access")
    if not first:
        return come_in(request, account_id, means)
    open_session(request, account_id, means)
    return redirect("recovery_codes")


def recovery_codes(request: Request) -> HttpResponse:
    if request.method == "POST":
        actions.renew_recovery_codes(actor=request.actor, at=request.at)
        return redirect("recovery_codes")
    where = reverse("resume") if "sealed" in request.session else request.session.get("next", "/")
    page = {"codes": factors.recovery_codes(request.actor.account), "where": where}
    return render(request, "people/recovery_codes.html", page)


def access(request: Request) -> HttpResponse:
    held = queries.factors(request.actor.account)
    page = {
        "factors": held,
        "devices": queries.devices(request.actor, session_key=request.session.session_key),
        "provider": settings.OIDC_ISSUER and settings.OIDC_NAME,
        "why_no_removal": rules.why_no_removal(roles=request.actor.roles, left=len(held) - 1),
        "may_help": rules.may(request.actor, rules.Permission.HELP_BACK_IN),
        "may_agree": rules.may(request.actor, rules.Permission.AGREE_TO_ROLE),
    }
    return render(request, "people/access.html", page)


def help_colleague(request: Request) -> HttpResponse:
    """Somebody reads out a code to a colleague who lost everything; its sender shows first who is there."""
    form = forms.ColleagueForm.of(request)
    if form.is_bound and form.is_valid() and not is_fresh(request):
        return show_again(request)
    code = form.done(lambda: _help_back_in(request, form.cleaned_data["email"]))
    page: dict[str, object] = {"form": form, "code": code}
    response = _again(request, "people/help_colleague.html", page, form.http_status)
    no = [error.code for error in form.errors.as_data().get("__all__", [])]
    return _note(request, response, no[0] or "") if no else response


def _help_back_in(request: Request, email: str) -> str:
    factors.require_allowed(request, "colleague", str(request.actor.account_id))
    return actions.help_back_in(actor=request.actor, email=email, at=request.at)


@require_GET
def workers(request: Request) -> HttpResponse:
    return render(request, "people/workers.html", {"page": roles.workers(request.actor, at=request.at)})


def ask_role(request: Request) -> HttpResponse:
    form = forms.RoleForm.of(request, offers=roles.role_choices(request.actor))
    if form.done(lambda: actions.ask_for_role(actor=request.actor, at=request.at, **form.cleaned_data)):
        messages.success(request, _("Gevraagd. De rol geldt zodra een tweede persoon akkoord geeft."))
        return redirect("workers")
    return render(request, "people/ask_role.html", {"form": form}, status=form.http_status)


@require_POST
def agree_role(request: Request, role_id: UUID) -> HttpResponse:
    if not is_fresh(request):
        return show_again(request)
    account = actions.agree_to_role(actor=request.actor, role_id=role_id, at=request.at)
    messages.success(request, _("%(name)s heeft de rol vanaf nu.") % {"name": account.first_name})
    return redirect("workers")


@require_POST
def decline_role(request: Request, role_id: UUID) -> HttpResponse:
    actions.decline_role(actor=request.actor, role_id=role_id, at=request.at)
    messages.success(request, _("De rol is niet gegeven."))
    return redirect("workers")


def stop_role(request: Request, membership_id: UUID) -> HttpResponse:
    page = roles.worker(request.actor, membership_id, at=request.at)
    form = forms.StopRoleForm.of(request)
    if form.is_bound and form.is_valid() and not is_fresh(request):
        return show_again(request)
    stop = lambda: actions.stop_role(  # noqa: E731
        actor=request.actor, membership_id=membership_id, at=request.at, **form.cleaned_data
    )
    if form.done(stop) is not None:
        messages.success(request, _("De rol is gestopt. %(name)s is overal afgemeld.") % {"name": page.name})
        return redirect("home" if page.own else "workers")
    return render(request, "people/stop_role.html", {"form": form, "page": page}, status=form.http_status)


@require_POST
def remove_factor(request: Request, number: int) -> HttpResponse:
    actions.remove_factor(actor=request.actor, number=number, at=request.at)
    return redirect("access")


@require_POST
def end_device(request: Request, number: int) -> HttpResponse:
    actions.end_session_of_list(actor=request.actor, number=number, at=request.at)
    return redirect("access")


@require_GET
def to_provider(request: Request) -> HttpResponseBase:
    if not settings.OIDC_ISSUER:
        raise NotVisible
    try:
        return broker.away(request)
    except broker.Failed:
        return _provider_failed(request, rules.PROVIDER_FAILED)


@require_GET
def from_provider(request: Request) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise NotVisible
    try:
        claims = broker.back(request)
        account_id = actions.try_provider(actor=request.actor, claims=claims, at=request.at)
    except broker.Failed:
        return _provider_failed(request, rules.PROVIDER_FAILED)
    except Refused as no:
        return _provider_failed(request, no.refusal)
    return come_in(request, account_id, Means.BROKER)


def _provider_failed(request: Request, no: Refusal) -> HttpResponse:
    response = render(
        request, "people/provider_failed.html", {"why": no.message}, status=HTTPStatus.UNPROCESSABLE_ENTITY
    )
    return _note(request, response, no.code)


def resume(request: Request) -> HttpResponse:
    """What was about to be sent when one had been still too long: it is sent with one more tap."""
    kept = sealed.opened(request.session.pop("sealed", ""))
    if kept is None:
        return redirect("home")
    return render(request, "people/resume.html", {"where": kept.path, "fields": kept.fields})


@require_GET
def still_here(_request: Request) -> HttpResponse:
    """Somebody types without sending: a sign of life, and nothing else."""
    return HttpResponse(status=204)


def waiting_key(request: Request) -> HttpResponse:
    """With which this browser seals what waits for a connection: of this session, and kept nowhere there."""
    key = bytes.fromhex(request.session.get(WAITS, ""))
    return HttpResponse(key, content_type="application/octet-stream")


@require_POST
def sign_out(request: Request) -> HttpResponse:
    # Also who is still asked who is there: a page in another tab must not go on hearing.
    person = request.me or request.known
    if person:
        actions.end_session(actor=person.actor, session_key=request.session.session_key or "", at=request.at)
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


def ask_first(request: Request) -> HttpResponse | None:
    """The page that stands before every other while something is still asked of who signed in.

    A form that arrives then is kept, sealed, until its sender came back; it is answered with an error, so
    that its key is still good for the second time.
    """
    if request.asks is Asks.NOTHING:
        return None
    name = "second_factor" if request.asks is Asks.FACTOR else "come_back"
    if request.method == "GET":
        request.session["next"] = request.get_full_path()
        return redirect(name)
    request.session["sealed"] = sealed.closed(request)
    page = _factor_page(request, forms.FactorForm())
    response = _again(request, f"people/{name}.html", page, HTTPStatus.UNAUTHORIZED)
    response["HX-Redirect"] = reverse(name)
    return response


def is_fresh(request: Request) -> bool:
    """Whether who sits there showed it within the last minutes, by more than a code in a mail.

    Of a family somebody may have nothing but that code.
    """
    shown = request.session.get("shown", "")
    moment = datetime.fromisoformat(shown) if shown else None
    means = Means(request.session.get("means", Means.CODE))
    at_home = settings.FAMILIES_BY_CODE and not rules.works_here(request.actor.roles)
    by_code = at_home and not queries.factors(request.actor.account)
    return rules.is_fresh(means, moment, request.at, by_code=by_code)


def show_again(request: Request) -> HttpResponse:
    """Before this form counts its sender shows once more who is there; what was typed is kept, sealed."""
    request.known, request.session["locked"] = request.me, FOR_SURE
    request.session["next"] = request.path
    request.session["sealed"] = sealed.closed(request)
    page = _factor_page(request, forms.FactorForm())
    response = _again(request, "people/come_back.html", page, HTTPStatus.UNAUTHORIZED)
    response["HX-Redirect"] = reverse("come_back")
    return response


def open_session(request: Request, account_id: UUID, means: Means = Means.CODE) -> None:
    """The browser is signed in as this account, under a session key that nobody knew before."""
    same = request.session.get("account") in {None, str(account_id)}
    kept = {name: request.session[name] for name in GOES_ALONG if same and name in request.session}
    before = request.session.session_key or ""
    request.session.flush()
    shown = {"account": str(account_id), "means": means.value, "shown": request.at.isoformat()}
    request.session.update({WAITS: secrets.token_hex(KEY_BYTES), **kept, **shown})
    request.session.create()
    actions.begin_session(
        actor=request.actor,
        account_id=account_id,
        session_key=request.session.session_key or "",
        device=rules.device(request.headers.get("User-Agent", "")),
        means=means,
        at=request.at,
        before=before,
    )


def come_in(request: Request, account_id: UUID, means: Means, *, onward: str = "") -> HttpResponse:
    """Signed in, and on: to what is still asked, to what was about to be sent, or to where one was going."""
    open_session(request, account_id, means)
    if onward:
        request.session["next"] = onward
    person = queries.me(account_id, on=local_day(request.at))
    roles = person.actor.roles if person else ()
    if not means.strong and (rules.works_here(roles) or not settings.FAMILIES_BY_CODE):
        return redirect("second_factor")
    if "sealed" in request.session:
        return redirect("resume")
    return HttpResponseRedirect(request.session.pop("next", "") or "/")


def _again(request: Request, template: str, page: dict[str, object], status: int) -> HttpResponse:
    """The page once more; what a wrong try cost stays written although it was refused."""
    response = render(request, template, page, status=status)
    response.commits = True  # type: ignore[attr-defined]
    return response


def _note(request: Request, response: HttpResponse, code: str) -> HttpResponse:
    """A failed try of somebody whom we do not know stands in the log as well."""
    what = request.resolver_match.url_name if request.resolver_match else "unknown"
    response.refusal = {"actor": request.actor, "what": what, "at": request.at, "code": code}  # type: ignore[attr-defined]
    return response


def safe_path(path: str) -> str:
    """The path when it leads to this site, else nothing."""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
