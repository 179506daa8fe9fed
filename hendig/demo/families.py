"""The other families of Peelrand, each at another point of the way."""

from __future__ import annotations

from hendig.demo import beside, helping, practice, rights, school, steps, tables, tents
from hendig.demo.earlier import Adult, Family, first_question, next_question
from hendig.demo.helping import Click, End, Rhythm
from hendig.demo.steps import Case, ChildData
from hendig.demo.timeline import Story
from hendig.demo.town import Town
from hendig.demo.words import NEW, ON_BOARD
from hendig.families.models import MemberKind, Source
from hendig.families.rules.homes import Address
from hendig.matching import actions as matching
from hendig.matching.models import Match
from hendig.opentent import actions as opentent
from hendig.people import actions as people
from hendig.plans import actions as plans

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
FOSTER = MemberKind.FOSTER_PARENT
KOWALSKA = Family(
    "agnieszka",
    "Agnieszka",
    "Kowalska",
    "bram",
    "Kuba",
    7,
    ("agnieszka", "tomasz"),
    (Adult("tomasz", "Tomasz", "Kowalski"),),
)
DE_WIT = Family(
    "kim",
    "Kim",
    "de Wit",
    "samira",
    "Jayden",
    9,
    ("kim",),
    (Adult("wil", "Wil", "Hoeijmakers", FOSTER, False), Adult("toon", "Toon", "Hoeijmakers", FOSTER, False)),
)
PEETERS = Family("daan", "Daan", "Peeters", "ellen", "Daan", 16, ("daan",), born_days_ago=240, is_asker=True)
BOSCH = Family("mirjam", "Mirjam", "Bosch", "samira", "Lotte", 5, ("mirjam",))
VAN_DONGEN = Family("bart", "Bart", "van Dongen", "ellen", "Sem", 10, ("bart",))
EL_IDRISSI = Family(
    "fatima",
    "Fatima",
    "El Idrissi",
    "ellen",
    "Amin",
    4,
    ("fatima", "hassan"),
    (Adult("hassan", "Hassan", "El Idrissi"),),
)
HERMANS = Family("lisa", "Lisa", "Hermans", "ellen", "Finn", 11, ("lisa",), born_days_ago=230)
# Almost eighteen: the birthday is nineteen days away.
GERARDS = Family(
    "monique", "Monique", "Gerards", "joost", "Iris", 18, ("iris",), born_days_ago=-19, own_way_in="iris"
)
SMULDERS = Family(
    "eva",
    "Eva",
    "Smulders",
    "ellen",
    "Mees",
    1,
    ("eva", "thijs"),
    (Adult("thijs", "Thijs", "Beumer"),),
    born_days_ago=60,
)
SCHREURS = Family(
    "ingrid",
    "Ingrid",
    "Schreurs",
    "bram",
    "Tess",
    14,
    ("tess", "ingrid"),
    (Adult("jeroen", "Jeroen", "Vullers", decides=False),),
    own_way_in="tess",
)


def kowalska(town: Town) -> Story:
    """They speak Polish; Wiktoria goes along, and Maaike looks at what helps in class."""
    before = yield from first_question(town, KOWALSKA, 0)
    people.choose_language(actor=town.actor("agnieszka"), language="en", at=town.at)
    case = yield from next_question(town, KOWALSKA, before, -110)
    steps.draw_circle(
        town,
        case,
        ("Babcia Zofia", "oma, belt met beeld", 1, "Zingt elke avond een liedje"),
        ("Marek en Ola", "buren, ook uit Polen", 2, "Nemen Kuba mee naar zwemles"),
        ("Juf Lianne", "school", 3, "Leest extra met Kuba"),
    )
    town.begin(rights.with_a_budget(town, case, "agnieszka", "ellen"))
    town.begin(practice.is_refused(town, case, "agnieszka", -70))
    town.begin(_on_board(town, case, "riet", "Ik ben taalmaatje en neem prentenboeken mee.", -95))
    click = Click("wiktoria", "H2", "Mee naar school, en thuis in het Pools.", KOWALSKA.says_yes)
    yield from helping.helped(
        town, case, click, -100, Rhythm(town.every(TUESDAY, -91, "14:30"), 17, "Op school", "agnieszka")
    )
    goal = steps.set_goal(town, case, "Kuba ma przyjaciela. (Kuba heeft een vriend.)", of="kuba")
    town.begin(helping.scores(town, goal, "agnieszka", -90, (2, 3, 5, 4, 6, 7)))
    town.begin(helping.scores(town, goal, "tomasz", -85, (3, 3, 4, 5, 6, 7)))
    click = Click("maaike", "H4", "Samen kijken hoe Kuba leert.", KOWALSKA.says_yes)
    yield from helping.helped(
        town, case, click, -60, Rhythm(town.every(THURSDAY, -51, "11:00"), 10, "Op school", "tomasz", 90)
    )
    steps.set_task(town, case, "Foto’s van school laten vertalen", "Marek en Ola", days=6)
    steps.set_task(town, case, "Een vriendje uitnodigen", "Agnieszka", account="agnieszka", days=2)


