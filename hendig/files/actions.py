"""Steps for whoever keeps a file beside words, and takes it away with them."""

from __future__ import annotations

from hendig.audit.actions import Change
from hendig.families.models import CHILD, Compartment, FamilyMember, Whom
from hendig.files.models import File
from hendig.files.rules import Brought


def keep(
    act: Change,
    brought: Brought,
    *,
    member: FamilyMember,
    compartment: Compartment,
    words: str,
    about: Whom = CHILD,
) -> File:
    """A step: the file lies where the words lie that it belongs to, and is about whom they are."""
    return File.objects.create(
        family_id=member.family_id,
        compartment=compartment,
        member=member,
        author_id=act.actor.account_id,
        about_id=about.member_id,
        outside=about.outside,
        is_photo=brought.is_photo,
        content=brought.content,
        words=words,
        at=act.at,
    )


def take_away(act: Change, file: File) -> None:
    """A step: what was in it is gone; that there was one stays."""
    del act
    file.content, file.words = b"", ""
    file.save()
