"""How often somebody may try something, counted by every process together."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

# A try counts when it was allowed; who tries at the same moment waits for the row.
COUNT = """
INSERT INTO audit_tally AS t (key, tries, at) VALUES (%(key)s, ARRAY[%(at)s], %(at)s)
ON CONFLICT (key) DO UPDATE SET at = %(at)s, tries = %(at)s
    || (SELECT coalesce(array_agg(one), '{}') FROM unnest(t.tries) AS one WHERE one > %(since)s)
WHERE (SELECT count(*) FROM unnest(t.tries) AS one WHERE one > %(since)s) < %(times)s
RETURNING CASE WHEN %(fleeting)s THEN set_config('synchronous_commit', 'off', true) END
"""


def counted(
    what: str, who: str, *, times: int, within: timedelta, at: datetime, fleeting: bool = False
) -> bool:
    """Whether this may be tried once more, and then it counts: by every process together. 1 query.

    In the transaction of the request: a refusal that a page shows keeps it, as it keeps what a code costs.
    A `fleeting` one counts as well, but its transaction does not wait for the disk: who pulls the plug of the
    database wins the tries of the last second. Only where a try finds out nothing that was not open anyway,
    and in a request that writes nothing else.
    """
    key = hmac.digest(settings.SECRET_KEY.encode(), f"tally:{what}:{who}".encode(), hashlib.sha256)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT, {"key": key, "at": at, "since": at - within, "times": times, "fleeting": fleeting}
        )
        return cursor.fetchone() is not None
