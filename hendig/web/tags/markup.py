"""The pieces that other tags are made of: attributes, icons, portraits, refusals."""

from __future__ import annotations

from functools import cache
from typing import Protocol
from uuid import uuid4

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hendig.web.icons import ICONS
from hendig.web.portraits import sign

SIZES = ("s", "m", "l", "xl")
NOTHING = SafeString("")


class Reason(Protocol):
    """A refusal of a rule, as far as a page shows it."""

    @property
    def message(self) -> object: ...


def attributes(**pairs: object) -> SafeString:
    """' name="value"' for each pair that is neither None, False nor empty; True gives the bare name.

    An underscore in a name becomes a hyphen, a leading one is dropped (`_for`, `_class`).
    """
    given = [
        (name.lstrip("_").replace("_", "-"), value)
        for name, value in pairs.items()
        if value is not None and value is not False and value != ""
    ]
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in given
        ),
    )


def icon_markup(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decoration unless it has a label."""
    if not name:
        return NOTHING
    return _icon(name) if not label else _drawn(name, attributes(role="img", aria_label=label))


@cache
def _icon(name: str) -> SafeString:
    """Most icons are decoration and always the same: a page shows forty of them."""
    return _drawn(name, attributes(aria_hidden="true"))


def _drawn(name: str, spoken: SafeString) -> SafeString:
    if name not in ICONS:
        raise ValueError(f"no icon {name!r}: add it to hendig/web/icons.py and rebuild the sprite")
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24"{}><use href="{}#{}"></use></svg>',
        spoken,
        static("vendor/lucide/sprite.svg"),
        name,
    )


def first_name_of(person: object) -> str:
    """The name a person is called by: of an object its first name or name, of text the text itself."""
    if isinstance(person, str):
        return person
    for attribute in ("first_name", "name"):
        if value := getattr(person, attribute, ""):
            return str(value)
    return str(person or "")


def seed_of(person: object) -> str:
    """What the colours follow: the first name, so that pages agree, or a seed of its own."""
    return str(getattr(person, "seed", "") or first_name_of(person))


def portrait_markup(person: object, size: str = "m", *, spoken: bool = False, seed: str = "") -> SafeString:
    """The photo that somebody chose, else a round sign with the initial.

    It is decoration unless spoken, because the name normally stands beside it.
    """
    if size not in SIZES:
        raise ValueError(f"no portrait size {size!r}, there are {', '.join(SIZES)}")
    name, photo = first_name_of(person), getattr(person, "photo", "")
    if photo:
        return format_html(
            '<img class="portrait portrait-{}" src="{}" alt="{}" width="240" height="240" loading="lazy">',
            size,
            photo,
            name if spoken else "",
        )
    label = attributes(role="img", aria_label=name) if spoken else attributes(aria_hidden="true")
    return format_html(
        '<svg class="portrait portrait-{}" viewBox="0 0 48 48"{}>{}</svg>',
        size,
        label,
        sign(name, seed or seed_of(person)),
    )


def fresh_key() -> str:
    """A key that makes this form count once, however often it is sent."""
    return str(uuid4())


def short_id(prefix: str) -> str:
    return f"{prefix}-{uuid4().hex[:8]}"
