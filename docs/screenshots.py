"""Make the pictures of the README from a warehouse of the sample dumps: `make screenshots [WAREHOUSE]`.

docs/img/<page>-<theme>.png: the overview with a period chosen, and the inspector on a page with related articles.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

import cuttings
from benchmarks.server import serving

IMAGES: Final = Path(__file__).resolve().parent / "img"
CHROMIUM_ARGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
OVERVIEW: Final = "/?from=2026-07-07&before=2026-07-15"


def main() -> None:
    """Publish the samples, serve them, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "warehouse"
        if not warehouse.exists():
            command = [sys.executable, "-m", "cuttings", "run", "samples/dumps", "--no-prefect", "-w", str(warehouse)]
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # 3: some samples are set aside on purpose
        with cuttings.open(warehouse) as opened, opened.duckdb() as connection:
            (page_id,) = connection.execute(
                "select page_id from pages where related_count between 2 and 4 and primary_count = 1 "
                "order by confidence desc, size_bytes desc, page_id limit 1"
            ).fetchone()
        with serving(warehouse) as (url, _):
            _take(url, {"overview": OVERVIEW, "inspector": f"/page/{page_id}", "graph": "/graph"})


def _take(url: str, paths: dict[str, str]) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_ARGS))
        for theme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1440, "height": 960}, color_scheme=theme)
            for name, path in paths.items():
                _open(page, url + path)
                page.screenshot(path=IMAGES / f"{name}-{theme}.png")
            page.close()
        browser.close()


def _open(page: Page, url: str) -> None:
    page.goto(url)
    if page.locator("script[src^='/static/bundle/']").count():
        page.wait_for_selector("html[data-ready=yes]", state="attached")
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    main()
