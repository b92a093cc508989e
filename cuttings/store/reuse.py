"""Files of the previous generation that hold the very rows a new one would: linked, neither encoded nor written again.

What a file holds is told by the digest of its rows, or of what they are a function of, which the manifest keeps.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cuttings.store.disk import sha256_of
from cuttings.store.manifest import FileEntry, Manifest

# In a manifest: the digest of the rows of each Parquet file, by its path in the generation.
ROWS_FACT: Final = "row_digests"
# A hard link that the file system does not offer, or not once more: then the file is written again.
NO_LINK: Final = (errno.EMLINK, errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS)


class Reuse:
    """Links to the files of a previous generation. `salt` is all that the rows depend on beside their keys."""

    def __init__(self, directory: Path | None, manifest: Manifest | None, salt: str) -> None:
        self.salt: Final = salt
        self._directory = directory
        self._manifest = manifest
        self._known: Mapping[str, str] = manifest.facts.get(ROWS_FACT, {}) if manifest else {}
        self.digests: Final[dict[str, str]] = {}  # of the files asked for, by their path in the generation
        self.linked: Final[dict[str, FileEntry]] = {}  # what is known of the files that were linked

    @staticmethod
    def none() -> Reuse:
        """Nothing to reuse."""
        return Reuse(None, None, "")

    def is_whole(self, name: str) -> bool:
        """A file of the previous generation has the bytes it was published with.

        Damage must not be handed on: the manifest of the new generation would call it whole.
        """
        if self._directory is None or self._manifest is None or name not in self._manifest.files:
            return False
        path = self._directory / name
        return path.is_file() and sha256_of(path) == self._manifest.files[name].sha256

    def link(self, path: Path, root: Path, rows_digest: str) -> int | None:
        """Link the previous file of the same rows to `path` below `root`; its row count, None if there is none."""
        name = path.relative_to(root).as_posix()
        self.digests[name] = rows_digest
        self.linked.pop(name, None)
        if self._directory is None or self._manifest is None or self._known.get(name) != rows_digest:
            return None
        entry = self._manifest.files.get(name)
        previous = self._directory / name
        if entry is None or entry.row_count is None or not self.is_whole(name):
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(previous, path)
        except OSError as error:
            if error.errno in NO_LINK:
                return None
            raise
        self.linked[name] = entry
        return entry.row_count
