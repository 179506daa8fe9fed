"""Telling people, and setting up who works here."""

from __future__ import annotations

import smtplib
from collections.abc import Collection, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Manager
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app as jobs

from hendig.audit.actions import Change, change
from hendig.audit.models import Anchor, Entry
from hendig.audit.notices import Tell
from hendig.audit.notices import code as declared
from hendig.audit.queries import newest_seal_line
from hendig.kernel.actor import Actor, Role
from hendig.kernel.meetings import Meeting
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people import rules
from hendig.people.adapters import agenda, bounces
from hendig.people.models import (
    Account,
    Elsewhere,
    Expertise,
    Letter,
    Membership,
    Municipality,
    Notice,
    Partner,
    Professional,
    ProfessionalExpertise,
    RoleRequest,
)
from hendig.people.rules import Permission, require_permission

# How long what is declared in `privacy` stays, by the moment that says how old it is.
TERMS: tuple[tuple[Manager[Any], str, timedelta], ...] = (
    (Letter.objects, "at", timedelta(days=30)),
    (Notice.objects, "at", timedelta(days=365)),
    (RoleRequest.objects, "asked_at", timedelta(days=365)),
)
# So many at once: a change that waits for a year's rows would hold up everybody.
AT_ONCE = 500
KEEP_THIS = gettext_lazy(
    "Bewaar deze mail. U hoeft verder niets te doen.\n\n"
    "Zegel %(code)s\n%(number)s:%(hash)s\n\n"
    "Hendig schrijft op wie iets bekijkt of verandert. Dit zegel legt vast wat er nu in dat logboek staat. "
    "Zolang u het bewaart, kan niemand daar iets uit weghalen zonder dat het opvalt. "
    "Vraagt de privacyfunctionaris ernaar, stuur dan deze mail door.\n\nHendig"
)


def choose_language(*, actor: Actor, language: str, at: datetime) -> None:
    """Pages and mails come in this language from now on; nl says u, nl-je says je."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "language.chosen", at=at) as act:
        account = act.lock(Account.objects.all(), _account(actor))
        account.language = language
        account.save()
        act.record(account, language=language)


def read_notice(*, actor: Actor, notice_id: UUID, at: datetime) -> Notice:
    """The notice is read; reading it again changes nothing."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "notice.read", at=at) as act:
        notice = act.lock(Notice.objects.filter(account_id=actor.account), notice_id)
        if notice.read_at is None:
            notice.read_at = at
            notice.save()
        act.record(notice)
    return notice


def read_all_notices(*, actor: Actor, at: datetime) -> None:
    """Nothing is unread any more."""
    require_permission(actor, Permission.BE_SIGNED_IN)
    with change(actor, "notice.read", at=at) as act:
        account = act.lock(Account.objects.all(), _account(actor))
        Notice.objects.filter(account=account, read_at=None).update(read_at=at)
        act.record(account)


def link(act: Change, path: str) -> str:
    """The path as a mail says it: at the door of the municipality that writes. 1 query."""
    return f"{Municipality.objects.door(act.actor.municipality_id)}{path}"


def write_letter(
    act: Change, *, to: str, key: str, subject: str, body: str, meeting: Meeting | None = None
) -> Letter:
    """A step: a mail leaves after commit, once; it never holds content of a case.

    It carries the meeting, if there is one, for a calendar. In demo mode it stays in the inbox page.
    """
    letter = Letter.objects.create(
        to=to,
        key=key,
        subject=subject,
        body=body,
        calendar=agenda.invitation(meeting, to=to, at=act.at) if meeting else "",
        at=act.at,
        asked_by_id=act.actor.account_id,
    )
    if settings.EMAIL_HOST:
        jobs.configure_task("people.send_letter").defer(letter_id=str(letter.pk))
    return letter


def tell(*, entry_ids: Sequence[UUID], at: datetime) -> None:
    """Everyone who should hear of these entries has a notice and, where the table says so, a mail: once."""
    for entry in Entry.objects.filter(pk__in=entry_ids).order_by("id"):
        _tell_of(entry, at)


def _tell_of(entry: Entry, at: datetime) -> None:
    told: set[UUID | None] = {entry.account_id}
    told |= set(Notice.objects.filter(entry_id=entry.pk).values_list("account_id", flat=True))
    fresh, now = [], _as_of(entry, at)
    for position, way in enumerate(declared(entry.code).tell):
        # In one order, so that the same town has the same notices each time it is made.
        for account_id in sorted(set(way.to(now)) - told, key=str):
            if account_id is not None:
                told.add(account_id)
                fresh.append((account_id, position, way))
    own = _own_calendar(entry, now)
    if not fresh and own is None:
        return
    told_of = [account_id for account_id, _p, _w in fresh]
    accounts = Account.objects.filter(is_active=True).in_bulk([*told_of, entry.account_id])
    ways = _ways_there(accounts)
    with change(Actor.system(entry.municipality_id), "notice.told", at=at) as act:
        # What is held from somebody is held with all that it brings about.
        act.purpose, act.quiet = entry.purpose, bool(entry.purpose)
        for account_id, position, way in fresh:
            account = accounts.get(account_id)
            if account is None:
                continue
            url = way.url(entry)
            Notice.objects.create(
                account=account, entry_id=entry.pk, code=entry.code, position=position, url=url, at=entry.at
            )
            act.topics.add(f"account:{account.pk}")
            if way.by_mail:
                _mail(act, account, entry, way, ways.get(account.pk, "") + url)
        if own is not None and entry.account_id in accounts:
            account = accounts[entry.account_id]
            _mail(act, account, entry, own, ways.get(account.pk, "") + own.url(entry))
        act.record(entry, told=len(fresh))