def de_wit(town: Town) -> Story:
    """A foster child: mother decides, foster parents raise; their second tent's page waits for her yes."""
    before = yield from first_question(town, DE_WIT, 1)
    case = yield from next_question(town, DE_WIT, before, -130)
    town.begin(rights.which_municipality(town, case))
    town.begin(practice.asks(town, case, -2))
    steps.draw_circle(
        town,
        case,
        ("Wil en Toon", "pleegouders", 1, "Daar woont Jayden"),
        ("Tante Sonja", "zus van Kim", 2, "Rijdt mee naar bezoeken"),
        ("Meester Bob", "school", 3, "Weet wanneer er bezoek was"),
    )
    tent_id = yield from tents.held(
        town, case, tables.JAYDEN, -108, "13:30", tables.JAYDEN_NOTES, agrees="kim"
    )
    later = "Opa Toon haalt Jayden op vrijdag van school."
    town.begin(tents.anew(town, tent_id, "kim", -60, later, agreed=True))
    click = Click("gea", "H7", "Naast Jayden, zijn moeder en zijn pleegouders.", ("kim",))
    yield from helping.helped(
        town, case, click, -103, Rhythm(town.every(WEDNESDAY, -93, "16:00"), 17, "Bij Wil en Toon", "wil")
    )
    goal = steps.set_goal(town, case, "Na een bezoek slaap ik goed.", of="jayden")
    town.begin(helping.scores(town, goal, "wil", -92, (3, 4, 4, 6, 5, 7)))
    town.begin(helping.scores(town, goal, "kim", -90, (2, 4, 5, 5, 6, 7)))
    click = Click("anouk", "H2", "Buiten praten over twee thuizen.", ("kim",))
    made = yield from helping.helped(
        town, case, click, -75, Rhythm(town.every(MONDAY, -66, "13:30"), 13, "Achter de school", "wil")
    )
    town.begin(_today(town, made, "14:45", "Achter de school"))
    task = steps.set_task(
        town, case, "Boekje maken over wie bij mij horen", "Jayden en Gea", account="gea", days=8
    )
    town.begin(helping.finish(town, task, "gea", -10))
    yield from tents.held(
        town, case, tables.JAYDEN_AGAIN, -4, "14:00", tables.JAYDEN_AGAIN_NOTES, agrees=None
    )


