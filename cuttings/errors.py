"""Errors a person can act on. Each says where, what was found, what was expected, and what to do.

    CuttingsError                    exit
    ├── UsageError                      2  wrong arguments, a source that is not there, SQL that does not run
    ├── CheckFailedError                4  a fail-level check refused the publish
    ├── StorageError                   74  disk full, input/output error, no permission on the warehouse
    │   └── CorruptWarehouseError      74  a file of the warehouse is not what its manifest says
    ├── BusyError                      75  another run holds the warehouse
    └── NothingPublishedError           2  the warehouse has no generation yet

A bad page is data, not an error: it gets a disposition and a reason in `files` and `quarantine`.
"""

from __future__ import annotations

from typing import ClassVar, Final

# Exit codes of `cuttings run`; 74 and 75 are EX_IOERR and EX_TEMPFAIL of sysexits.h.
EXIT_OK: Final = 0
EXIT_USAGE: Final = 2
EXIT_INCOMPLETE: Final = 3  # published, but some objects were quarantined or refused
EXIT_CHECK_FAILED: Final = 4
EXIT_STORAGE: Final = 74
EXIT_BUSY: Final = 75


class CuttingsError(Exception):
    """Base of all errors meant for a person; `exit_code` is what the command line returns."""

    exit_code: ClassVar[int] = 1


class UsageError(CuttingsError):
    """The call cannot be carried out as written."""

    exit_code = EXIT_USAGE


class NothingPublishedError(CuttingsError):
    """The warehouse has no published generation."""

    exit_code = EXIT_USAGE


class CheckFailedError(CuttingsError):
    """A fail-level check did not hold; the published generation is untouched."""

    exit_code = EXIT_CHECK_FAILED


class StorageError(CuttingsError):
    """The disk refused; the published generation is untouched."""

    exit_code = EXIT_STORAGE


class CorruptWarehouseError(StorageError):
    """A published file does not match its manifest."""


class BusyError(CuttingsError):
    """Another run holds the warehouse's lock."""

    exit_code = EXIT_BUSY
