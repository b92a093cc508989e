"""Where everything stands in a warehouse.

.lock                        held by the run that writes; never removed
CURRENT                      id of the published generation: the only commit point
current                      link to it, for people; programs pin a generation
generations/<id>/            one generation: manifest.json, tables, cuttings.duckdb, docs
generations/.building-<id>/  one that is not finished; nobody reads it, the next run removes it
quarantine/<sha256>          bytes that were set aside, written once
withdrawn                    generations that were rolled back from: kept until the next publish
forgotten.json               tombstones: what no run may publish again, as digests
certificates/<id>.json       what a `forget` removed
cache/                       cuts of pages, kept to save time; may be removed at any time
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cuttings.errors import CorruptWarehouseError, UsageError

MANIFEST_NAME: Final = "manifest.json"
DATABASE_NAME: Final = "cuttings.duckdb"
BUILDING_PREFIX: Final = ".building-"
PART_NAME: Final = "part-0.parquet"
PART_GLOB: Final = "part-*.parquet"
NULL_PARTITION: Final = "__HIVE_DEFAULT_PARTITION__"
GENERATION_ID: Final = re.compile(r"[0-9a-f]{16}")


def part_name(digits: str) -> str:
    """The file of the rows whose key begins with these hexadecimal digits; with none, of all rows of a day or table."""
    return f"part-{digits}-of-{16 ** len(digits)}.parquet" if digits else PART_NAME


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

    @property
    def withdrawn(self) -> Path:
        return self.root / "withdrawn"

    @property
    def forgotten(self) -> Path:
        return self.root / "forgotten.json"

    @property
    def certificates(self) -> Path:
        return self.root / "certificates"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    def generation(self, generation_id: str) -> Path:
        return self.generations / generation_id

    def building(self, generation_id: str) -> Path:
        return self.generations / f"{BUILDING_PREFIX}{generation_id}"

    def manifest(self, generation_id: str) -> Path:
        return self.generation(generation_id) / MANIFEST_NAME

    def withdrawn_ids(self) -> frozenset[str]:
        """Generations rolled back from: as the first line of `withdrawn` says, none once another one is published."""
        try:
            lines = self.withdrawn.read_text(encoding="ascii", errors="replace").split()
        except FileNotFoundError:
            return frozenset()
        return frozenset(lines[1:]) if lines and lines[0] == self.current_id() else frozenset()

    def generation_ids(self) -> list[str]:
        """Ids of all generations on the disk, published once or not."""
        if not self.generations.is_dir():
            return []
        return sorted(path.name for path in self.generations.iterdir() if GENERATION_ID.fullmatch(path.name))

    def find_generation(self, given: str) -> str:
        """The one generation whose id begins with `given`; UsageError names those that are there."""
        there = self.generation_ids()
        found = [name for name in there if given and name.startswith(given)]
        if len(found) != 1:
            what = "fits several generations" if found else "is no generation that is kept"
            raise UsageError(f"{self.root}: {given[:40]!r} {what}; there are: {', '.join(found or there) or 'none'}")
        return found[0]

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
