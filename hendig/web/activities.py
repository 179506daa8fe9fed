"""What a municipality does with personal data in Hendig, activity by activity (GDPR art. 30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hendig.kernel.privacy import BOOKS_7_YEARS, RECORD_20_YEARS, WHILE_WORKING
from hendig.kernel.refusal import Words


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity: why, on what it rests, of whom, what, who gets it, and how it is kept safe.

    `apps` are the rooms whose rows it is made of.
    """

    name: Words
    why: Words
    ground: Words
    of_whom: Words
    what: Words
    goes_to: Words
    safe: Words
    apps: tuple[str, ...]


SEALED = _(
    "Teksten, adressen en nummers zijn versleuteld per dossier en per deel ervan. Wie niet"
    " betrokken is, komt er niet in."
    " Elke blik staat in het logboek."
)

ACTIVITIES = (
    Activity(
        name=_("Een vraag om hulp behandelen"),
        why=_("Luisteren, de vraag verduidelijken en de weg naar passende hulp vinden."),
        ground=_("Publieke taak (AVG art. 6 lid 1 e); Jeugdwet art. 2.3 en 7.4.0 lid 1 onder a."),
        of_whom=_("Jeugdigen, ouders en wie in hun naam vraagt."),
        what=_(
            "De vraag in eigen woorden, naam en contact van wie vraagt, het eerste gesprek, de"
            " fase van de vraag."
        ),
        goes_to=_("De gezinscoach, en wie het gezin erbij vraagt."),
        safe=SEALED,
        apps=("helprequests",),
    ),
    Activity(
        name=_("Het dossier van een jeugdige bijhouden"),
        why=_("Weten om wie het gaat, wie beslist, wie betrokken is en wie wat mag lezen."),
        ground=_(
            "Wettelijke plicht (AVG art. 6 lid 1 c); Jeugdwet art. 7.3.8. Burgerservicenummer:"
            " Jeugdwet art. 7.2.1."
        ),
        of_whom=_("Jeugdigen, ouders, anderen in het huis of eromheen, en wie betrokken is."),
        what=_(
            "Namen, geboortedag, gezag en maatregelen van de rechter, toestemmingen,"
            " burgerservicenummer, aantekeningen, bestanden."
        ),
        goes_to=_("Wie betrokken is, voor de delen die daarbij horen. Gezinsleden lezen wat van henzelf is."),
        safe=SEALED,
        apps=("families", "files", "keys"),
    ),
    Activity(
        name=_("Samen begrijpen in een expertisetent"),
        why=_(
            "Met het gezin en mensen met verschillende expertise begrijpen wat er speelt en"
            " afspreken wat helpt."
        ),
        ground=_(
            "Publieke taak (AVG art. 6 lid 1 e); gezondheidsgegevens: AVG art. 9 lid 2 h en"
            " UAVG art. 30 lid 3."
        ),
        of_whom=_("Jeugdigen, hun gezin, wie meehelpt en wie meepraat."),
        what=_("Wat in de tent gezegd en getekend is, de pagina die blijft, wie erbij was."),
        goes_to=_("Wie in de tent zat, tot 14 dagen daarna. De pagina blijft bij het gezin en wie helpt."),
        safe=SEALED,
        apps=("tents",),
    ),
    Activity(
        name=_("Hulp kiezen, geven en afronden"),
        why=_("Gezin en professional kiezen elkaar, komen afspraken na en kijken of het hielp."),
        ground=_("Toestemming voor de hulp (Jeugdwet art. 7.3.4); publieke taak (AVG art. 6 lid 1 e)."),
        of_whom=_("Jeugdigen, ouders en wie hulp geeft."),
        what=_("Het gesprek over de match, doelen, taken, afspraken, hoe het was, hoe het afliep."),
        goes_to=_("Het gezin, de gezinscoach en wie helpt."),
        safe=SEALED,
        apps=("matching", "plans"),
    ),
    Activity(
        name=_("Meedenken zonder naam in de Open Tent"),
        why=_("Weten wat de gemeenschap kan doen, zonder te vertellen om wie het gaat."),
        ground=_("Publieke taak (AVG art. 6 lid 1 e); een vraag van een gezin gaat alleen uit met een ja."),
        of_whom=_("Wie iets vraagt, aanbiedt of antwoordt."),
        what=_("Vraag, aanbod en antwoord. Van een gezin geen naam en geen adres."),
        goes_to=_("Wie in de Open Tent meekijkt; namen pas na een ja van beide kanten."),
        safe=_("Wie vraagt is voor anderen niet te zien. Wat een gezin vraagt, gaat weg met het dossier."),
        apps=("opentent",),
    ),
    Activity(
        name=_("Laten meelezen buiten de hulp"),
        why=_("Een school of iemand anders leest stukken die het gezin koos."),
        ground=_("Toestemming (AVG art. 6 lid 1 a; Jeugdwet art. 7.3.11)."),
        of_whom=_("Jeugdigen en hun ouders."),
        what=_("Gekozen stukken, waarvoor, tot wanneer, en wie ja zei."),
        goes_to=_("De ene mens die het gezin koos."),
        safe=_("Er gaat geen kopie uit. Eén nee sluit het meteen. Elke blik staat in het logboek."),
        apps=("shares",),
    ),
    Activity(
        name=_("Veiligheid"),
        why=_("Handelen bij zorgen om veiligheid, en adressen geheim houden waar dat moet."),
        ground=_(
            "Wettelijke plicht (AVG art. 6 lid 1 c; Wmo 2015 art. 5.2.6; Jeugdwet art. 4.1.7)"
            " en vitaal belang (art. 6 lid 1 d)."
        ),
        of_whom=_("Jeugdigen, hun gezin en wie iets vertelde."),
        what=_(
            "Stappen van de meldcode, wie iets vertelde, geheime adressen, spoedtoegang,"
            " verzoeken van justitie, datalekken."
        ),
        goes_to=_("Alleen wie met naam is aangewezen; Veilig Thuis krijgt gekozen stukken."),
        safe=_(
            "Ligt apart van het dossier, met een eigen sleutel. Wie een tip gaf, komt in geen"
            " kopie en geen lijst."
        ),
        apps=("safety",),
    ),
    Activity(
        name=_("Rechten van gezinnen uitvoeren"),
        why=_(
            "Vragen, inzage, verbetering, vernietiging en besluiten op papier afhandelen; weten"
            " welke gemeente betaalt."
        ),
        ground=_(
            "Wettelijke plicht (AVG art. 6 lid 1 c en art. 12 tot 22; Jeugdwet art. 7.3.8 tot 7.3.10; Awb)."
        ),
        of_whom=_("Jeugdigen en ouders."),
        what=_("Het verzoek, het antwoord, de dagen, het besluit, en waar een jeugdige woont of woonde."),
        goes_to=_(
            "De functionaris gegevensbescherming, de behandelaar en het gezin; een andere"
            " gemeente als die betaalt."
        ),
        safe=SEALED,
        apps=("rights",),
    ),
    Activity(
        name=_("Hulp betalen"),
        why=_("Facturen maken, nakijken, betalen en verantwoorden."),
        ground=_(
            "Wettelijke plicht (AVG art. 6 lid 1 c); Jeugdwet art. 7.4.0 lid 1 onder c en d;"
            " Regeling Jeugdwet art. 6c en 7."
        ),
        of_whom=_("Partners; van jeugdigen alleen een nummer dat naar niemand leidt."),
        what=_("Code, uren, bedrag, maand en nummer van de toewijzing. Geen naam, geen burgerservicenummer."),
        goes_to=_("Het kantoor van de partner, de financiële administratie, de bank en de accountant."),
        safe=_("Wie betaalt, komt in geen dossier. Niemand betaalt alleen wat hij zelf afsprak of nakeek."),
        apps=("billing",),
    ),
    Activity(
        name=_("Wie hier werkt en inlogt"),
        why=_("Weten wie iemand is, wat die kan en mag, en post bezorgen."),
        ground=_("Overeenkomst en publieke taak (AVG art. 6 lid 1 b en e); beveiliging (AVG art. 32)."),
        of_whom=_("Medewerkers, professionals, vrijwilligers, en gezinsleden die inloggen."),
        what=_(
            "Naam, werkgever, rollen, expertise, registratie, foto, e-mail, manieren om in te"
            " loggen, meldingen."
        ),
        goes_to=_("Collega's zien naam, werk en foto; een gezin ook, van wie het kan kiezen."),
        safe=_(
            "Wie hier werkt, logt in met twee factoren. Rollen komen van twee mensen en"
            " eindigen met het werk."
        ),
        apps=("people", "directory", "connections", "allauth"),
    ),
    Activity(
        name=_("Bijhouden wie keek"),
        why=_("Laten zien wie wat bekeek en waarom, en misbruik vinden."),
        ground=_("Wettelijke plicht (AVG art. 5 lid 2 en art. 32; NEN 7513)."),
        of_whom=_("Iedereen die iets opent of verandert, en van wie het dossier is."),
        what=_("Wie, wanneer, welk soort stuk, waarom en met welk recht. Nooit de inhoud."),
        goes_to=_("Het gezin zelf, de functionaris gegevensbescherming en wie controleert."),
        safe=_(
            "Het logboek is verzegeld. Niemand kan er een regel uit halen of veranderen zonder"
            " dat het blijkt."
        ),
        apps=("audit",),
    ),
    Activity(
        name=_("Leren zonder namen"),
        why=_("Weten wat hielp, en verantwoorden aan de raad en het CBS."),
        ground=_("Publieke taak (AVG art. 6 lid 1 e); Jeugdwet art. 7.4.1 lid 2 en 7.4.2."),
        of_whom=_("Jeugdigen, als aantallen. Aan het CBS gaat wat de wet vraagt."),
        what=_("Aantallen, dagen en hoe het afliep. Aantallen onder de 10 blijven dicht."),
        goes_to=_("Beleid, de raad en het CBS."),
        safe=_("Er wordt niets apart bewaard: het wordt telkens geteld uit wat er is, zonder namen."),
        apps=(),
    ),
)

