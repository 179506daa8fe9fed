"""The story that must always run: how a question becomes help and help becomes a payment, step by step.

Each step is what people do at their screens; between steps only time passes. Who comes by mail uses the
very link that the mail holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, ViewportSize

from hendig.billing.models import PaymentBatch
from hendig.families.models import FamilyMember
from hendig.people.models import Letter
from tests.journeys.person import Hand, Ledger, Person, step
from tests.support.bank import afschrift, one_by_one
from tests.support.clock import Clock
from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.world import World

WORDS = "Mijn dochter van 13 gaat al weken niet naar school. Ze heeft buikpijn en huilt. Wat kunnen we doen?"
RESULT = "Noor gaat weer elke dag naar school."
QUESTION = "Wie loopt er ’s morgens mee met de hond?"
ANSWER = "Mijn hond wil elke ochtend naar het bos. Loop gezellig mee."
ON_A_PHONE = {"Sanne", "Noor", "Mark", "Piet", "Anouk", "Youssef"}


@dataclass
class Story:
    """Everybody of the story, each at an own screen, on one clock."""

    world: World
    live: Live
    clock: Clock
    page_for: PageFor
    hand: Callable[[], Hand]
    # Of everybody the same screen; without one each has a phone or a desk.
    screen: ViewportSize | None = None
    ledger: Ledger = field(default_factory=Ledger)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, *, known: bool = True) -> Person:
        """This person at an own screen, signed in unless nobody knows them yet."""
        if name not in self.people:
            hand = self.hand()
            page = self.page_for(phone=name in ON_A_PHONE, javascript=hand.scripts)
            if self.screen:
                page.set_viewport_size(self.screen)
            if known:
                self.sign_in(page, name)
            self.people[name] = Person(name, page, hand, self.ledger, phone=name in ON_A_PHONE)
        return self.people[name]

    def sign_in(self, page: Page, name: str) -> None:
        cookie = self.world.client(name).cookies["hendig"].value
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": self.live.url}])

    def mail(self, name: str) -> Letter:
        """The newest mail to this person, once everything that had to be sent was sent."""
        self.live.wait_for_jobs()
        to = self.world.account(name).email
        return Letter.objects.filter(to=to).latest("id")

    def by_mail(self, name: str) -> Person:
        """This person, come to where the link in the newest mail leads."""
        link = re.search(rf"{re.escape(self.live.url)}(/\S*)", self.mail(name).body)
        assert link, f"the mail to {name} holds no link"
        person = self.person(name)
        person.visit(link[1])
        return person

    def visit(self, name: str, where: str = "/") -> Person:
        """This person, come to the own front door or a bookmark."""
        person = self.person(name)
        person.visit(where)
        return person


def ask(story: Story) -> None:
    """Sanne asks in her own words; the code from her mail makes it count."""
    sanne = story.person("Sanne", known=False)
    sanne.visit("/")
    sanne.tap("Vraag om hulp")
    sanne.type("Wat is er aan de hand?", WORDS)
    sanne.type("Hoe heet u?", "Sanne")
    sanne.type("Uw e-mailadres", "sanne@gezin.example")
    sanne.tap("Versturen")
    code = re.search(r"\b\d{6}\b", Letter.objects.get(to="sanne@gezin.example").body)
    assert code
    sanne.type("De code uit de mail", code[0])
    sanne.type("Op welk nummer mogen we bellen?", "0612345678")
    sanne.tap("Klaar")
    sanne.sees(WORDS)


def first_talk(story: Story) -> None:
    """Ellen takes it up, calls, and writes down what the talk brought."""
    ellen = story.by_mail("Ellen")
    ellen.tap("Ik pak dit op")
    ellen.sees("0612345678")
    ellen.type("In één regel: wat speelt er?", "Gebeld met Sanne. Noor praat mee, Mark weet ervan.")
    ellen.type("Of zeg in één regel waarom", "Dan hoeft Sanne het niet nog eens te vertellen.")
    ellen.type("Waar hoopt het gezin op?", RESULT)
    ellen.type("Voornaam van het kind", "Noor")
    ellen.type("Geboortedatum", "2013-05-04")
    ellen.type("E-mailadres van het kind", "noor@gezin.example")
    ellen.choose("Het kind vindt het goed dat de ouders meekijken")
    ellen.type("Voornaam van de andere ouder", "Mark")
    ellen.type("E-mailadres van de andere ouder", "mark@gezin.example")
    ellen.choose("Sanne en de andere ouder samen")
    ellen.tap("Opschrijven")
    ellen.sees(RESULT)
    story.people["Sanne"].sees(RESULT)


def open_tent(story: Story) -> None:
    """The question stands on the board without names; a neighbour answers; both say yes."""
    ellen = story.people["Ellen"]
    ellen.tap("Vraag het de buurt")
    ellen.type("De vraag in één zin", QUESTION)
    ellen.type("Vertel er iets over", "Een meisje van 13 vindt de ochtend moeilijk. Buiten is ze rustig.")
    ellen.tap("Zet op het bord")
    piet = story.visit("Piet", "/open-tent/")
    piet.does_not_see("Noor")
    piet.tap(QUESTION)
    piet.type("Uw antwoord", ANSWER)
    piet.tap("Versturen")
    sanne = story.by_mail("Sanne")
    sanne.does_not_see("piet@peelrand.example")
    sanne.tap("Ja, graag")
    sanne.does_not_see("piet@peelrand.example")
    piet = story.by_mail("Piet")
    piet.does_not_see("sanne@gezin.example")
    piet.tap("Ja, ik doe het")
    piet.sees("sanne@gezin.example")
    sanne.sees("piet@peelrand.example")


def call_tent(story: Story) -> None:
    """Ellen picks somebody for each of two expertises; who can come says so; the family chooses by name."""
    ellen = story.people["Ellen"]
    ellen.tap("Roep een tent bijeen")
    ellen.choose("Anouk")
    ellen.choose("Youssef")
    ellen.type("Waar?", "Dorpshuis De Linde")
    ellen.tap("Vraag deze mensen")
    for name in ("Anouk", "Youssef"):
        asked = story.by_mail(name)
        asked.does_not_see("Sanne")
        asked.tap("Ik kan")
    story.by_mail("Sanne").tap("Iedereen is welkom")


def meet(story: Story) -> None:
    """The meeting goes through its phases; what is said stands on the table for all; one page remains."""
    story.clock.travel(days=7, hours=4.5)
    anouk = story.by_mail("Anouk")
    anouk.tap("Iedereen is er al: begin met luisteren")
    anouk.tap("Verder naar: Begrijpen")
    anouk.type("Wat speelt er?", "Noor slaapt slecht sinds de verhuizing.")
    anouk.put("Leg op tafel en door naar: Wat gaat goed")
    sanne = story.people["Sanne"]
    sanne.sees("Noor slaapt slecht sinds de verhuizing.")
    sanne.tap("Ja, zo is het")
    anouk.sees("Het gezin zegt: zo is het.")
    anouk.type("Wat gaat er goed?", "Buiten met de hond is Noor rustig.")
    anouk.put("Leg op tafel en door naar: Richtingen")
    anouk.tap("Verder naar: Afspreken")
    anouk.type("Wat spreken we af?", "Anouk oefent met Noor de weg naar school.")
    anouk.put("Leg op tafel en door naar: Terugkijken")
    anouk.tap("Afronden en de bladzijde maken")
    anouk.sees("De bladzijde die blijft")
    sanne = story.by_mail("Sanne")
    sanne.sees("Anouk oefent met Noor de weg naar school.")
    sanne.tap("Zo klopt het")


def click(story: Story) -> None:
    """Everyone who must says yes, each alone: that is the match."""
    ellen = story.by_mail("Ellen")
    ellen.sees("Wie past bij dit gezin?")
    ellen.tap("Vraag Anouk of het klikt")
    ellen.tap("Ja, het klikt")
    for name in ("Anouk", "Noor", "Sanne", "Mark"):
        story.by_mail(name).tap("Ja, het klikt")
    ellen.sees("Er is een match")
    story.people["Noor"].sees("Er is een match")


def help_(story: Story) -> None:
    """An appointment, "geweest" in one tap, how was it in one tap."""
    anouk = story.by_mail("Anouk")
    anouk.tap("Afspraak bewaren")
    story.clock.travel(days=1, hours=2)
    story.visit("Anouk").tap("Geweest")
    story.visit("Noor").tap("Heel goed")


def pay(story: Story) -> None:
    """The month is over: the invoice is ready, right by itself, and paid with one button."""
    story.clock.travel(days=25)
    jolanda = story.visit("Jolanda")
    jolanda.tap("Verstuur factuur")
    henk = story.visit("Henk")
    henk.sees("Dit klopt")
    henk.tap("Betaal alles wat klopt")


def take_to_the_bank(story: Story) -> bytes:
    """Henk takes the file for the bank."""
    henk = story.people["Henk"]
    return henk.fetch("SEPA-bestand")


def hear_of_the_bank(story: Story) -> None:
    """The bank sends a statement; Henk lets it be read, and only then it is paid for Jolanda too."""
    jolanda, batch = story.people["Jolanda"], PaymentBatch.objects.get()
    jolanda.sees("de bank betaalt op")
    jolanda.does_not_see("betaald op")
    story.clock.travel(days=4)
    henk = story.visit("Henk", "/betalen/bank/")
    henk.bring("Bestand", "afschrift.xml", afschrift(story.world, *one_by_one(batch), on=batch.pays_on))
    henk.tap("Lees het bestand")
    henk.sees("1 betaling bevestigd")
    jolanda.sees("betaald op")


def look_up_authority(story: Story) -> None:
    """Within two weeks Ellen looks up who decides for Noor: what was only told lapses."""
    noor = FamilyMember.objects.get(account__first_name="Noor")
    ellen = story.visit("Ellen", f"/gezin/{noor.family_id}/")
    for name in ("Mark", "Sanne"):
        ellen.tap(f"Nagekeken in het gezagsregister {name}")


def end(story: Story) -> None:
    """Anouk rounds off with the family; Sanne and Noor answer two questions."""
    anouk = story.visit("Anouk")
    anouk.tap("Noor", within="#helped")
    anouk.tap("Samen afronden")
    anouk.choose("Zoals afgesproken")
    anouk.type("Waar kijken we op terug?", "Noor loopt weer zelf naar school.")
    anouk.tap("Afronden")
    for name in ("Sanne", "Noor"):
        person = story.by_mail(name)
        person.choose("9", exact=True)
        person.choose("Geen verdere hulp meer nodig")
        person.tap("Versturen")


TO_PAID: dict[str, Callable[[Story], object]] = {
    "Vraag": ask,
    "Eerste gesprek": first_talk,
    "Open Tent": open_tent,
    "Tent bij elkaar": call_tent,
    "Tent": meet,
    "Match": click,
    "Hulp": help_,
    "Factuur en betaling": pay,
}
# Counted apart: it falls within the story, and asks nothing of the way from question to paid.
BETWEEN: dict[str, Callable[[Story], object]] = {"Gezag nakijken": look_up_authority}
AFTERWARDS: dict[str, Callable[[Story], object]] = {
    "Bestand voor de bank": take_to_the_bank,
    "Antwoord van de bank": hear_of_the_bank,
    "Afronden": end,
}


def tell(story: Story, name: str, chapter: Callable[[Story], object]) -> object:
    """One step of the story happened and was counted under its name."""
    with step(story.ledger, name):
        return chapter(story)