def _ways_there(accounts: Collection[UUID]) -> dict[UUID, str]:
    """What stands before a path: who works there from another municipality reads a mail of it at home."""
    rows = Elsewhere.objects.taken().filter(account__in=accounts)
    return {one.account_id: f"{reverse('go_elsewhere', args=[one.pk])}naar" for one in rows if one.account_id}


def _own_calendar(entry: Entry, now: Entry) -> Tell | None:
    """How the calendar of whoever did it hears of it, unless it did already."""
    for way in declared(entry.code).tell:
        if way.own_calendar and way.meeting and entry.account_id in set(way.to(now)):
            known = Letter.objects.filter(key=f"{entry.pk}:{entry.account_id}").exists()
            return way if way.meeting(entry) and not known else None
    return None


def _as_of(entry: Entry, at: datetime) -> Entry:
    """The same line, asked at a later moment who may hear of it: whoever was shut out since does not."""
    later = copy(entry)
    later.at = max(entry.at, at)
    return later


def _may_still_hear(letter: Letter, at: datetime) -> bool:
    """Whether who was told by this letter may still be told when it leaves; other letters always leave."""
    try:
        entry_id, account_id = (UUID(part) for part in letter.key.split(":"))
    except ValueError:
        return True
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        return True
    now = _as_of(entry, at)
    return any(account_id in set(way.to(now)) for way in declared(entry.code).tell)


def _mail(act: Change, account: Account, entry: Entry, way: Tell, url: str) -> None:
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            key=f"{entry.pk}:{account.pk}",
            subject=_("Er is iets nieuws voor u in Hendig"),
            body=_("Dag %(name)s,\n\n%(words)s\n\nBekijk het hier: %(link)s\n\nHendig")
            % {"name": account.first_name, "words": way.words, "link": link(act, url)},
            meeting=way.meeting(entry) if way.meeting else None,
        )


def send_letter(*, letter_id: UUID, at: datetime) -> None:
    """The mail server took the letter, once.

    It is claimed in a transaction of its own before it is sent: when the worker dies in between, the letter
    stays claimed and is not sent again, because a mail twice is worse than the bell alone. One that went
    meanwhile, with the account to which it was to go, is sent to nobody.
    """
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None:
        return
    system = Actor.system(letter.municipality_id)
    with change(system, "letter.claimed", at=at) as act:
        letter = act.lock(Letter.objects.all(), letter_id)
        mine = letter.claimed_at is None
        if mine:
            letter.claimed_at = at
            letter.save()
        act.record(letter, mine=mine)
    if not mine or _withheld(letter, at):
        return
    try:
        _hand_over(letter)
    except smtplib.SMTPRecipientsRefused as no:
        if _for_good(no):
            _bounced(letter, at)
            return
        _release(letter, at)
        raise
    except OSError:  # every error of smtplib is one: the server did not take it, so it may be tried again
        _release(letter, at)
        raise
    with change(system, "letter.sent", at=at) as act:
        letter.sent_at = at
        letter.save()
        act.record(letter)


def _withheld(letter: Letter, at: datetime) -> bool:
    """Whether the letter stays here: since it was written its reader may not know of the family any more."""
    if _may_still_hear(letter, at):
        return False
    with change(Actor.system(letter.municipality_id), "letter.withheld", at=at) as act:
        act.record(letter)
    return True


def _release(letter: Letter, at: datetime) -> None:
    with change(Actor.system(letter.municipality_id), "letter.released", at=at) as act:
        letter.claimed_at = None
        letter.save()
        act.record(letter)


def _for_good(no: smtplib.SMTPRecipientsRefused) -> bool:
    """Whether there is no such address, so that trying again helps nobody."""
    return all(status >= 500 for status, _said in no.recipients.values())


def _bounced(letter: Letter, at: datetime) -> None:
    """The address does not exist: who asked for the mail is told, so that it can be put right."""
    with change(Actor.system(letter.municipality_id), "letter.bounced", at=at) as act:
        letter.bounced_at = at
        letter.save()
        act.record(letter, asked_by=letter.asked_by_id)


def _hand_over(letter: Letter) -> None:
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.body,
        # Where it comes back to, when it does: that says which letter it was.
        from_email=bounces.return_path(letter.pk),
        to=[letter.to],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": f"<{letter.pk}@hendig>",
            bounces.HEADER: bounces.token(letter.pk),
        },
    )
    if letter.calendar:
        # As another form of the same words: that is where calendars look for it (RFC 6047).
        mail.attach_alternative(letter.calendar, f"text/calendar; method={agenda.method_of(letter.calendar)}")
    mail.send()


