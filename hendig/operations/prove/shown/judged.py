"""A youth held not able to decide, what a parent without authority asks and is told, and a child's number."""

from __future__ import annotations

from datetime import timedelta

from hendig.families.actions import capacity, citizen_numbers
from hendig.families.models import NumberWhy
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Scene
from hendig.rights.actions import information
from hendig.rights.models import Topic


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
