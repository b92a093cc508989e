"""Bytes from front to back, unpacked in bounded pieces: what is really produced is counted, never a header."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import Final, Protocol

from backports import zstd

from cuttings.containers.kinds import MAGIC
from cuttings.containers.member import CHUNK_BYTES, DAMAGED, TRUNCATED, Readable, StreamError

# Text shrinks to a fourth or a tenth; what grows beyond this many times its size is made to.
MAX_RATIO: Final = 200
RATIO_SLACK_BYTES: Final = 1 << 20
# Memory of a decoder: enough for `xz -9`, whose dictionary has 64 MiB, and for a window that large (`zstd --long=26`).
_DECODER_BYTES: Final = 72 << 20
_ZSTD_OPTIONS: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 26}
_PACKED_CHUNK_BYTES: Final = 1 << 16
# Packed bytes given to a decoder at once. What it leaves at the end of a stream is copied: a file may be a million
# streams of twenty bytes.
_FED_BYTES: Final = 1 << 13
_MAGIC_BYTES: Final = max(len(magic) for magics in MAGIC.values() for magic in magics)


class Budget:
    """What one container may still give, whatever is nested in it."""

    def __init__(self, archive_bytes: int, archive_members: int) -> None:
        self._limits = archive_bytes, archive_members
        self._bytes = 0
        self._members = 0

    def spend(self, byte_count: int) -> None:
        """Count bytes that were unpacked."""
        self._bytes += byte_count
        if self._bytes > self._limits[0]:
            raise StreamError(
                "archive_too_large",
                f"it unpacks to more than the limit of {self._limits[0]} bytes: raise it or split the archive",
            )

    def count_member(self) -> None:
        """Count a member."""
        self._members += 1
        if self._members > self._limits[1]:
            raise StreamError(
                "too_many_members", f"it has more than {self._limits[1]} members: raise the limit or split it"
            )


def check_ratio(produced_bytes: int, consumed_bytes: int) -> None:
    """Raise StreamError when so little gave so much."""
    if produced_bytes > MAX_RATIO * consumed_bytes + RATIO_SLACK_BYTES:
        raise StreamError("bomb", f"{consumed_bytes} bytes of it unpack to more than {produced_bytes - 1}")


class Buffered:
    """A stream with a look ahead and with small reads at little cost."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._data = b""
        self._at = 0

    def read(self, count: int, /) -> bytes:
        if self._at == len(self._data):
            self._data, self._at = self._stream.read(CHUNK_BYTES), 0
        data = self._data[self._at : self._at + count]
        self._at += len(data)
        return data

    def peek(self, count: int) -> bytes:
        """The next bytes, fewer than `count` only at the end."""
        while len(self._data) - self._at < count:
            more = self._stream.read(CHUNK_BYTES)
            if not more:
                break
            self._data, self._at = self._data[self._at :] + more, 0
        return self._data[self._at : self._at + count]

    def take(self, count: int) -> bytes:
        """The next bytes, read; fewer than `count` only at the end."""
        data = self.peek(count)
        self._at += len(data)
        return data


class _Decoder(Protocol):
    """One member of a compressed stream."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Gzip:
    """zlib's decoder with the face of the others."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        self._may_have_more = False

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail and not self._may_have_more

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        unpacked = self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)
        self._may_have_more = len(unpacked) == max_length
        return unpacked


class Unpacked:
    """The bytes of a gz, bz2, xz or zst file of one or many streams; meant to be read in large pieces.

    `read` raises StreamError where they break off, are damaged, or are a bomb; all bytes before have been given.
    """

    def __init__(self, packed: Readable, compression: str, budget: Budget) -> None:
        self._packed = packed
        self._compression = compression
        self._budget = budget
        self._decoder = self._new_decoder()
        self._rest, self._at = b"", 0  # what was read of the file, and how much of it was given to a decoder
        self._consumed = 0
        self._produced = 0
        self._is_done = False

    def read(self, count: int, /) -> bytes:
        while not self._is_done:
            if self._decoder.eof:
                self._next_stream()
                continue
            data = b""
            if self._decoder.needs_input:
                data = self._peek(_FED_BYTES)[:_FED_BYTES]
                if not data:
                    raise StreamError(TRUNCATED, f"it breaks off after {self._produced} unpacked bytes")
                self._at += len(data)
                self._consumed += len(data)
            try:
                unpacked = self._decoder.decompress(data, min(count, CHUNK_BYTES))
            except (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError, zstd.ZstdError) as error:
                raise self._damage(error) from error
            self._produced += len(unpacked)
            check_ratio(self._produced, self._consumed)
            self._budget.spend(len(unpacked))
            if unpacked:
                return unpacked
        return b""

    def _damage(self, error: Exception) -> StreamError:
        if isinstance(error, lzma.LZMAError | zstd.ZstdError):  # their words are all that tells their errors apart
            if "emory" in str(error):
                return StreamError("unsupported", f"unpacking it takes more than {_DECODER_BYTES >> 20} MiB of memory")
            if "Dictionary mismatch" in str(error):
                return StreamError("unsupported", "it was packed with a dictionary that is not in it: unpack it first")
        return StreamError(DAMAGED, f"it is damaged after {self._produced} unpacked bytes: {error}")

    def _next_stream(self) -> None:
        """Go on with what follows a stream: another, or padding, or the end."""
        self._at -= len(self._decoder.unused_data)
        self._consumed -= len(self._decoder.unused_data)
        head = self._peek(_MAGIC_BYTES)
        while head.startswith(b"\0"):
            self._at += len(head) - len(head.lstrip(b"\0"))
            head = self._peek(_MAGIC_BYTES)
        if not head:
            self._is_done = True
        elif head.startswith(MAGIC[self._compression]):
            self._decoder = self._new_decoder()
        else:
            raise StreamError("trailing_garbage", "after its end there are bytes that are no further stream")

    def _peek(self, count: int) -> bytes:
        """Bytes of the file from here on: at least so many if there are, and no more than are fed at once."""
        while len(self._rest) - self._at < count:
            more = self._packed.read(_PACKED_CHUNK_BYTES)
            if not more:
                break
            self._rest, self._at = self._rest[self._at :] + more, 0
        return self._rest[self._at : self._at + _FED_BYTES]

    def _new_decoder(self) -> _Decoder:
        if self._compression == "gz":
            return _Gzip()
        if self._compression == "bz2":
            return bz2.BZ2Decompressor()
        if self._compression == "zst":
            return zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_DECODER_BYTES)
