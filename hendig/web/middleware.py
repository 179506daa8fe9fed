"""What every request passes: it happens once, it knows who asks, and a no becomes an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from hendig.audit.actions import forget, heard, nothing_seen, refused, speaking, told
from hendig.audit.forms import Request
from hendig.audit.models import Receipt, lock
from hendig.connections.adapters.answers import is_api
from hendig.connections.queries import Comer, comer
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import queries
from hendig.people.adapters.sessions import SessionStore, came_along, clock
from hendig.people.queries import Me
from hendig.people.rules import Asks, Means, what_is_asked, works_here
from hendig.tents.queries import may_listen
from hendig.web import errors
from hendig.web.live import milliseconds

GetResponse = Callable[[HttpRequest], HttpResponseBase]
KEPT_HEADERS = ("Location", "Content-Type", "HX-Redirect", "HX-Trigger")
COOKIES = "Set-Cookie"
# Bytes of the hash of the browser, before that of the account.
HASHED = 32
# Read and removed by the script of the page where the form leads (hendig.js); seconds, for a slow line.
ACCEPTED, ACCEPTED_FOR = "hendig_accepted", 300
PAGE = "text/html"
LIVE = "/live/"  # a stream comes by itself: nobody did anything
# What somebody who listens at a talk has before them.
SCREENS_OF_TALK = frozenset({"tent", "drawing"})


class Unkept:
    """What is no page (a letter, a photo, a copy, a calendar, a stream) is for this reader at this moment.

    No browser and nothing on the way keeps it, also when a second post gets the answer of the first. Only
    what depends on its address alone (`for_all`) may stay.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.get("Content-Type", PAGE).startswith(PAGE)
        if not is_page and not getattr(response, "for_all", False):
            response["Cache-Control"] = "no-store"
        return response


class Once:
    """A form's key makes a post happen once: the change and its answer are kept in one transaction.

    A second post with the same key waits for the first and gets the same answer; when the first was
    refused or failed, nothing of it remains and the second is handled as if it were the first. A page that
    shows its form once more keeps what stands in the log of it (`_keeps`). What goes out for one reader at
    one moment (`alone`) is not kept: who sends the form again is judged again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        key = _key(request)
        response = self.get_response(request) if key is None else _accepted(self._once(request, key), key)
        no = getattr(response, "refusal", None)
        if no is not None:
            refused(**no)
        return response

    def _once(self, request: Request, key: UUID) -> HttpResponseBase:
        with transaction.atomic():
            if not _claim(key, _browser(request)):
                return _again(key, request)
            response = self.get_response(request)
            if not _keeps(response):
                transaction.set_rollback(True)
            elif response.status_code >= 400 or _alone(response):
                Receipt.objects.filter(key=_kept_as(key)).delete()
            elif isinstance(response, HttpResponse):
                _keep(key, response, _browser(request) + _account(request, getattr(request, "me", None)))
        return response


class Who:
    """Sets `request.actor`, `request.me` and `request.at`: once, at the edge, for all that follows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        nothing_seen()
        request.at = timezone.now()  # noqa: TID251 - the edge, where the time of a request is read once
        request.came = milliseconds()
        # A post with a key has its transaction already; without one nobody can be told to the walls.
        if connection.in_atomic_block:
            with self._told(request):
                return _says_when(request, self.get_response(request))
        with transaction.atomic(), self._told(request):
            response = self.get_response(request)
            if not _keeps(response):
                transaction.set_rollback(True)
        return _says_when(request, response)

    @contextmanager
    def _told(self, request: Request) -> Iterator[None]:
        """Inside the block the walls judge for who asks: for a visitor when the session names nobody."""
        system = is_api(request.path)
        request.comer = _system(request) if system else None
        person = None if system else _person(request)
        if request.comer is not None:
            request.actor = request.comer.actor
        elif person is None:
            nobody = told(Actor.visitor(UUID(int=0)), request.at)
            met = queries.municipality_at(request.get_host(), telling=nobody)
            request.actor, request.accent = Actor.visitor(met.municipality_id), met.accent
        else:
            request.actor, request.accent = person.actor, person.accent
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = person.language
        request.me = person
        if request.comer is not None:
            with speaking(request.actor, request.at):
                yield
            return
        token = heard(told(request.actor, request.at))
        try:
            yield
        finally:
            forget(token)


