"""Icons, people, numbers in words, and the blocks that hold a page together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.template import Library
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from hendig.kernel.actor import Actor
from hendig.people.rules import Permission
from hendig.people.rules import may as permits
from hendig.web import words
from hendig.web.tags.markup import (
    NOTHING,
    attributes,
    first_name_of,
    icon_markup,
    portrait_markup,
    short_id,
)

register = Library()

# A stage is told by words and by the shape of its icon; colour only helps.
TONES = {
    "new": "sparkles",
    "busy": "circle-dot",
    "waiting": "hourglass",
    "good": "circle-check",
    "done": "check",
    "stopped": "pause",
    "quiet": "circle",
}
NOTICES = {"info": "info", "good": "circle-check", "wait": "hourglass", "problem": "circle-alert"}


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether a button belongs on this reader's page: the permission that also guards the route behind it."""
    return permits(actor, Permission(permission))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return icon_markup(name, label)


@register.simple_tag
def portrait(person: object = "", size: str = "m", *, seed: str = "", spoken: bool = False) -> SafeString:
    return portrait_markup(person, size, spoken=spoken, seed=seed)


@register.simple_tag
def person(
    person: object,
    role: object = "",
    size: str = "m",
    *,
    url: str = "",
    seed: str = "",
    works_for: object = "",
) -> SafeString:
    """A face, the first name, and what this person does here; for which organisation, if for one."""
    name = first_name_of(person)
    if works_for:
        role = format_html("{}, {}", role, works_for) if role else works_for
    shown = format_html('<a href="{}">{}</a>', url, name) if url else format_html("{}", name)
    return format_html(
        '<span class="person person-{}">{}<span class="person-words">'
        '<span class="person-name">{}</span>{}</span></span>',
        size,
        portrait_markup(person, size, seed=seed),
        shown,
        format_html('<span class="person-role">{}</span>', role) if role else NOTHING,
    )


@register.simple_tag
def people(persons: Iterable[object], size: str = "s", *, limit: int = 5) -> SafeString:
    """Overlapping faces with the names as text for who does not see them."""
    everyone = list(persons)
    names = ", ".join(first_name_of(one) for one in everyone)
    faces = format_html_join("", "{}", ((portrait_markup(one, size),) for one in everyone[:limit]))
    more = len(everyone) - limit
    rest = (
        format_html('<span class="people-more" aria-hidden="true">+{}</span>', more) if more > 0 else NOTHING
    )
    return format_html(
        '<span class="people">{}{}<span class="visually-hidden">{}</span></span>', faces, rest, names
    )


@register.simple_tag
def money(cents: int, whole: bool = False) -> str:
    return words.money_in_words(cents, whole=whole)


@register.simple_tag
def hours(minutes: int) -> str:
    return words.hours_in_words(minutes)


@register.simple_tag
def day(value: date) -> SafeString:
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html(
        '<time datetime="{}">{}</time>', on.isoformat(), words.day_in_words(on, timezone.localdate())
    )


@register.simple_tag
def moment(value: datetime) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>',
        timezone.localtime(value).isoformat(timespec="minutes"),
        words.moment_in_words(value, timezone.localdate()),
    )


@register.simple_tag
def until(value: datetime) -> SafeString:
    """Until when: what ends at midnight ends with the day before: that was written down."""
    on = timezone.localtime(value)
    if on.time() == time.min:
        return format_html("{} {}", gettext("Tot en met"), day(on.date() - timedelta(days=1)))
    return format_html("{} {}", gettext("Tot"), day(value))


@register.simple_tag
def since(days: int, on: object = "") -> SafeString:
    late = " since-long" if days >= 7 else ""
    return format_html(
        '<span class="since{}">{}{}</span>',
        late,
        icon_markup("hourglass") if late else NOTHING,
        words.waiting_in_words(days, first_name_of(on)),
    )


@register.simple_tag
def status(label: object, tone: str = "quiet") -> SafeString:
    return format_html('<span class="status status-{}">{}{}</span>', tone, icon_markup(TONES[tone]), label)


@register.simple_tag
def steps(names: Iterable[object], current: int, label: str = "") -> SafeString:
    """The phases of something; `current` counts from 1, one past the end means all are done."""

    def one(at: int, name: object) -> SafeString:
        if at < current:
            state, said = "done", format_html('<span class="visually-hidden"> ({})</span>', gettext("klaar"))
            mark = icon_markup("check")
        else:
            state, said, mark = "next" if at > current else "now", NOTHING, format_html("{}", at)
        return format_html(
            '<li class="step step-{}"{}><span class="step-mark" aria-hidden="true">{}</span>'
            '<span class="step-name">{}{}</span></li>',
            state,
            attributes(aria_current="step" if at == current else ""),
            mark,
            name,
            said,
        )

    items = format_html_join("", "{}", ((one(at, name),) for at, name in enumerate(names, start=1)))
    return format_html(
        '<ol class="steps"{}>{}</ol>', attributes(aria_label=label or gettext("Stappen")), items
    )


@register.simple_tag
def empty(
    sentence: object, first: object = "", url: str = "", label: object = "", icon: str = "leaf"
) -> SafeString:
    """Nothing here yet, and what to do first."""
    link = (
        format_html('<a class="utrecht-button utrecht-button--primary-action" href="{}">{}</a>', url, label)
        if url
        else NOTHING
    )
    return format_html(
        '<div class="empty"><span class="empty-mark">{}</span><p class="empty-title">{}</p>{}{}</div>',
        icon_markup(icon),
        sentence,
        format_html('<p class="muted">{}</p>', first) if first else NOTHING,
        link,
    )


