"""Where the project's own data folders are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from importlib import import_module
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
    """Import `folder/name.py`: beside the package in a checkout (which is on the path), inside it in a wheel.

    By a name that another process can import too: Prefect runs scheduled flows in processes of their own.
    """
    package = folder if resource_dir(folder).parent != _PACKAGE else f"{_PACKAGE.name}.{folder}"
    return import_module(f"{package}.{name}")
