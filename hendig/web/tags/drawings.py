"""The pictures of a page; what they draw and say is decided in `hendig.web.pictures`."""

from __future__ import annotations

from collections.abc import Sequence

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hendig.web import pictures

register = Library()


@register.simple_tag
def flow_board(columns: Sequence[pictures.FlowColumn]) -> SafeString:
    return pictures.flow_board(columns)


@register.simple_tag
def ecogram(circle: pictures.Circle, tap: str = "") -> SafeString:
    """With `tap`, the address of its page, each ring and each person can be tapped."""
    return pictures.ecogram(circle, tap=tap)


@register.simple_tag
def way_of_question(steps: Sequence[pictures.WayStep]) -> SafeString:
    return pictures.way_of_question(steps)


@register.simple_tag
def pot(label: object, used: int, total: int, words: object) -> SafeString:
    """How far something is used: a bar, with the amounts in words beside it."""
    part = 0 if total <= 0 else max(0, min(1000, round(1000 * used / total)))
    return format_html(
        '<div class="pot"><p class="pot-head"><span>{}</span><span>{}</span></p>'
        '<svg class="pot-bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="pot-all" width="1000" height="14" rx="7"/>'
        '<rect class="pot-used" width="{}" height="14" rx="7"/></svg></div>',
        label,
        words,
        part,
    )