def peeters(town: Town) -> Story:
    """Sixteen and alone: he asked himself, decides himself, and is called je."""
    story = first_question(town, PEETERS, 2)
    before = yield from story
    people.choose_language(actor=town.actor("daan"), language="nl-je", at=town.at)
    case = yield from next_question(town, PEETERS, before, -84)
    steps.draw_circle(
        town,
        case,
        ("Milan", "vriend", 1, "Daar slaap ik nu"),
        ("Ali", "trainer", 2, "Haalt me op voor training"),
        ("Oom Frans", "oom", 2, "Kent een aannemer"),
    )
    town.begin(rights.waits_for_an_answer(town, case, "daan", "bram"))
    town.begin(
        _on_board(town, case, "theo", "Kom maar kijken in de fietsenwerkplaats. We hebben werk genoeg.", -78)
    )
    click = Click("kevin", "H2", "Werk en een eigen plek.", ("daan",))
    yield from helping.helped(
        town, case, click, -72, Rhythm(town.every(FRIDAY, -62, "13:00"), 12, "De Steiger", "daan")
    )
    goal = steps.set_goal(town, case, "Ik heb een eigen kamer.", of="daan")
    work = steps.set_goal(town, case, "Ik werk drie dagen per week.", of="daan")
    town.begin(helping.scores(town, goal, "daan", -60, (1, 2, 2, 4, 5)))
    town.begin(helping.scores(town, work, "daan", -58, (2, 5, 7, 8)))
    town.begin(helping.reach(town, work, "daan", -6))
    click = Click("anouk", "H2", "Elke week even naar buiten en vooruit kijken.", ("daan",))
    made = yield from helping.helped(
        town, case, click, -46, Rhythm(town.every(THURSDAY, -37, "11:15"), 9, "Bospad", "daan")
    )
    town.begin(_today(town, made, "16:45", "Bospad"))
    steps.set_task(town, case, "Inschrijven voor een kamer", "Daan", account="daan", days=4)
    steps.set_task(town, case, "Mee naar het gesprek over een kamer", "Kevin", account="kevin", days=9)


def bosch(town: Town) -> Story:
    """A secret address: nothing tells where they live, and the tent is by video, today."""
    before = yield from first_question(town, BOSCH, 3)
    case = yield from next_question(town, BOSCH, before, -40)
    steps.look_up_authority(town, case, "mirjam", source=Source.COURT)
    steps.live(town, case, "mirjam", Address("Achter de Linden", "Peelrand", "8", "", "5999 ZB"), secret=True)
    steps.draw_circle(
        town,
        case,
        ("Oma", "oma", 1, "Belt met beeld"),
        ("Een vriendin", "vriendin", 2, "Weet waar we zijn"),
    )
    town.begin(_on_board(town, case, "mieke", "Bij ons in de moestuin lopen kippen. Het is er rustig.", -30))
    steps.set_goal(town, case, "Lotte slaapt een hele nacht.", of="lotte")
    yield from tents.call(town, case, tables.LOTTE, -9, town.on(0, "15:30", weekend=True))


def van_dongen(town: Town) -> Story:
    """A single father; his question is done and he answered the two questions."""
    before = yield from first_question(town, VAN_DONGEN, 4)
    case = yield from next_question(town, VAN_DONGEN, before, -125)
    steps.live(town, case, "bart", Address("Turfsteker", "Peelrand", "21", "a", "5999 ZA"))
    town.begin(rights.on_paper(town, case, "bart", "samira"))
    steps.draw_circle(
        town,
        case,
        ("Ouders van Bart", "opa en oma", 2, "Koken op maandag"),
        ("Ploegmaat Rick", "collega", 2, "Ruilt van dienst als het nodig is"),
    )
    click = Click("rutger", "H2", "Samen woorden vinden voor gemis.", ("bart",))
    yield from helping.helped(
        town, case, click, -118, Rhythm(town.every(MONDAY, -109, "15:30"), 13, "Thuis", "bart")
    )
    goal = steps.set_goal(town, case, "Sem vertelt wat hij voelt.", of="sem")
    town.begin(helping.scores(town, goal, "bart", -107, (3, 4, 6, 5, 7, 8)))
    town.begin(helping.reach(town, goal, "bart", -20))
    how = End(
        "01",
        "We praten nu elke zondag bij het wandelen. Sem begint er zelf over.",
        "Eerst samen een wandeling, dan Rutger een bericht.",
        (("bart", 8, "04"),),
    )
    yield from helping.end(town, case, how, -16)


def el_idrissi(town: Town) -> Story:
    """Twins: a tent is being called; some can come, one cannot, one the family would rather not have."""
    before = yield from first_question(town, EL_IDRISSI, 5)
    steps.add_child(
        town,
        before,
        ChildData("Yara", town.born(EL_IDRISSI.age, EL_IDRISSI.born_days_ago)),
        "fatima",
        "hassan",
    )
    case = yield from next_question(town, EL_IDRISSI, before, -25)
    steps.draw_circle(
        town,
        case,
        ("Khalti Amal", "tante", 1, "Past op als het druk is"),
        ("Juf Lianne", "school", 3, "Denkt graag mee"),
    )
    steps.set_goal(town, case, "Amin en Yara spelen mee in de groep.")
    yield from tents.told(town, case, -10, "opvoeden", tables.WITHOUT_NAME, *tables.THOUGHTS)
    yield from tents.prepare(town, case, -6, tables.BROUGHT)
    yield from tents.call(town, case, tables.TWINS, -5, town.every(TUESDAY, 6, "10:30"))


