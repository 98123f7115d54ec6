"""What axe finds wrong with a page for whoever can't see it, or can't use a mouse: WCAG 2.2, A and AA."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (rules) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {
    runOnly: rules ? { type: "rule", values: rules } : { type: "tag", values: tags },
    resultTypes: ["violations"],
    iframes: false,
  });
  return found.violations.map((each) => [each.id, each.help, each.nodes.map((node) => node.html.slice(0, 160))]);
}"""


def violations(page: Page, only: Sequence[str] | None = None) -> list[Any]:
    """The rules that the page breaks, each with the pieces of it: of all, or of those named.

    The page's policy doesn't keep the script out. What stands in a frame is another page, where the script isn't: axe
    would wait for its answer, and the browser would complain that it is not to be spoken to.
    """
    assert _AXE.is_file(), "these tests need axe-core: make assets"
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_AXE.read_text("utf-8"))
    found: list[Any] = page.evaluate(_RUN, list(only) if only else None)
    return found
