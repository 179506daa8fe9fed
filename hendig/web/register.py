"""The processing register (GDPR art. 30): what each kind of row holds, as its model declares it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from hendig.kernel.privacy import Privacy
from hendig.kernel.refusal import Words
from hendig.people.models import BORROWED
from hendig.web.activities import ACTIVITIES, KEPT, Activity


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of row: what it is, and what is declared of it."""

    name: str
    words: str
    privacy: Privacy

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Name and words of each column. In pairs: a template takes a column `items` for the method."""
        return tuple(self.privacy.fields.items())


@dataclass(frozen=True, slots=True)
class Processing:
    """An activity, how long its rows are kept, and the kinds of row that it is made of."""

    activity: Activity
    kept: tuple[Words, ...]
    kinds: tuple[Kept, ...]


def processing_register() -> tuple[Processing, ...]:
    """Every activity with every kind of row that there is. No queries: it is read from the code that runs."""
    rooms: dict[str, list[Kept]] = {}
    for model in declared_models():
        declaration: Privacy = model.privacy  # type: ignore[attr-defined]
        kind = Kept(model.__name__, first_paragraph(model), declaration)
        rooms.setdefault(model._meta.app_label, []).append(kind)
    # Rows of a library that signs people in, written within our changes.
    rooms["allauth"] = [Kept(name, "", declaration) for name, declaration in BORROWED.items()]
    return tuple(
        _processing(activity, [kind for app in activity.apps for kind in rooms[app]])
        for activity in ACTIVITIES
    )


def _processing(activity: Activity, kinds: list[Kept]) -> Processing:
    told = {kind.privacy.kept for kind in kinds}
    return Processing(activity, tuple(words for kept, words in KEPT.items() if kept in told), tuple(kinds))


def declared_models() -> Iterator[type[models.Model]]:
    """Our own models, in the order of the house."""
    for config in apps.get_app_configs():
        if config.name.startswith("hendig."):
            yield from config.get_models()


def first_paragraph(model: type[models.Model]) -> str:
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())