def hermans(town: Town) -> Story:
    """Grandparents are near; a first tent was called off, and help goes on week after week."""
    before = yield from first_question(town, HERMANS, 6)
    case = yield from next_question(town, HERMANS, before, -138)
    town.begin(rights.changed_mind(town, case, "lisa"))
    steps.draw_circle(
        town,
        case,
        ("Opa Wim", "opa", 1, "Timmert met Finn in de schuur"),
        ("Oma Bep", "oma", 1, "Kookt op avonden met dienst"),
        ("Ton en Els", "buren", 2, "Hebben een sleutel"),
        ("Trainer Ali", "voetbal", 3, "Zoekt hulp bij de jongste groep"),
    )
    tent_id = yield from tents.call(town, case, tables.FINN, -133, town.on(-125, "19:00"))
    yield from tents.cancel(town, tent_id, "lisa", -126)
    tent_id = yield from tents.held(town, case, tables.FINN, -112, "15:00", tables.FINN_NOTES, agrees="lisa")
    later = "Na de vakantie kijken we of elke week nog nodig is."
    town.begin(tents.anew(town, tent_id, "lisa", -2, later, agreed=False))
    click = Click("anouk", "H2", "Buiten zijn en oefenen met boos worden.", ("lisa",))
    made = yield from helping.helped(
        town, case, click, -108, Rhythm(town.every(TUESDAY, -98, "09:00"), 18, "Bij het bos", "lisa")
    )
    town.begin(_today(town, made, "10:15", "Bij opa in de schuur"))
    click = Click("huub", "H5", "Een middag per week op de boerderij.", ("lisa",))
    rhythm = Rhythm(town.every(WEDNESDAY, -80, "13:00"), 15, "Het Weidepad", "lisa", 180)
    yield from helping.helped(town, case, click, -90, rhythm)
    goal = steps.set_goal(town, case, "Ik word boos zonder te slaan.", of="finn")
    town.begin(helping.scores(town, goal, "lisa", -84, (3, 5, 4, 6, 6, 7)))
    why = "Zodat Finn ook op school een rustige plek heeft als hij boos wordt."
    town.begin(school.reads_along(town, case, tent_id, goal, "lisa", -45, why))
    task = steps.set_task(town, case, "Weekkaart maken met plaatjes", "Finn en opa Wim", days=-60)
    town.begin(helping.finish(town, task, "lisa", -62))
    steps.set_task(town, case, "Rooster van volgende maand delen", "Lisa", account="lisa", days=4)
    steps.set_task(town, case, "Bellen met de voetbalclub", "Anouk", account="anouk", days=0)
    town.begin(_piet_may_help(town, case))
    town.begin(practice.takes_part(town, case, "lisa", -60))
    town.begin(beside.learns(town, case, "anouk", "lieke", -40))
    town.begin(beside.learns(town, case, "ellen", "jip", -30))
    town.begin(beside.stands_in(town, case, "ellen", "bram"))


def gerards(town: Town) -> Story:
    """Almost eighteen: she decides; with Roos it did not click, and they look further."""
    before = yield from first_question(town, GERARDS, 7)
    case = yield from next_question(town, GERARDS, before, -34)
    steps.draw_circle(
        town,
        case,
        ("Nicht Pleun", "nicht", 1, "Gaat mee naar de bank"),
        ("Baas van de bakker", "werk", 2, "Geeft Iris vaste uren"),
    )
    yield from tents.held(town, case, tables.IRIS, -17, "16:00", tables.IRIS_NOTES, agrees="iris")
    goal = steps.set_goal(town, case, "Ik regel mijn eigen geld.", of="iris")
    town.begin(helping.scores(town, goal, "iris", -13, (3, 4), 7))
    yield town.on(-11, "11:40")
    talk_id = steps.open_talk(
        town, case, professional="roos", code="H1", purpose="Klaar voor de eerste maand als achttienjarige."
    )
    yield town.on(-9, "19:30")
    steps.say(town, talk_id, "iris", yes=False)
    yield town.on(-8, "10:30")
    matching.look_further(actor=town.actor("joost"), talk_id=talk_id, at=town.at)
    town.begin(beside.comes_after(town, "joost", "bram"))


