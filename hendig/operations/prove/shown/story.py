"""What happens in the town: four families, and everybody who comes near them, or tries to."""

from __future__ import annotations

from datetime import datetime

from hendig.demo.outbox import Outbox
from hendig.families import actions as families
from hendig.families.actions import work_notes
from hendig.families.models import LegalAuthority, MemberKind
from hendig.helprequests import actions as requests
from hendig.operations.prove.shown import (
    homes,
    judged,
    leaving,
    life,
    money,
    practice,
    school,
    sides,
    systems,
    table,
)
from hendig.operations.prove.shown import town as make
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Scene
from hendig.safety import actions as safety


def tell(seed: int, now: datetime, outbox: Outbox) -> Scene:
    """The whole story, until now."""
    scene = make.open_town(seed, now, outbox)
    shelter(scene)
    apart(scene)
    alone(scene)
    sixteen(scene)
    held(scene)
    left(scene)
    school.shares(scene, scene.homes["apart"], "girl", "mother2", "father2")
    practice.two_gps(scene, scene.homes["apart"], "girl", "mother2")
    life.hands_over(scene, "samira", "bram")
    money.earlier(scene, "shelter", "anouk")
    money.sent(scene)
    systems.let_in(scene)
    remembered(scene)
    unconfirmed(scene)
    scene.tell()
    return scene


def shelter(scene: Scene) -> None:
    """A mother in a shelter, a son of 14 and a daughter of 8; the father decides, and is kept out of all."""
    scene.day(-80)
    home = make.asks(scene, "shelter", "mother", "ellen", "son")
    scene.day(-79)
    make.talks(scene, home, "son", scene.born("son", 14, 40))
    make.second_child(scene, home, "daughter", scene.born("daughter", 8, 77))
    make.adult(scene, home, "father")
    make.decides_over(scene, home, "daughter", "mother", "father")
    make.looked_up(scene, home)
    make.signs_in(scene, home, "son")
    for child in ("son", "daughter"):
        scene.things[f"secret of {child}"] = safety.set_secret(
            actor=scene.who("ellen"),
            record_id=scene.records[child],
            member_id=home.members["mother"],
            named=[scene.account("mother")],
            blocked=scene.account("father"),
            everything=True,
            at=scene.at,
        ).pk
    for child in ("son", "daughter"):
        judged.numbered(scene, child, "ellen")
    life.circle(scene, home, "daughter", "mother")
    table.prepared(scene, home, "son", "mother", "ellen")
    table.past_tent(scene, home, "son", ("hanneke", "scheiding"), -40, agrees="mother")
    made = life.helped(scene, home, "son", "anouk", ("son", "mother", "father"))
    life.planned(scene, home, made, "son")
    homes.lives(scene, home, "son", "mother", also=("daughter",))
    homes.lets_know(scene, home, "mother", "anouk")
    homes.lives(scene, home, "son", "father", by="ellen", also=("daughter",))
    homes.lives(scene, home, "son", "son")
    life.apart_for(scene, "son", ("ellen",))
    life.worried(scene, home, "daughter", held=True)
    life.on_board(scene, home, "mother")
    homes.lets_know(scene, home, "mother", "after")
    for child in ("daughter", "son"):
        life.own_words(scene, home, "mother", child)
    life.on_paper(scene, home, "mother", "son")
    life.residence(scene, home, "daughter")
    table.tent_of_now(scene, home, "son")
    life.in_emergency(scene, home, "daughter", "fleur", ago=20)


def apart(scene: Scene) -> None:
    """Divorced; the father sees along with the daughter of 8, and nothing of where the mother lives.

    Nor that she lives with somebody, who signs in for their own daughter.
    """
    scene.day(-75)
    home = make.asks(scene, "apart", "mother2", "samira", "girl")
    scene.day(-74)
    make.talks(scene, home, "girl", scene.born("girl", 8, 130))
    make.adult(scene, home, "father2")
    make.looked_up(scene, home)
    scene.things["secret of girl"] = safety.set_secret(
        actor=scene.who("samira"),
        record_id=scene.records["girl"],
        member_id=home.members["mother2"],
        named=[scene.account("mother2")],
        blocked=scene.account("father2"),
        at=scene.at,
    ).pk
    life.circle(scene, home, "girl", "mother2")
    table.past_tent(scene, home, "girl", ("isabel", "angst"), -6, agrees="mother2")
    made = life.helped(scene, home, "girl", "youssef", ("mother2", "father2"))
    life.planned(scene, home, made, "girl")
    life.asked_about_a_look(scene, home, "mother2")
    life.in_emergency(scene, home, "girl", "merel", ago=180)
    life.judged(scene, "girl")
    judged.breached(scene, "merel")
    life.talk_of_now(scene, home, "girl", "gea")
    life.invited(scene, "mother2", "girl", "invited")
    life.by_another(scene, home, "girl", deputy="ellen", learns="jip", yes="mother2")
    sides.of_one_parent(scene, home, "girl", "mother2")
    homes.lives(scene, home, "girl", "mother2")
    homes.lives(scene, home, "girl", "father2")
    sides.partner_of_one(scene, home, "girl", "mother2", half="half", partner="partner")


