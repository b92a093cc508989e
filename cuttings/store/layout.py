"""Where everything stands in a warehouse.

.lock                        held by the run that writes; never removed
CURRENT                      id of the published generation: the only commit point
current                      link to it, for people; programs pin a generation
generations/<id>/            one generation: manifest.json, tables, cuttings.duckdb, docs
generations/.building-<id>/  one that is not finished; nobody reads it, the next run removes it
quarantine/<sha256>          bytes that were set aside, written once
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuttings.errors import CorruptWarehouseError

MANIFEST_NAME: Final = "manifest.json"
BUILDING_PREFIX: Final = ".building-"
PART_NAME: Final = "part-0.parquet"
NULL_PARTITION: Final = "__HIVE_DEFAULT_PARTITION__"
GENERATION_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one warehouse."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / ".lock"

    @property
    def current(self) -> Path:
        return self.root / "CURRENT"

    @property
    def link(self) -> Path:
        return self.root / "current"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    def generation(self, generation_id: str) -> Path:
        return self.generations / generation_id

    def building(self, generation_id: str) -> Path:
        return self.generations / f"{BUILDING_PREFIX}{generation_id}"

    def manifest(self, generation_id: str) -> Path:
        return self.generation(generation_id) / MANIFEST_NAME

    def current_id(self) -> str | None:
        """Id of the published generation, None when there is none. Raises CorruptWarehouseError when it is no id."""
        try:
            written = self.current.read_bytes()
        except FileNotFoundError:
            return None
        found = written.decode("ascii", "replace").removesuffix("\n")
        if not GENERATION_ID.fullmatch(found):
            raise CorruptWarehouseError(
                f"{self.current}: found {found[:40]!r}, expected the id of a generation, 16 hexadecimal digits: "
                f"write into it the name of the folder in {self.generations} that is to be published"
            )
        return found
