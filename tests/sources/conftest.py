"""What the readers of containers really produce, counted apart from what they count themselves."""

from __future__ import annotations

import sys

import pytest

from cuttings.containers import streams
from cuttings.containers import zip as zip_reader
from cuttings.containers.streams import Budget


@pytest.fixture
def produced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes that the decoders gave, one number a piece."""
    pieces: list[int] = []

    class Counting:
        def __init__(self, decoder: streams._Decoder) -> None:
            self._decoder = decoder

        def __getattr__(self, name: str) -> object:
            return getattr(self._decoder, name)

        def decompress(self, data: bytes, max_length: int) -> bytes:
            unpacked = self._decoder.decompress(data, max_length)
            pieces.append(len(unpacked))
            return unpacked

    honest = streams.Unpacked._new_decoder
    monkeypatch.setattr(streams.Unpacked, "_new_decoder", lambda self: Counting(honest(self)))
    honest_spend = Budget.spend

    def spend(self: Budget, count: int) -> None:
        if sys._getframe(1).f_globals["__name__"] == zip_reader.__name__:
            pieces.append(count)
        honest_spend(self, count)

    monkeypatch.setattr(Budget, "spend", spend)
    return pieces
