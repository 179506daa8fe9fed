"""Pages of a real browser that notice what a person would not forgive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Page, Response, ViewportSize, expect

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.map((v) => [v.id, v.help, v.nodes.map((n) => n.html + "\\n" + n.failureSummary)]);
}"""

PHONE = ViewportSize(width=390, height=844)
# What a phone leaves at 400 %.
NARROW = ViewportSize(width=320, height=640)
DESKTOP = ViewportSize(width=1280, height=800)
# A refusal is an answer, and the browser writes each into its console: responses are judged below.
ANSWERS = ("Failed to load resource: the server responded with a status of 4", "Response Status Error Code 4")
# Only a test that takes its page off the network itself hears this; what the page then shows is its subject.
PLUG_PULLED = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


@dataclass
class Problems:
    """What went wrong on the pages of a test: violated policies, script errors, failed responses."""

    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self.heard)
        page.on("pageerror", self.broke)
        page.on("response", self.answered)

    def heard(self, message: ConsoleMessage) -> None:
        # Violations of the content security policy arrive here as errors.
        if message.type == "error" and not message.text.startswith((*ANSWERS, PLUG_PULLED)):
            self.seen.append(f"console: {message.text}")

    def broke(self, error: Error) -> None:
        self.seen.append(f"script: {error}")

    def answered(self, response: Response) -> None:
        missing = response.status >= 400 and response.request.resource_type not in {
            "document",
            "fetch",
            "xhr",
        }
        if response.status >= 500 or missing:
            self.seen.append(f"{response.status}: {response.url}")


def assert_accessible(page: Page) -> None:
    """axe finds nothing against WCAG 2.2 AA or good practice on the page as it stands now."""
    # The page may have been looked at before, at another size.
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
        # Where one page is looked at, others are: so it comes with them, in half the time.
        page.add_init_script(AXE)
    violations: list[list[Any]] = page.evaluate(RUN_AXE, RULES)
    lines = [f"{name}: {text}\n    " + "\n    ".join(places) for name, text, places in violations]
    assert not lines, f"{page.url} is not accessible:\n  " + "\n  ".join(lines)


def assert_fit(page: Page, paths: Iterable[str], sizes: Sequence[ViewportSize] = ()) -> None:
    """Each of these pages is accessible, has one heading, and nothing runs off the side, at each size."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for path in paths:
        if sizes:
            page.set_viewport_size(sizes[0])
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        for size in sizes or (page.viewport_size,):
            assert size
            page.set_viewport_size(size)
            assert_accessible(page)
            assert not page.evaluate(wide), f"{path} at {size['width']} pixels"
