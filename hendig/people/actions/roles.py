"""Somebody gets a role: one asks, another agrees, and only then it is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from hendig.audit.actions import Change, change
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, require
from hendig.people.actions.everyone import give_role, link, open_account, write_letter
from hendig.people.models import (
    Account,
    Expertise,
    Membership,
    Municipality,
    Partner,
    Professional,
    ProfessionalExpertise,
    Registration,
    RoleRequest,
)
from hendig.people.rules import Permission, require_permission
from hendig.people.rules import roles as rules


def ask_for_role(
    *,
    actor: Actor,
    email: str,
    first_name: str,
    last_name: str,
    role: Role,
    at: datetime,
    partner_id: UUID | None = None,
    title: str = "",
    can_do: str = "",
    expertises: Sequence[str] = (),
) -> RoleRequest:
    """Somebody may get this role: it waits for a second person, and nobody has it by this.

    Who may agree is told; the privacy officer as well when somebody asks for themself. Refused for a role
    that is not the actor's to ask, for one that the person has or that waits already, and to audit beside
    other work.
    """
    require_permission(actor, Permission.ASK_FOR_ROLE)
    with change(actor, "role.asked", at=at) as act:
        # Two who ask the same at once: the second finds what waits.
        act.lock(Municipality.objects.all(), actor.municipality_id)
        if partner_id not in actor.offices:
            _answers_for(act, partner_id)
        account = _with(email, actor)
        able = bool(can_do and expertises)
        require(_why_not_asked(act, account, email=email, role=role, partner_id=partner_id, able=able))
        asked = RoleRequest.objects.create(
            email=email.strip(),
            first_name=first_name,
            last_name=last_name,
            role=role,
            partner_id=partner_id,
            title=title,
            can_do=can_do,
            expertises=list(expertises),
            account=account,
            asked_by_id=actor.account,
            asked_at=at,
        )
        act.record(asked, role=role, partner=partner_id)
        if account is not None and account.pk == actor.account_id:
            act.record(asked, also="role.asked_for_self", role=role)
    return asked


def agree_to_role(*, actor: Actor, role_id: UUID, at: datetime) -> Account:
    """A second person agrees: the role is the person's from today, and a mail says so.

    Refused for who asked, for who it is about, when who asked left, after a month, and to audit beside other
    work.
    """
    require_permission(actor, Permission.AGREE_TO_ROLE)
    with change(actor, "role.given", at=at) as act:
        asked = act.lock(RoleRequest.objects.visible_to(actor, at=at).waiting(), role_id)
        # Of two who agree to two roles of one person at once, the second finds the first.
        act.lock(Municipality.objects.all(), actor.municipality_id)
        require(_why_not(actor, asked, at))
        account = open_account(act, email=asked.email, first_name=asked.first_name, last_name=asked.last_name)
        role = Role(asked.role)
        membership = give_role(
            act,
            account_id=account.pk,
            role=role,
            on=local_day(at),
            partner_id=asked.partner_id,
            title=asked.title,
        )
        if role == Role.PROFESSIONAL:
            _works_as_professional(asked, account)
        asked.account, asked.agreed = account, True
        asked.answered_by_id, asked.answered_at = actor.account, at
        asked.save()
        _tell_by_mail(act, asked, account)
        act.record(membership, account=account.pk, role=role, asked_by=asked.asked_by_id)
    return account


def decline_role(*, actor: Actor, role_id: UUID, at: datetime) -> RoleRequest:
    """The role is not given: a second person says no, or who asked takes it back."""
    require_permission(actor, Permission.AGREE_TO_ROLE)
    with change(actor, "role.declined", at=at) as act:
        asked = act.lock(RoleRequest.objects.visible_to(actor, at=at).waiting(), role_id)
        asked.answered_by_id, asked.answered_at = actor.account, at
        asked.save()
        act.record(asked, role=asked.role, asked_by=asked.asked_by_id)
    return asked


def appoint(
    *, actor: Actor, email: str, first_name: str, last_name: str, role: Role, at: datetime
) -> Account:
    """The operator names who answers for the municipality or who checks it, until there are two of them.

    From then on they give roles together. The privacy officers are told.
    """
    require_permission(actor, Permission.SET_UP)
    with change(actor, "role.given", at=at) as act:
        act.lock(Municipality.objects.all(), actor.municipality_id)
        seconds = Membership.objects.standing(local_day(at)).filter(
            municipality_id=actor.municipality_id, role__in=rules.SECOND_ANYWHERE, account__is_active=True
        )
        people = seconds.values("account_id").distinct().count()
        require(rules.why_not_appointed(role=role, seconds=people))
        account = open_account(act, email=email, first_name=first_name, last_name=last_name)
        membership = give_role(act, account_id=account.pk, role=role, on=local_day(at))
        act.record(membership, account=account.pk, role=role)
        act.record(membership, also="role.appointed", account=account.pk, role=role)
    return account


def take_on(act: Change, home: Professional) -> tuple[Professional, bool]:
    """A step: a professional of another municipality, who asked for it, is one here from today; whether anew.

    The other person is who acts: refused about oneself, for who left at home, who works here already or did
    for another organisation, and who can do nothing that is known here. What they can do comes along where it
    is known here by the same name; a registration waits until it was looked up here. An organisation that is
    not known here, by its number in the trade register, is added without a bank account: nothing is paid
    before two people agreed on one.
    """
    here, today = act.actor.municipality_id, local_day(act.at)
    # Of two who give two roles to one person at once, the second finds the first.
    act.lock(Municipality.objects.all(), here)
    helps = Membership.objects.standing(today).filter(role=Role.PROFESSIONAL)
    held = helps.filter(account=home.account_id, account__is_active=True)
    works = held.order_by(F("until_on").desc(nulls_first=True)).first()
    account = open_account(
        act,
        email=home.account.email,
        first_name=home.account.first_name,
        last_name=home.account.last_name,
        language=home.account.language,
    )
    known = Professional.objects.filter(account=account).select_related("partner").first()
    can = Expertise.objects.filter(municipality_id=here, slug__in=home.expertises.values("slug"))
    require(
        rules.why_not_taken(
            about_self=account.pk == act.actor.account_id,
            works=works is not None,
            here=helps.filter(account=account).exists(),
            other_partner=known is not None and known.partner.kvk != home.partner.kvk,
            able=known is not None or can.exists(),
        )
        or rules.why_not_beside(Role.PROFESSIONAL, _roles_of(account, act.at))
    )
    assert works is not None
    made = known or _made_from(act, home, account, can)
    role = give_role(
        act,
        account_id=account.pk,
        role=Role.PROFESSIONAL,
        on=today,
        partner_id=made.partner_id,
        title=home.title,
    )
    # A last day at home is the last day here.
    role.until_on = works.until_on
    role.save()
    act.record(role, also="role.given", account=account.pk, role=Role.PROFESSIONAL)
    return made, known is None


def _made_from(act: Change, home: Professional, account: Account, can: QuerySet[Expertise]) -> Professional:
    """A step: the professional as this municipality knows them."""
    partner, is_new = Partner.objects.get_or_create(
        municipality_id=act.actor.municipality_id,
        kvk=home.partner.kvk,
        defaults={name: getattr(home.partner, name) for name in KNOWN_OF_PARTNER},
    )
    made = Professional.objects.create(
        account=account,
        partner=partner,
        title=home.title,
        can_do=home.can_do,
        families_max=home.families_max,
    )
    for expertise in can:
        ProfessionalExpertise.objects.create(professional=made, expertise=expertise)
    for known in Registration.objects.standing().filter(professional=home):
        Registration.objects.create(
            professional=made,
            register=known.register,
            other=known.other,
            profession=known.profession,
            number=known.number,
            until=known.until,
            proposed_by=account,
            proposed_at=act.at,
        )
    if is_new:
        act.record(partner, also="partner.joined")
    act.record(made, also="professional.joined", account=account.pk)
    return made


# The bank account is not among them.
KNOWN_OF_PARTNER = ("name", "agb", "vat", "email", "street", "postcode", "town")


def _with(email: str, actor: Actor) -> Account | None:
    return Account.objects.with_email(email).filter(municipality_id=actor.municipality_id).first()


def _why_not_asked(
    act: Change, account: Account | None, *, email: str, role: Role, partner_id: UUID | None, able: bool
) -> Refusal | None:
    """`account` is whose the address is, where somebody has it."""
    held = Membership.objects.standing(local_day(act.at)).filter(role=role, partner=partner_id)
    asked = RoleRequest.objects.waiting().filter(
        municipality_id=act.actor.municipality_id,
        role=role,
        partner=partner_id,
        asked_at__gte=act.at - rules.WAITS,
    )
    no = rules.why_no_role_asked(
        of_partner=partner_id is not None,
        by_office=partner_id in act.actor.offices,
        role=role,
        held=account is not None and held.filter(account=account).exists(),
        waiting=any(one.email.casefold() == email.strip().casefold() for one in asked),
        able=able,
    )
    return no or rules.why_not_beside(role, _roles_of(account, act.at))


def _roles_of(account: Account | None, at: datetime) -> set[Role]:
    """As what somebody is here already."""
    held = Membership.objects.standing(local_day(at)).filter(account=account, account__isnull=False)
    return {Role(role) for role in held.values_list("role", flat=True)}


def _answers_for(act: Change, partner_id: UUID | None) -> None:
    """A step: who asks outside the own office answers for the municipality; others know of nothing there."""
    if not act.actor.has(Role.POLICY):
        raise NotVisible
    ours = Partner.objects.filter(municipality_id=act.actor.municipality_id)
    if partner_id is not None and not ours.filter(pk=partner_id).exists():
        raise NotVisible


def _why_not(actor: Actor, asked: RoleRequest, at: datetime) -> Refusal | None:
    account = _with(asked.email, actor)
    no = rules.why_not_agreed(
        own=asked.asked_by_id == actor.account_id,
        about_self=account is not None and account.pk == actor.account_id,
        asker_stays=Membership.objects.standing(local_day(at))
        .asking(asked.partner_id)
        .filter(account=asked.asked_by_id)
        .exists(),
        asked_at=asked.asked_at,
        at=at,
    )
    return no or rules.why_not_beside(Role(asked.role), _roles_of(account, at))


def _works_as_professional(asked: RoleRequest, account: Account) -> None:
    """A step: the person can be asked for what the office wrote; who is known as a professional stays so."""
    known = Professional.objects.filter(account=account).first()
    require(rules.why_other_partner(other=known is not None and known.partner_id != asked.partner_id))
    if known is not None or asked.partner_id is None:
        return
    made = Professional.objects.create(
        account=account,
        partner_id=asked.partner_id,
        title=asked.title,
        can_do=asked.can_do,
    )
    chosen = Expertise.objects.filter(municipality_id=asked.municipality_id, slug__in=asked.expertises)
    for expertise in chosen:
        ProfessionalExpertise.objects.create(professional=made, expertise=expertise)


def _tell_by_mail(act: Change, asked: RoleRequest, account: Account) -> None:
    with translation.override(account.language):
        write_letter(
            act,
            to=account.email,
            key=f"role:{asked.pk}",
            subject=_("U kunt werken met Hendig"),
            body=_(
                "Dag %(name)s,\n\nU hebt een rol gekregen: %(role)s. Meld u aan met dit e-mailadres:\n"
                "%(link)s\n\nKlopt dit niet? Bel dan de gemeente.\n\nHendig"
            )
            % {
                "name": account.first_name,
                "role": asked.get_role_display(),
                "link": link(act, "/aanmelden/"),
            },
        )
