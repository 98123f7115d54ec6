"""The chromium that tests open pages in, without a screen.

It is Debian's headless shell where that is installed: the browser proper makes windows even where nobody sees them,
with pages of its own for their bars, and needs twice the time for the same.
"""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_NO_BARS = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI"),
    # Playwright's own list has these among others, and the last list is the one that holds.
    *(
        "HttpsUpgrades",
        "HttpsFirstBalancedModeAutoEnable",
        "PaintHolding",
        "OptimizationHints",
        "MediaRouter",
    ),
    *("ThirdPartyStoragePartitioning", "DestroyProfileOnBrowserClose"),
)
"""What the browser proper shall leave out: pages for its bars, of which it makes two with every window."""


def launched(playwright: Playwright, *args: str) -> Browser:
    """A new browser, which takes its arguments; the root of a machine that tests run on may start it, too."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "these tests open pages in chromium: apt-get install chromium-headless-shell"
    plain = ("--no-sandbox", f"--disable-features={','.join(_NO_BARS)}", *args)
    return playwright.chromium.launch(executable_path=found, args=plain)
