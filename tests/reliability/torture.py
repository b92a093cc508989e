"""Try every promise at length, each part of the tests in a process of its own, and write down what became of them.

    python -m tests.reliability.torture [--plan] [--share 1] [--jobs 2] [--into docs] [--again docs/promises.json]
                                        [P2 P9 … or paths of tests]

All promises with their whole share go into docs/promises.json and docs/promises.md. A choice of promises, or a smaller
share, is only shown, unless `--into` names a folder. The exit code is 1 when a trial failed or a part did not end.
`--again` tries what had failed, or not ended, once more when it was mended, and says so on the page; the rest stands.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.reliability.promises import PAGE, PROJECT, PROMISES, RESULTS, Results, notes, page, results, table
from tests.reliability.recorder import PATH

# Where there is room, the trials run in memory: what they ask is not how fast the disk is, and where it is asked what
# a disk keeps, its file system is made for it (test_ext4.py).
MEMORY: Final = Path("/dev/shm")
ROOM_BYTES: Final = 4 << 30
SEED: Final = "1"  # of the examples that Hypothesis draws
LEAST_LIMIT_MINUTES: Final = 10.0
LIMIT_FACTOR: Final = 5
DONE: Final = (0, 1)  # exit codes of pytest: all passed, some failed


@dataclass(frozen=True)
class Part:
    """Tests that run in one process: `tests` is a path or a node id, `minutes` what they take alone on a core."""

    tests: str
    minutes: float

    @property
    def limit_seconds(self) -> float:
        return 60 * max(LEAST_LIMIT_MINUTES, LIMIT_FACTOR * self.minutes)

    @property
    def file(self) -> str:
        """The file, or folder, of the tests."""
        return self.tests.partition("::")[0]

    @property
    def promises(self) -> tuple[str, ...]:
        """Names of the promises that these tests speak for."""
        return tuple(
            promise.name
            for promise in PROMISES
            if any(test.startswith(self.tests) or self.tests.startswith(test) for test in promise.tests)
        )


@dataclass(frozen=True)
class Ended:
    """How a part ended: None when it came to its end, else what to say of it; and what it had found till then."""

    part: Part
    problem: str | None
    found: dict[str, dict[str, Any]]
    seconds: float


def plan() -> tuple[Part, ...]:
    """The parts of torture.toml, the longest first."""
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(sorted((Part(*entry) for entry in entries["minutes"].items()), key=lambda part: -part.minutes))


def run(part: Part, share: float, folder: Path) -> Ended:
    """The tests of a part, ended with everything that they started when their time is over."""
    here = Path(tempfile.mkdtemp(dir=folder))
    (here / "tmp").mkdir()
    environment = {
        **os.environ, "CUTTINGS_TORTURE": str(share), PATH: str(here / "found.json"), "TMPDIR": str(here / "tmp"),
    }  # fmt: skip
    started = time.monotonic()
    with (here / "output").open("wb") as output:
        process = subprocess.Popen(
            command(part, here), cwd=PROJECT, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(part.limit_seconds)
            problem = None if code in DONE else f"`{part.tests}` ended with {ending(code)}"
        except subprocess.TimeoutExpired:
            problem = f"`{part.tests}` did not end within {part.limit_seconds / 60:.3g} minutes"
        finally:
            end_group(process)
    seconds = time.monotonic() - started
    found = json.loads((here / "found.json").read_text()) if (here / "found.json").exists() else {}
    ended = Ended(part, problem, found, seconds)
    if problem or failed(ended):
        said = (here / "output").read_text(errors="backslashreplace")
        sys.stderr.write(f"--- {part.tests}\n{said[-8_000:]}\n")
    shutil.rmtree(here, ignore_errors=True)
    return ended


def command(part: Part, here: Path) -> list[str]:
    """Pytest with the tests of a part, which keeps nothing of those that pass."""
    options = ("-p", "tests.reliability.recorder", "-p", "no:cacheprovider", "-p", "no:xdist")
    places = (f"--basetemp={here / 'base'}", "-o", "tmp_path_retention_policy=failed")
    return [
        *private_mounts(), sys.executable, "-m", "pytest", *options, *places, f"--hypothesis-seed={SEED}", part.tests,
    ]  # fmt: skip


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a part: itself, if it still runs, and what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def private_mounts() -> list[str]:
    """What to start a part with, so that what it mounts ends with it; nothing where that is not allowed."""
    command = ["unshare", "--mount", "--"]
    if os.geteuid() or shutil.which("unshare") is None:
        return []
    return [] if subprocess.run([*command, "true"], check=False, capture_output=True).returncode else command


def failed(ended: Ended) -> int:
    return sum(part["failures"] for files in ended.found.values() for part in files.values())


def whole(ends: Sequence[Ended], share: float, jobs: int, seconds: float, tested: str) -> Results:
    """docs/promises.json."""
    found = by_promise(ends)
    by_name = {
        promise.name: results(
            promise,
            found.get(promise.name, {}),
            [end.problem for end in ends if end.problem and promise.name in end.part.promises],
        )
        for promise in PROMISES
        if any(promise.name in end.part.promises for end in ends)
    }
    return {
        "revision": tested, "share": share, "seconds": round(seconds), "jobs": jobs, "cores": os.cpu_count(),
        "promises": by_name,
    }  # fmt: skip


def by_promise(ends: Sequence[Ended]) -> dict[str, dict[str, dict[str, Any]]]:
    """What was found, by promise and file of tests."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for end in ends:
        for name, files in end.found.items():
            for file, part in files.items():
                mine = found.setdefault(name, {})
                mine[file] = merged(mine[file], part) if file in mine else part
    return found


