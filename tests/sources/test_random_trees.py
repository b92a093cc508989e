"""Any tree against a model of twenty lines, and any order of anything against itself."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuttings.config import Config, Limits
from cuttings.sources import scan
from cuttings.sources.names import file_id

LIMIT = 40
PARTS = st.binary(min_size=1, max_size=6).map(lambda name: name.replace(b"/", b"_").replace(b"\0", b"_"))
NAMES = st.lists(PARTS.filter(lambda part: part not in (b".", b"..")), min_size=1, max_size=3).map(b"/".join)
CONTENTS = st.sampled_from(
    [b"", b"one\n", b"two\r\n", b"caf\xe9", b"\1\2\3\4\5\6" * 5, b"x" * LIMIT, b"x" * (LIMIT + 1)]
)
ENTRIES = st.one_of(CONTENTS, st.just("symlink"), st.just("fifo"))
TREES = st.dictionaries(NAMES, ENTRIES, max_size=12)


def model(tree: dict[bytes, bytes | str]) -> dict[str, tuple[str, str | None, int]]:
    """Expected disposition, reason and size by file_id."""
    expected: dict[str, tuple[str, str | None, int]] = {}
    seen: set[bytes] = set()
    for name, content in sorted(tree.items()):
        if name == b"captures.csv":
            continue
        if isinstance(content, str):
            outcome = ("refused", "symlink" if content == "symlink" else "not_regular", 0)
        elif len(content) > LIMIT:
            outcome = ("quarantined", "too_large", len(content))
        elif not content:
            outcome = ("quarantined", "empty", 0)
        elif b"\1" in content:
            outcome = ("quarantined", "binary", len(content))
        else:
            outcome = ("duplicate", "same_bytes", len(content)) if content in seen else ("loaded", None, len(content))
            seen.add(content)
        expected[file_id("", name)] = outcome
    return expected


def build(root: Path, tree: dict[bytes, bytes | str]) -> dict[bytes, bytes | str]:
    """Make the tree; names that collide with a folder or a file are left out. Returns what was made."""
    made: dict[bytes, bytes | str] = {}
    for name, content in tree.items():
        path = os.path.join(os.fsencode(root), name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if content == "symlink":
                os.symlink(b"/etc/passwd", path)
            elif content == "fifo":
                os.mkfifo(path)
            else:
                with open(path, "xb") as file:
                    file.write(content)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue
        made[name] = content
    return made


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES)
def test_a_tree_is_what_the_model_says(tree: dict[bytes, bytes | str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "dump"
        root.mkdir()
        made = build(root, tree)
        found = scan(Config(sources=(root,), warehouse=Path(folder) / "w", limits=Limits(object_bytes=LIMIT)))
        rows = found.files.select("file_id", "disposition", "reason", "size_bytes").iter_rows()
        assert {row[0]: row[1:] for row in rows} == model(made)
        assert found.files["file_id"].is_sorted()
        assert (found.discovered_count, found.discovered_bytes) == (found.files.height, found.files["size_bytes"].sum())
        raws = [raw for batch in found.batches(max_bytes=50) for raw in batch.raws]
        expected = {content for content in made.values() if isinstance(content, bytes)}
        loaded = found.files.filter(pl.col("disposition") == "loaded")
        assert {hashlib.sha256(raw).hexdigest() for raw in raws} == set(loaded["page_id"])
        assert set(raws) <= expected
        assert len(raws) == len(set(raws)) == found.page_count


@settings(max_examples=30, deadline=None)
@given(tree=st.dictionaries(NAMES, CONTENTS, min_size=2, max_size=8), data=st.data())
def test_the_order_of_creation_does_not_matter(tree: dict[bytes, bytes | str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "a" / "dump", Path(folder) / "b" / "dump"
        first.mkdir(parents=True)
        second.mkdir(parents=True)
        made = build(first, tree)
        build(second, {name: made[name] for name in data.draw(st.permutations(list(made)))})
        for root in (first, second):
            for path in root.rglob("*"):
                os.utime(path, ns=(0, 0))
        one, two = (scan(Config(sources=(root,), warehouse=Path(folder) / "w")) for root in (first, second))
        assert one.inputs_digest == two.inputs_digest
        assert one.files.equals(two.files)