def _says_when(request: Request, response: HttpResponseBase) -> HttpResponseBase:
    """Beside the page, not in it: two pages that say the same are the same to the byte."""
    response["Server-Timing"] = f'came;desc="{request.came}"'
    return response


class No:
    """Turns the three ways to say no into their answers; 404 never tells what exists."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotVisible):
            return _noted(request, errors.page(request, 404), "not_visible")
        if isinstance(error, Forbidden):
            return _noted(request, errors.page(request, 403), "forbidden")
        if isinstance(error, Refused):
            return _noted(request, errors.page(request, 422, error.refusal.message), error.refusal.code)
        return None


def _system(request: Request) -> Comer | None:
    """The system whose token this is. A session opens nothing there, and a token opens nothing elsewhere."""
    request.known, request.asks = None, Asks.NOTHING
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return comer(token.strip(), at=request.at) if kind.lower() == "bearer" else None


def _person(request: Request) -> Me | None:
    """Who is signed in and may go on. Who must show more first is `request.known`, a visitor till then."""
    request.known, request.asks = None, Asks.NOTHING
    if not request.session.session_key:
        return None
    idle = timedelta(minutes=settings.IDLE_MINUTES)
    found = queries.who_is_here(
        request.session.session_key,
        at=request.at,
        now=clock(),
        alive="X-Hendig-Live" not in request.headers and request.path != LIVE,
        idle=idle,
    )
    if found is None or not came_along(request, found.kept, found.me.account_id):
        return None
    request.asks = what_is_asked(
        roles=found.me.actor.roles,
        strong=Means(request.session.get("means", Means.CODE)).strong,
        still=timedelta.max if request.session.get("locked") else found.still,
        idle=idle,
        by_code=settings.FAMILIES_BY_CODE,
    )
    if request.asks is Asks.SELF and not request.session.get("locked") and _listens(request, found):
        request.asks = Asks.NOTHING
    if request.asks is Asks.NOTHING:
        return found.me
    request.known = found.me
    return None


def _listens(request: Request, here: queries.Here) -> bool:
    """Whether it is the page of a talk at which they sit that looks by itself, and nothing else.

    Who only listens touches nothing, and is there. Whatever they do is asked who is there first.
    """
    tent_id = _talk_of(request)
    return tent_id is not None and may_listen(
        here.me.actor, tent_id, last=request.at - here.still, at=request.at
    )


def _talk_of(request: Request) -> UUID | None:
    """Of which tent a page that stands open asks, by itself, what changed."""
    if request.method != "GET":
        return None
    if request.path == LIVE:
        topics = [topic.partition(":") for topic in request.GET.getlist("topic")]
        keys = [key for kind, _colon, key in topics if kind == "tent"]
        return _uuid(keys[0]) if len(topics) == len(keys) == 1 else None
    if "X-Hendig-Live" not in request.headers:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    return match.kwargs["tent_id"] if match.url_name in SCREENS_OF_TALK else None


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _keeps(response: HttpResponseBase) -> bool:
    """Whether what was written stays.

    A page that shows its form once more showed the record too: that it was opened stays in the log, although
    the change was refused and left nothing. So does what is marked `commits` (a wrong code costs a try).
    """
    if response.status_code < 400 or getattr(response, "commits", False):
        return True
    return response.status_code == 422 and not hasattr(response, "refusal")


def _noted(request: Request, response: HttpResponse, code: str) -> HttpResponse:
    match = request.resolver_match
    response.refusal = {  # type: ignore[attr-defined]
        "actor": request.actor,
        "what": match.url_name if match else "unknown",
        "at": request.at,
        "code": code,
        "object_id": _tried(request, code),
    }
    return response


def _tried(request: Request, code: str) -> UUID | None:
    """What somebody who works here asked for by its address and is closed to them; of others it is not kept.

    A parent who works here too is refused by other rules as any parent is.
    """
    closed = code in {"not_visible", "forbidden"} or code.endswith(".own_family")
    if not closed or not works_here(request.actor.roles):
        return None
    named = request.resolver_match.kwargs.values() if request.resolver_match else ()
    return next((value for value in named if isinstance(value, UUID)), None)


def _key(request: HttpRequest) -> UUID | None:
    if request.method != "POST":
        return None
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError:
        return None


def _browser(request: HttpRequest) -> bytes:
    """The browser session that sends it, and where to."""
    return _hash(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), request.path)


def _account(request: HttpRequest, person: Me | None) -> bytes:
    """Who is signed in there, and where to; nothing for a visitor."""
    return _hash(f"account {person.account_id}", request.path) if person else b""


def _hash(who: str, path: str) -> bytes:
    return hashlib.sha256(f"{who}|{path}".encode()).digest()


def _now_signed_in(request: Request) -> Me | None:
    """Who is signed in, asked before the others of the request know."""
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.at = timezone.now()  # noqa: TID251 - this request is answered here
    return _person(request)


def _kept_as(key: UUID) -> UUID:
    """The key under which a receipt lies: not that of the form, which opens the answer in it."""
    return UUID(bytes=hashlib.sha256(key.bytes).digest()[:16])


def _lock(key: UUID) -> Fernet:
    """What opens an answer: the key that only who has the form knows, and that of this installation."""
    return lock(f"answer {key}")


def _claim(key: UUID, sender: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_receipt (key, sender, headers, body, at) VALUES (%s, %s, '{}', '', now()) "
            "ON CONFLICT DO NOTHING",
            [_kept_as(key), sender],
        )
        return bool(cursor.rowcount == 1)


def _accepted(response: HttpResponseBase, key: UUID) -> HttpResponseBase:
    """Tells the browser which form was taken in, and nothing of it: only then it forgets what was typed.

    A page that shows the form once more took nothing in, nor did one that first asks who is there. It is
    told apart from the answer that is kept: that can only be opened by who has this key.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST and not _alone(response):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(ACCEPTED, str(key), max_age=ACCEPTED_FOR, secure=secure, samesite="Lax")
    return response


