"""The accounts of a run."""

from __future__ import annotations

import polars as pl

from cuttings.contract import DISPOSITIONS
from cuttings.store import Account, accounts


def test_every_disposition_has_an_account() -> None:
    files = pl.DataFrame({"disposition": ["loaded", "refused", "loaded"], "size_bytes": [3, 0, 4]})
    assert accounts(files) == {
        "loaded": Account(2, 7),
        "duplicate": Account(0, 0),
        "quarantined": Account(0, 0),
        "refused": Account(1, 0),
    }
    assert list(accounts(files.clear())) == list(DISPOSITIONS)


def test_an_unknown_disposition_is_not_lost() -> None:
    files = pl.DataFrame({"disposition": ["skipped"], "size_bytes": [5]})
    assert accounts(files)["skipped"] == Account(1, 5)
