"""The toy warehouse as a module, for the tests of this folder and the processes they start."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

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
