"""One installation of Hendig: its home, its keys, its database, and the environment its processes get."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from hendig.kernel.ids import new_id
from hendig.kernel.sealing import DataKey, Ring, new_secret
from hendig.operations import roles
from hendig.operations.database import UnreadableUrl, changed, split
from hendig.operations.failure import Failure
from hendig.operations.postgres import embedded, owned, secret_file, written_once
from hendig.operations.sealing import seal_key, trusted

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# So many connections of one web process: with more, a burst only makes all of them wait for the same core,
# and each plans for itself what it is asked (the pool takes them by turns).
WEB_POOL = "6"
# A plus and the token of a letter stand behind it, and in front of the @ fit 64 (RFC 5321 section 4.5.3.1.1).
LONGEST_NAME = 10
MOST_WEBS = 2
LONGEST_KEPT = 90
BY_ITSELF = "-c hendig.context=system"


@dataclass(frozen=True)
class Installation:
    """What the environment says, read once."""

    home: Path
    port: int
    bind: str
    secret: str
    owner_url: str
    seal: str = ""
    seal_public: tuple[str, ...] = ()

    @property
    def root_keys(self) -> Path:
        """The file with the root keys, which is in no backup of the database."""
        return Path(os.environ.get("HENDIG_ROOT_KEYS") or self.home / "root.keys").absolute()

    @property
    def embedded(self) -> bool:
        """Whether the database is the one that we keep up ourselves."""
        return not os.environ.get("DATABASE_URL")

    @property
    def demo(self) -> bool:
        """Whether a visitor may be anyone. By default only where nobody else's machine can reach us.

        An address of its own means visitors: a proxy on this machine may bring them to the loopback.
        """
        alone = self.bind in LOOPBACK and not os.environ.get("HENDIG_ORIGIN")
        return os.environ.get("HENDIG_DEMO", "1" if alone else "0") != "0"

    @property
    def origin(self) -> str:
        return os.environ.get("HENDIG_ORIGIN") or f"http://localhost:{self.port}"

    def environment(self, url: str) -> dict[str, str]:
        """What a process of ours is told: the database by the door it may use, and no other."""
        ours = {"DATABASE_URL", "HENDIG_SEAL_KEY"}
        inherited = {key: value for key, value in os.environ.items() if key not in ours}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "hendig.settings",
            "HENDIG_DATABASE": url,
            "HENDIG_HOME": str(self.home),
            "HENDIG_SECRET_KEY": self.secret,
            "HENDIG_SEAL_PUBLIC": " ".join(self.seal_public),
            "HENDIG_ROOT_KEYS": str(self.root_keys),
            "HENDIG_DEMO": "1" if self.demo else "0",
            "HENDIG_ORIGIN": self.origin,
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def app_url(self) -> str:
        return roles.app_url(self.owner_url, self.secret)

    def as_owner(self) -> dict[str, str]:
        return self.environment(self.owner_url)

    def as_app(self) -> dict[str, str]:
        """Worker and commands: where nobody asks, the walls know that Hendig itself does."""
        return self.environment(changed(self.app_url, options=BY_ITSELF))

    def as_worker(self) -> dict[str, str]:
        """The worker alone can seal: who takes over a page cannot."""
        return {**self.as_app(), "HENDIG_SEAL_KEY": self.seal}

    def as_web(self) -> dict[str, str]:
        pages = self.environment(changed(self.app_url, pool=WEB_POOL))
        return {**pages, "HENDIG_WEBS": str(web_processes())}


@contextmanager
def installation() -> Iterator[Installation]:
    """Inside the block the database answers, and the owner's URL was tried."""
    place = told()
    with answering(place):
        yield place


def told() -> Installation:
    """What the environment and the home say; the database need not run yet."""
    home = Path(os.environ.get("HENDIG_HOME") or ".hendig").absolute()
    bind, port = address()
    check_return_address()
    url = owner_url(home)
    key = seal_key(home)
    place = Installation(home, port, bind, secret_key(home), url, key, tuple(trusted(home, key)))
    first_root_key(place.root_keys)
    return place


@contextmanager
def answering(place: Installation) -> Iterator[None]:
    """Inside the block the database answers; the embedded server runs as long."""
    with embedded(place.home) if place.embedded else nullcontext():
        roles.connect_owner(place.owner_url).close()
        yield


def address() -> tuple[str, int]:
    """Where the pages are to be served."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Failure(f"PORT is “{text}”; it must be a number from 1 to 65535.")
    return os.environ.get("HENDIG_BIND") or "localhost", int(text)


def check_return_address() -> None:
    """Mails can come back to the address that was named, if one was; `Failure` in words otherwise."""
    text = os.environ.get("HENDIG_BOUNCES_TO", "")
    name, at, domain = text.rpartition("@")
    if text and not (name and at and domain and len(name) <= LONGEST_NAME):
        raise Failure(
            f"HENDIG_BOUNCES_TO is “{text}”; it must be an address with 1 to {LONGEST_NAME} characters"
            " in front of the @."
        )


def web_processes() -> int:
    """How many answer: as HENDIG_WEBS says, or else one for each core and two at the most.

    More make a page no quicker: the database has work to do as well.
    """
    text = os.environ.get("HENDIG_WEBS") or str(min(MOST_WEBS, os.cpu_count() or 1))
    if not text.isdecimal() or not 0 < int(text) < 100:
        raise Failure(f"HENDIG_WEBS is “{text}”; it must be a number from 1 to 99.")
    return int(text)


def backup_days(asked: int | None = None) -> int:
    """How many days a backup is kept: as asked, as HENDIG_BACKUP_DAYS says, or else a month.

    Never more than 90: what a youth asks to destroy is gone within three months (Youth Act art. 7.3.9 lid 1).
    """
    text = str(asked) if asked is not None else os.environ.get("HENDIG_BACKUP_DAYS") or "30"
    if not text.isdecimal() or not 0 < int(text) <= LONGEST_KEPT:
        raise Failure(f"A backup is kept for 1 to {LONGEST_KEPT} days, and not for “{text}”.")
    return int(text)


def owner_url(home: Path) -> str:
    """The URL of the owner: DATABASE_URL if given, else that of the embedded server."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        return owned(home)
    try:
        split(given)
    except UnreadableUrl as wrong:
        raise Failure(f"DATABASE_URL is wrong: {wrong}.") from wrong
    return given


def secret_key(home: Path) -> str:
    """The key of this installation; made at the first call, unless the environment brings it."""
    given = os.environ.get("HENDIG_SECRET_KEY")
    if given:
        return given
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    return secret_file(home / "secret.key")


def first_root_key(path: Path) -> None:
    """There is a ring of root keys; made at the first call, readable only by us."""
    written_once(path, lambda: Ring((DataKey(new_id(), new_secret()),)).written())