def broken(before: Results, parts: Sequence[Part]) -> list[Part]:
    """The parts in whose files something failed, or that did not end."""
    problems = [problem for one in before["promises"].values() for problem in one["unfinished"]]
    files = {file for one in before["promises"].values() for file, part in one["files"].items() if part["failures"]} | {
        part.file for part in parts if any(f"`{part.tests}`" in problem for problem in problems)
    }
    return [part for part in parts if any(file.startswith(part.file) for file in files)]


def mended(before: Results, ends: Sequence[Ended], tested: str) -> Results:
    """The results of a run before, with what was found when some of its parts were tried again in their place."""
    found = by_promise(ends)
    again = tuple(end.part.file for end in ends)
    by_name = {}
    for promise in PROMISES:
        one = before["promises"][promise.name]
        kept = {file: part for file, part in one["files"].items() if not file.startswith(again)}
        problems = [problem for problem in one["unfinished"] if not any(f"`{file}" in problem for file in again)]
        problems += [end.problem for end in ends if end.problem and promise.name in end.part.promises]
        by_name[promise.name] = results(promise, kept | found.get(promise.name, {}), problems)
    tried = {"revision": tested, "tests": [end.part.tests for end in ends]}
    return {**before, "again": [*before.get("again", []), tried], "promises": by_name}


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What two parts found of one promise in one file."""
    return {name: sorted({*one[name], *other[name]}) if name == "seeds" else one[name] + other[name] for name in one}


def revision() -> str:
    """The revision that is tested, with a plus where the tree differs from it; empty outside of a checkout."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(PROJECT), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def chosen(parts: Sequence[Part], wanted: Sequence[str]) -> list[Part]:
    """The parts of some promises, or of some paths of tests; all of them where none is named."""
    return [
        part
        for part in parts
        if not wanted or set(wanted) & set(part.promises) or part.tests.startswith(tuple(w for w in wanted if "/" in w))
    ]


def show_plan(parts: Sequence[Part], jobs: int) -> None:
    for part in parts:
        print(f"{part.minutes:5.1f} min  {', '.join(part.promises):<12} {part.tests}")
    total = sum(part.minutes for part in parts)
    print(f"{total:5.0f} min  of one core; {jobs} at a time: about {max(total / jobs, parts[0].minutes):.0f} minutes")


def torture(parts: Sequence[Part], share: float, jobs: int) -> list[Ended]:
    """Run the parts, so many at a time, and say how far they are."""
    started = time.monotonic()
    room = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES else None
    done, lock = 0, threading.Lock()

    def one(part: Part) -> Ended:
        nonlocal done
        ended = run(part, share, folder)
        trials = sum(found["trials"] for files in ended.found.values() for found in files.values())
        state = ended.problem or (f"{failed(ended)} FAILED" if failed(ended) else "ok")
        with lock:
            done += 1
            minutes = (time.monotonic() - started) / 60
            print(
                f"{minutes:5.1f} min  {done}/{len(parts)}  {part.tests}: {trials:,} trials, {state}, "
                f"{ended.seconds / 60:.1f} min of {part.minutes:.1f} expected",
                flush=True,
            )
        return ended

    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=room))
    try:
        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(one, parts))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", action="store_true", help="print what would run, and end")
    parser.add_argument("--share", type=float, default=1.0, help="of the trials that are drawn by lot")
    parser.add_argument("--jobs", type=int, default=2, help="parts at a time")
    parser.add_argument("--into", type=Path, help="folder for promises.json and promises.md")
    parser.add_argument(
        "--again", type=Path, help="promises.json of a run: try what failed there once more, for --into"
    )
    parser.add_argument("wanted", nargs="*", metavar="P2 or path")
    given = parser.parse_args()
    before = json.loads(given.again.read_text(encoding="utf-8")) if given.again else None
    parts = chosen(plan(), given.wanted) if before is None else broken(before, plan())
    if not parts:
        parser.error("no part of the plan is among these")
    show_plan(parts, given.jobs)
    if given.plan:
        return 0
    if given.into:
        given.into.mkdir(parents=True, exist_ok=True)  # now, and not when all is done
    started, tested = time.monotonic(), revision()
    ends = torture(parts, given.share if before is None else before["share"], given.jobs)
    if before is None:
        found = whole(ends, given.share, given.jobs, time.monotonic() - started, tested)
    else:
        found = mended(before, ends, tested)
    is_whole = not given.wanted and given.share == 1 and before is None
    into = given.into or (PAGE.parent if is_whole else None)
    if into is None:
        print("\n".join([*table(found["promises"]), *notes(found["promises"])]))
    else:
        (into / RESULTS.name).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (into / PAGE.name).write_text(page(found), encoding="utf-8")
        print(into / PAGE.name)
    return int(any(one["failures"] or one["unfinished"] for one in found["promises"].values()))


if __name__ == "__main__":
    sys.exit(main())
