"""A good generation, built once and copied by whoever wants to break it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cuttings.contract import TABLES
from cuttings.resources import resource_dir
from cuttings.store.database import build_database
from cuttings.store.layout import DATABASE_NAME
from tests.quality.generator import generate, write


@pytest.fixture(scope="session")
def good_generation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation of 60 pages; read it, never write to it."""
    folder = write(generate(seed=7, page_count=60), tmp_path_factory.mktemp("good"))
    build_database(folder, TABLES, resource_dir("sql"))
    return folder


@pytest.fixture
def copy_of_good(good_generation: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A function that gives a fresh folder with a writable copy of the good generation's database."""

    def copy(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(good_generation / DATABASE_NAME, folder / DATABASE_NAME)
        return folder

    return copy
