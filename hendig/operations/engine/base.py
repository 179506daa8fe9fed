"""PostgreSQL as Django knows it, with a pool that comes back at once after its server was away."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


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
        return found


def _lives(connection: psycopg.Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        return False
    return True
