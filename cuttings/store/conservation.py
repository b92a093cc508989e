"""Nothing vanishes: objects and bytes discovered = loaded + duplicate + quarantined + refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cuttings.contract import DISPOSITIONS
from cuttings.errors import CheckFailedError
from cuttings.store.parquet import scan_table


@dataclass(frozen=True, slots=True)
class Account:
    """A number of objects and the sum of their bytes."""

    object_count: int
    size_bytes: int


def accounts(files: pl.DataFrame) -> dict[str, Account]:
    """Objects and bytes of each disposition, in the contract's order, those without objects included."""
    sums = files.group_by("disposition", maintain_order=True).agg(pl.len(), pl.col("size_bytes").sum())
    found = {disposition: Account(count, size) for disposition, count, size in sums.iter_rows()}
    return {disposition: found.pop(disposition, Account(0, 0)) for disposition in DISPOSITIONS} | found


def check_conservation(directory: Path, discovered: Account) -> dict[str, Account]:
    """Hold the law on the Parquet files of a built generation, as readers will get them; return the accounts.

    Raises CheckFailedError with both sides of the sum when an object, a byte, a page or a reason is missing.
    """
    files = (
        scan_table(directory, "files")
        .select(*_ids("file_id", "page_id"), "size_bytes", "disposition", "reason")
        .collect()
    )
    pages = scan_table(directory, "pages").select(*_ids("page_id"), "size_bytes").collect()
    aside = scan_table(directory, "quarantine").select(*_ids("file_id")).collect()
    found = accounts(files)
    loaded = files.filter(pl.col("disposition") == "loaded")
    set_aside = files.filter(pl.col("disposition").is_in(("quarantined", "refused")))
    _equal("dispositions known to the contract", set(found), set(DISPOSITIONS))
    _equal("objects with a disposition", sum(one.object_count for one in found.values()), discovered.object_count)
    _equal("bytes with a disposition", sum(one.size_bytes for one in found.values()), discovered.size_bytes)
    _equal("objects with an id of their own", files["file_id"].n_unique(), discovered.object_count)
    _equal("pages", pages.height, loaded.height)
    _equal("bytes of the pages", pages["size_bytes"].sum(), found["loaded"].size_bytes)
    _equal("loaded objects whose page is there", loaded.join(pages, on="page_id", how="semi").height, pages.height)
    has_page = files.filter(pl.col("page_id").is_not_null())
    _equal("objects that name a page that is not there", has_page.join(pages, on="page_id", how="anti").height, 0)
    _equal("objects set aside that give a reason", set_aside["reason"].drop_nulls().len(), set_aside.height)
    listed = set_aside.join(aside, on="file_id", how="semi")
    _equal("objects set aside that stand in quarantine", listed.height, set_aside.height)
    return found


def _ids(*names: str) -> list[pl.Expr]:
    """Ids as hashes of 64 bits, of which two in a million are the same in one of 30 million runs."""
    return [pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash()).alias(name) for name in names]


def _equal(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise CheckFailedError(
            f"conservation law: {what}: found {found}, expected {expected}; nothing was published, what was published "
            "before is untouched: this is a fault of cuttings, please report it"
        )
