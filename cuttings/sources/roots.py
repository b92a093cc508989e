"""The sources of a run: the folders and files that it was given, each once and with its label."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cuttings.errors import UsageError
from cuttings.sources.names import display_name, source_labels
from cuttings.sources.objects import Source


def sources_of(paths: Iterable[Path]) -> list[Source]:
    """The sources in the order given, each once, with their labels."""
    roots: list[Path] = []
    for path in paths:
        try:
            root = path.resolve(strict=True)
        except FileNotFoundError as error:
            raise UsageError(f"{shown_path(path)}: there is no such file or folder: give the path of a dump") from error
        except (OSError, RuntimeError) as error:
            raise UsageError(f"{shown_path(path)}: cannot be reached: {error}: give the path of a dump") from error
        if root not in roots:
            roots.append(root)
    labels = source_labels(roots)
    return [
        Source(root, None, label) if root.is_dir() else Source(root.parent, os.fsencode(root.name), label)
        for root, label in zip(roots, labels, strict=True)
    ]


def shown_path(path: Path) -> str:
    """The path as text for a person."""
    return display_name(os.fsencode(path))


def identity_of(path: Path) -> tuple[int, int] | None:
    """Device and inode; None where nothing can be seen."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
