"""Who works here and who may sign in: accounts, roles, what they are asked for, partners, settings, mail."""

from hendig.people.models.everyone import (
    BORROWED,
    Account,
    AccountQuerySet,
    EndReason,
    Letter,
    Membership,
    MembershipQuerySet,
    Municipality,
    Notice,
    Partner,
    Professional,
    ProfessionalExpertise,
    ProfessionalQuerySet,
    SignInCode,
    User,
)
from hendig.people.models.roles import RoleRequest, RoleRequestQuerySet
from hendig.people.models.settings import Expertise, KnowledgeCard, Principle, ServiceCode, Unit

__all__ = [
    "BORROWED",
    "Account",
    "AccountQuerySet",
    "EndReason",
    "Expertise",
    "KnowledgeCard",
    "Letter",
    "Membership",
    "MembershipQuerySet",
    "Municipality",
    "Notice",
    "Partner",
    "Principle",
    "Professional",
    "ProfessionalExpertise",
    "ProfessionalQuerySet",
    "RoleRequest",
    "RoleRequestQuerySet",
    "ServiceCode",
    "SignInCode",
    "Unit",
    "User",
]
