"""Readers see one whole generation, however many are published and removed meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cuttings import store
from cuttings.errors import CorruptWarehouseError, NothingPublishedError
from tests.reliability.trials import trials

PUBLISHES = trials(40, 2_000)


def read_during(toy: ModuleType, folder: Path, way: str, publishes: int) -> list[dict[str, Any]]:
    warehouse, stop = folder / "warehouse", folder / "stop"
    toy.publish(warehouse, 0, keep=1)
    script = str(Path(__file__).with_name("readers.py"))
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    readers = [
        subprocess.Popen(
            [sys.executable, script, str(warehouse), str(stop), str(seed), way],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for seed in range(2)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for state in range(1, publishes + 1):
            assert toy.publish(warehouse, state, keep=1)
    finally:
        stop.touch()
        outputs = [reader.communicate()[0] for reader in readers]
    return [json.loads(output) for output in outputs]


@pytest.mark.slow
def test_no_error_and_no_mixture(
    toy: ModuleType, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = read_during(toy, tmp_path, "pinned", PUBLISHES)
    record_property("trials", PUBLISHES)
    print(f"{sum(reader['reads'] for reader in found)} reads")
    record_property("seed", "0, 1")
    assert [reader["errors"] for reader in found] == [[], []]
    assert [reader["mixed"] for reader in found] == [0, 0]
    assert all(reader["reads"] > 5 for reader in found)


@pytest.mark.slow
def test_a_reader_without_a_lease_is_caught(toy: ModuleType, tmp_path: Path) -> None:
    """Negative control."""
    found = read_during(toy, tmp_path, "unpinned", 40)
    assert any(reader["errors"] or reader["mixed"] for reader in found)


def test_a_leased_generation_outlives_many_publishes(toy: ModuleType, tmp_path: Path) -> None:
    toy.publish(tmp_path, 1, keep=1)
    with store.pinned(tmp_path) as held:
        for state in range(2, 7):
            toy.publish(tmp_path, state, keep=1)
        assert toy.states_seen(held) == {"1"}
        assert len(list((tmp_path / "generations").iterdir())) == 2
    toy.publish(tmp_path, 7, keep=1)
    assert len(list((tmp_path / "generations").iterdir())) == 1


def test_nothing_published(tmp_path: Path) -> None:
    with (
        pytest.raises(NothingPublishedError, match="nothing is published here yet: run `cuttings run"),
        store.pinned(tmp_path),
    ):
        pass


@pytest.mark.parametrize("pointer", [b"", b"no id\n", b"0123456789abcdef\nmore", b"\xff" * 16, b"../../../../etc\n"])
def test_a_damaged_pointer_is_named_and_nothing_is_removed(toy: ModuleType, tmp_path: Path, pointer: bytes) -> None:
    toy.publish(tmp_path, 1)
    (tmp_path / "CURRENT").write_bytes(pointer)
    before = toy.tree(tmp_path)
    with pytest.raises(CorruptWarehouseError, match="CURRENT: found"), store.pinned(tmp_path):
        pass
    with pytest.raises(CorruptWarehouseError, match="CURRENT: found"):
        toy.publish(tmp_path, 2)
    assert toy.tree(tmp_path) == before


def test_a_pointer_to_nowhere(toy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.publish(tmp_path, 1)
    (tmp_path / "CURRENT").write_text("0123456789abcdef\n")
    before = toy.tree(tmp_path)
    monkeypatch.setattr("cuttings.store.leases._PAUSE_SECONDS", 0)
    with pytest.raises(CorruptWarehouseError, match="names the generation 0123456789abcdef"), store.pinned(tmp_path):
        pass
    with pytest.raises(CorruptWarehouseError, match="missing or damaged"):
        toy.publish(tmp_path, 2)
    before["current"] = "-> generations/0123456789abcdef"
    assert toy.tree(tmp_path) == before
