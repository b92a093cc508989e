"""Shared fixtures: the sample dumps, a warehouse built from them once, and the labelled pages when they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cuttings import pipeline
from cuttings.config import Config
from cuttings.resources import resource_dir

PROJECT = Path(__file__).resolve().parents[1]
REFERENCE = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample dumps that the project ships."""
    return resource_dir("samples") / "dumps"


@pytest.fixture(scope="session")
def sample_warehouse(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the sample dumps published once; read it, never write to it."""
    warehouse = tmp_path_factory.mktemp("sample") / "warehouse"
    result = pipeline.run(Config(sources=(samples,), warehouse=warehouse, trusts_mtime=False))
    assert result.is_published
    return warehouse


@pytest.fixture(scope="session")
def reference() -> Path:
    """The labelled pages and scorers beside the checkout; the test is skipped where they are absent."""
    if not (REFERENCE / "eval").is_dir():
        pytest.skip("the labelled pages are not beside this checkout")
    return REFERENCE
