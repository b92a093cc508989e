"""Edge out: tables to generations that readers see whole or not at all.

writer -> build -> write_tables, keep_bytes -> publish        pinned, open_warehouse, verify
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cuttings.store.digests import code_digest, config_digest, cut_digest
from cuttings.store.leases import pinned
from cuttings.store.manifest import Digests, Manifest, read_manifest
from cuttings.store.publish import Writer, has_tombstones, history, writer
from cuttings.store.rollback import Rollback, roll_back
from cuttings.store.verify import Fault, verify

if TYPE_CHECKING:
    from cuttings.store.build import Build
    from cuttings.store.cache import CutCache, write_shard
    from cuttings.store.changes import Difference, compare, difference
    from cuttings.store.conservation import Account, accounts, check_conservation
    from cuttings.store.garbage import Collected, collect
    from cuttings.store.large import LargeTable
    from cuttings.store.parquet import TableFile, empty_table, scan_table, table_files
    from cuttings.store.tombstones import read_tombstones, with_tombstones, write_tombstones
    from cuttings.store.views import connect_views
    from cuttings.store.warehouse import Warehouse, open_warehouse

__all__ = [
    "Account",
    "Build",
    "Collected",
    "CutCache",
    "Difference",
    "Digests",
    "Fault",
    "LargeTable",
    "Manifest",
    "Rollback",
    "TableFile",
    "Warehouse",
    "Writer",
    "accounts",
    "check_conservation",
    "code_digest",
    "collect",
    "compare",
    "config_digest",
    "connect_views",
    "cut_digest",
    "difference",
    "empty_table",
    "has_tombstones",
    "history",
    "open_warehouse",
    "pinned",
    "read_manifest",
    "read_tombstones",
    "roll_back",
    "scan_table",
    "table_files",
    "verify",
    "with_tombstones",
    "write_shard",
    "write_tombstones",
    "writer",
]

# Where the names live that need the libraries of tables: imported at first use, because a look that finds nothing to do
# must not wait for them. A name that its module has, too, is set for good when the module is imported.
_HOMES = {
    "build": ("Build",),
    "cache": (
        "CutCache",
        "write_shard",
    ),
    "garbage": (
        "Collected",
        "collect",
    ),
    "changes": (
        "Difference",
        "compare",
        "difference",
    ),
    "conservation": (
        "Account",
        "accounts",
        "check_conservation",
    ),
    "large": ("LargeTable",),
    "parquet": (
        "TableFile",
        "empty_table",
        "scan_table",
        "table_files",
    ),
    "tombstones": (
        "read_tombstones",
        "with_tombstones",
        "write_tombstones",
    ),
    "views": ("connect_views",),
    "warehouse": (
        "Warehouse",
        "open_warehouse",
    ),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            module = import_module(f"{__name__}.{home}")
            globals().update({known: getattr(module, known) for known in names})
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