def smulders(town: Town) -> Story:
    """First parents: the coach took the question up and the first talk is still to come."""
    before = yield from first_question(town, SMULDERS, 8)
    case = yield from next_question(town, SMULDERS, before, -4, take_up=False)
    steps.draw_circle(town, case, ("Ouders van Eva", "opa en oma", 2, "Komen een weekend per maand"))


def schreurs(town: Town) -> Story:
    """A new family of two old ones: their tent began last night by video and goes on."""
    before = yield from first_question(town, SCHREURS, 9)
    steps.add_child(town, before, ChildData("Luuk", town.born(12, 40)), "ingrid")
    case = yield from next_question(town, SCHREURS, before, -30)
    town.begin(rights.to_be_destroyed(town, case, "tess"))
    town.begin(rights.asks_from_outside(town, case, "patrick"))
    steps.draw_circle(
        town,
        case,
        ("Papa Patrick", "vader van Tess en Luuk", 2, "Elke woensdag eten"),
        ("Oma Mien", "oma van Jeroen", 2, "Vindt iedereen lief"),
    )
    goal = steps.set_goal(town, case, "Iedereen heeft een eigen plek in huis.")
    town.begin(helping.scores(town, goal, "tess", -20, (2, 3), 10))
    starts_at = town.on(-1, "19:30", weekend=True)
    tent_id = yield from tents.call(town, case, tables.INGRID, -12, starts_at)
    yield from tents.meet(town, case, tent_id, tables.INGRID, starts_at, tables.INGRID_NOTES)
    tents.raise_hand(town, tent_id, "dirk")


def smeets(town: Town) -> Story:
    """Asked last night; waits for a coach."""
    yield town.on(-1, "20:41", weekend=True)
    case = steps.ask(town, asker="wouter", first_name="Wouter", coach="", words=NEW)
    steps.give_phone(town, case, "0687654321")


def _on_board(town: Town, case: Case, who: str, words: str, days: int) -> Story:
    """A question on the board; somebody answers, both say yes."""
    title, text, neighbourhood = ON_BOARD[case.asker]
    yield town.on(days, "13:40")
    post = steps.post_question(town, case, title=title, text=text, neighbourhood=neighbourhood)
    yield town.on(days + 3, "12:15")
    answer = steps.respond(town, who, post, words)
    yield town.on(days + 5, "20:30")
    opentent.accept_response(actor=town.actor(case.asker), response_id=answer, at=town.at)
    yield town.on(days + 7, "10:10")
    opentent.confirm_response(actor=town.actor(who), response_id=answer, at=town.at)


def _piet_may_help(town: Town, case: Case) -> Story:
    """The family said yes to Piet; now it is his turn."""
    title, text, neighbourhood = ON_BOARD[case.asker]
    yield town.on(-12, "13:20")
    post = steps.post_question(town, case, title=title, text=text, neighbourhood=neighbourhood)
    yield town.on(-7, "18:00")
    answer = steps.respond(town, "piet", post, "In mijn garage ligt altijd iets wat stuk is. Hij mag helpen.")
    steps.respond(town, "theo", post, "In de fietsenwerkplaats kan hij leren lassen, met iemand erbij.")
    yield town.on(-2, "20:20")
    opentent.accept_response(actor=town.actor(case.asker), response_id=answer, at=town.at)


def _today(town: Town, made: Match, clock: str, place: str) -> Story:
    """One more appointment on the last day, whatever day of the week it is."""
    yield town.on(-5, "12:05")
    plans.plan_appointment(
        actor=town.actor("anouk"),
        match_id=made.pk,
        starts_at=town.on(0, clock, weekend=True),
        minutes=45,
        place=place,
        at=town.at,
    )


STORIES = (
    kowalska,
    de_wit,
    peeters,
    bosch,
    van_dongen,
    el_idrissi,
    hermans,
    gerards,
    smulders,
    schreurs,
    smeets,
)
