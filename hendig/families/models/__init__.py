"""The persons of a family, their records, who decides, who is involved until when, and who is around them."""

from hendig.families.models.authority import LegalAuthority, LegalAuthorityQuerySet, Source
from hendig.families.models.capacity import Incapacity, IncapacityQuerySet, instead
from hendig.families.models.circle import Bond, Tie, TieQuerySet
from hendig.families.models.filters import Looking, OfFamilyQuerySet, OfRecordQuerySet, Row, opened, shut_to
from hendig.families.models.invitations import Invitation, InvitationQuerySet
from hendig.families.models.involvement import (
    BEHIND,
    OWN_PARTS,
    Block,
    BlockQuerySet,
    Consent,
    ConsentQuerySet,
    Ground,
    Involvement,
    InvolvementQuerySet,
    Part,
    Purpose,
)
from hendig.families.models.own import LogQuestion, Note
from hendig.families.models.persons import (
    Family,
    FamilyMember,
    FamilyMemberQuerySet,
    FamilyQuerySet,
    MemberKind,
    NamePart,
    NamePartQuerySet,
    SamePerson,
    SamePersonQuerySet,
)
from hendig.families.models.records import Compartment, CompartmentKind, OfRecord, Record

__all__ = [
    "BEHIND",
    "OWN_PARTS",
    "Block",
    "BlockQuerySet",
    "Bond",
    "Compartment",
    "CompartmentKind",
    "Consent",
    "ConsentQuerySet",
    "Family",
    "FamilyMember",
    "FamilyMemberQuerySet",
    "FamilyQuerySet",
    "Ground",
    "Incapacity",
    "IncapacityQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Involvement",
    "InvolvementQuerySet",
    "LegalAuthority",
    "LegalAuthorityQuerySet",
    "LogQuestion",
    "Looking",
    "MemberKind",
    "NamePart",
    "NamePartQuerySet",
    "Note",
    "OfFamilyQuerySet",
    "OfRecord",
    "OfRecordQuerySet",
    "Part",
    "Purpose",
    "Record",
    "Row",
    "SamePerson",
    "SamePersonQuerySet",
    "Source",
    "Tie",
    "TieQuerySet",
    "instead",
    "opened",
    "shut_to",
]
