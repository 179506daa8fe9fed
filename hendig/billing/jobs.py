"""What workers do for money: accounts of which the hold is over change."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.billing import actions, queries
from hendig.kernel.refusal import NotVisible


@app.periodic(cron="*/15 * * * *")
@app.task(name="billing.move_accounts")
def move_accounts(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, change_id in queries.accounts_due(at=now):
        # Somebody stopped it a moment ago.
        with suppress(NotVisible):
            actions.move_account(municipality_id=municipality_id, change_id=change_id, at=now)
