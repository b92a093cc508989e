"""Every control is reached by the tab key, and shows that it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Visit

pytestmark = pytest.mark.slow
# What has the focus: whether it came round again (a date takes several steps), and whether an outline is drawn.
STEP = """() => {
  const now = document.activeElement, seen = window.reached ??= new Set();
  if (now === document.body || (seen.has(now) && window.before !== now)) return null;
  seen.add(window.before = now);
  const style = getComputedStyle(now);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? '' : now.outerHTML.slice(0, 150);
}"""
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')].filter((one) =>
  !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })
  && !one.closest('dialog:not([open])') && !window.reached.has(one)).map((one) => one.outerHTML.slice(0, 150))"""
MOST_STEPS = 400


def test_every_control_is_reached_and_shows_it(visit: Callable[..., Visit], served: str) -> None:
    tab = visit(served)
    inspected = tab.go("/pages").get_attribute("[data-row]", "href")
    for path in ("/", inspected):
        page = tab.go(path)
        unseen = []
        for _ in range(MOST_STEPS):
            page.keyboard.press("Tab")
            reached = page.evaluate(STEP)
            if reached is None:
                break
            unseen += [reached] if reached else []
        assert not unseen
        assert not page.evaluate(MISSED)
