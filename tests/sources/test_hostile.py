"""Every hostile input becomes exactly what it must become, and the rest of the batch is loaded."""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cuttings.config import Config, Limits
from cuttings.pages.decode import decode
from cuttings.sources import REASONS, Scan, scan
from tests.reliability.trials import IS_TORTURE, trials
from tests.sources import hostile
from tests.sources.hostile import ALL, LOADED, Hostile, page

KILLERS = 12 if IS_TORTURE else 40  # in a batch
Outcomes = dict[str, tuple[str, str | None]]
GOOD = {f"good-{number:03d}.txt": page(f"good {number}") for number in range(200)}


def write(root: Path, name: bytes, content: bytes) -> None:
    with open(os.path.join(os.fsencode(root), name), "xb") as file:
        file.write(content)


def scanned(root: Path, **limits: int) -> Scan:
    return scan(Config(sources=(root,), warehouse=root.parent / "warehouse", limits=Limits(**limits)))


def outcomes(found: Scan) -> Outcomes:
    """Disposition and reason of each object; every law of a scan is held on the way."""
    files = found.files
    assert {reason.partition(":")[0] for reason in files["reason"].drop_nulls()} <= REASONS.keys()
    assert (found.discovered_count, found.discovered_bytes) == (files.height, files["size_bytes"].sum())
    assert files["file_id"].n_unique() == files.height
    raws = [
        (page_id, raw) for batch in found.batches() for page_id, raw in zip(batch.page_ids, batch.raws, strict=True)
    ]
    assert all(hashlib.sha256(raw).hexdigest() == page_id for page_id, raw in raws)
    assert len(raws) == found.page_count
    assert sum(len(raw) for _, raw in raws) == found.page_bytes
    kept = dict(found.quarantined_bytes())
    assert all(hashlib.sha256(raw).hexdigest() == digest for digest, raw in kept.items())
    assert {f"quarantine/{digest}" for digest in kept} == set(found.quarantine["bytes_kept_at"].drop_nulls())
    after = found.files
    differing = after.join(files, on=["file_id", "disposition"], how="anti").select(
        "source_name", "disposition", "reason"
    )
    assert differing.rows() == [], "the second reading found what the first had found"
    return {name: (what, why) for name, what, why in files.select("source_name", "disposition", "reason").iter_rows()}


@pytest.mark.parametrize("case", ALL, ids=lambda case: ascii(case.file.decode("latin-1")))
def test_the_table(case: Hostile, tmp_path: Path) -> None:
    root = tmp_path / "dump"
    root.mkdir()
    write(root, b"beside.txt.gz", hostile.gzip.compress(GOOD["good-000.txt"]))
    write(root, b"~beside.txt", GOOD["good-001.txt"])
    write(root, case.file, case.content)
    expected = {"beside.txt.gz!beside.txt": LOADED, "~beside.txt": LOADED} | case.outcomes
    assert outcomes(scanned(root)) == expected


@pytest.mark.parametrize("seed", range(trials(2, 1_000)))
def test_good_files_among_killers(seed: int, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """P6: killers by lot among two hundred good files, found in any order."""
    record_property("seed", "0 and on")
    chance = random.Random(seed)
    root = tmp_path / "dump"
    # What is found first is a matter of names: folders named by lot put killers before, between and behind.
    cases: list[tuple[bytes, Hostile]] = [
        (b"%04d" % chance.randrange(10_000), case) for case in chance.sample(ALL, KILLERS)
    ]
    expected: Outcomes = {}
    for lot, case in cases:
        (root / os.fsdecode(lot)).mkdir(parents=True, exist_ok=True)
        write(root, lot + b"/" + case.file, case.content)
        expected |= {f"{lot.decode()}/{name}": outcome for name, outcome in case.outcomes.items()}
    for name, content in GOOD.items():
        lot = b"%04d" % chance.randrange(10_000)
        (root / os.fsdecode(lot)).mkdir(exist_ok=True)
        write(root, lot + b"/" + name.encode(), content)
        expected[f"{lot.decode()}/{name}"] = LOADED
    assert outcomes(scanned(root)) == expected


def test_damage_is_told_and_nothing_is_changed() -> None:
    """What the table calls a flag: the encoding that was found, and that the text is damaged."""
    made = {case.file: case.content for case in hostile.TEXTS if case.file != b"empty-lines.txt"}
    damaged = {name for name, raw in made.items() if raw and decode(raw).is_damaged}
    assert damaged == {b"cut-character.txt"}
    assert decode(made[b"bom.txt"]).bom_bytes == 3


def test_no_reader_could_extract() -> None:
    """P9: no member is ever written under its name, because nothing that could is ever called."""
    package = Path(__file__).resolve().parents[2] / "cuttings"
    forbidden = re.compile(r"\b(extract|extractall|unpack_archive|tarfile)\b\s*[(]|^\s*import tarfile", re.MULTILINE)
    sources = [
        path for path in package.rglob("*.py") if path.parent.name in ("sources", "containers", "sandbox", "store")
    ]
    assert len(sources) > 20
    assert not [path.name for path in sources if forbidden.search(path.read_text(encoding="utf-8"))]
    assert forbidden.search("archive.extractall(path)")
    assert forbidden.search("import tarfile")
