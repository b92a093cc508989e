"""Hostile files, made by code: what is in them, and what must become of each object they are."""

from __future__ import annotations

import bz2
import ctypes
import gzip
import io
import json
import lzma
import random
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from backports import zstd

from cuttings.containers.member import Member

MIB = 1 << 20
LOADED = ("loaded", None)


def quarantined(reason: str) -> tuple[str, str | None]:
    return "quarantined", reason


def refused(reason: str) -> tuple[str, str | None]:
    return "refused", reason


def page(number: int | str) -> bytes:
    """A page of its own."""
    return f"Title {number}\n\nThe body of page {number} is long enough to be read as one.\n".encode()


@dataclass(frozen=True)
class Hostile:
    """One file of a dump, its bytes, and the disposition and reason of each object it becomes, by name."""

    file: bytes
    make: Callable[[], bytes]
    becomes: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    @cached_property
    def content(self) -> bytes:
        return self.make()

    @property
    def outcomes(self) -> dict[str, tuple[str, str | None]]:
        return self.becomes or {self.file.decode("utf-8", "backslashreplace"): LOADED}


def prose(word_count: int) -> bytes:
    """A text that hardly shrinks."""
    chance = random.Random(word_count)
    return " ".join(f"{chance.getrandbits(40):x}" for _ in range(word_count)).encode()


