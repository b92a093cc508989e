"""Where the project's own data folders are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """The folder `flows`, `sql`, `expectations`, `samples` or `dashboards`, from any working directory.

    Raises FileNotFoundError when the installation lacks it.
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        candidate = parent / name
        if candidate.is_dir() and (parent == _PACKAGE or (parent / "pyproject.toml").is_file()):
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is neither in {_PACKAGE} nor beside it: reinstall cuttings")


def load_module(folder: str, name: str) -> ModuleType:
    """Import `folder/name.py` by its path, the same module each time: in a checkout `flows` is outside the package."""
    full_name = f"cuttings_{folder}_{name}"
    if full_name in sys.modules:
        return sys.modules[full_name]
    spec = importlib.util.spec_from_file_location(full_name, resource_dir(folder) / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{folder}/{name}.py cannot be loaded: reinstall cuttings")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full_name] = module
    spec.loader.exec_module(module)
    return module
