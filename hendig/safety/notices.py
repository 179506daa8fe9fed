"""Which lines of the log concern safety, and who hears of them. Of most of it the family hears nothing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import BROKEN, PROVED, RESTORED, Entry
from hendig.audit.notices import Code, Tell
from hendig.families.models import Part
from hendig.families.notices import family_page, the_coach
from hendig.families.queries import account_ids
from hendig.safety.queries.held import account_ids_for_safety, auditors, is_held, leaders, officers


def the_family_unless_held(entry: Entry) -> Iterable[UUID]:
    """Everyone of the family who can sign in, unless a safety hold stands."""
    if is_held(entry.record_id, at=entry.at):
        return ()
    return account_ids(entry.family_id, Part.FAMILY, at=entry.at)


def the_officers(entry: Entry) -> Iterable[UUID]:
    return officers(entry.municipality_id, at=entry.at)


def who_watch_the_log(entry: Entry) -> Iterable[UUID]:
    """The privacy officers and who audits: whoever keeps the database is the one that is watched."""
    return {*the_officers(entry), *auditors(entry.municipality_id, at=entry.at)}


def others_who_watch(entry: Entry) -> Iterable[UUID]:
    """The privacy officers; when it is about the only one, who answers for the municipality."""
    found = [one for one in the_officers(entry) if one != entry.object_id]
    return found or [one for one in leaders(entry.municipality_id, at=entry.at) if one != entry.object_id]


def others_who_decide(entry: Entry) -> Iterable[UUID]:
    """Who answers for the municipality and who checks it, but for whom it is about."""
    both = {*the_officers(entry), *leaders(entry.municipality_id, at=entry.at)}
    return sorted(both - {entry.object_id})


def of_whom_it_is(entry: Entry) -> Iterable[UUID]:
    """Whom the line is about."""
    return [entry.object_id] if entry.object_id else []


def the_coach_once(entry: Entry) -> Iterable[UUID]:
    """The coach of the family, by one line of the several that one change wrote."""
    return the_coach(entry) if entry.facts.get("first") else ()


def named(entry: Entry) -> Iterable[UUID]:
    """Who was named in this very line."""
    account = entry.facts.get("account")
    return [UUID(account)] if account else []


def those_named(entry: Entry) -> Iterable[UUID]:
    """Who is named for the safety part of the record."""
    return account_ids_for_safety(entry.record_id, at=entry.at)


def safety_page(entry: Entry) -> str:
    return reverse("safety", args=[entry.family_id])


CODES = {
    "emergency.opened": Code(
        "Somebody opened one record for an hour because of danger, in the category it says.",
        _("opende uw dossier in een noodgeval"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Iemand opende een dossier in een noodgeval. Oordeel binnen twee werkdagen."),
                url=lambda _entry: reverse("emergencies"),
            ),
        ),
    ),
    "emergency.began": Code(
        "The family and the coach are told that somebody opened the record because of danger.",
        _("opende uw dossier in een noodgeval, voor een uur"),
        tell=(
            Tell(
                to=the_coach,
                words=_("Een collega opende een dossier van u in een noodgeval."),
                url=family_page,
            ),
            Tell(
                to=the_family_unless_held,
                words=_("Iemand opende uw dossier in een noodgeval. U ziet wie en wanneer."),
                url=lambda entry: reverse("who_looked", args=[entry.family_id]),
            ),
        ),
    ),
    "emergency.seen": Code(
        "Who opened a record in an emergency looked at what is open.", _("bekeek uw dossier in een noodgeval")
    ),
    "emergency.closed": Code(
        "Who opened a record in an emergency closed it before the hour was over.", _("sloot het dossier weer")
    ),
    "emergency.judged": Code(
        "The privacy officer judged whether an emergency was right.", _("oordeelde over een noodgeval")
    ),
    "emergency.unjudged": Code(
        "The two working days are over in which an emergency should have been judged.",
        _("zag dat nog niemand over een noodgeval oordeelde"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Over een noodtoegang is nog niet geoordeeld. De twee werkdagen zijn voorbij."),
                url=lambda _entry: reverse("emergencies"),
            ),
        ),
    ),
    "emergency.judging": Code(
        "The privacy officer read why somebody opened a record in an emergency.", _("las over een noodgeval")
    ),
    "safety.seen": Code("Somebody who was named opened the safety part.", _("bekeek het deel veiligheid")),
    "safety.begun": Code(
        "Somebody wrote down a worry about safety.",
        _("schreef een zorg over veiligheid op"),
        tell=(Tell(to=those_named, words=_("Er is iets voor u opgeschreven."), url=safety_page),),
    ),
    "safety.step": Code(
        "A step of the reporting code was written down.", _("zette een stap van de meldcode")
    ),
    # Not a word of an informant, in nobody's log: that there is one tells already too much.
    "safety.added": Code(
        "Something was added to a worry about safety.", _("vulde een zorg over veiligheid aan")
    ),
    "safety.removed": Code(
        "Something that was added to a worry about safety by mistake was taken back.",
        _("haalde iets weg bij een zorg over veiligheid"),
    ),
    "safety.closed": Code("A worry about safety was closed.", _("sloot een zorg over veiligheid af")),
    "safety.named": Code(
        "A colleague was named for the safety part.",
        _("noemde een collega voor veiligheid"),
        tell=(Tell(to=named, words=_("U bent gevraagd om mee te denken."), url=safety_page),),
    ),
    "safety.unnamed": Code(
        "Somebody is no longer named for the safety part.", _("noemde een collega niet meer voor veiligheid")
    ),
    "safety.passed_on": Code(
        "Who goes on with the record was named for safety, because whoever was before reads it no more.",
        _("noemde een collega voor veiligheid"),
        tell=(Tell(to=named, words=_("U gaat verder met iets van een collega."), url=safety_page),),
    ),
    "safety.nobody": Code(
        "A worry about safety is read by nobody who works here, and no coach goes along who could.",
        _("zocht iemand die verder kan"),
        tell=(
            Tell(
                to=lambda entry: leaders(entry.municipality_id, at=entry.at),
                words=_("Voor een gezin is niemand meer verantwoordelijk. Draag vandaag de vragen over."),
                url=lambda _entry: reverse("coach_handovers"),
            ),
        ),
    ),
    "safety.held": Code("A safety hold was placed, until a day.", _("zette een veiligheidsslot")),
    "safety.released": Code("A safety hold was taken off.", _("haalde een veiligheidsslot weg")),
    "legal.asked": Code(
        "A request by law was written down, with what would leave.",
        _("schreef een verzoek op grond van de wet op"),
        tell=(
            Tell(
                to=those_named,
                words=_("Een collega vraagt of u ergens mee akkoord gaat."),
                url=lambda entry: reverse("legal", args=[entry.object_id]),
            ),
        ),
    ),
    "legal.agreed": Code(
        "A second person agreed that these pieces leave.",
        _("ging akkoord met een verzoek op grond van de wet"),
    ),
    "legal.declined": Code(
        "A second person did not agree: nothing leaves.", _("wees een verzoek op grond van de wet af")
    ),
    "legal.taken": Code("The agreed pieces left as a document.", _("gaf stukken op grond van de wet")),
    "legal.left": Code(
        "Pieces of the record left by law; the family reads it unless a safety hold stands.",
        _("gaf een deel van uw dossier aan een instantie, omdat de wet dat vraagt"),
        takes=True,
    ),
    "address.seen": Code("Somebody opened the page of the secret address.", _("bekeek het geheime adres")),
    "address.secret": Code("Where somebody lives is secret from now on.", _("maakte een adres geheim")),
    "address.open": Code("Where somebody lives is not secret any more.", _("maakte een adres weer gewoon")),
    "address.blocked": Code(
        "Somebody is kept out of parts of a record.", _("sloot iemand buiten van delen van het dossier")
    ),
    "refusals.alarm": Code(
        "Somebody was refused five times within ten minutes.",
        _("werd vaak geweigerd"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Iemand werd vijf keer geweigerd in tien minuten. Kijk in het logboek."),
                url=lambda _entry: f"{reverse('log')}?kind=refusal",
            ),
        ),
    ),
    "refusals.more": Code(
        "Somebody who was refused often was refused again within the hour.", _("werd weer geweigerd")
    ),
    "citizen_number.double": Code(
        "A coach typed a BSN that stands in another record; it was not written down.",
        _("vulde een nummer in dat niet kon"),
        tell=(
            Tell(
                to=others_who_watch,
                words=_("Een burgerservicenummer dat een coach invulde, staat al in een ander dossier."),
                url=lambda _entry: reverse("log"),
            ),
        ),
    ),
    "own_family.tried": Code(
        "Somebody who works here tried to open something of the own family; it stayed closed.",
        _("probeerde iets te openen dat gesloten is"),
        tell=(
            Tell(
                to=others_who_watch,
                words=_("Iemand die hier werkt, wilde iets van het eigen gezin openen. Dat ging niet."),
                url=lambda _entry: f"{reverse('log')}?kind=refusal",
            ),
        ),
    ),
    "own_family.sought": Code(
        "Somebody who works here searched for a person of the own family by name; nobody was found.",
        _("zocht iemand die gesloten is"),
        tell=(
            Tell(
                to=others_who_watch,
                words=_("Iemand die hier werkt, zocht het eigen gezin op naam. Er was niets te zien."),
                url=lambda _entry: reverse("log"),
            ),
        ),
    ),
    "own_family.proposed": Code(
        "Somebody who works here was proposed to help in the own family; that was refused.",
        _("werd voorgesteld waar dat niet kan"),
        tell=(
            Tell(
                to=others_who_watch,
                words=_("Iemand die hier werkt, werd gevraagd voor het eigen gezin. Dat ging niet door."),
                url=lambda _entry: reverse("log"),
            ),
        ),
    ),
    "own_family.likely": Code(
        "Somebody who works with a family looks like one of it, by what the line says; nothing closed.",
        _("lijkt op iemand van het gezin"),
        tell=(
            Tell(
                to=others_who_watch,
                words=_("Iemand die met een gezin werkt, lijkt er familie van te zijn. Vraag hoe het zit."),
                url=lambda _entry: reverse("log"),
            ),
        ),
    ),
    "own_family.declared": Code(
        "Somebody who works here said that a family is the own one, or known from home; it closed.",
        _("zei dat een gezin eigen familie of een kennis is"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Iemand die hier werkt, zei dat een gezin eigen familie of een kennis is."),
                url=lambda _entry: reverse("log"),
            ),
        ),
    ),
    "own_family.closed": Code(
        "The record is closed to somebody who said that this is the own family, or known from home.",
        _("kijkt niet meer mee, want dit is eigen familie of een kennis"),
        tell=(
            Tell(
                to=the_coach_once,
                words=_("Iemand die meekeek, kent dit gezin van thuis en kijkt niet meer mee."),
                url=family_page,
            ),
        ),
    ),
    "own_family.mistake": Code(
        "Who called a family the own one asks to take that back; it stays closed until a second one agrees.",
        _("vroeg terug te nemen dat een gezin eigen familie of een kennis is"),
        tell=(
            Tell(
                to=others_who_decide,
                words=_(
                    "Iemand sloot een gezin bij vergissing voor zichzelf. Een tweede persoon geeft akkoord."
                ),
                url=lambda _entry: reverse("mistakes"),
            ),
        ),
    ),
    "own_family.mistake_agreed": Code(
        "A second person agreed that a family was called the own one by mistake; nothing opened by it.",
        _("nam terug dat een gezin eigen familie of een kennis is"),
        tell=(
            Tell(
                to=of_whom_it_is,
                words=_("Een gezin dat u bij vergissing sloot, mag u weer om hulp vragen."),
                url=lambda _entry: reverse("closed_families"),
            ),
        ),
    ),
    "own_family.mistake_declined": Code(
        "A second person held that the family stays closed to who called it the own one.",
        _("hield een gezin gesloten voor wie het kent"),
        tell=(
            Tell(
                to=of_whom_it_is,
                words=_("Een gezin dat u sloot, blijft dicht voor u. Vragen? Bel de privacyfunctionaris."),
                url=lambda _entry: reverse("closed_families"),
            ),
        ),
    ),
    "own_family.open_again": Code(
        "That this is somebody's own family was a mistake, two people found; nothing opened by it.",
        _("nam met een collega terug dat dit eigen familie of een kennis is: dat was een vergissing"),
        tell=(
            Tell(
                to=the_coach_once,
                words=_("Iemand die dit gezin bij vergissing sloot, kan weer gevraagd worden om te helpen."),
                url=family_page,
            ),
        ),
    ),
    "own_family.no_coach": Code(
        "A question lost its coach, whose own family it is, and there was no colleague to name.",
        _("kan uw gezinscoach niet meer zijn"),
        tell=(
            Tell(
                to=lambda entry: leaders(entry.municipality_id, at=entry.at),
                words=_("Een gezin heeft een andere gezinscoach nodig. Draag de vraag over."),
                url=lambda _entry: reverse("coach_handovers"),
            ),
        ),
    ),
    "own_family.again": Code(
        "The same person came near the same family again within a day.",
        _("probeerde nog eens iets te openen dat gesloten is"),
    ),
    PROVED: Code(
        "The log was held against its seals and anchors; how many lines, and how many places did not fit.",
        _("keek na of het logboek klopt"),
    ),
    BROKEN: Code(
        "Something in the log does not fit its seal, and no night found it before; which lines or seals.",
        _("vond een plek in het logboek die niet klopt"),
        tell=(
            Tell(
                to=who_watch_the_log,
                words=_(
                    "Het logboek klopt niet met zijn zegel: er is iets veranderd, bijgezet of weggehaald. "
                    "Vraag het niet alleen aan de beheerder."
                ),
                url=lambda _entry: reverse("seal"),
            ),
        ),
    ),
    RESTORED: Code(
        "A backup took the place of the database: of when, after which seal the log goes on.",
        _("zette een reservekopie terug"),
        tell=(
            Tell(
                to=who_watch_the_log,
                words=_(
                    "Er is een reservekopie teruggezet. Wat daarna in het logboek kwam, is er niet meer."
                ),
                url=lambda _entry: reverse("seal"),
            ),
        ),
    ),
    "backup.made": Code(
        "A backup file is in the register, with its fingerprint.", _("maakte een reservekopie")
    ),
    "backup.destroyed": Code(
        "No copy of a backup file is left, as who runs the installation says.",
        _("gooide een reservekopie weg"),
    ),
    "backup.found": Code(
        "A backup file that the register did not know, or said to be destroyed, was brought back.",
        _("vond een reservekopie terug"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Er is een reservekopie die niet in het register stond, of die weg heette te zijn."),
                url=lambda _entry: reverse("retention"),
            ),
        ),
    ),
    "record.past_term": Code(
        "Records came past their term: which, so that each is told once.",
        _("zag welke dossiers over hun termijn zijn"),
        tell=(
            Tell(
                to=the_officers,
                words=_(
                    "Er zijn dossiers waarvan de bewaartermijn voorbij is. Stel voor om ze te vernietigen."
                ),
                url=lambda _entry: reverse("retention"),
            ),
        ),
    ),
    "backup.overdue": Code(
        "A backup file is there past its last day.",
        _("zag dat een reservekopie er te lang is"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Een reservekopie had weg moeten zijn. Vraag de beheerder om haar weg te gooien."),
                url=lambda _entry: reverse("retention"),
            ),
        ),
    ),
    "log.mismatch": Code(
        "The daily count found lines of the log that a family neither reads nor has held.",
        _("telde het logboek na"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Het natellen van het logboek klopte niet. Vraag de beheerder om te kijken."),
                url=lambda _entry: reverse("log"),
            ),
        ),
    ),
    "record.frozen": Code(
        "The family's own view of a record stopped after a death.", _("zette een dossier stil")
    ),
    "record.unfrozen": Code("The family's own view of a record goes on.", _("zette een dossier weer open")),
    "erasure.asked": Code(
        "The privacy officer asked to destroy a record; a second person must agree.",
        _("vroeg om een dossier te vernietigen"),
        tell=(
            Tell(
                to=the_officers,
                words=_("Een dossier wacht op vernietiging. Een tweede persoon moet akkoord geven."),
                url=lambda _entry: reverse("retention"),
            ),
            Tell(
                to=the_coach,
                words=_("Een dossier wacht op vernietiging. Een tweede persoon moet akkoord geven."),
                url=lambda entry: reverse("erasure", args=[entry.object_id]),
            ),
        ),
    ),
    "erasure.agreed": Code(
        "A second person agreed; the record, or the part that was granted, is destroyed.",
        _("gaf akkoord om te vernietigen"),
    ),
    "erasure.cleared": Code(
        "What still ran by the record stopped; nobody is involved with it any more, or found by it.",
        _("haalde namen en wegen naar binnen weg voor een vernietiging"),
    ),
    "erasure.emptied": Code(
        "The chosen pieces lost their texts, and what stays got a new key.",
        _("vernietigde een deel van een dossier"),
    ),
    "erasure.done": Code(
        "What was to be destroyed can be read by nobody any more.", _("maakte de vernietiging af")
    ),
    "breach.written": Code("A data breach was written in the register.", _("schreef een datalek op")),
    "breach.added": Code(
        "What is known by now was added to a data breach in the register.", _("vulde een datalek aan")
    ),
}