@register.simple_block_tag
def card(
    content: SafeString,
    title: object = "",
    icon: str = "",
    kind: str = "",
    level: int = 2,
    *,
    id: str = "",
    url: str = "",
    note: object = "",
) -> SafeString:
    """A white sheet on the table; with a url the whole card is one link, with the title as its name.

    It is no landmark: many may lie beside each other, also by the same title.
    """
    if not title:
        return format_html(
            '<div class="card{}"{}>{}</div>', f" card-{kind}" if kind else "", attributes(id=id), content
        )
    name = (
        format_html('<a class="card-link" href="{}">{}</a>', url, title) if url else format_html("{}", title)
    )
    title_id = f"{id}-title" if id else short_id("card")
    return format_html(
        '<article class="card{}" aria-labelledby="{}"{}>'
        '<div class="card-head">{}<h{} class="card-title" id="{}">{}</h{}>{}</div>{}</article>',
        f" card-{kind}" if kind else "",
        title_id,
        attributes(id=id),
        icon_markup(icon),
        level,
        title_id,
        name,
        level,
        format_html('<span class="card-note">{}</span>', note) if note else NOTHING,
        content,
    )


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: object = "") -> SafeString:
    return format_html(
        '<div class="notice notice-{}">{}<div class="notice-words">{}{}</div></div>',
        kind,
        icon_markup(NOTICES[kind]),
        format_html('<p class="notice-title">{}</p>', title) if title else NOTHING,
        content,
    )


@register.simple_block_tag
def voice(content: SafeString, person: object = "", note: object = "", *, seed: str = "") -> SafeString:
    """Someone's own words, in a bubble, with who says so."""
    said_by = (
        format_html(
            '<figcaption class="voice-by">{}<span>{}{}</span></figcaption>',
            portrait_markup(person, "s", seed=seed),
            first_name_of(person),
            format_html(' <span class="muted">· {}</span>', note) if note else NOTHING,
        )
        if person
        else NOTHING
    )
    return format_html(
        '<figure class="voice"><blockquote class="voice-words">{}</blockquote>{}</figure>', content, said_by
    )


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, label: object) -> SafeString:
    return format_html('<div class="fact"><dt>{}</dt><dd>{}</dd></div>', label, content)


@register.simple_block_tag
def fold(content: SafeString, summary: object, *, open: bool = False) -> SafeString:
    return format_html(
        '<details class="fold"{}><summary>{}{}</summary><div class="fold-body">{}</div></details>',
        attributes(open=open),
        summary,
        icon_markup("chevron-down"),
        content,
    )


@register.simple_block_tag
def table(content: SafeString, caption: object, columns: str, *, show_caption: bool = False) -> SafeString:
    """Columns as "Naam|Uren>|Status": > means a number; each td repeats its column in data-label."""
    heads = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        (
            (attributes(_class="number" if name.endswith(">") else ""), name.rstrip(">"))
            for name in columns.split("|")
        ),
    )
    return format_html(
        '<table class="table"><caption{}>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        NOTHING if show_caption else attributes(_class="visually-hidden"),
        caption,
        heads,
        content,
    )


@register.simple_tag
def timeline(items: Iterable[object]) -> SafeString:
    """What happened, newest as given; an item has `when` (moment or day), `title`, maybe `text` and `by`."""

    def part(item: object, name: str) -> object:
        return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")

    def one(item: object) -> SafeString:
        when, by, text = part(item, "when"), part(item, "by"), part(item, "text")
        shown = moment(when) if isinstance(when, datetime) else day(when) if isinstance(when, date) else when
        return format_html(
            '<li class="event">{}<div class="event-words">'
            '<p class="event-title">{}</p>{}<p class="event-when">{}{}</p></div></li>',
            portrait_markup(by, "s")
            if by
            else SafeString('<span class="event-dot" aria-hidden="true"></span>'),
            part(item, "title"),
            format_html("<p>{}</p>", text) if text else NOTHING,
            format_html("{} · ", first_name_of(by)) if by else NOTHING,
            shown,
        )

    return format_html(
        '<ol class="timeline">{}</ol>', format_html_join("", "{}", ((one(item),) for item in items))
    )


@register.simple_tag
def tabs(items: Iterable[tuple[object, ...]], label: str = "") -> SafeString:
    """Links to sibling pages: (url, label, current) or (url, label, current, count)."""
    links = format_html_join(
        "",
        '<li><a class="tab" href="{}"{}>{}{}</a></li>',
        (
            (
                url,
                attributes(aria_current="page" if current else ""),
                name,
                format_html(' <span class="count">{}</span>', rest[0]) if rest else NOTHING,
            )
            for url, name, current, *rest in items
        ),
    )
    return format_html(
        '<nav class="tabs"{}><ul>{}</ul></nav>', attributes(aria_label=label or gettext("Onderdelen")), links
    )


@register.simple_tag
def pager(newer: str = "", older: str = "") -> SafeString:
    """The way to the page before and after; `j` and `k` follow them."""
    if not newer and not older:
        return NOTHING
    back = (
        format_html('<a rel="prev" href="{}">{}{}</a>', newer, icon_markup("arrow-left"), gettext("Vorige"))
        if newer
        else NOTHING
    )
    on = (
        format_html(
            '<a rel="next" href="{}">{}{}</a>', older, gettext("Volgende"), icon_markup("arrow-right")
        )
        if older
        else NOTHING
    )
    return format_html('<nav class="pager" aria-label="{}">{}{}</nav>', gettext("Bladeren"), back, on)
