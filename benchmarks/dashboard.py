"""The dashboard in a real browser on a large warehouse: `python -m benchmarks.dashboard [FOLDER] [--rows N]`.

Makes a generation of 5 million appearances, 1 million articles and 2,000 publishers in FOLDER (kept: a second run
uses it again), serves it, and measures in headless Chromium: the first number, the last chart, a brush to the redraw of
every chart, and the article table. Times are wall clock on whatever else the machine does: run it on an idle one. What
they cost the server in processor time depends less on that.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from benchmarks.server import serving
from cuttings.contract import TABLES
from cuttings.resources import resource_dir
from cuttings.store.database import build_database

if TYPE_CHECKING:
    from playwright.sync_api import Page

APPEARANCES: Final = 5_000_000
ARTICLES_SHARE: Final = 0.2  # of the appearances
PAGES_SHARE: Final = 0.2
PUBLISHERS: Final = 2_000
GENERATOR_MEMORY: Final = "4GB"  # beyond it DuckDB spills
BRUSHES: Final = 40
COUNTED_MS: Final = 1500  # the count of a search comes after its rows
# Bars of the issue, in seconds.
BARS: Final = {"first number": 1.5, "all charts": 3.0, "brush to redraw, median": 0.1, "table": 0.3}
CHROMIUM_ARGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_WORDS: Final = (
    "['council', 'harbour', 'storm', 'museum', 'budget', 'railway', 'festival', 'election', 'glacier', 'strike', "
    "'lantern', 'market', 'bridge', 'wildfire', 'orchestra', 'vaccine', 'border', 'reservoir', 'satellite', 'verdict']"
)


def generate(folder: Path, appearance_count: int) -> None:
    """Write the Parquet files of a generation that is a function of the row numbers alone, and its database."""
    sizes = {
        "appearances": appearance_count,
        "articles": int(appearance_count * ARTICLES_SHARE),
        "pages": int(appearance_count * PAGES_SHARE),
    }
    connection = duckdb.connect(config={"threads": 2, "memory_limit": GENERATOR_MEMORY})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"create macro pick(n) as {_WORDS}[cast(1 + n % 20 as bigint)]")
    connection.execute("set enable_progress_bar = false")
    # Publishers by a long tail; publication over two years; capture some minutes to months later.
    connection.execute(
        f"create macro owner(n) as cast(floor({PUBLISHERS} * power((hash(n) % 100003) / 100003.0, 3)) as bigint)"
    )
    connection.execute(
        "create macro published(n) as timestamptz '2024-01-01' + to_seconds(cast(hash(n, 1) % 63072000 as bigint))"
    )
    connection.execute(
        "create macro captured(p) as timestamptz '2024-01-08' + to_seconds(cast(hash(p, 2) % 62000000 as bigint))"
    )
    selects = {
        "publishers": f"""select format('{{:016x}}', n) as publisher_id,
            pick(n) || ' ' || pick(n // 20) || ' ' || n as name, 'publisher' as kind from range({PUBLISHERS}) t(n)""",
        "pages": f"""select format('{{:064x}}', n) as page_id, 9000 as size_bytes, 'utf-8' as encoding,
            false as is_damaged,
            ['en', 'de', 'fr', 'es', 'ja'][1 + n % 5] as language, 'article' as page_type, 'lines' as dialect,
            format('{{:016x}}', owner(n)) as publisher_id, captured(n) as captured_at, 'sidecar' as captured_from,
            captured(n) as captured_earliest_at, captured(n) as captured_latest_at, 1 as primary_count,
            4 as related_count, (hash(n, 3) % 1000) / 1000.0 as confidence from range({sizes["pages"]}) t(n)""",
        "articles": f"""select format('{{:032x}}', n) as article_id,
            concat_ws(' ', pick(hash(n, 4)), pick(hash(n, 5)), pick(hash(n, 6)), 'and', pick(hash(n, 7)), n) as title,
            null::varchar as standfirst, null::varchar as byline, null::varchar as dateline,
            null::varchar as agency, format('{{:016x}}', owner(n)) as publisher_id,
            ['en', 'de', 'fr', 'es', 'ja'][1 + n % 5] as language, 'text' as body, 'full' as body_status,
            hash(n, 8) % 1500 as word_count, published(n) as published_at, published(n) as published_earliest_at,
            published(n) + interval 3 hour as published_latest_at, 'minute' as published_precision,
            null::varchar as published_from, null::varchar as story_id, 5 as appearance_count,
            published(n) + interval 9 hour as first_captured_at from range({sizes["articles"]}) t(n)""",
        "appearances": f"""select format('{{:064x}}', n // 5) as page_id, n % 5 as position,
            if(n % 5 = 0, 'primary', 'related') as zone, format('{{:032x}}', a) as article_id,
            concat_ws(' ', pick(hash(a, 4)), pick(hash(a, 5)), pick(hash(a, 6)), 'and', pick(hash(a, 7)), a) as title,
            'x' as source_name, format('{{:016x}}', owner(a)) as publisher_id, 'x' as date_text,
            if(n % 17 = 0, null, published(a)) as published_at,
            if(n % 17 = 0, null, published(a)) as published_earliest_at,
            if(n % 17 = 0, null, published(a) + to_minutes(cast(hash(n, 9) % 6000 as bigint))) as published_latest_at,
            'minute' as published_precision, 'full' as body_status, true as is_contiguous, 0 as byte_start,
            10 as byte_end, (hash(n, 10) % 1000) / 1000.0 as confidence
            from (select n, hash(n, 11) % {sizes["articles"]} as a from range({sizes["appearances"]}) t(n))""",
        "date_mentions": f"""select format('{{:064x}}', n // 5) as page_id, n as byte_start, n + 1 as byte_end,
            n % 5 as position, 'x' as text, 'published' as use, 'x' as form, published(n) as earliest_at,
            published(n) as latest_at, published(n) as instant_at, 'minute' as precision, null::varchar as zone_written,
            if(n % 3 = 0, 'written', 'none') as zone_from, if(n % 4 = 0, 'capture', 'written') as anchor,
            false as is_ambiguous, []::struct(earliest_at timestamptz, latest_at timestamptz)[] as alternatives,
            'x' as rule, 1.0 as confidence, null::bigint as offset_seconds from range({sizes["appearances"]}) t(n)
            where n % 17 <> 0""",
        "runs": """select 'benchmark' as run_id, timestamptz '2026-01-01' as started_at,
            timestamptz '2026-01-01' as finished_at, 1 as object_count, 1 as object_bytes, 1 as loaded_count,
            1 as loaded_bytes, 0 as duplicate_count,
            0 as duplicate_bytes, 0 as quarantined_count, 0 as quarantined_bytes, 0 as refused_count,
            0 as refused_bytes,
            '' as config_digest, '' as code_digest, '' as inputs_digest""",
        "checks": """select 'run' || r as run_id, suite, 'check' || c as expectation, 'fail' as level, true as success,
            null::varchar as observed, 0 as failing_count, []::varchar[] as failing_keys
            from range(5) t(r), range(12) u(c), unnest(['pages', 'segments', 'appearances', 'articles']) v(suite)""",
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, select in selects.items():
        (folder / name).mkdir(exist_ok=True)
        connection.execute(f"copy ({select}) to '{folder / name}/part-0.parquet' (format parquet)")
        print(f"  {name}", flush=True)
    connection.close()
    with tempfile.TemporaryDirectory() as models:  # the other marts take minutes, and the overview does not ask them
        for path in sorted(resource_dir("sql").glob("*/*.sql")):
            if path.parent.name != "marts" or path.stem.startswith("dashboard_"):
                target = Path(models) / path.parent.name / path.name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, target)
        build_database(folder, TABLES, Path(models), memory_limit_bytes=4 * 1024**3)


