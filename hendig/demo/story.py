"""The family of the story: Sanne, Noor and Mark, with Ellen, Anouk and Piet. It waits for one yes."""

from __future__ import annotations

from uuid import UUID

from hendig.demo import helping, rights, steps, tables, tents
from hendig.demo.helping import Click, Rhythm
from hendig.demo.steps import Case, ChildData
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.families.rules.homes import Address
from hendig.opentent import actions as opentent
from hendig.plans import actions as plans

WORDS = (
    "Mijn dochter van 13 gaat al weken niet elke dag naar school. ’s Morgens heeft ze buikpijn en huilt ze. "
    "Haar vader en ik wonen niet meer samen. Wij maken ons allebei zorgen en weten niet wat we moeten doen."
)
RESULT = "Noor gaat weer elke dag naar school en slaapt goed."
ON_BOARD = "Wie loopt er ’s morgens mee met de hond?"
ON_BOARD_TEXT = (
    "Een meisje van 13 vindt de ochtend moeilijk. Buiten met een hond is ze rustig. "
    "Wie heeft er een hond en wil een paar keer per week samen lopen voordat school begint?"
)
ON_BOARD_LATER = "Samen koekjes bakken op woensdag"
ON_BOARD_LATER_TEXT = (
    "Een meisje van 13 bakt graag. Wie vindt het leuk om op woensdagmiddag samen te bakken? "
    "Een kleine groep mag ook."
)


def noor(town: Town) -> Story:
    """From the question to the match talk in which only Mark has not answered yet."""
    yield town.on(-47, "19:52", weekend=True)
    case = steps.ask(town, asker="sanne", first_name="Sanne", coach="ellen", words=WORDS)
    steps.give_phone(town, case, "0612345678")
    yield town.on(-46, "08:31")
    steps.take_up(town, case)
    yield town.on(-44, "16:10")
    _first_talk(town, case)
    yield town.on(-43, "19:30")
    steps.draw_circle(
        town,
        case,
        ("Oma Truus", "oma", 1, "Belt elke avond met Noor"),
        ("Piet", "buurman", 2, "Heeft een hond, woont naast ons"),
        ("Juul", "vriendin van Noor", 2, "Zit op een andere school"),
        ("Meneer Koen", "mentor", 3, "Staat bij de deur als Noor komt"),
    )
    yield town.on(-42, "21:05")
    steps.draw_own_circle(
        town,
        case,
        "noor",
        ("Juul", "vriendin", 1, "luistert"),
        ("Oma Truus", "oma", 1, "is er gewoon"),
        ("Piet", "buurman met de hond", 2, "doet leuke dingen"),
    )
    yield town.on(-41, "15:20")
    town.begin(_on_board(town, case))
    yield from tents.held(
        town,
        case,
        tables.NOOR,
        -27,
        "15:30",
        tables.NOOR_NOTES,
        agrees="sanne",
        drawing=tables.NOOR_DRAWING,
    )
    yield town.on(-24, "10:00")
    _plan(town, case)
    town.begin(rights.own_words(town, case))
    made = yield from helping.match(
        town,
        case,
        Click("youssef", "H2", "Afspraken die in twee huizen gelden.", ("noor", "sanne", "mark")),
        -22,
    )
    rhythm = Rhythm(town.every(3, -17, "19:00"), 6, "Bij Het Anker", "sanne")
    helping.see_each_other(town, case, made, "youssef", rhythm)
    yield from _does_it_click(town, case)


def _first_talk(town: Town, case: Case) -> None:
    steps.talk(
        town,
        case,
        note="Gebeld met Sanne. Noor wil zelf ook meepraten. Mark weet ervan en denkt mee.",
        result=RESULT,
        surname="Verhoeven",
        child=ChildData("Noor", town.born(13, 150)),
    )
    steps.add_parent(town, case, "mark", "Mark", "Janssen")
    steps.look_up_authority(town, case, "sanne", "mark")
    steps.own_way_in(town, case, "noor")