# How long each kind of row is kept, by how it is declared with it.
KEPT: Mapping[str, Words] = {
    RECORD_20_YEARS: _("20 jaar na de laatste wijziging, of tot de jeugdige om vernietiging vraagt"),
    RECORD_20_YEARS + "; a note for the own work 90 days, or as long as its writer helps": _(
        "een werkaantekening 90 dagen, of zo lang wie haar schreef hier helpt"
    ),
    "20 years after the erasure": _("20 jaar na de vernietiging"),
    "20 years after the backup was made": _("van een reservekopie: 20 jaar nadat zij gemaakt is"),
    "20 years, as long as the record that it speaks of": _(
        "20 jaar, zo lang als het dossier waar het over gaat"
    ),
    "20 years, as proof that it was asked and what was answered; it holds nothing of the record": _(
        "20 jaar als bewijs dat het gevraagd is; van het dossier staat er niets in"
    ),
    "on the board until its date or until it is closed; a family's question as long as its record": _(
        "op het bord tot de datum of tot het dicht gaat; een vraag van een gezin zo lang als het dossier"
    ),
    "as long as the post that it answers": _("een reactie zo lang als waar die op volgt"),
    BOOKS_7_YEARS: _("7 jaar na het boekjaar"),
    "5 years after it was found": _("een datalek 5 jaar nadat het gevonden is"),
    WHILE_WORKING: _("zolang iemand hier werkt, en dan nog 2 jaar"),
    "while somebody works here or belongs to a record, then 2 years; gone with its record": _(
        "zolang iemand hier werkt of bij een dossier hoort, en dan nog 2 jaar; het gaat weg met het dossier"
    ),
    "as long as the account": _("zolang het account er is"),
    "as long as the line": _("zolang de regel in het logboek"),
    "as long as the lines that it seals": _("zolang de regels die het verzegelt"),
    "as long as the log": _("zolang het logboek"),
    "as long as the municipality works with Hendig": _("zolang de gemeente met Hendig werkt"),
    "a year; the log keeps who asked and who agreed, without a name": _(
        "een vraag om een rol een jaar; het logboek weet zonder naam wie vroeg en wie akkoord gaf"
    ),
    "a year": _("een jaar"),
    "60 days after it was told": _("een melding 60 dagen"),
    "30 days after it was written": _("een bericht per mail 30 dagen"),
    "it works for 15 minutes; the row stays for a day": _(
        "een code werkt 15 minuten en blijft een dag staan"
    ),
    "one day, unless it is confirmed": _("een dag, als niemand het bevestigt"),
    "one day after the last try": _("een dag na de laatste poging"),
    "one day": _("een dag"),
    "while the session lasts, at most 12 hours": _("zolang iemand ingelogd is, hoogstens 12 uur"),
    "until the person removes it": _("tot de persoon het weghaalt"),
}