def measure(url: str, server_pid: int) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds of each bar in a fresh browser, and the processor seconds they cost the server."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_ARGS))
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        spent_before = _processor_seconds(server_pid)
        started = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_selector("#k-appearances", state="attached")
        seconds = {"first number": time.perf_counter() - started}
        page.wait_for_selector("html[data-ready=yes]", state="attached", timeout=60_000)
        for card in (
            "timeline",
            "publishers",
            "ages",
            "roles",
            "origins",
            "certainties",
            "languages",
            "articles",
            "numbers",
        ):
            page.wait_for_selector(f"#{card}[data-drawn]", state="attached", timeout=60_000)
        seconds["all charts"] = time.perf_counter() - started
        spent = {"all charts": _processor_seconds(server_pid) - spent_before}
        spent_before = _processor_seconds(server_pid)
        seconds["brush to redraw, first"], redraws = _brush(page)
        spent["brush to redraw, median"] = (_processor_seconds(server_pid) - spent_before) / BRUSHES
        seconds["brush to redraw, median"] = statistics.median(redraws)
        seconds["brush to redraw, 95th"] = sorted(redraws)[int(0.95 * len(redraws))]
        spent_before = _processor_seconds(server_pid)
        searches = _table(page)
        page.wait_for_timeout(COUNTED_MS)
        seconds["table"] = statistics.median(searches)
        spent["table"] = (_processor_seconds(server_pid) - spent_before) / len(searches)
        browser.close()
        if faults:
            sys.exit(f"the console has errors: {faults[:3]}")
    return seconds, spent


