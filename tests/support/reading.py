"""A page as somebody reads it: what it says, where it leads, what can be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SPOKEN = frozenset(
    {
        "alt",
        "title",
        "aria-label",
        "aria-description",
        "placeholder",
        "data-label",
        "data-copied",
        "data-news",
    }
)
# What the script says, which the page hands to it.
SCRIPTED = frozenset({"data-offline", "data-draft"})
# Nobody reads a script; what stands in code is the name of a thing.
SILENT = frozenset({"script", "style", "code"})
# What is between these belongs to one sentence.
INLINE = frozenset({"a", "strong", "em", "b", "i", "time"})


@dataclass
class Filled:
    """A form with what its hidden fields and its first choices hold."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Afterwards `texts` holds every text and spoken attribute, `links` the addresses, `forms` what posts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.forms: list[Filled] = []
        self._silent = 0
        self._form: Filled | None = None
        self._line = ""
        self.feed(page)
        self.close()
        self._end_line()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self._end_line()
        self._silent += tag in SILENT
        said = SPOKEN | SCRIPTED if tag == "body" else SPOKEN
        self.texts += [text for name, text in given.items() if name in said and text]
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form" and given.get("method", "").lower() == "post":
            self._form = Filled(given.get("action", ""))
        elif self._form and tag in {"input", "button"} and given.get("name"):
            chosen = given.get("type") in {"hidden", "submit"} or "checked" in given
            if chosen:
                self._form.fields.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._end_line()
        self._silent -= tag in SILENT
        if tag == "form" and self._form:
            self.forms.append(self._form)
            self._form = None

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._line += data

    def _end_line(self) -> None:
        if said := " ".join(self._line.split()):
            self.texts.append(said)
        self._line = ""
