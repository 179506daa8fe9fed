"""What is measured: five pages and a search that finds much, each with its floor and its aims."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from hendig.operations.bench.client import message
from hendig.operations.bench.station import COMMON, RARE, Person, Station

WORDS = "Onze dochter wil al een paar weken niet naar school. Wie denkt met ons mee?"
Make = Callable[[Station, int], bytes]


@dataclass(frozen=True, slots=True)
class Target:
    """A page and its floor; `aim` is how many times the floor it may take."""

    name: str
    page: Make
    floor: Make
    status: int = 200
    aim: float | None = None
    statements: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


def turn(people: list[Person], lap: int) -> Person:
    return people[lap % len(people)]


def family(person: Person, lap: int) -> str:
    return person.families[(lap // 12) % len(person.families)]


def floor(name: str, **asked: str) -> bytes:
    return message(f"/bench/{name}?{urlencode(asked)}")


def as_if_later(at: Station) -> None:
    """Nobody searches more than sixty times a minute; from one place there come thirty questions an hour."""
    at.owner.execute("DELETE FROM audit_tally")


def search(
    name: str, word: str, whose: Callable[[Station], list[Person]], aim: float | None = None
) -> Target:
    def page(at: Station, lap: int) -> bytes:
        as_if_later(at)
        return message("/gezinnen/lijst/", session=turn(whose(at), lap).session, fields={"q": word})

    return Target(
        name,
        page,
        lambda at, lap: floor("search", town=at.municipality, coach=turn(whose(at), lap).account, q=word),
        aim=aim,
    )


def question() -> dict[str, str]:
    """What somebody types; nobody asks from the same address twice."""
    return {"words": WORDS, "first_name": "Sanne", "email": f"{uuid4()}@gezin.example"}


def create(at: Station, _lap: int) -> bytes:
    """A question, as if from somewhere else each time."""
    as_if_later(at)
    return message("/hulp/", fields={"_key": str(uuid4()), **question()})


def record(at: Station, lap: int) -> bytes:
    coach = turn(at.coaches, lap)
    return message(f"/gezin/{family(coach, lap)}/", session=coach.session)


def day_floor(at: Station, lap: int) -> bytes:
    person = turn(at.professionals, lap)
    return floor("day", town=at.municipality, works=person.works, account=person.account)


TARGETS = (
    Target(
        "list",
        lambda at, lap: message("/gezinnen/lijst/", session=turn(at.coaches, lap).session),
        lambda at, lap: floor("list", town=at.municipality, coach=turn(at.coaches, lap).account),
        aim=9,
        statements=8,
    ),
    Target(
        "record",
        record,
        lambda at, lap: floor("record", family=family(turn(at.coaches, lap), lap)),
        aim=10,
        statements=12,
    ),
    Target(
        "create",
        create,
        lambda at, _lap: floor(
            "create", town=at.municipality, **{k: question()[k] for k in ("words", "email")}
        ),
        status=302,
        aim=8,
    ),
    Target(
        "day",
        lambda at, lap: message("/vandaag/", session=turn(at.professionals, lap).session),
        day_floor,
    ),
    search("search, rare name", RARE, lambda at: at.finders, aim=8),
    search("search, common name", COMMON, lambda at: at.coaches),
)
