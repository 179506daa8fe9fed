"""The tents of the town: one that was, with its page, and one that is on at this moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hendig.demo.town import at_clock
from hendig.families.models import Whom
from hendig.kernel.periods import local_day
from hendig.operations.prove.shown.canaries import Room
from hendig.operations.prove.shown.town import Home, Scene
from hendig.tents import actions as tents
from hendig.tents.models import Hearer, Page, PagePart, Phase, PreparedKind, Seat, Sign, View

SAID = (
    (Phase.LISTEN, ""),
    (Phase.UNDERSTAND, ""),
    (Phase.GOES_WELL, ""),
    (Phase.DIRECTIONS, "own"),
    (Phase.AGREE, ""),
)


def prepared(scene: Scene, home: Home, *who: str) -> None:
    """Each of them writes down at home what to bring, for the own eyes alone."""
    scene.day(-45)
    for one in who:
        tents.write_note(
            actor=scene.who(one),
            request_id=home.request,
            kind=PreparedKind.WORRY,
            text=scene.word("what somebody prepared", one),
            at=scene.at,
        )


def told(scene: Scene, home: Home, allows: str, hears: str, expertise: str) -> None:
    """A question is told without a name and answered: nothing in it leads to anybody, so it has no canary."""
    question = tents.write_nameless(
        actor=scene.who(home.coach),
        request_id=home.request,
        expertise_id=scene.town.expertises[expertise],
        text="Een kind slaapt al weken slecht. Wat zou u vragen?",
        at=scene.at,
    )
    tents.allow_nameless(actor=scene.who(allows), question_id=question.pk, at=scene.at)
    heard = Hearer.objects.values_list("pk", flat=True).get(
        told__question=question, professional=scene.town.professionals[hears]
    )
    tents.answer_nameless(
        actor=scene.who(hears), hearer_id=heard, words="Sinds wanneer?", can_come=True, at=scene.at
    )


def called(
    scene: Scene, home: Home, child: str, asked: dict[str, str], starts_at: datetime, was: str = ""
) -> UUID:
    link = scene.word(f"link of a tent{was}", home.coach, room=Room(child))
    return tents.call_tent(
        actor=scene.who(home.coach),
        request_id=home.request,
        starts_at=starts_at,
        expertise_ids=list({scene.town.expertises[one] for one in asked.values()}),
        professional_ids=[scene.town.professionals[one] for one in asked],
        place=scene.word(f"place of a tent{was}", home.coach, room=Room(child)),
        video_link=f"https://{link.lower()}.example/",
        at=scene.at,
    ).pk


def seat(tent: UUID, scene: Scene, who: str) -> UUID:
    return Seat.objects.values_list("pk", flat=True).get(
        tent=tent, professional=scene.town.professionals[who]
    )


def free(scene: Scene, tent: UUID, *who: str) -> None:
    for one in who:
        tents.answer_seat(actor=scene.who(one), seat_id=seat(tent, scene, one), can=True, at=scene.at)


def past_tent(
    scene: Scene, home: Home, child: str, guest: tuple[str, str], days: int, *, agrees: str
) -> None:
    """A tent that was held, with everything that was said, and the page that remains."""
    scene.day(days - 3)
    chair, starts = guest[0], at_clock(local_day(scene.at) + timedelta(days=3), "14:00")
    tent = called(scene, home, child, dict([guest]), starts, " that was")
    free(scene, tent, chair)
    tents.welcome_all(actor=scene.who(agrees), tent_id=tent, at=scene.at)
    scene.day(days, "14:00")
    tents.begin(actor=scene.who(home.coach), tent_id=tent, at=scene.at)
    for phase, around in SAID:
        tents.set_phase(actor=scene.who(chair), tent_id=tent, phase=phase, at=scene.at)
        piece = said(scene, tent, child, f"what was said: {phase}", agrees, around)
        if phase == Phase.UNDERSTAND:
            other = said(
                scene, tent, child, "what was said of a parent", chair, about=home.members[home.asker]
            )
            seen_so(scene, tent, child, piece, other, agrees)
            tents.say_understood(actor=scene.who(agrees), tent_id=tent, yes=True, at=scene.at)
    tents.set_phase(actor=scene.who(chair), tent_id=tent, phase=Phase.LOOK_BACK, at=scene.at)
    tents.close(actor=scene.who(chair), tent_id=tent, at=scene.at)
    tents.say_heard(
        actor=scene.who(agrees),
        tent_id=tent,
        yes=True,
        words=scene.word("what was said: heard", agrees, room=Room(child)),
        at=scene.at,
    )
    page = Page.objects.get(tent=tent)
    room = Room(child)
    parts = {
        part: f"{getattr(page, part)} {scene.word(f'page that remains: {part}', agrees, room=room)}".strip()
        for part in ("question", "understanding", "goes_well", "agreements", "people")
    }
    amended = tents.amend_page(
        actor=scene.who(agrees),
        tent_id=tent,
        edition=page.edition,
        until_on=page.until_on,
        at=scene.at,
        **parts,
    )
    tents.differ_on_page(
        actor=scene.who(agrees),
        tent_id=tent,
        part=PagePart.QUESTION,
        line=amended.question.splitlines()[0].strip(),
        text=scene.word("how the page is seen otherwise", agrees, room=room),
        at=scene.at,
    )
    read = Page.objects.values_list("edition", flat=True).get(tent=tent)
    tents.agree_page(actor=scene.who(agrees), tent_id=tent, edition=read, at=scene.at)
    scene.things[f"past tent of {home.name}"] = tent


def said(
    scene: Scene,
    tent: UUID,
    child: str,
    what: str,
    who: str,
    around: str = "",
    *,
    about: UUID | None = None,
) -> UUID:
    return tents.write_piece(
        actor=scene.who(who),
        tent_id=tent,
        text=scene.word(what, who, room=Room(child), another=about is not None),
        about=Whom(about),
        circle=around,
        at=scene.at,
    ).pk


def seen_so(scene: Scene, tent: UUID, child: str, piece: UUID, other: UUID, who: str) -> None:
    """The two hang together, and somebody sees the first otherwise."""
    tents.link(
        actor=scene.who(who),
        tent_id=tent,
        cause_id=piece,
        effect_id=other,
        sign=Sign.WORSE,
        at=scene.at,
    )
    tents.remark(
        actor=scene.who(who),
        piece_id=piece,
        view=View.DIFFER,
        text=scene.word("how it is seen otherwise", who, room=Room(child)),
        at=scene.at,
    )
    # How somebody sees the line is told to who reads both its ends: the one is about a parent.
    tents.remark(
        actor=scene.who(who),
        piece_id=piece,
        effect_id=other,
        view=View.DIFFER,
        text=scene.word("how a line is seen otherwise", who, room=Room(child), another=True),
        at=scene.at,
    )


def tent_of_now(scene: Scene, home: Home, child: str) -> None:
    """A tent that is on at this moment: a guest, and others who were asked, free or refused."""
    scene.day(-2)
    asked = {"maaike": "school", "floris": "autisme", "stefan": "netwerk", "nadia": "taal"}
    before = set(scene.birds.all)
    tent = called(scene, home, child, asked, scene.now - timedelta(minutes=30))
    scene.typed["tent of now"] = set(scene.birds.all) - before
    free(scene, tent, "maaike", "floris", "nadia")
    tents.welcome_guest(actor=scene.who("mother"), seat_id=seat(tent, scene, "maaike"), at=scene.at)
    tents.refuse_guest(actor=scene.who("mother"), seat_id=seat(tent, scene, "nadia"), at=scene.at)
    scene.minutes(30)
    tents.begin(actor=scene.who(home.coach), tent_id=tent, at=scene.at)
    tents.set_phase(actor=scene.who("maaike"), tent_id=tent, phase=Phase.LISTEN, at=scene.at)
    scene.things["piece of now"] = said(scene, tent, child, "what is being said", "mother")
    tents.raise_hand(actor=scene.who("mother"), tent_id=tent, at=scene.at)
    scene.things["tent of now"] = tent
    told(scene, home, "mother", "isabel", "trauma")