def _on_board(town: Town, case: Case) -> Story:
    """Piet and the family said yes to each other; others were thanked, one took the answer back."""
    post = steps.post_question(town, case, title=ON_BOARD, text=ON_BOARD_TEXT, neighbourhood="Peelrand-Oost")
    yield town.on(-40, "07:50")
    piet = steps.respond(
        town, "piet", post, "Mijn hond Bobbie wil elke ochtend naar het bos. Gezellig als er iemand meeloopt."
    )
    yield town.on(-40, "18:15")
    theo = steps.respond(town, "theo", post, "Ik heb geen hond, maar bij ons kan ze fietsen leren maken.")
    hannie = steps.respond(town, "hannie", post, "Ik loop graag mee. Alleen niet als het glad is.")
    yield town.on(-39, "20:10")
    sanne = town.actor("sanne")
    opentent.accept_response(actor=sanne, response_id=piet, at=town.at)
    opentent.decline_response(actor=sanne, response_id=theo, at=town.at)
    yield town.on(-38, "08:25")
    opentent.confirm_response(actor=town.actor("piet"), response_id=piet, at=town.at)
    steps.live(town, case, "sanne", Address("Beukenlaan", "Peelrand", "14", "", "5999 ZC"))
    steps.let_know(town, case, "sanne", "piet")
    opentent.withdraw(actor=town.actor("hannie"), response_id=hannie, at=town.at)
    yield town.on(-8, "16:00")
    later = steps.post_question(
        town, case, title=ON_BOARD_LATER, text=ON_BOARD_LATER_TEXT, neighbourhood="Peelrand-Oost"
    )
    yield town.on(-3, "19:20")
    steps.respond(
        town, "mieke", later, "Woensdag koken we in het dorpshuis. Bakken kan dan ook, met z’n vieren."
    )
    steps.respond(town, "hannie", later, "Ik bak al vijftig jaar. Kom maar langs.")


def _plan(town: Town, case: Case) -> None:
    goal = steps.set_goal(town, case, "Ik ga elke dag naar school, ook al is het spannend.", of="noor")
    home = steps.set_goal(town, case, "Sanne en Mark spreken samen af wat er geldt.")
    town.begin(helping.scores(town, goal, "noor", -23, (3, 4, 4, 6), 6))
    town.begin(helping.scores(town, goal, "sanne", -22, (2, 4, 5, 5), 6))
    town.begin(helping.scores(town, home, "mark", -21, (5, 4, 6), 7))
    dog = steps.set_task(
        town, case, "Twee keer per week met de hond lopen", "Noor en Piet", account="noor", days=5
    )
    call = steps.set_task(town, case, "De mentor bellen", "Sanne", account="sanne", days=-19)
    steps.set_task(town, case, "Een vaste bedtijd afspreken voor twee huizen", "Mark", account="mark", days=3)
    steps.set_task(
        town, case, "Vragen of Noor op woensdag later mag beginnen", "Ellen", account="ellen", days=1
    )
    town.begin(helping.finish(town, call, "sanne", -20))
    town.begin(_again(town, dog))


def _again(town: Town, task_id: UUID) -> Story:
    """Noor said it was done, and opened it again because it goes on."""
    yield town.on(-12, "17:00")
    plans.finish_task(actor=town.actor("noor"), task_id=task_id, at=town.at)
    yield town.on(-11, "17:05")
    plans.reopen_task(actor=town.actor("noor"), task_id=task_id, at=town.at)


def _does_it_click(town: Town, case: Case) -> Story:
    """The match talk with Anouk: everybody said yes but Mark, who has not answered yet."""
    yield town.on(-6, "11:30")
    talk_id = steps.open_talk(
        town,
        case,
        professional="anouk",
        code="H2",
        purpose="Noor oefent buiten, lopend, met wat spannend is op school.",
    )
    for who, days, clock in (
        ("anouk", -5, "17:40"),
        ("noor", -5, "20:30"),
        ("sanne", -4, "21:05"),
        ("ellen", -3, "09:10"),
    ):
        yield town.on(days, clock)
        steps.say(town, talk_id, who)
    yield town.on(-2, "20:50", weekend=True)
    steps.look(town, case, "mark", "family.page_seen")
