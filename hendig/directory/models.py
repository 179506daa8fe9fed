"""What who gives help says of the own work: in which languages, where and when; and the own face."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Recorded, RecordedQuerySet
from hendig.kernel.privacy import WHILE_WORKING, Privacy
from hendig.people.models import Professional


class Language(models.TextChoices):
    """In what somebody can talk with a family, Dutch besides: those most heard at a table."""

    ENGLISH = "en", _("Engels")
    POLISH = "pl", _("Pools")
    GERMAN = "de", _("Duits")
    ARABIC = "ar", _("Arabisch")
    BERBER = "ber", _("Berbers")
    TURKISH = "tr", _("Turks")
    UKRAINIAN = "uk", _("Oekraïens")
    RUSSIAN = "ru", _("Russisch")
    ROMANIAN = "ro", _("Roemeens")
    BULGARIAN = "bg", _("Bulgaars")
    SPANISH = "es", _("Spaans")
    FRENCH = "fr", _("Frans")
    FARSI = "fa", _("Farsi")
    TIGRINYA = "ti", _("Tigrinya")
    SOMALI = "so", _("Somalisch")
    SIGN = "ngt", _("Nederlandse Gebarentaal")


class CardQuerySet(RecordedQuerySet["Card"]):
    def visible_to(
        self,
        actor: Any,
        *,
        at: datetime,  # noqa: ARG002 - every `visible_to` is asked for a moment
    ) -> Self:
        """A card is there for everyone who is signed in."""
        rows = self.filter(municipality_id=actor.municipality_id)
        return rows if actor.signed_in else rows.none()


class Card(Recorded):
    """The own card of a professional, beside what is known of the work: languages, places and times."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To be found by who can talk with a family, near it, and when (contract).",
        kept=WHILE_WORKING,
        goes="deleted with the account",
        fields={
            "languages": "in what somebody can talk, Dutch besides, from a list",
            "areas": "the villages and neighbourhoods where somebody comes; none is everywhere",
            "free": "on which parts of the week there is time for a family",
        },
    )

    professional = models.OneToOneField(Professional, models.PROTECT, related_name="card")
    languages = ArrayField(models.CharField(max_length=3, choices=Language), default=list)
    areas = ArrayField(models.CharField(max_length=60), default=list)
    # A weekday and a part of it (`rules.PARTS`): 1m is Monday morning.
    free = ArrayField(models.CharField(max_length=2), default=list)
    kept_at = models.DateTimeField()
    # Which photograph it is, for its address: 0 where there is none.
    photo = models.PositiveSmallIntegerField(default=0)

    objects = CardQuerySet.as_manager()


class Portrait(Recorded):
    """The photograph on a card, apart from it: a list of cards never carries a picture along."""

    privacy: ClassVar[Privacy] = Privacy(
        why="To let a family see who is asked, before it says who may come (the person's own choice).",
        kept=WHILE_WORKING,
        goes="deleted when the person takes it away, else with the account",
        fields={"content": "the face as a small JPEG, without place or camera; their own choice"},
    )

    card = models.OneToOneField(Card, models.PROTECT, related_name="portrait")
    content = models.BinaryField()

    objects = RecordedQuerySet["Portrait"].as_manager()
