"""Edge out: tables to generations that readers see whole or not at all.

writer -> build -> write_tables, keep_bytes -> publish        pinned, open_warehouse, verify
"""

from cuttings.store.conservation import Account, accounts, check_conservation
from cuttings.store.digests import code_digest, config_digest
from cuttings.store.leases import pinned
from cuttings.store.manifest import Digests, Manifest
from cuttings.store.parquet import TableFile, scan_table, table_files
from cuttings.store.publish import Build, Writer, history, writer
from cuttings.store.verify import Fault, verify
from cuttings.store.warehouse import Warehouse, open_warehouse

__all__ = [
    "Account",
    "Build",
    "Digests",
    "Fault",
    "Manifest",
    "TableFile",
    "Warehouse",
    "Writer",
    "accounts",
    "check_conservation",
    "code_digest",
    "config_digest",
    "history",
    "open_warehouse",
    "pinned",
    "scan_table",
    "table_files",
    "verify",
    "writer",
]
