"""The toy warehouse as a module, for the tests of this folder and the processes they start."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from cuttings import quality
from cuttings.sandbox import Sandbox

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def toy() -> ModuleType:
    """`toy.py`: publishes states that can be told apart."""
    specification = importlib.util.spec_from_file_location("toy", HERE / "toy.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["toy"] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def without_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole runs in a second: no audit and no worker processes, which take most of one and have tests of their own."""

    def answer(generation_dir: Path, run_id: str, *_: object) -> quality.AuditResult:
        return quality.AuditResult(run_id, ())

    @contextmanager
    def auditor() -> Iterator[quality.Auditor]:
        yield answer

    def call(self: Sandbox, function: Callable[..., object], *arguments: object) -> object:
        return function(*arguments)

    monkeypatch.setattr(quality, "auditor", auditor)
    monkeypatch.setattr(Sandbox, "call", call)
