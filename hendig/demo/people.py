"""Who works in Peelrand: partners, professionals, offices, coaches, neighbours. All of them invented."""

from __future__ import annotations

from dataclasses import dataclass

from hendig.demo.municipality import NAME
from hendig.kernel.actor import Role


@dataclass(frozen=True, slots=True)
class PartnerData:
    key: str
    name: str
    kvk: str  # of the test numbers of the trade register
    iban: str
    office: tuple[str, str]  # first and last name of who runs the office

    @property
    def facts(self) -> dict[str, str]:
        """What a municipality knows of it."""
        return {
            "name": self.name,
            "kvk": self.kvk,
            "email": f"kantoor@{self.key}.example.nl",
            # No partner of this number exists: it fails the check of the tax office.
            "vat": f"NL{self.kvk}0B01",
            "iban": self.iban,
            "street": "Voorbeeldstraat 1",
            "postcode": "5999 ZZ",
            "town": NAME,
        }


@dataclass(frozen=True, slots=True)
class ProfessionalData:
    first_name: str
    last_name: str
    partner: str
    title: str
    can_do: str
    expertises: str
    families_max: int = 6

    @property
    def key(self) -> str:
        return self.first_name.lower()


@dataclass(frozen=True, slots=True)
class WorkerData:
    first_name: str
    last_name: str
    role: Role
    title: str = ""
    partner: str = ""

    @property
    def key(self) -> str:
        return self.first_name.lower()


PARTNERS = (
    PartnerData("vlinder", "Jeugdhulp De Vlinder", "69599068", "NL35HNDG0111111111", ("Jolanda", "Hendriks")),
    PartnerData("anker", "Het Anker", "68750110", "NL33HNDG0222222222", ("Marjan", "Roosen")),
    PartnerData("thuis", "Samen Thuis", "69599084", "NL31HNDG0333333333", ("Gerrie", "van Lier")),
    PartnerData("helder", "Praktijk Helder", "68727720", "NL29HNDG0444444444", ("Sander", "Vossen")),
    PartnerData("steiger", "De Steiger", "69599076", "NL27HNDG0555555555", ("Loes", "Geurts")),
    PartnerData("brug", "Pleegzorg De Brug", "90004760", "NL25HNDG0666666666", ("Carla", "Nijssen")),
    PartnerData("weidepad", "Boerderij Het Weidepad", "90001354", "NL23HNDG0777777777", ("Dorien", "Seuren")),
    PartnerData(
        "linde", "Huisartsenpraktijk De Linde", "90006623", "NL21HNDG0888888888", ("Ria", "Titulaer")
    ),
)

