"""PostgreSQL as Django knows it, with plans that outlive a refusal and a pool that outlives its server."""

import re
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool

# After these a name may stand for another thing, or nothing is prepared any more.
ANEW = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b")


class Plans(PrepareManager):
    """What a connection has prepared stays prepared when a transaction, or a part of one, is taken back.

    Of itself psycopg then forgets all of it. But each refusal is a transaction that is taken back: after one
    the pages on its connection would be planned as if they were the first. PostgreSQL keeps what is prepared
    whatever becomes of the transaction, and by itself plans anew what rests on a table that changed.
    """

    def clear(self) -> bool:
        """Asked at each rollback."""
        return False

    def _should_discard(self, _prep: Prepare, results: Sequence[PGresult], *_more: Any) -> bool:
        anew = any(ANEW.match(result.command_status or b"") for result in results)
        return anew and super().clear()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection out of the pool lives.

    Asked to look at each connection that it hands out, a pool waits a second after the second one that it
    finds dead, then two, then four. A server that went away took all of them: so the first dead one makes the
    pool look at all the others, and nobody waits.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        found = super().get_new_connection(conn_params)
        if self.pool and not _lives(found):
            self.pool.putconn(found)
            self.pool.check()
            found = super().get_new_connection(conn_params)
        keep_plans(found)
        return found


def keep_plans(connection: psycopg.Connection[Any]) -> None:
    """From here on; one that comes out of the pool again has its plans already."""
    # psycopg has no other place to say so.
    before = connection._prepared  # noqa: SLF001
    if not isinstance(before, Plans):
        connection._prepared = plans = Plans()  # noqa: SLF001
        plans.prepare_threshold = before.prepare_threshold


def _lives(connection: psycopg.Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        return False
    return True