def _alone(response: HttpResponseBase) -> bool:
    return getattr(response, "alone", False)


def _keep(key: UUID, response: HttpResponse, sender: bytes) -> None:
    """The answer is kept, for the browser that sent the form and for the account that was signed in there."""
    headers: dict[str, object] = {name: response[name] for name in KEPT_HEADERS if name in response}
    headers[COOKIES] = [morsel.OutputString() for morsel in response.cookies.values()]
    Receipt.objects.filter(key=_kept_as(key)).update(
        sender=sender,
        status=response.status_code,
        headers=headers,
        body=_lock(key).encrypt(bytes(response.content)),
    )


def _again(key: UUID, request: Request) -> HttpResponse:
    """The answer of the first post, for who made it: in that browser, or signed in anew since.

    What the first answer said to that browser alone, who it is, is not for another.
    """
    receipt = Receipt.objects.get(key=_kept_as(key))
    browser, account = bytes(receipt.sender[:HASHED]), bytes(receipt.sender[HASHED:])
    here = browser == _browser(request)
    if not here and (not account or account != _account(request, _now_signed_in(request))):
        return errors.page(request, 404)
    response = HttpResponse(_lock(key).decrypt(bytes(receipt.body)), status=receipt.status)
    for cookie in receipt.headers.pop(COOKIES, []):
        response.cookies.load(cookie)
    if not here:
        response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
    for name, value in receipt.headers.items():
        response[name] = value
    return response
