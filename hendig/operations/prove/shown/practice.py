"""Two GPs of one child: one who was, and one who asked and is it now."""

from __future__ import annotations

from uuid import UUID

from hendig.families.actions import gp, gp_asks, invitations, sharing
from hendig.families.models import Because, FamilyMember, WhyKept
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Home, Scene
from hendig.people.actions.registrations import keep_registration, propose_registration
from hendig.people.models import Account, Profession, Professional, Register, Source

BEFORE, NOW = "annelies", "pim"


def two_gps(scene: Scene, home: Home, child: str, decides: str) -> None:
    """What the first kept apart no later GP reads; one piece of the second is shared as the family agreed."""
    scene.day(-30)
    made = invitations.invite_gp(
        actor=scene.who(decides),
        record_id=scene.records[child],
        first_name="Annelies",
        email=Account.objects.get(pk=scene.account(BEFORE)).email,
        at=scene.at,
    )
    invitations.accept(
        actor=scene.who(BEFORE), invitation_id=made.invitation_id, typed=made.code, at=scene.at
    )
    writes(scene, child, BEFORE)
    scene.day(-25)
    sharing.take_leave(
        actor=scene.who(decides),
        record_id=scene.records[child],
        account_id=scene.account(BEFORE),
        at=scene.at,
    )
    scene.day(-24)
    person = FamilyMember.objects.select_related("family").get(pk=home.members[child])
    asked = asks(scene, NOW, person)
    scene.day(-23)
    gp_asks.answer_ask(actor=scene.who(decides), ask_id=asked, yes=True, at=scene.at)
    writes(scene, child, NOW)
    gp.say_may_share(
        actor=scene.who(decides),
        record_id=scene.records[child],
        account_id=scene.account(NOW),
        yes=True,
        at=scene.at,
    )
    shared = gp.write_as_gp(
        actor=scene.who(NOW),
        record_id=scene.records[child],
        words=scene.word("what a GP shared", NOW, room=Room(child)),
        reason=WhyKept(words=scene.word("why what a GP shared is kept", NOW, room=Room(child))),
        at=scene.at,
    )
    gp.share_note(actor=scene.who(NOW), note_id=shared.pk, at=scene.at)
    proposed(scene)
    # Another asks, who is a physician as well, and has no answer.
    keep_registration(
        actor=scene.who("petra"),
        professional_id=Professional.objects.get(account=scene.account(BEFORE)).pk,
        register=Register.BIG,
        number="19098765401",
        profession=Profession.PHYSICIAN,
        source=Source.REGISTER,
        checked_on=local_day(scene.at),
        at=scene.at,
    )
    asks(scene, BEFORE, person)


def proposed(scene: Scene) -> None:
    """A registration of which an office says that it is there: it waits to be looked up."""
    propose_registration(
        actor=scene.who("jolanda"),
        professional_id=scene.town.professionals["anouk"],
        register=Register.OTHER,
        other="Register Vaktherapie",
        number="7001",
        at=scene.at,
    )


def asks(scene: Scene, who: str, person: FamilyMember) -> UUID:
    assert person.born_on is not None
    return gp_asks.ask_to_join(
        actor=scene.who(who),
        first_name=person.first_name,
        last_name=person.last_name or person.family.name,
        born_on=person.born_on,
        at=scene.at,
    ).pk


def writes(scene: Scene, child: str, who: str) -> None:
    gp.write_as_gp(
        actor=scene.who(who),
        record_id=scene.records[child],
        words=scene.word("what a GP keeps apart", who, room=Room(child, "gp", who)),
        reason=WhyKept(Because.SAFE),
        at=scene.at,
    )