def tar_bytes(*members: tuple[tarfile.TarInfo | str, bytes], format: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for member, content in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def zip_bytes(*members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")
        for member, content in members:
            archive.writestr(member, content)
    return out.getvalue()


def zip_symlink(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """`data` with a value written at an offset from each place where a signature stands."""
    out, at = bytearray(data), data.find(signature)
    assert at >= 0
    while at >= 0:
        out[at + offset : at + offset + len(value)] = value
        at = data.find(signature, at + 1)
    return bytes(out)


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd.compress
}  # fmt: skip


def zstd_skippable(content: bytes) -> bytes:
    """A frame that a decoder passes over."""
    return struct.pack("<II", 0x184D2A53, len(content)) + content


def zstd_lying(size: int) -> bytes:
    """A frame whose header says another size than the one it has."""
    data = bytearray(zstd.compress(page("lie") * 50))
    assert data[4] & 0xC0 == 0x40, "a size of two bytes, which counts from 256"
    data[5:7] = struct.pack("<H", size - 256)
    return bytes(data)


def wide_zstd() -> bytes:
    """A small frame, one block as it is, that asks for a window of 128 MiB."""
    content = page("wide frame")
    return b"\x28\xb5\x2f\xfd\0" + bytes([27 - 10 << 3]) + struct.pack("<I", len(content) << 3 | 1)[:3] + content


def zstd_with_dictionary() -> bytes:
    samples = [page(number) for number in range(500)]
    return zstd.compress(page("packed"), zstd_dict=zstd.train_dict(samples, 1000))


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def encrypted_zip() -> bytes:
    data = zip_bytes(("secret.txt", page("secret")), ("open.txt", page("open")))
    at = data.find(CENTRAL)
    local = bytearray(data)
    local[6:8] = struct.pack("<H", 1)
    local[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(local)


def lying_zip(size: int) -> bytes:
    """The directory says another size than the one the member has."""
    value = struct.pack("<I", size)
    data = zip_bytes(("lie.txt", page("lie") * 50))
    return patched(patched(data, LOCAL, 22, value), CENTRAL, 24, value)


def wide_xz() -> bytes:
    """A small xz file that asks for a dictionary of a gigabyte."""
    data = lzma.compress(page("wide"))
    size = 4 * (data[12] + 1)
    header = bytearray(data[12 : 12 + size - 4])
    assert header[2] == 0x21, "the filter of LZMA2"
    header[4] = 36
    return data[:12] + header + struct.pack("<I", zlib.crc32(header)) + data[12 + size :]


def overlapping_zip(count: int) -> bytes:
    """Many entries of the directory that point at the same member."""
    data = zip_bytes(("a.txt", b"The same kernel of a bomb. " * 4000))
    at, end = data.find(CENTRAL), data.find(b"PK\x05\x06")
    entry = data[at:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, count * len(entry), at, 0)
    return data[:at] + entry * count + tail


def zip_quine() -> bytes:
    """An archive in an archive in an archive, as many as one likes: what a quine is to a reader."""
    data = zip_bytes(("page.txt", page("innermost")))
    for _ in range(5):
        data = zip_bytes(("again.zip", data), ("beside.txt", page("beside")))
    return data


def json_line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def many_lists(size: int) -> bytes:
    """A line whose bytes are many times as many in memory."""
    return b'{"text": "a", "n": [' + b"[]," * (size // 3 - 20) + b"[]]}\n"


def record(kind: str, body: bytes, media: str = "text/plain", length: int | str | None = None) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\nWARC-Target-URI: https://a.example/{len(body)}"
        f"\r\nContent-Type: {media}\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(body: bytes, media: str, headers: str = "") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {media}; charset=utf-8\r\n{headers}\r\n".encode() + body
    return record("response", http, "application/http; msgtype=response")


def cve_2025_4517_links() -> list[str]:
    step, letters = "d" * 247, "abcdefghijklmnop"
    links = [(step + "/") * number + letter for number, letter in enumerate(letters)]
    return [*links, "/".join(letters) + "/" + "l" * 254, "escape"]


def cve_2025_4517() -> bytes:
    """The tar whose long chain of links made `extractall(filter="data")` of this Python write outside."""
    step, members = "d" * 247, []
    path = ""
    for letter in "abcdefghijklmnop":
        members.append((special(path + step, tarfile.DIRTYPE), b""))
        members.append((special(path + letter, tarfile.SYMTYPE, step), b""))
        path += step + "/"
    chain = "/".join("abcdefghijklmnop") + "/" + "l" * 254
    members += [
        (special(chain, tarfile.SYMTYPE, "../" * 16), b""),
        (special("escape", tarfile.SYMTYPE, chain + "/../../../../../../../etc"), b""),
        (special("hard", tarfile.LNKTYPE, "escape/passwd"), b""),
    ]
    return tar_bytes(*members, ("hard", page("overwrites")))


def cve_2026_11940() -> bytes:
    """Links within links, by which a link to the outside survived the mended filter."""
    return tar_bytes(
        (special("a", tarfile.DIRTYPE), b""),
        (special("a/b", tarfile.SYMTYPE, "."), b""),
        (special("a/b/c", tarfile.SYMTYPE, "../../.."), b""),
        (special("a/c/x", tarfile.LNKTYPE, "a/b/c"), b""),
        ("a/c/owned.txt", page("owned")),
    )


def tar_with_pax_bomb() -> bytes:
    header = bytearray(tar_bytes((special("x", tarfile.XHDTYPE), b""))[:512])
    header[124:136] = b"%011o\0" % (1 << 32)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return tar_bytes(("first.txt", page("first")))[:1024] + bytes(header) + b"x" * 4096


def bad_checksum() -> bytes:
    data = bytearray(tar_bytes(("first.txt", page("before")), ("second.txt", page("after"))))
    data[1024 + 5] ^= 1
    return bytes(data)


TEXTS = [
    Hostile(b"nul.txt", lambda: b"some \0 NULs in \0 a text\n" * 3),
    Hostile(b"invalid-utf8.txt", lambda: b"caf\xc3\xa9 \xff\xfe\xfa broken\n"),
    Hostile(b"surrogates.txt", lambda: b"lone \xed\xa0\x80 and overlong \xc0\xaf bytes\n"),
    Hostile(b"bom.txt", lambda: b"\xef\xbb\xbfwith a mark\n"),
    Hostile(b"utf16.txt", lambda: "déjà vu\n".encode("utf-16")),
    Hostile(b"utf16-plain.txt", lambda: "a plain line\n".encode("utf-16-le") * 9),
    Hostile(b"utf32.txt", lambda: "déjà vu\n".encode("utf-32")),
    Hostile(
        b"utf16-hidden.txt",
        lambda: "прощай\n".encode("utf-16-le") * 9,
        {"utf16-hidden.txt": quarantined("encoding_unknown")},
    ),
    Hostile(b"line-ends.txt", "one\rtwo\r\nthree\x85four\u2028five\x0bsix\x0cseven\x1ceight\n".encode),
    Hostile(b"escapes.txt", lambda: b"\x1b[31mred\x1b[0m \x07 bell \x1b]0;title\x07\n" * 3),
    Hostile(b"bidi.txt", "admin\u202egnp.exe \u2066x\u2069 a\u200bb\n".encode),
    Hostile(b"empty-lines.txt", lambda: b"\n" * 1_000_000),
    Hostile(b"empty.txt", lambda: b"", {"empty.txt": quarantined("empty")}),
    Hostile(b"cut-character.txt", lambda: b"truncated \xe2\x82"),
    Hostile(b"long-line.txt", lambda: b"x" * 3_000_000),
    Hostile(b"binary.txt", lambda: bytes(range(256)) * 40, {"binary.txt": quarantined("binary")}),
    Hostile(b"deep.json", lambda: b"[" * 100_000),
    Hostile(b"regex.txt", lambda: b"a" * 5000 + b"!" + b" " * 20_000 + b"=HYPERLINK(1)\n@x\n"),
    Hostile(b"script.txt", lambda: b"<script>alert(1)</script><img src=x onerror=alert(1)>\n"),
]
NAMES = [
    Hostile(name, lambda name=name: b"The page called " + name + b" has a body.\n")  # type: ignore[misc]
    for name in (
        b"a[1].txt", b"a1.txt", b"star*.txt", b"starry.txt", b"q?.txt", b"qq.txt", b"new\nline.txt", b"quote'\";.txt",
        b"<img src=x onerror=alert(1)>.txt", b"=cmd|' -C calc'!A0.txt", b"caf\xe9.txt", b"-rf.txt", b"http:",
        b"s3:", b"gen=99", b"\x1b[31m.txt", b"..txt", b"CON.txt", b"\xe2\x80\xaegpj.txt", b"%s%n{0}.txt", b" .txt",
        b"a.zip!b.txt", b"z.zip!a.txt",
    )
]  # fmt: skip
STREAMS = [
    Hostile(b"good.txt.gz", lambda: gzip.compress(page("gz")), {"good.txt.gz!good.txt": LOADED}),
    Hostile(b"good.txt.bz2", lambda: bz2.compress(page("bz2")), {"good.txt.bz2!good.txt": LOADED}),
    Hostile(b"good.txt.xz", lambda: lzma.compress(page("xz")), {"good.txt.xz!good.txt": LOADED}),
    Hostile(b"bomb.gz", lambda: gzip.compress(b"\0" * (16 * MIB)), {"bomb.gz": quarantined("bomb")}),
    Hostile(b"bomb.bz2", lambda: bz2.compress(b"\n" * (8 * MIB)), {"bomb.bz2": quarantined("bomb")}),
    Hostile(b"bomb.xz", lambda: lzma.compress(b"a" * (8 * MIB)), {"bomb.xz": quarantined("bomb")}),
    Hostile(
        b"cut.txt.gz",
        lambda: gzip.compress(prose(20_000))[:-400],
        {"cut.txt.gz!cut.txt": quarantined("truncated_stream")},
    ),
    Hostile(b"header.gz", lambda: b"\x1f\x8b\x08\x00\x00", {"header.gz": quarantined("truncated_stream")}),
    Hostile(
        b"crc.txt.gz",
        lambda: gzip.compress(prose(90_000))[:-8] + b"\0" * 8,
        {"crc.txt.gz!crc.txt": quarantined("damaged")},
    ),
    Hostile(
        b"small-crc.txt.gz",
        lambda: gzip.compress(page("crc"))[:-8] + b"\0" * 8,
        {"small-crc.txt.gz": quarantined("damaged")},
    ),
    Hostile(
        b"tail.txt.gz",
        lambda: gzip.compress(page("tail")) + b"and then garbage",
        {"tail.txt.gz!tail.txt": LOADED, "tail.txt.gz": quarantined("trailing_garbage")},
    ),
    Hostile(
        b"padded.txt.gz", lambda: gzip.compress(page("padded")) + b"\0" * 700, {"padded.txt.gz!padded.txt": LOADED}
    ),
    Hostile(
        b"multi.txt.gz",
        lambda: b"".join(gzip.compress(page(f"multi {n}")) for n in range(5)),
        {"multi.txt.gz!multi.txt": LOADED},
    ),
    Hostile(
        b"wide.xz",
        wide_xz,
        {"wide.xz": quarantined("unsupported")},
    ),
    Hostile(b"not-packed.gz", lambda: page("the name lies")),
    Hostile(b"unnamed.txt", lambda: gzip.compress(page("unnamed")), {"unnamed.txt": quarantined("binary")}),
    Hostile(b"good.txt.zst", lambda: zstd.compress(page("zst")), {"good.txt.zst!good.txt": LOADED}),
    Hostile(b"bomb.zst", lambda: zstd.compress(b"\0" * (16 * MIB)), {"bomb.zst": quarantined("bomb")}),
    Hostile(
        b"cut.txt.zst",
        lambda: zstd.compress(prose(90_000))[:-400],
        {"cut.txt.zst!cut.txt": quarantined("truncated_stream")},
    ),
    Hostile(b"header.zst", lambda: b"\x28\xb5\x2f\xfd" + b"\0" * 40, {"header.zst": quarantined("truncated_stream")}),
    Hostile(
        b"checksum.txt.zst",
        lambda: zstd.compress(page("sum"), options={zstd.CompressionParameter.checksum_flag: 1})[:-1] + b"\0",
        {"checksum.txt.zst": quarantined("damaged")},
    ),
    Hostile(b"less.zst", lambda: zstd_lying(300), {"less.zst": quarantined("damaged")}),
    Hostile(b"more.zst", lambda: zstd_lying(60_000), {"more.zst": quarantined("damaged")}),
    Hostile(
        b"frames.txt.zst",
        lambda: (
            zstd_skippable(b"of a tool")
            + zstd.compress(page("frame 1"))
            + zstd_skippable(b"") * 3
            + zstd.compress(page("frame 2"))
            + zstd_skippable(bytes(100_000))
        ),
        {"frames.txt.zst!frames.txt": LOADED},
    ),
    Hostile(
        b"skip.txt.zst",
        lambda: zstd.compress(page("before the gap")) + zstd_skippable(bytes(90))[:-1],
        {"skip.txt.zst!skip.txt": quarantined("truncated_stream")},
    ),
    Hostile(
        b"tail.txt.zst",
        lambda: zstd.compress(page("tail of frames")) + b"and then garbage",
        {"tail.txt.zst!tail.txt": LOADED, "tail.txt.zst": quarantined("trailing_garbage")},
    ),
    Hostile(b"dictionary.zst", zstd_with_dictionary, {"dictionary.zst": quarantined("unsupported")}),
    Hostile(b"wide.zst", wide_zstd, {"wide.zst": quarantined("unsupported")}),
    Hostile(b"nameless.txt", lambda: zstd.compress(page("unnamed zst")), {"nameless.txt": quarantined("binary")}),
    Hostile(b"old.7z", lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, {"old.7z": quarantined("unsupported")}),
    Hostile(b"empty.txt.gz", lambda: gzip.compress(b""), {"empty.txt.gz!empty.txt": quarantined("empty")}),
]
TARS = [
    Hostile(
        b"names.tar",
        lambda: tar_bytes(
            ("../../up.txt", page("up")), ("/etc/abs.txt", page("abs")), ("C:\\windows\\x.txt", page("win")),
            ("twice.txt", page("once")), ("twice.txt", page("twice")), ("l" * 300 + ".txt", page("long")),
        ),
        {"names.tar!" + name: LOADED for name in (
            "../../up.txt", "/etc/abs.txt", "C:\\windows\\x.txt", "twice.txt", "twice.txt#2", "l" * 300 + ".txt"
        )},
    ),
    Hostile(
        b"kinds.tar",
        lambda: tar_bytes(
            (special("link", tarfile.SYMTYPE, "/etc/passwd"), b""), (special("hard", tarfile.LNKTYPE, "good.txt"), b""),
            (special("char", tarfile.CHRTYPE), b""), (special("block", tarfile.BLKTYPE), b""),
            (special("fifo", tarfile.FIFOTYPE), b""), (special("folder", tarfile.DIRTYPE), b""),
            ("good.txt", page("among")), format=tarfile.GNU_FORMAT,
        ),
        {
            "kinds.tar!link": refused("symlink"), "kinds.tar!hard": refused("not_regular"),
            "kinds.tar!char": refused("not_regular"), "kinds.tar!block": refused("not_regular"),
            "kinds.tar!fifo": refused("not_regular"), "kinds.tar!good.txt": LOADED,
        },
    ),
    Hostile(
        b"cut.tgz",
        lambda: gzip.compress(tar_bytes(("one.txt", page("one")), ("two.txt", page("two") * 40))[:2048]),
        {"cut.tgz!one.txt": LOADED, "cut.tgz!two.txt": quarantined("truncated_stream")},
    ),
    Hostile(
        b"no-end.tar",
        lambda: tar_bytes(("one.txt", page("alone")))[:1024],
        {"no-end.tar!one.txt": LOADED, "no-end.tar": quarantined("truncated_stream")},
    ),
    Hostile(
        b"checksum.tar",
        bad_checksum,
        {"checksum.tar!first.txt": LOADED, "checksum.tar": quarantined("damaged")},
    ),
    Hostile(
        b"attributes.tar",
        tar_with_pax_bomb,
        {"attributes.tar!first.txt": LOADED, "attributes.tar": quarantined("damaged")},
    ),
    Hostile(b"no.tar.gz", lambda: gzip.compress(page("no tar")), {"no.tar.gz": quarantined("damaged")}),
    Hostile(
        b"cut.tzst",
        lambda: zstd.compress(tar_bytes(("one.txt", page("zst one")), ("two.txt", page("zst two") * 40))[:2048]),
        {"cut.tzst!one.txt": LOADED, "cut.tzst!two.txt": quarantined("truncated_stream")},
    ),
    Hostile(b"none.tar", tar_bytes, {"none.tar": quarantined("empty")}),
    Hostile(
        b"two.tar",
        lambda: tar_bytes(("one.txt", page("first of two"))) + tar_bytes(("two.txt", page("second of two"))),
        {"two.tar!one.txt": LOADED, "two.tar": quarantined("trailing_garbage")},
    ),
    Hostile(
        b"bomb.tar.gz",
        lambda: gzip.compress(tar_bytes(("one.txt", page("before the bomb")), ("zero.txt", b"\0" * (16 * MIB)))),
        {"bomb.tar.gz!one.txt": LOADED, "bomb.tar.gz": quarantined("bomb")},
    ),
    Hostile(
        b"cve-2025-4517.tar",
        cve_2025_4517,
        {
            **{f"cve-2025-4517.tar!{name}": refused("symlink") for name in cve_2025_4517_links()},
            "cve-2025-4517.tar!hard": refused("not_regular"), "cve-2025-4517.tar!hard#2": LOADED,
        },
    ),
    Hostile(
        b"cve-2026-11940.tar",
        cve_2026_11940,
        {
            "cve-2026-11940.tar!a/b": refused("symlink"), "cve-2026-11940.tar!a/b/c": refused("symlink"),
            "cve-2026-11940.tar!a/c/x": refused("not_regular"), "cve-2026-11940.tar!a/c/owned.txt": LOADED,
        },
    ),
]  # fmt: skip
ZIPS = [
    Hostile(
        b"names.zip",
        lambda: zip_bytes(
            ("../up.txt", page("zip up")), ("same.txt", page("same 1")), ("same.txt", page("same 2")),
            ("/abs.txt", page("zip abs")), (zip_symlink("link"), b"/etc/passwd"), ("folder/", b""),
        ),
        {
            "names.zip!../up.txt": LOADED, "names.zip!same.txt": LOADED, "names.zip!same.txt#2": LOADED,
            "names.zip!/abs.txt": LOADED, "names.zip!link": refused("symlink"),
        },
    ),
    Hostile(
        b"encrypted.zip",
        encrypted_zip,
        {"encrypted.zip!secret.txt": quarantined("encrypted"), "encrypted.zip!open.txt": LOADED},
    ),
    Hostile(b"less.zip", lambda: lying_zip(10), {"less.zip!lie.txt": quarantined("damaged")}),
    Hostile(b"cut.zip", lambda: zip_bytes(("a.txt", page("cut zip")))[:-20], {"cut.zip": quarantined("damaged")}),
    Hostile(
        b"checksum.zip",
        lambda: patched(
            zip_bytes(("a.txt", page("wrong sum")), method=zipfile.ZIP_STORED), b"page wrong sum", 5, b"W"
        ),
        {"checksum.zip!a.txt": quarantined("damaged")},
    ),
    Hostile(
        b"bomb.zip",
        lambda: zip_bytes(("zeros.txt", b"\0" * (16 * MIB)), ("beside.txt", page("beside the bomb"))),
        {"bomb.zip!zeros.txt": quarantined("bomb"), "bomb.zip!beside.txt": LOADED},
    ),
    Hostile(
        b"method.zip",
        lambda: zip_bytes(("a.txt", page("lzma in zip")), method=zipfile.ZIP_LZMA),
        {"method.zip!a.txt": quarantined("unsupported")},
    ),
    Hostile(
        b"nested.zip",
        zip_quine,
        {
            "nested.zip!again.zip!beside.txt": LOADED,
            "nested.zip!beside.txt": ("duplicate", "same_bytes"),
            "nested.zip!again.zip!again.zip": quarantined("too_nested"),
        },
    ),
    Hostile(b"none.zip", zip_bytes, {"none.zip": quarantined("empty")}),
    Hostile(
        b"inner.zip",
        lambda: zip_bytes(
            ("p.jsonl.gz", gzip.compress(json_line(text="An inner page.") + b"bad\n")),
            ("cut.gz", gzip.compress(page("cut inside") * 99)[:-9]), ("no.zip", b"PK\x03\x04 no"),
        ),
        {
            "inner.zip!p.jsonl.gz!00000001": LOADED, "inner.zip!p.jsonl.gz!00000002": quarantined("json_invalid"),
            "inner.zip!cut.gz!cut": quarantined("truncated_stream"), "inner.zip!no.zip": quarantined("damaged"),
        },
    ),
]  # fmt: skip


def line_outcomes(name: str, *outcomes: tuple[str, str | None]) -> dict[str, tuple[str, str | None]]:
    return {f"{name}!{number:08d}": outcome for number, outcome in enumerate(outcomes, 1)}


RECORDS = [
    Hostile(
        b"lines.jsonl",
        lambda: b"".join([
            b"\xef\xbb\xbf" + json_line(text="The first page."), b"{bad\n", json_line(raw_text="The third page."),
            b'{"text": "a", "text": "b"}\n', b'{"text": "a", "n": NaN}\n',
            b'{"text": "a", "n": ' + b"9" * 100_000 + b"}\n", b'{"text": "a", "n": 1e999}\n',
            b'{"text": "a", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
            b'{"text": "half a \\ud800 surrogate"}\n', b'{"text": "a raw \xff byte"}\n', json_line(title="no text"),
            json_line(text=None, content="In content."), json_line(text=""), b"[1]\n",
            b'{"a": {"k": 1, "k": 2}, "text": "a"}\n', json_line(text="[" * 70 + "{" * 70),
            b'{"text": "The last page."}',
        ]),
        line_outcomes(
            "lines.jsonl", LOADED, quarantined("json_invalid"), LOADED, quarantined("json_ambiguous"),
            quarantined("json_ambiguous"), quarantined("json_ambiguous"), quarantined("json_ambiguous"),
            quarantined("json_too_deep"), LOADED, LOADED, quarantined("no_text"), LOADED, quarantined("empty"),
            quarantined("json_invalid"), quarantined("json_ambiguous"), LOADED, LOADED,
        ),
    ),
    Hostile(
        b"long.jsonl",
        lambda: json_line(text="Before it.") + b'{"text": "' + b"x" * (5 * MIB) + b'"}\n' + json_line(text="After it."),
        line_outcomes("long.jsonl", LOADED, quarantined("too_large"), LOADED),
    ),
    Hostile(
        b"many.jsonl",
        lambda: many_lists(MIB // 4) + json_line(text="After many."),
        line_outcomes("many.jsonl", LOADED, LOADED),
    ),
    Hostile(b"blank.ndjson", lambda: b"\n \n\r\n" * 1000, {"blank.ndjson": quarantined("empty")}),
    Hostile(
        b"cut.jsonl.gz",
        lambda: gzip.compress(b"".join(json_line(text=f"Page {n} of a cut file.") for n in range(3)), 0)[:-40],
        line_outcomes("cut.jsonl.gz", LOADED, LOADED, quarantined("truncated_stream")),
    ),
    Hostile(
        b"cut.jsonl.zst",
        lambda: zstd.compress(json_line(text="A page.")) + zstd.compress(json_line(text="Another."))[:-4],
        line_outcomes("cut.jsonl.zst", LOADED, quarantined("truncated_stream")),
    ),
    Hostile(
        b"crawl.warc.zst",
        lambda: b"".join(zstd.compress(record("conversion", page(f"frame {n}"))) for n in range(2)),
        line_outcomes("crawl.warc.zst", LOADED, LOADED),
    ),
    Hostile(
        b"web.warc",
        lambda: b"".join([
            record("warcinfo", b"software: x\r\n", "application/warc-fields"), record("conversion", page("converted")),
            response(b"<html><p>markup</p>", "text/html"), response(page("plain"), "text/plain"),
            response(gzip.compress(page("zipped")), "text/plain", "Content-Encoding: gzip\r\n"),
            response(b"6\r\nchunk \r\n4\r\nend\n\r\n0\r\n\r\n", "text/plain", "Transfer-Encoding: chunked\r\n"),
            response(b"\x89PNG", "image/png"), record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http"),
            record("resource", page("resource")), record("resource", b"<p>", "text/html; charset=x"),
            response(gzip.compress(b"\0" * (16 * MIB)), "text/plain", "Content-Encoding: gzip\r\n"),
        ]),
        {
            f"web.warc!{number:08d}": outcome
            for number, outcome in {
                2: LOADED, 3: quarantined("unsupported_html"), 4: LOADED, 5: LOADED, 6: LOADED,
                7: quarantined("unsupported"), 9: LOADED, 10: quarantined("unsupported_html"), 11: quarantined("bomb"),
            }.items()
        },
    ),
    Hostile(
        b"short.warc",
        lambda: record("conversion", page("good record")) + record("conversion", b"too short", length=10**15),
        {"short.warc!00000001": LOADED, "short.warc!00000002": quarantined("truncated_record")},
    ),
    Hostile(
        b"negative.warc.gz",
        lambda: gzip.compress(record("conversion", page("before minus")))
        + gzip.compress(record("conversion", b"x", length=-5)),
        {"negative.warc.gz!00000001": LOADED, "negative.warc.gz": quarantined("damaged")},
    ),
    Hostile(
        b"header.warc",
        lambda: record("conversion", page("before header")) + b"WARC/1.0\r\nX: " + b"y" * (3 * MIB),
        {"header.warc!00000001": LOADED, "header.warc": quarantined("damaged")},
    ),
    Hostile(
        b"between.warc",
        lambda: record("conversion", page("kept")) + b"garbage\r\n\r\n" + record("conversion", page("lost")),
        {"between.warc!00000001": LOADED, "between.warc": quarantined("damaged")},
    ),
]  # fmt: skip

ALL = [*TEXTS, *NAMES, *STREAMS, *TARS, *ZIPS, *RECORDS]


def dying_reader(fd: int, name: bytes, bounds: object) -> Iterator[Member]:
    """A reader that a library under it kills after its first member, unless the file says not to."""
    yield Member(b"first.txt", page(name.decode()), len(page(name.decode())))
    if b"kill" in name:
        ctypes.string_at(0)
