"""A youth held not able to decide, what a parent is told, a child's number, and a breach in the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hendig.families.actions import capacity, citizen_numbers
from hendig.families.models import NumberWhy
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Scene
from hendig.rights.actions import information
from hendig.rights.models import Topic
from hendig.safety import actions as safety
from hendig.safety.models import Abroad
from hendig.safety.rules import Told


def unable(scene: Scene, youth: str, first: str, second: str) -> None:
    """Two who help write down, each apart, that this youth cannot decide something now."""
    scene.day(-12)
    room = Room(youth)
    row = capacity.judge_first(
        actor=scene.who(first),
        member_id=scene.homes["held"].members[youth],
        matter=scene.word("what a youth cannot decide", first, room=room),
        why=scene.word("why a youth cannot decide it", first, room=room),
        until_on=local_day(scene.at) + timedelta(days=40),
        at=scene.at,
    )
    scene.day(-11)
    capacity.judge_second(
        actor=scene.who(second),
        incapacity_id=row.pk,
        why=scene.word("why a second finds so too", second, room=room),
        agrees=True,
        at=scene.at,
    )


def informed(scene: Scene, parent: str, child: str, who: str) -> None:
    """One question was answered, one was refused without a reason, and one waits."""
    of = f"asked by {parent}"
    for days, done in ((-9, "told"), (-7, "refused"), (-1, "")):
        scene.day(days)
        asked = information.ask_information(
            actor=scene.who(parent),
            record_id=scene.records[child],
            topic=Topic.HEALTH,
            words=scene.word("what a parent without authority asks", parent, of=of),
            at=scene.at,
        )
        if done == "told":
            information.release(
                actor=scene.who(who),
                information_id=asked.pk,
                topic=Topic.HEALTH,
                answer=scene.word("what a parent without authority is told", who, of=of),
                at=scene.at,
            )
        elif done:
            information.refuse_plainly(actor=scene.who(who), information_id=asked.pk, at=scene.at)


def numbered(scene: Scene, child: str, who: str) -> None:
    """The coach wrote down the citizen service number of this child."""
    number = scene.birds.number("citizen service number", by=who, room=Room(child, "address"))
    citizen_numbers.note_number(
        actor=scene.who(who),
        record_id=scene.records[child],
        number=number,
        why=NumberWhy.RECORD,
        at=scene.at,
    )


def breached(scene: Scene, who: str) -> None:
    """A breach in the register, as the officer first knew it, and with what came to light later."""
    scene.minutes(25)
    officer, by = scene.who("karin"), scene.account(who)
    told = Told(
        found_at=scene.at,
        from_at=scene.at - timedelta(hours=3),
        until_at=scene.at,
        what=scene.word("what a breach was", "karin", of="officer"),
        effects=scene.word("what a breach brings about", "karin", of="officer"),
        measures=scene.word("what is done about a breach", "karin", of="officer"),
    )
    begun = safety.write_breach(actor=officer, told=told, who=by, at=scene.at)
    scene.minutes(20)
    more = replace(
        told,
        contact=scene.word("whom to ask about a breach", "karin", of="officer"),
        abroad=Abroad.YES,
        abroad_where=scene.word("in which countries a breach is felt", "karin", of="officer"),
        reported_at=scene.at,
        reference=scene.word("how the authority calls a breach", "karin", of="officer"),
        not_told_why=scene.word("why people are not told of a breach", "karin", of="officer"),
    )
    safety.add_to_breach(actor=officer, breach_id=begun.pk, seen_id=begun.pk, told=more, who=by, at=scene.at)
