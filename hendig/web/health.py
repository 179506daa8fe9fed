"""For whoever watches over the processes: does this one answer, and can it do its work?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateWorker

from hendig.files.adapters import clamd

# A worker writes every ten seconds that it is there.
HEARTBEAT = timedelta(seconds=60)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of the database, or a slow one would have us killed."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Each check by its name; 503 when one fails. Names and yes or no only: anybody may ask this.

    Whether files are scanned is told and decides nothing: without its scanner only files are refused.
    """
    checks = {"database": database_answers(), "migrations": False, "worker": False}
    if checks["database"]:
        checks["migrations"] = migrated()
        checks["worker"] = worker_lives()
    ready = all(checks.values())
    said = {name: "ok" if fine else "failed" for name, fine in checks.items()}
    said["scanning"] = scanning()
    return JsonResponse({"status": "ok" if ready else "failed", "checks": said}, status=200 if ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def migrated() -> bool:
    """Whether every migration of this code is applied, and none that it does not know. One query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = {(str(app), str(name)) for app, name in cursor.fetchall()}
    except DatabaseError:
        return False
    return applied == expected()


@cache
def expected() -> frozenset[tuple[str, str]]:
    """The migrations of this code: they do not change while we run."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def scanning() -> str:
    """Whether files that people bring are scanned for viruses."""
    if not settings.CLAMD:
        return "off"
    return "ok" if clamd.answers(settings.CLAMD) else "failed"


def worker_lives() -> bool:
    """Whether a worker has written lately that it is there. One query."""
    try:
        since = datetime.now(UTC) - HEARTBEAT
        return ProcrastinateWorker.objects.filter(last_heartbeat__gt=since).exists()
    except DatabaseError:
        return False