P = ProfessionalData
PROFESSIONALS = (
    P(
        "Anouk",
        "Willems",
        "vlinder",
        "jeugdhulpverlener",
        "Ik ga graag met een kind naar buiten. Lopend praat het makkelijker.",
        "angst school natuur",
        7,
    ),
    P(
        "Maaike",
        "Derks",
        "vlinder",
        "orthopedagoog",
        "Ik help begrijpen waarom iets niet lukt, en wat dan wel past.",
        "autisme adhd school",
    ),
    P(
        "Rutger",
        "Claessens",
        "vlinder",
        "gezinsbegeleider",
        "Ik kom thuis, ook in de avond als het spannend is.",
        "opvoeden adhd",
    ),
    P(
        "Fleur",
        "Bongers",
        "vlinder",
        "speltherapeut",
        "Ik speel met jonge kinderen. In het spel laten ze zien wat hen dwarszit.",
        "trauma verlies angst",
    ),
    P(
        "Youssef",
        "Amrani",
        "anker",
        "systeemtherapeut",
        "Ik zit met ouders aan tafel die het samen moeilijk hebben.",
        "scheiding opvoeden",
    ),
    P(
        "Hanneke",
        "Peters",
        "anker",
        "maatschappelijk werker",
        "Ik houd overzicht als er veel tegelijk speelt.",
        "netwerk scheiding",
    ),
    P(
        "Dirk",
        "Sanders",
        "anker",
        "bemiddelaar",
        "Ik help ouders om afspraken te maken die blijven staan.",
        "scheiding",
    ),
    P(
        "Nadia",
        "Bakkali",
        "anker",
        "gezinstherapeut",
        "Ik spreek Arabisch en Berbers, en denk mee over opvoeden.",
        "opvoeden taal",
    ),
    P(
        "Wiktoria",
        "Mazur",
        "thuis",
        "gezinsbegeleider",
        "Ik spreek Pools en ga mee naar school of de dokter.",
        "taal opvoeden",
    ),
    P(
        "Berend",
        "Kessels",
        "thuis",
        "gezinsbegeleider",
        "Ik breng rust in de dag: opstaan, eten, slapen.",
        "opvoeden adhd",
    ),
    P(
        "Yvonne",
        "Lemmen",
        "thuis",
        "pedagoog jonge kind",
        "Ik kijk mee bij slapen, eten en huilen.",
        "baby opvoeden",
    ),
    P("Stefan", "Gielen", "thuis", "netwerkcoach", "Ik zoek met u wie er om u heen staat.", "netwerk"),
    P(
        "Isabel",
        "Thijssen",
        "helder",
        "gz-psycholoog",
        "Ik behandel angst en somberheid, stap voor stap.",
        "angst trauma",
    ),
    P(
        "Floris",
        "van Rijn",
        "helder",
        "psycholoog",
        "Ik onderzoek wat er speelt en leg het uit in gewone taal.",
        "autisme adhd",
    ),
    P(
        "Merel",
        "Coppens",
        "helder",
        "traumatherapeut",
        "Ik help om iets naars een plek te geven.",
        "trauma verlies",
    ),
    P(
        "Kevin",
        "Smits",
        "steiger",
        "jongerenwerker",
        "Ik help bij een eigen plek, werk en geld.",
        "jongeren netwerk",
    ),
    P(
        "Roos",
        "Verbeek",
        "steiger",
        "jongerencoach",
        "Ik app, bel en kom langs. Jij bepaalt het tempo.",
        "jongeren school",
    ),
    P("Mo", "Benali", "steiger", "sportcoach", "Ik train met jongeren die vastlopen.", "jongeren adhd"),
    P(
        "Gea",
        "Linssen",
        "brug",
        "pleegzorgbegeleider",
        "Ik sta naast kind, ouders en pleegouders.",
        "pleegzorg verlies",
    ),
    P(
        "Casper",
        "Heynen",
        "brug",
        "pleegzorgbegeleider",
        "Ik help bij contact tussen ouders en kind.",
        "pleegzorg scheiding",
    ),
    P("Tineke", "Wijnen", "weidepad", "zorgboerin", "Bij ons helpen kinderen mee met de dieren.", "natuur"),
    P(
        "Huub",
        "Wijnen",
        "weidepad",
        "zorgboer",
        "Ik leer jongeren werken met hout en trekkers.",
        "natuur jongeren",
    ),
    P(
        "Sophie",
        "Arts",
        "weidepad",
        "begeleider logeren",
        "Ik maak van een logeerweekend een fijn weekend.",
        "natuur autisme",
    ),
    P(
        "Annelies",
        "Hoeben",
        "linde",
        "praktijkondersteuner jeugd",
        "Ik houd spreekuur bij de huisarts. U kunt zo binnenlopen.",
        "angst opvoeden",
        12,
    ),
    P("Pim", "Jacobs", "linde", "huisarts", "Ik ken veel gezinnen in het dorp al jaren.", "verlies baby", 2),
)

W = WorkerData
WORKERS = (
    W("Ellen", "Kuijpers", Role.COACH),
    W("Bram", "Nelissen", Role.COACH),
    W("Samira", "Haddad", Role.COACH),
    W("Joost", "Timmermans", Role.COACH),
    W("Piet", "van den Heuvel", Role.HELPER, "buurman"),
    W("Riet", "Janssen", Role.HELPER, "taalmaatje"),
    W("Theo", "Driessen", Role.HELPER, "fietsenwerkplaats"),
    W("Mieke", "Verstappen", Role.HELPER, "eettafel in het dorpshuis"),
    W("Ali", "Yilmaz", Role.HELPER, "trainer van de voetbalclub"),
    W("Hannie", "Litjens", Role.HELPER, "oppas-oma"),
    # The school sends no invoices, so it is no partner: its internal coach takes part as a neighbour does.
    W("Lianne", "Beurskens", Role.HELPER, "intern begeleider van basisschool De Regenboog"),
    W("Lieke", "Jacobs", Role.TRAINEE, "jeugdhulpverlener in opleiding", "vlinder"),
    W("Jip", "Sanders", Role.TRAINEE, "gezinscoach in opleiding"),
    W("Henk", "Cuppen", Role.FINANCE),
    W("Gerda", "Peeters", Role.FINANCE),
    W("Petra", "Manders", Role.POLICY),
    W("Karin", "Obers", Role.PRIVACY),
    W("Cora", "Rekers", Role.AUDITOR, "registeraccountant"),
)
