"""While a run waits for another process it loads what its next steps need; that saves time and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cuttings import pipeline, quality
from cuttings.config import Config

PAGE = b"Ferry returns to Lunden harbour\n\nThe old ferry returned to the harbour on Monday after repairs.\n"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "ferry.txt").write_bytes(PAGE)
    return Config(sources=(tmp_path / "dump",), warehouse=tmp_path / "warehouse")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was loaded ahead, each time in vain."""
    names: list[str] = []

    def failing(name: str) -> Callable[[], None]:
        def load() -> None:
            names.append(name)
            raise MemoryError(name)

        return load

    monkeypatch.setattr(pipeline, "_load_what_follows", failing("cut"))
    monkeypatch.setattr(quality, "report_template", failing("audit"))
    return names


def test_what_follows_is_loaded_once_beside_the_cut_and_beside_the_audit(config: Config, loaded: list[str]) -> None:
    assert pipeline.run(config).is_published, "what could not be loaded ahead is loaded when it is needed"
    assert loaded == ["cut", "audit"]


def test_a_run_that_cuts_nothing_loads_nothing_ahead_of_it(config: Config, loaded: list[str]) -> None:
    pipeline.run(config)
    loaded.clear()
    assert not pipeline.run(config).is_published
    assert loaded == []
    pipeline.run(config, force=True)
    assert loaded == ["audit"]
