"""On paper everything can be read, whatever the screen is, and nothing stands there that one can only tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.fixtures import PageFor
from tests.support.live import Live
from tests.support.matching import household, open_talk
from tests.support.world import signed_in, world_from

# Of every text on the page: what it says, and how much it stands out from what lies behind it.
FAINT = """() => {
  const parts = (value) => {
    const found = (value.match(/-?[\\d.]+/g) || []).map(Number);
    const rgb = value.startsWith("color(") ? found.slice(0, 3).map((one) => one * 255) : found.slice(0, 3);
    return { rgb, alpha: found.length > 3 ? found[3] : 1 };
  };
  const light = (rgb) => {
    const linear = (one) => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4;
    const [r, g, b] = rgb.map((one) => linear(one / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const { rgb, alpha } = parts(getComputedStyle(one).backgroundColor);
      if (alpha > .5) return rgb;
    }
    return [255, 255, 255];
  };
  const faint = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || node.closest("svg, .visually-hidden, script")) continue;
    if (!node.checkVisibility({ visibilityProperty: true })) continue;
    seen += 1;
    const both = [light(parts(getComputedStyle(node).color).rgb), light(behind(node))];
    const ratio = (Math.max(...both) + .05) / (Math.min(...both) + .05);
    if (ratio < 4.5) faint.push(`${words.slice(0, 40)}: ${ratio.toFixed(1)}`);
  }
  return [seen, faint];
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_printed_can_be_read(page_for: PageFor, live: Live, dark: bool) -> None:
    world = world_from(datetime.now(UTC) - timedelta(hours=5))
    family_id = open_talk(world, household(world)).request.family_id
    page = page_for(phone=False, dark=dark)
    cookie = signed_in(world.account("sanne").pk)
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    for path in (f"/gezin/{family_id}/", f"/plan/{family_id}/"):
        page.emulate_media(media="screen")
        assert page.goto(path).ok  # type: ignore[union-attr]
        on_screen = page.locator("form.form:visible").count()
        page.emulate_media(media="print")
        seen, faint = page.evaluate(FAINT)
        assert seen > 10, path
        assert faint == [], path
        assert page.locator("form.form:visible, nav.rooms:visible, footer:visible").count() == 0
        assert path != f"/gezin/{family_id}/" or on_screen
