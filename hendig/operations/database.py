"""What a database URL means, and how a database goes. The settings read it: nothing here imports Django."""

import time
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import psycopg
from psycopg import sql

SCHEMES = {"postgresql", "postgres"}

# So many seconds a server that takes a connection and says nothing is waited for: of itself psycopg waits for
# two minutes, and meanwhile what connects for a pool does nothing else.
CONNECTING_TAKES = "10"
# The walls of each table that is read are planned with a statement: as long as following it takes. What a
# connection was asked some times it plans once. (Values go apart from the words then, as `prepare` must.)
PREPARES = {"server_side_binding": True, "prepare_threshold": 5}
# Our own parameter, taken out before PostgreSQL sees the rest: how many connections a process may keep open.
POOL = "pool"
DROPS = (sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)"), sql.SQL("DROP DATABASE IF EXISTS {}"))
PATIENCE = 25


class UnreadableUrl(ValueError):
    """The URL does not name a PostgreSQL database."""


def django_database(url: str) -> dict[str, object]:
    """The Django settings for the database `url` names, with a pool where it says `pool=8`."""
    parts = split(url)
    options: dict[str, object] = {"connect_timeout": CONNECTING_TAKES, **PREPARES}
    options |= {key: value for key, value in parts.items() if key not in NAMES}
    settings: dict[str, object] = {name: parts.get(key, "") for key, name in NAMES.items()}
    pool = int(str(options.pop(POOL, "0")))
    if pool:
        options[POOL] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        # A connection that died with its server is replaced before a request notices it.
        "ENGINE": "hendig.operations.engine",
        **settings,
        "OPTIONS": options,
    }


NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def split(url: str) -> dict[str, str]:
    """The connection parameters in `url` by their PostgreSQL names; the query wins, as in libpq."""
    try:
        seen = urlsplit(url)
        port = seen.port
    except ValueError as wrong:
        raise UnreadableUrl("it cannot be read as a URL") from wrong
    if seen.scheme not in SCHEMES:
        raise UnreadableUrl("it does not begin with postgresql://")
    found = {
        "dbname": unquote(seen.path.removeprefix("/")),
        "user": unquote(seen.username or ""),
        "password": unquote(seen.password or ""),
        "host": unquote(seen.hostname or ""),
        "port": str(port or ""),
        # In a connection URL a plus is a plus, unlike in a form.
        **dict(parse_qsl(seen.query.replace("+", "%2B"))),
    }
    if not found["dbname"]:
        raise UnreadableUrl("it names no database")
    if not found.get(POOL, "0").isdigit():
        raise UnreadableUrl("its pool is not a number")
    return {key: value for key, value in found.items() if value}


def join(parts: dict[str, str]) -> str:
    """The URL that `split` reads back as `parts`."""
    user = quote(parts.get("user", ""), safe="")
    password = quote(parts.get("password", ""), safe="")
    login = f"{user}:{password}@" if password else (f"{user}@" if user else "")
    # A socket folder is not a host name: it travels in the query, as libpq has it.
    host = parts.get("host", "")
    folder = host.startswith("/")
    address = "" if folder else (f"[{host}]" if ":" in host else host)
    port = f":{parts['port']}" if parts.get("port") and not folder else ""
    taken = {"dbname", "user", "password"} | (set() if folder else {"host", "port"})
    query = urlencode({key: value for key, value in parts.items() if key not in taken}, quote_via=quote)
    return f"postgresql://{login}{address}{port}/{quote(parts['dbname'], safe='')}" + (
        f"?{query}" if query else ""
    )


def changed(url: str, **parts: str) -> str:
    """The same URL with some of its parts replaced."""
    return join({**split(url), **parts})


def conninfo(url: str) -> str:
    """The URL as PostgreSQL's own tools take it: without our pool."""
    return join({key: value for key, value in split(url).items() if key != POOL})


def drop(owner: psycopg.Connection[Any], name: str) -> None:
    """The database is gone, and whoever was in it.

    Who forces it must have a right over each session there, which nobody but a superuser has over the
    housekeeping of PostgreSQL; that makes way by itself for who does not force it.
    """
    for _attempt in range(PATIENCE):
        for words in DROPS:
            with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                owner.execute(words.format(sql.Identifier(name)))
                return
        time.sleep(0.2)
    owner.execute(DROPS[0].format(sql.Identifier(name)))
