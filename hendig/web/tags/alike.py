"""A block that is drawn once for all who are shown the same."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()
# About as many as are looked at in the same minute; what nobody sees any more makes room.
MOST = 64
# So many characters of them together, the one seen last besides: a drawing grows as a talk goes on, and with
# each goes the value that it is kept under.
TOGETHER = 1_000_000


class AlikeNode(Node):
    """Kept under the value itself, and never under who looks or which row it came from.

    So nobody is shown anything but what was read for them: another value is another block.
    """

    def __init__(self, name: str, value: FilterExpression, block: NodeList) -> None:
        self._name, self._value, self._block = name, value, block
        self._drawn: dict[tuple[str | None, Hashable], SafeString] = {}
        self._held = 0
        # Comparing two values is Python as well: without it another thread comes in between.
        self._one_at_a_time = Lock()

    def render(self, context: Context) -> SafeString:
        value = self._value.resolve(context)
        key = (get_language(), value)
        found = self._seen_last(key)
        if found is None:
            # Nothing else of the page is known inside: it would be kept for others.
            found = self._block.render(context.new({self._name: value}))
            self._keep(key, found)
        return found

    def _seen_last(self, key: tuple[str | None, Hashable]) -> SafeString | None:
        with self._one_at_a_time:
            found = self._drawn.pop(key, None)
            if found is not None:
                self._drawn[key] = found
            return found

    def _keep(self, key: tuple[str | None, Hashable], drawn: SafeString) -> None:
        with self._one_at_a_time:
            # Two who look at once draw it twice.
            self._held += len(drawn) - len(self._drawn.pop(key, ""))
            self._drawn[key] = drawn
            while len(self._drawn) > MOST or (self._held > TOGETHER and len(self._drawn) > 1):
                self._held -= len(self._drawn.pop(next(iter(self._drawn))))


@register.tag
def alike(parser: Parser, token: Token) -> AlikeNode:
    """{% alike picture=page.drawing %}…{% endalike %}: the block knows `picture` and nothing else."""
    _tag, *given = token.split_contents()
    if len(given) != 1 or "=" not in given[0]:
        raise TemplateSyntaxError(
            "alike takes one name and its value, as in {% alike picture=page.drawing %}"
        )
    name, _, value = given[0].partition("=")
    block = parser.parse(("endalike",))
    parser.delete_first_token()
    return AlikeNode(name, parser.compile_filter(value), block)
