"""All objects of a scan, by the million: columns of numbers and bytes, an object made of them when it is asked for.

An object takes some 110 bytes and its name here, and five times as many as one of Python. Libraries of columns take
longer to import than a look at a folder where nothing is new should last, so these are arrays of the standard library.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Generic, TypeVar

from cuttings.sources.capture import Capture
from cuttings.sources.objects import DAY_US, FoundObject, Source

_DIGEST_BYTES: Final = 32
_NO_DIGEST: Final = bytes(_DIGEST_BYTES)
_NONE: Final = -(1 << 63)  # stands for no time
_NO_TIMES: Final = array("q", (_NONE, _NONE, _NONE))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_Value = TypeVar("_Value", bound=Hashable)
# Disposition, reason, detail, and whether the bytes are kept.
_State = tuple[str, str | None, str, bool]


class HeldObjects:
    """Objects in their order, which is that of `append` until `put_in_order`.

    What is given out are copies: `put_back` takes a changed one.
    """

    def __init__(self) -> None:
        self._order: array[int] | None = None
        self._names = bytearray()
        self._name_ends = array("Q")
        self._digests = bytearray()
        self._sizes, self._modified = array("q"), array("q")
        self._captured = array("q")  # three times an object
        self._ordinals = array("q")
        self._sources, self._captured_from, self._states, self._containers = (array("I") for _ in range(4))
        self._columns = (
            self._sizes, self._modified, self._ordinals,
            self._sources, self._captured_from, self._states, self._containers,
        )  # fmt: skip
        self._source = _Distinct[Source]()
        self._state = _Distinct[_State]()
        self._capture_source = _Distinct[str | None]()
        self._container = _Distinct[bytes | None]()
        self._urls: dict[int, str] = {}
        self._renamed: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._sizes)

    def __iter__(self) -> Iterator[FoundObject]:
        return map(self.at, self._rows())

    def append(self, found: FoundObject) -> None:
        """Add an object behind the others."""
        found.number = len(self._sizes)
        self._names += found.name
        self._name_ends.append(len(self._names))
        self._digests += _digest_of(found)
        self._captured += _times_of(found)
        # A column at a time, and not in a loop: as it is, this is a tenth of what it takes to read a small object.
        size, modified, ordinal, source, captured_from, state, container = self._values_of(found)
        self._sizes.append(size)
        self._modified.append(modified)
        self._ordinals.append(ordinal)
        self._sources.append(source)
        self._captured_from.append(captured_from)
        self._states.append(state)
        self._containers.append(container)
        if found.url is not None:
            self._urls[found.number] = found.url

    def put_back(self, found: FoundObject) -> None:
        """Take the present values of an object that was given out."""
        row = found.number
        self._digests[row * _DIGEST_BYTES : (row + 1) * _DIGEST_BYTES] = _digest_of(found)
        self._captured[3 * row : 3 * row + 3] = _times_of(found)
        for column, value in zip(self._columns, self._values_of(found), strict=True):
            column[row] = value
        if found.url is not None:
            self._urls[row] = found.url
        if found.name != self._name(row):
            self._renamed[row] = found.name

    def _values_of(self, found: FoundObject) -> tuple[int, ...]:
        """What stands in `_columns` of an object."""
        return (
            found.size_bytes,
            _NONE if found.modified_us is None else found.modified_us,
            found.ordinal,
            self._source.number(found.source),
            self._capture_source.number(found.capture.source if found.capture else None),
            self._state.number((found.disposition, found.reason, found.detail, found.is_kept)),
            self._container.number(found.container),
        )

    def put_in_order(self) -> None:
        """Sort by source and name, and members of containers that have one name by their place."""
        labels = [source.label for source in self._source.values]

        def key(row: int) -> tuple[str, bytes, bytes, int]:
            container = self._container.values[self._containers[row]]
            return labels[self._sources[row]], self._name(row), container or b"", self._ordinals[row]

        self._order = array("I", sorted(range(len(self)), key=key))

    def chunks(self, count: int) -> Iterator[list[FoundObject]]:
        """All objects in their order, `count` at a time; none at least once."""
        rows = self._rows()
        for start in range(0, max(len(rows), 1), count):
            yield [self.at(row) for row in rows[start : start + count]]

    def having(self, is_wanted: Callable[[str, bool], bool]) -> Iterator[FoundObject]:
        """The objects whose disposition, and whether their bytes are kept, is wanted."""
        states = [is_wanted(disposition, is_kept) for disposition, _, _, is_kept in self._state.values]
        return (self.at(row) for row in self._rows() if states[self._states[row]])

    def contents(self, disposition: str) -> Iterator[str]:
        """sha256 of each object of a disposition, in their order."""
        is_wanted = [state[0] == disposition for state in self._state.values]
        return (self._digest(row).hex() for row in self._rows() if is_wanted[self._states[row]])

    def by_day(self, disposition: str) -> Iterator[FoundObject]:
        """The objects of a disposition in the order of the tables: by their day, and those of a day by their content.

        Members of containers come behind the others, as they stand there.
        """
        # Here, not above: a look that finds nothing to do must not wait for NumPy.
        import numpy as np  # noqa: PLC0415

        is_wanted = np.array([state[0] == disposition for state in self._state.values], dtype=np.bool_)
        is_member = np.array([container is not None for container in self._container.values], dtype=np.bool_)
        rows = np.array(self._rows(), dtype=np.int64)
        rows = rows[is_wanted[np.asarray(self._states)[rows]]]
        is_member = is_member[np.asarray(self._containers)[rows]]
        captured_us, modified_us = np.asarray(self._captured)[3 * rows], np.asarray(self._modified)[rows]
        days = np.where(captured_us == _NONE, modified_us, captured_us) // DAY_US
        leading = np.frombuffer(self._digests, dtype=">u8")[_DIGEST_BYTES // 8 * rows]
        order = np.lexsort((np.where(is_member, 0, leading), np.where(is_member, 0, days), is_member))
        return map(self.at, array("I", rows[order].astype(np.uint32).tobytes()))

    @property
    def has_members(self) -> bool:
        """Some object is a member of a container."""
        return any(container is not None for container in self._container.values)

    def copies(self) -> dict[str, list[int]]:
        """The numbers, in order, of the objects of each content that several have."""
        counts = Counter(map(self._digest, self._rows()))
        found: dict[bytes, list[int]] = {digest: [] for digest, count in counts.items() if count > 1}
        for row in self._rows():
            if (digest := self._digest(row)) in found:
                found[digest].append(row)
        return {digest.hex(): rows for digest, rows in found.items()}

    def repeated(self, disposition: str) -> Iterator[FoundObject]:
        """The objects of a disposition, in order, whose content one before them has."""
        is_wanted = [state[0] == disposition for state in self._state.values]
        seen: set[bytes] = set()
        for row in self._rows():
            digest = self._digest(row) if is_wanted[self._states[row]] else _NO_DIGEST
            if digest in seen:
                yield self.at(row)
            elif digest != _NO_DIGEST:
                seen.add(digest)

    def total(self, disposition: str) -> tuple[int, int]:
        """How many objects have a disposition, and how many bytes they have."""
        states = {number for number, state in enumerate(self._state.values) if state[0] == disposition}
        sizes = [self._sizes[row] for row, state in enumerate(self._states) if state in states]
        return len(sizes), sum(sizes)

    def _rows(self) -> array[int] | range:
        return range(len(self)) if self._order is None else self._order

    def _name(self, row: int) -> bytes:
        start = self._name_ends[row - 1] if row else 0
        return self._renamed.get(row) or bytes(self._names[start : self._name_ends[row]])

    def _digest(self, row: int) -> bytes:
        return bytes(self._digests[row * _DIGEST_BYTES : (row + 1) * _DIGEST_BYTES])

    def at(self, row: int) -> FoundObject:
        """The object of that number."""
        digest = self._digest(row)
        disposition, reason, detail, is_kept = self._state.values[self._states[row]]
        modified_us, source = self._modified[row], self._capture_source.values[self._captured_from[row]]
        capture = None
        if source is not None:
            at, earliest_at, latest_at = map(_moment, self._captured[3 * row : 3 * row + 3])
            capture = Capture(at, earliest_at, latest_at, source)
        return FoundObject(
            self._source.values[self._sources[row]],
            self._name(row),
            self._sizes[row],
            None if modified_us == _NONE else modified_us,
            digest.hex() if digest != _NO_DIGEST else None,
            disposition,
            reason,
            detail,
            is_kept,
            capture,
            self._urls.get(row),
            self._container.values[self._containers[row]],
            self._ordinals[row],
            row,
        )


class _Distinct(Generic[_Value]):
    """Values that many objects share, each kept once."""

    def __init__(self) -> None:
        self.values: list[_Value] = []
        self._numbers: dict[_Value, int] = {}
        self._last = -1  # the number given last

    def number(self, value: _Value) -> int:
        """The place of a value in `values`."""
        if self._last < 0 or self.values[self._last] is not value:  # most are that of the object before: not hashed
            self._last = self._numbers.setdefault(value, len(self.values))
            if self._last == len(self.values):
                self.values.append(value)
        return self._last


def _digest_of(found: FoundObject) -> bytes:
    return _NO_DIGEST if found.content_sha256 is None else bytes.fromhex(found.content_sha256)


def _times_of(found: FoundObject) -> array[int]:
    """When it was captured: at, the earliest, the latest."""
    if (capture := found.capture) is None:
        return _NO_TIMES
    return array("q", map(_microseconds, (capture.at, capture.earliest_at, capture.latest_at)))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=1 << 10)  # the objects of a folder often have one capture
def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
