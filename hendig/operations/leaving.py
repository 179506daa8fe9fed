"""Somebody leaves: the operator's way to end an employment at this very moment."""

from __future__ import annotations

from django.utils import timezone

from hendig.kernel.actor import Actor
from hendig.operations.failure import Failure
from hendig.people.actions import end_employment
from hendig.people.models import Account


def leave(email: str) -> None:
    """Whoever has this address no longer works here; `Failure` when nobody has it."""
    accounts = list(Account.objects.with_email(email))
    if not accounts:
        raise Failure("Nobody here has that address.")
    for account in accounts:
        end_employment(
            actor=Actor.system(account.municipality_id),
            account_id=account.pk,
            at=timezone.now(),  # noqa: TID251 - a command reads the clock
        )