def _processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# Wait until every chart but the time line has drawn once more than `before` says; milliseconds it took.
_REDRAWN: Final = """async ({ key, cards }) => {
  const drawn = () => cards.map((id) => Number(document.getElementById(id).dataset.drawn ?? 0));
  const before = drawn(), started = performance.now();
  document.querySelector('.handle.before').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  while (!drawn().every((n, i) => n > before[i])) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""
_TYPED: Final = """async (text) => {
  const table = document.getElementById('articles');
  const before = Number(table.dataset.drawn), input = document.getElementById('search');
  input.value = text;
  const started = performance.now();
  input.dispatchEvent(new Event('input', { bubbles: true }));
  while (Number(table.dataset.drawn) === before) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""


def _brush(page: Page) -> tuple[float, list[float]]:
    """Seconds of the first brush, which prepares, and of the ones after it."""
    cards = ["numbers", "publishers", "ages", "roles", "origins", "certainties", "languages"]
    taken = [_milliseconds(page, _REDRAWN, {"key": "ArrowLeft", "cards": cards}) / 1000 for _ in range(BRUSHES)]
    return taken[0], taken[1:]


def _table(page: Page) -> list[float]:
    """Seconds from a keystroke in the search to the rows, the pause for further keystrokes included."""
    return [_milliseconds(page, _TYPED, text) / 1000 for text in ("glacier", "storm", "museum verdict", "bridge", "")]


def _milliseconds(page: Page, script: str, argument: Any) -> float:
    taken: float = page.evaluate(script, argument)
    return taken


def main() -> None:
    """Generate, serve, measure, print; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(tempfile.gettempdir()) / "cuttings-benchmark")
    parser.add_argument("--rows", type=int, default=APPEARANCES)
    options = parser.parse_args()
    generation = options.folder / f"rows-{options.rows}"
    if not (generation / "cuttings.duckdb").exists():
        print(f"making {options.rows:,} appearances in {generation}", flush=True)
        generate(generation, options.rows)
    with serving(generation) as (url, server_pid):
        (cold, cold_spent), (warm, warm_spent) = (measure(f"{url}/", server_pid) for _ in range(2))
        print(f"server, from its start: {_processor_seconds(server_pid):.1f} s of processor time")
        print(f"load average {os.getloadavg()[0]:.1f}")
    missed = 0
    for name, seconds in cold.items():
        bar = BARS.get(name)
        missed += bar is not None and seconds > bar
        said = f"bar {bar:g} s" if bar else ""
        costs = f"server {cold_spent[name]:.3f} s, again {warm_spent[name]:.3f} s" if name in cold_spent else ""
        print(f"{name:<26} {seconds:7.3f} s   again {warm[name]:7.3f} s   {said:<12} {costs}".rstrip())
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
