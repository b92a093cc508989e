"""A small warehouse whose every row carries the number of its state, so that a mixture of two states shows."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from cuttings import store
from cuttings.store.parquet import empty_table as empty

PAGE_COUNT = 3
CAPTURED_AT = datetime(2025, 6, 1, 12, tzinfo=UTC)


def state_tables(state: int) -> dict[str, pl.DataFrame]:
    """Files, pages, segments and publishers of a state. One page of three is the same in every state."""
    raws = [
        b"the same in all" if number == 0 else b"page %d of state %d" % (number, state) for number in range(PAGE_COUNT)
    ]
    ids = [hashlib.sha256(raw).hexdigest() for raw in raws]
    # The page that never changes has a day of its own; the others have no capture time.
    captured = [CAPTURED_AT if number == 0 else None for number in range(PAGE_COUNT)]
    pages = pl.DataFrame(
        {
            "page_id": ids,
            "size_bytes": [len(raw) for raw in raws],
            "encoding": "utf-8",
            "is_damaged": False,
            "language": None,
            "page_type": "article",
            "dialect": "lines",
            "publisher_id": None,
            "captured_at": captured,
            "captured_from": ["none" if moment is None else "sidecar" for moment in captured],
            "captured_earliest_at": captured,
            "captured_latest_at": captured,
            "primary_count": 0,
            "related_count": 0,
            "confidence": 0.5,
        },
        schema=empty("pages").schema,
    )
    files = pl.DataFrame(
        {
            "file_id": [hashlib.sha256(b"%d" % number).hexdigest()[:32] for number in range(PAGE_COUNT)],
            "source_label": "",
            "source_name": [f"{number}.txt" for number in range(PAGE_COUNT)],
            "content_sha256": ids,
            "size_bytes": pages["size_bytes"],
            "modified_at": None,
            "page_id": ids,
            "captured_at": captured,
            "captured_from": pages["captured_from"],
            "url": None,
            "disposition": "loaded",
            "reason": None,
        },
        schema=empty("files").schema,
    )
    segments = pl.DataFrame(
        {
            "page_id": ids,
            "segment_no": 0,
            "byte_start": 0,
            "byte_end": pages["size_bytes"],
            "zone": "page",
            "role": "unknown",
            "position": None,
            "joint": "none",
            "rule": "toy",
            "confidence": 0.5,
            "text": [raw.decode() for raw in raws],
        },
        schema=empty("segments").schema,
    )
    publishers = pl.DataFrame({"publisher_id": [f"{state:016x}"], "name": [str(state)], "kind": ["publisher"]})
    return {
        "files": files,
        "pages": pages,
        "segments": segments,
        "publishers": publishers,
        "quarantine": empty("quarantine"),
    }


def digests(state: int) -> store.Digests:
    return store.Digests(hashlib.sha256(json.dumps(state).encode()).hexdigest(), "config", "code")


def publish(
    warehouse: Path,
    state: int,
    keep: int = 2,
    tables: dict[str, pl.DataFrame] | None = None,
    discovered: store.Account | None = None,
) -> bool:
    """Publish a state; False when it is the published one already. Other tables may stand in for the state's own."""
    tables = state_tables(state) if tables is None else tables
    if discovered is None:
        discovered = store.Account(PAGE_COUNT, tables["files"]["size_bytes"].sum())
    with store.writer(warehouse, keep) as writer:
        if writer.is_current(digests(state)):
            return False
        with writer.build(digests(state)) as build:
            raw = b"quarantined in state %d" % state
            build.keep_bytes([(hashlib.sha256(raw).hexdigest(), raw)])
            build.write_tables(tables)
            build.publish(discovered, {"state": state})
    return True


def states_seen(directory: Path) -> set[str]:
    """Every state that a row of the generation speaks of."""
    texts = store.scan_table(directory, "segments").select("text").collect()["text"]
    publishers = store.scan_table(directory, "publishers").select("name").collect()["name"]
    assert len(texts) == PAGE_COUNT, f"{len(texts)} rows"
    return {text.rpartition(" ")[2] for text in texts if text != "the same in all"} | set(publishers)


def tree(root: Path) -> dict[str, str]:
    """What stands in a warehouse: content by path."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        else:
            found[name] = "folder" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """Inode and modification time of everything in a warehouse."""
    found = {}
    for path in (root, *root.rglob("*")):
        status = path.lstat()
        found[str(path)] = (status.st_ino, status.st_mtime_ns)
    return found