def clear_lapsed(*, municipality_id: UUID, at: datetime) -> int:
    """Mails, notices and codes are gone whose term is over; tells how many were."""
    gone = 0
    for kind, moment, term in TERMS:
        over = kind.filter(municipality_id=municipality_id, **{f"{moment}__lt": at - term}).order_by("pk")
        while keys := list(over.values_list("pk", flat=True)[:AT_ONCE]):
            with change(Actor.system(municipality_id), "term.over", at=at) as act:
                over.filter(pk__in=keys).delete()
                act.record(Municipality(pk=municipality_id), kind=kind.model._meta.label, rows=len(keys))
            gone += len(keys)
    return gone


def anchor_log(*, actor: Actor, at: datetime) -> Anchor:
    """The newest seal of the log lies with others: the privacy officers and the offices of partners.

    Refused while there is none, and when it was handed over before: a seal is mailed once.
    """
    require_permission(actor, Permission.ANCHOR_LOG)
    with change(actor, "log.anchored", at=at) as act:
        act.lock(Municipality.objects.all(), actor.municipality_id)
        seal = newest_seal_line()
        anchors = Anchor.objects.filter(municipality_id=actor.municipality_id)
        done = seal is not None and anchors.filter(number=seal.number).exists()
        require(rules.why_no_anchor(sealed=seal is not None, anchored=done))
        assert seal is not None
        keepers = _keepers(actor.municipality_id, local_day(at))
        anchor = Anchor.objects.create(
            number=seal.number, hash=bytes.fromhex(seal.hash), code=seal.code, at=at, letters=len(keepers)
        )
        for key, (address, language) in keepers.items():
            with translation.override(language):
                subject = _("Zegel %(number)s van het logboek") % {"number": seal.number}
                body = KEEP_THIS % {"code": seal.code, "number": seal.number, "hash": seal.hash}
                write_letter(act, to=address, key=f"anchor:{anchor.pk}:{key}", subject=subject, body=body)
        act.record(anchor, number=seal.number, letters=len(keepers))
    return anchor


def _keepers(municipality_id: UUID, on: date) -> dict[UUID, tuple[str, str]]:
    """Where a seal is kept: mail address and language of who checks, and of partners' offices."""
    officers = Membership.objects.standing(on).filter(
        municipality_id=municipality_id, role__in=[Role.PRIVACY, Role.AUDITOR], account__is_active=True
    )
    partners = Partner.objects.filter(municipality_id=municipality_id).values_list("pk", "email")
    people = officers.values_list("account_id", "account__email", "account__language")
    return {pk: (email, language) for pk, email, language in people} | {
        pk: (email, settings.LANGUAGE_CODE) for pk, email in partners
    }


def open_account(
    act: Change, *, email: str, first_name: str, last_name: str = "", **facts: object
) -> Account:
    """A step: the account with this address, made when there was none; its own name is never overwritten."""
    found = Account.objects.with_email(email).filter(municipality_id=act.actor.municipality_id).first()
    return found or Account.objects.create(
        email=email.strip(), first_name=first_name, last_name=last_name, **facts
    )


def give_role(
    _act: Change, *, account_id: UUID, role: Role, on: date, partner_id: UUID | None = None, title: str = ""
) -> Membership:
    """A step: the account has the role from the day `on`; a role that already stands is left as it is."""
    standing = (
        Membership.objects.standing(on).filter(account_id=account_id, role=role, partner=partner_id).first()
    )
    return standing or Membership.objects.create(
        account_id=account_id, role=role, partner_id=partner_id, title=title, from_on=on
    )


def add_worker(
    *,
    actor: Actor,
    email: str,
    first_name: str,
    last_name: str,
    role: Role,
    on: date,
    at: datetime,
    partner_id: UUID | None = None,
    title: str = "",
) -> Account:
    """Somebody works here from the day `on`, in a role. Only commands do this: people ask a second person."""
    require_permission(actor, Permission.SET_UP)
    with change(actor, "role.given", at=at) as act:
        account = open_account(act, email=email, first_name=first_name, last_name=last_name)
        membership = give_role(
            act, account_id=account.pk, role=role, on=on, partner_id=partner_id, title=title
        )
        act.record(membership, account=account.pk, role=role)
    return account


def add_professional(
    *,
    actor: Actor,
    account_id: UUID,
    partner_id: UUID,
    title: str,
    can_do: str,
    expertise_slugs: Sequence[str],
    at: datetime,
    families_max: int = 6,
) -> Professional:
    """The professional can be asked for the expertises, up to `families_max` families at once."""
    require_permission(actor, Permission.SET_UP)
    with change(actor, "professional.joined", at=at) as act:
        professional = Professional.objects.create(
            account_id=account_id,
            partner_id=partner_id,
            title=title,
            can_do=can_do,
            families_max=families_max,
        )
        for expertise in Expertise.objects.filter(
            municipality_id=actor.municipality_id, slug__in=expertise_slugs
        ):
            ProfessionalExpertise.objects.create(professional=professional, expertise=expertise)
        act.record(professional, account=account_id)
    return professional


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id
