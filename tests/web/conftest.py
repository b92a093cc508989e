"""A server over a warehouse, and the system's Chromium, driven by Playwright, in which every fault is collected."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from cuttings.web import create_app

CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
QUIET_MS, STEP_MS = 320, 40  # longer than any pause the pages make before they ask
BUNDLE = Path(__file__).resolve().parents[2] / "cuttings" / "web" / "static" / "bundle" / "overview.js"


@contextmanager
def serving(warehouse: Path, *pages_dirs: Path) -> Iterator[str]:
    """The address of a server over `warehouse`, for as long as the context is open."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    app = create_app(warehouse, pages_dirs=pages_dirs)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def served(sample_warehouse: Path) -> Iterator[str]:
    """The address of a server over the sample warehouse."""
    with serving(sample_warehouse) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; absent it is a reason to skip, and in continuous integration to fail."""
    executable = shutil.which("chromium")
    missing = "there is no chromium: make browser" if executable is None else ""
    missing = missing or ("" if BUNDLE.is_file() else "the front end is not built: make web")
    if missing:
        if os.environ.get("CUTTINGS_BROWSER_REQUIRED"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """One tab: the page, and everything in it that must not be."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    under_way: int = 0

    def go(self, path: str) -> Page:
        """Open a path of the server; the page has drawn when this returns."""
        self.page.goto(self.url + path)
        if self.page.locator("script[src^='/static/bundle/']").count():
            self.page.wait_for_selector("html[data-ready=yes]", state="attached")
            self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until no request is under way and none follows."""
        quiet_ms = 0
        while quiet_ms < QUIET_MS:
            self.page.wait_for_timeout(STEP_MS)
            quiet_ms = 0 if self.under_way else quiet_ms + STEP_MS


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a tab; at the end of the test no tab may have a console error, a dialog, or a request off this machine."""
    visits: list[Visit] = []

    def opened(url: str, **options: object) -> Visit:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 1000}, **options})
        page = context.new_page()
        tab = Visit(page, url)
        visits.append(tab)

        def on_dialog(dialog: object) -> None:
            tab.faults.append("a dialog was opened")
            dialog.dismiss()

        def on_request(request: object) -> None:
            tab.under_way += 1
            if not request.url.startswith((url + "/", "data:", "blob:" + url)):
                tab.faults.append(f"a request left: {request.url}")

        page.on("dialog", on_dialog)

        def on_end(_: object) -> None:
            tab.under_way -= 1

        page.on("request", on_request)
        page.on("requestfinished", on_end)
        page.on("requestfailed", on_end)
        page.on("pageerror", lambda error: tab.faults.append(f"error: {error}"))
        page.on("console", lambda m: tab.faults.append(f"console: {m.text}") if m.type == "error" else None)
        return tab

    yield opened
    for tab in visits:
        tab.page.context.close()
        assert not tab.faults