def alone(scene: Scene) -> None:
    """The mother decides alone since a court said so; foster parents raise; somebody trusted sees along."""
    scene.day(-70)
    home = make.asks(scene, "alone", "mother3", "ellen", "boy")
    scene.day(-69)
    make.talks(scene, home, "boy", scene.born("boy", 10, 99))
    make.adult(scene, home, "father3")
    make.adult(scene, home, "foster", kind=MemberKind.FOSTER_PARENT, decides=False)
    make.looked_up(scene, home)
    make.says(scene, "mother3", "boy", "foster", yes=True)
    life.trusted(scene, home, "mother3", "boy")
    scene.day(-60)
    held = LegalAuthority.objects.get(holder_id=home.members["father3"], child_id=home.members["boy"])
    families.end_authority(actor=scene.who("ellen"), authority_id=held.pk, at=scene.at)
    made = life.helped(scene, home, "boy", "rutger", ("mother3",), -58)
    life.planned(scene, home, made, "boy")
    homes.lives(scene, home, "boy", "foster")
    homes.lives(scene, home, "boy", "boy", by="ellen")
    life.ended(scene, home, "mother3", "boy")
    life.destruction(scene, home, "mother3", "boy")


def sixteen(scene: Scene) -> None:
    """A youth of 16 who lets one parent see along, and not the other; somebody is there twice."""
    scene.day(-65)
    home = make.asks(scene, "sixteen", "parent", "samira", "youth")
    scene.day(-64)
    make.talks(scene, home, "youth", scene.born("youth", 16, 33))
    make.adult(scene, home, "parent2")
    make.looked_up(scene, home)
    make.signs_in(scene, home, "youth")
    make.says(scene, "youth", "youth", "parent", yes=True)
    make.says(scene, "youth", "youth", "parent2", yes=False)
    life.apart_for(scene, "youth", ())
    again = make.asks(scene, "again", "again", "samira", "child of again")
    make.talks(scene, again, "child of again", scene.born("child of again", 6, 51))
    make.looked_up(scene, again)
    make.adult(scene, again, "twin", decides=False, signs_in=False)
    scene.things["same"] = families.join_persons(
        actor=scene.who("samira"),
        member_id=home.members["parent"],
        other_id=again.members["twin"],
        reason=scene.word("why they are one person", "samira", of="same"),
        at=scene.at,
    ).pk


def held(scene: Scene) -> None:
    """A youth of 17 whom two hold not able to decide; a father who never had authority asks how it goes."""
    scene.day(-55)
    home = make.asks(scene, "held", "mother4", "ellen", "seventeen")
    scene.day(-54)
    make.talks(scene, home, "seventeen", scene.born("seventeen", 17, 60), agrees=False)
    make.looked_up(scene, home)
    make.signs_in(scene, home, "seventeen")
    make.outside(scene, home, "father4")
    for number, who in enumerate(("anouk", "youssef")):
        life.helped(scene, home, "seventeen", who, ("seventeen",), -50 + number)
    judged.unable(scene, "seventeen", "anouk", "youssef")
    judged.informed(scene, "father4", "seventeen", "anouk")


def left(scene: Scene) -> None:
    """The coach left the employer, and what the family asks since then waits for the privacy officer."""
    leaving.begins(scene, "wietske")
    scene.day(-50)
    home = make.asks(scene, "left", "mother5", "wietske", "small")
    scene.day(-49)
    make.talks(scene, home, "small", scene.born("small", 7, 45))
    make.looked_up(scene, home)
    leaving.leaves(scene, home)
    leaving.asks(scene, home, "mother5", "small")


def unconfirmed(scene: Scene) -> None:
    """Somebody asked, and the code was never typed."""
    scene.minutes(60)
    scene.things["asked"] = requests.ask(
        actor=scene.town.visitor,
        words=scene.word("question that waits for its code", "nobody", of="nobody"),
        first_name=scene.word("first name that waits for its code", "nobody", of="nobody"),
        email=f"{scene.word('address that waits for its code', 'nobody', of='nobody').lower()}@example.nl",
        at=scene.at,
    ).pk


def remembered(scene: Scene) -> None:
    """What a coach keeps for the own work, for nobody else and in no copy."""
    scene.day(-3)
    work_notes.write_work_note(
        actor=scene.who("samira"),
        record_id=scene.records["girl"],
        words=scene.word("note for the own work", "samira", room=Room("girl", "own_note", "samira")),
        at=scene.at,
    )
