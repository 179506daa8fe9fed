"""A person at a screen, by three kinds of hands; everything the screen asks of the person is counted.

Counted are interactions (a tap, a key that sends, a choice), typed fields, screens, and the seconds of
the keystroke-level model (Card, Moran and Newell): a key 0.28 s, pointing 1.1 s, pressing and letting go
0.1 s each, the hand from pointing to typing or back 0.4 s, making up one's mind 1.35 s. On a phone the hand
does not move.

Coming to Hendig (by the link in a mail, a bookmark, the own front door) is no interaction on a screen: it is
counted as a screen, with its seconds, and told apart as a visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from tests.support.live import SOON

KEY, POINT, PRESS, RELEASE, HOME, MIND = 0.28, 1.1, 0.1, 0.1, 0.4, 1.35
TAP = MIND + POINT + PRESS + RELEASE
MOST_TABS = 150
# Nothing where what was found gave place to its like, as in a page that came anew.
HAS_FOCUS = "el => el.isConnected ? el === document.activeElement : null"
FOCUS_SEEN = """el => {
  const shown = (one) => { const look = getComputedStyle(one); return one.checkVisibility()
    && ((look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== "none"); };
  const box = el.getBoundingClientRect();
  const on = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return on && [el, el.closest("label"), el.closest(".card")].some((one) => one && shown(one));
}"""


@dataclass(slots=True)
class Count:
    """What was asked of one person in one step."""

    interactions: int = 0
    fields: int = 0
    screens: int = 0
    visits: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Ledger:
    """What was asked of everyone, step by step, in the order in which it came."""

    step: str = ""
    counts: dict[tuple[str, str], Count] = field(default_factory=dict)

    def of(self, person: str) -> Count:
        return self.counts.setdefault((self.step, person), Count())

    def total(self, steps: set[str]) -> Count:
        """Everyone together in these steps."""
        found = [count for (step, _person), count in self.counts.items() if step in steps]
        names = ("interactions", "fields", "screens", "visits", "seconds")
        return Count(*(sum(getattr(one, name) for one in found) for name in names))


class Hand(Protocol):
    """How somebody reaches the controls; tells how many keys it took beside the deed itself."""

    scripts: bool

    def press(self, wanted: Locator) -> int: ...

    def fill(self, wanted: Locator, text: str) -> int: ...

    def pick(self, wanted: Locator) -> int: ...

    def find(self, wanted: Locator) -> int: ...


class Pointer:
    """A mouse or a finger."""

    def __init__(self, *, scripts: bool = True) -> None:
        self.scripts = scripts

    def press(self, wanted: Locator) -> int:
        wanted.click()
        return 0

    def fill(self, wanted: Locator, text: str) -> int:
        wanted.fill(text)
        return 0

    def pick(self, wanted: Locator) -> int:
        wanted.check()
        return 0

    def find(self, wanted: Locator) -> int:
        wanted.hover()
        return 0


class Keyboard:
    """Tab, arrows, space and enter; fails where they do not lead or where nobody sees where one is."""

    scripts = True

    def press(self, wanted: Locator) -> int:
        keys = self.reach(wanted)
        wanted.page.keyboard.press("Enter")
        return keys

    def fill(self, wanted: Locator, text: str) -> int:
        keys = self.reach(wanted)
        if wanted.get_attribute("type") == "date":
            self._date(wanted, text)
        else:
            wanted.page.keyboard.press("Control+A")
            wanted.page.keyboard.type(text)
        return keys

    def pick(self, wanted: Locator) -> int:
        if wanted.get_attribute("type") == "checkbox":
            keys = self.reach(wanted)
            wanted.page.keyboard.press("Space")
        else:
            keys = self._radio(wanted)
        expect(wanted).to_be_checked()
        return keys

    def find(self, wanted: Locator) -> int:
        return self.reach(wanted)

    def reach(self, wanted: Locator) -> int:
        """Tabs until the wanted control has the focus."""
        return self._until_focus(wanted, "Tab")

    def _radio(self, wanted: Locator) -> int:
        """Into the group by tab, and through it by arrow."""
        page, name = wanted.page, wanted.get_attribute("name")
        keys = 0
        while not page.evaluate(f"document.activeElement.name === {name!r}"):
            assert keys < MOST_TABS, f"{wanted} cannot be reached by the keyboard on {page.url}"
            page.keyboard.press("Tab")
            keys += 1
        page.keyboard.press("Space")
        return keys + self._until_focus(wanted, "ArrowDown")

    @staticmethod
    def _until_focus(wanted: Locator, key: str) -> int:
        """So often this key was pressed until one is there, and sees so."""
        page = wanted.page
        # Once, for by its name it is looked for among all that stands there.
        found = wanted.element_handle()
        for keys in range(MOST_TABS):
            while (there := found.evaluate(HAS_FOCUS)) is None:
                found = wanted.element_handle()
            if there:
                assert found.evaluate(FOCUS_SEEN), f"nobody sees that {wanted} has the focus on {page.url}"
                return keys
            page.keyboard.press(key)
        raise AssertionError(f"{wanted} cannot be reached with {key} on {page.url}")

    @staticmethod
    def _date(wanted: Locator, text: str) -> None:
        """Digits in the order in which this browser asks for a day."""
        page = wanted.page
        year, month, day = text.split("-")
        for typed in (month + day + year, day + month + year, year + month + day):
            for _part in range(2):
                page.keyboard.press("ArrowLeft")
            page.keyboard.type(typed)
            if wanted.input_value() == text:
                return
        raise AssertionError(f"no order of digits gives {text} in {wanted}")


@dataclass(slots=True)
class Person:
    """Somebody with a page of their own."""

    name: str
    page: Page
    hand: Hand
    ledger: Ledger
    phone: bool = False
    _typing: bool = False

    def visit(self, where: str) -> None:
        """Comes to Hendig here: by the link of a mail, a bookmark or the own front door."""
        self.page.goto(where)
        self._counted(TAP, screens=1, visits=1)

    def tap(self, name: str, *, within: str = "", exact: bool = False) -> None:
        """A button or a link, by what it is called; the next screen is there."""
        wanted = self._control(name, within, exact=exact)
        with self.page.expect_navigation():
            keys = self.hand.press(wanted)
        self._counted(self._point() + keys * KEY, interactions=1, screens=1)

    def put(self, name: str) -> None:
        """A button that puts something on the table: with scripts the screen stays, without it comes anew."""
        wanted = self._control(name, "", exact=False)
        sent = (
            self.page.expect_response(lambda answer: answer.request.method == "POST")
            if self.hand.scripts
            else self.page.expect_navigation()
        )
        with sent:
            keys = self.hand.press(wanted)
        self._counted(self._point() + keys * KEY, interactions=1, screens=0 if self.hand.scripts else 1)

    def fetch(self, name: str) -> bytes:
        """A file, by what its link is called; no new screen."""
        wanted = self._control(name, "", exact=False)
        with self.page.expect_download() as coming:
            keys = self.hand.press(wanted)
        self._counted(self._point() + keys * KEY, interactions=1)
        return coming.value.path().read_bytes()

    def bring(self, label: str, name: str, content: bytes) -> None:
        """Chooses a file of the own computer."""
        wanted = self._field(label)
        keys = self.hand.find(wanted)
        wanted.set_input_files({"name": name, "mimeType": "application/xml", "buffer": content})
        self._counted(self._point() + keys * KEY, interactions=1)

    def unfold(self, name: str) -> None:
        """Opens what is folded; no new screen."""
        keys = self.hand.press(self.page.locator("summary").filter(has_text=name))
        self._counted(self._point() + keys * KEY, interactions=1)

    def choose(self, label: str, *, exact: bool = False) -> None:
        """Ticks a box or one of several answers."""
        wanted = self._field(label, exact=exact)
        keys = self.hand.pick(wanted)
        self._counted(self._point() + keys * KEY, interactions=1)

    def type(self, label: str, text: str) -> None:
        """Fills in one field."""
        keys = self.hand.fill(self._field(label), text)
        move = 0.0 if self.phone or self._typing else HOME
        self._counted(TAP + move + (len(text) + keys) * KEY, fields=1)
        self._typing = True

    def sees(self, text: str) -> None:
        """It stands on the screen: within a moment by itself with scripts, after a reload without."""
        if not self.hand.scripts:
            self.page.reload()
            self._counted(KEY, interactions=1, screens=1)
        # The same words may lie in a picture for another screen as well.
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=SOON)

    def does_not_see(self, text: str) -> None:
        if not self.hand.scripts:
            self.page.reload()
        expect(self.page.get_by_text(text)).to_have_count(0)

    def _field(self, label: str, *, exact: bool = False) -> Locator:
        fields = self.page.locator("input, textarea, select")
        return self.page.get_by_label(label, exact=exact).and_(fields).first

    def _control(self, name: str, within: str, *, exact: bool) -> Locator:
        where: Page | Locator = self.page.locator(within) if within else self.page
        named = where.get_by_role("button", name=name, exact=exact)
        return named.or_(where.get_by_role("link", name=name, exact=exact)).first

    def _point(self) -> float:
        move = HOME if self._typing and not self.phone else 0.0
        self._typing = False
        return TAP + move

    def _counted(self, seconds: float, **more: int) -> None:
        count = self.ledger.of(self.name)
        count.seconds += seconds
        for name, number in more.items():
            setattr(count, name, getattr(count, name) + number)


@contextmanager
def step(ledger: Ledger, name: str) -> Iterator[None]:
    """What happens inside is counted as this step."""
    before, ledger.step = ledger.step, name
    yield
    ledger.step = before
