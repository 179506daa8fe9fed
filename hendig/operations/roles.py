"""Who may do what in the database: an owner who makes the tables, and a login that owns nothing.

`DATABASE_URL` names the owner, who is used to migrate and for nothing else. Web and worker come in by a login
of their own. It is a member of the group `hendig_app`, to which the migrations give what is needed;
it owns no table, so row-level security holds for it and the log cannot be changed by it.
"""

import base64
import hashlib
import hmac

import psycopg
from psycopg import sql

from hendig.operations.database import changed, conninfo, split
from hendig.operations.failure import Failure

GROUP = "hendig_app"
# Owns the few functions that look past the policies; nobody comes in by it.
GATE = "hendig_gate"
OLDEST = 150000
# Names in PostgreSQL are cut silently after this many bytes.
LONGEST_NAME = 63


def connect_owner(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as the owner, or one sentence on what is wrong with the URL (never its password)."""
    parts = split(url)
    where = f"database “{parts['dbname']}” at {parts.get('host', 'this machine')}"
    try:
        owner = psycopg.connect(conninfo(url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as refused:
        raise Failure(f"DATABASE_URL is wrong: {why(refused, where)}") from None
    except psycopg.ProgrammingError:
        raise Failure("DATABASE_URL is wrong: PostgreSQL does not know one of its parameters.") from None
    if owner.info.server_version < OLDEST:
        found = owner.info.server_version // 10000
        owner.close()
        raise Failure(f"DATABASE_URL names PostgreSQL {found}, and Hendig needs PostgreSQL 15 or newer.")
    return owner


def why(refused: psycopg.OperationalError, where: str) -> str:
    """What went wrong, in words."""
    said = str(refused)
    if "password authentication failed" in said or "no password supplied" in said:
        return f"the user or the password for {where} is not right."
    if "permission denied" in said:
        return f"the user may not come into {where}."
    if "does not exist" in said and "role" in said:
        return f"the user for {where} does not exist."
    if "does not exist" in said:
        return f"there is no {where}."
    return f"no PostgreSQL answers for {where}."


def refuse_unfit(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """The user may make and change our tables in this database, or a Failure in one sentence says why not."""
    user, name = owner.info.user, owner.info.dbname
    read_only, there, makes, theirs, forgets = _fitness(owner)
    if read_only:
        raise Failure(
            f"DATABASE_URL names the database “{name}”, in which nothing can be written: it is a standby, or "
            "set to read only."
        )
    if not there:
        raise Failure(f"The database “{name}” has no schema public; make it, owned by {user}.")
    if not makes:
        # Only its owner may, from PostgreSQL 15 on.
        raise Failure(
            f"The user {user} of DATABASE_URL may not make tables in the schema public of “{name}”; let an "
            f"administrator say ALTER DATABASE {name} OWNER TO {user}."
        )
    if theirs:
        raise Failure(
            f"The tables in “{name}” belong to {theirs}; let DATABASE_URL name that user instead of {user}."
        )
    if forgets:
        # What somebody was told is kept would be lost with the power.
        raise Failure(
            f"The database “{name}” says that something is kept before it is on disk; let an administrator "
            f"say ALTER DATABASE {name} SET synchronous_commit = on."
        )


def _fitness(owner: psycopg.Connection[tuple[object, ...]]) -> tuple[bool, bool, bool, str, bool]:
    """Nothing can be written; public is there; tables can be made in it and handed out; whose ours are;
    a commit is answered before it is on disk."""
    row = owner.execute(
        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on',"
        " public IS NOT NULL, has_schema_privilege(public, 'CREATE WITH GRANT OPTION'),"
        " (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('public.django_migrations')"
        "  AND NOT pg_has_role(relowner, 'USAGE')),"
        " current_setting('synchronous_commit') = 'off'"
        " FROM (SELECT to_regnamespace('public')::oid) found (public)"
    ).fetchone()
    assert row is not None
    return bool(row[0]), bool(row[1]), bool(row[2]), str(row[3] or ""), bool(row[4])


def app_url(owner_url: str, secret: str) -> str:
    """The URL by which web and worker reach the same database: another login, its password derived."""
    name = login(owner_url)
    return changed(owner_url, user=name, password=derived(secret, name))


def login(owner_url: str) -> str:
    """The name of the application's login for this database."""
    suffix = "_web"
    return split(owner_url)["dbname"].encode()[: LONGEST_NAME - len(suffix)].decode(errors="ignore") + suffix


def derived(secret: str, name: str) -> str:
    """The password of that login: the same each time for the same secret key, so it need not be kept."""
    mac = hmac.digest(secret.encode(), f"hendig database login {name}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def ensure_roles(owner: psycopg.Connection[tuple[object, ...]], app: str) -> None:
    """The group exists, and the login that the URL `app` names is a member of it and can come in."""
    parts = split(app)
    # Roles belong to the whole server: two migrations of two databases may come at once.
    owner.execute("SELECT pg_advisory_lock(hashtext('hendig roles'))")
    try:
        ensure_group(owner)
        ensure_login(owner, parts["user"], parts["password"], app)
    except psycopg.errors.InsufficientPrivilege as refused:
        raise Failure(
            f"The user of DATABASE_URL may not make the roles {GROUP} and {parts['user']}; "
            "give it CREATEROLE, or let an administrator make them."
        ) from refused
    finally:
        owner.execute("SELECT pg_advisory_unlock(hashtext('hendig roles'))")


def ensure_group(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    for group in (GROUP, GATE):
        if not exists(owner, group):
            owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(group)))
    if not member(owner, "current_user", GATE):
        # Who makes the tables must be able to give functions away, and to read what it restores.
        owner.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(GATE)))


def ensure_login(owner: psycopg.Connection[tuple[object, ...]], name: str, password: str, app: str) -> None:
    role, key = sql.Identifier(name), sql.Literal(password)
    if not exists(owner, name):
        owner.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(role, key)
        )
    elif not comes_in(app):
        # The secret key is another one than last time.
        owner.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, key))
    if not member(owner, name, GROUP):
        owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(GROUP), role))
    if not member(owner, "current_user", name):
        # The owner may end sessions of the application, which dropping a database needs.
        owner.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))


def exists(owner: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    return owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None


def member(owner: psycopg.Connection[tuple[object, ...]], name: str, group: str) -> bool:
    who = sql.SQL("current_user") if name == "current_user" else sql.Literal(name)
    row = owner.execute(
        sql.SQL("SELECT pg_has_role({}, {}, 'USAGE')").format(who, sql.Literal(group))
    ).fetchone()
    return row is not None and bool(row[0])


def comes_in(app: str) -> bool:
    """Whether the login works with this password."""
    try:
        psycopg.connect(conninfo(app), connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True
