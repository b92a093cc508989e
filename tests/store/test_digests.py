"""What makes a generation another one, and what does not."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import cuttings
from cuttings import resources
from cuttings.config import Config, Limits
from cuttings.errors import CorruptWarehouseError
from cuttings.store import Digests, code_digest, config_digest
from cuttings.store import digests as module
from cuttings.store.digests import generation_id
from cuttings.store.manifest import FileEntry, Manifest

BASE = Config(sources=(Path("a"),))


def test_settings_that_change_a_table() -> None:
    moment = datetime(2025, 6, 1, tzinfo=UTC)
    others = [
        Config(sources=(Path("a"),), trusts_mtime=False),
        Config(sources=(Path("a"),), captured_at=moment),
        Config(sources=(Path("a"),), limits=Limits(object_bytes=1)),
    ]
    assert len({config_digest(config) for config in (BASE, *others)}) == 4
    elsewhere = moment.astimezone(timezone(timedelta(hours=5)))
    assert config_digest(Config(sources=(Path("a"),), captured_at=elsewhere)) == config_digest(others[1])


def test_settings_that_change_none() -> None:
    same = Config(sources=(Path("b"), Path("c")), warehouse=Path("w"), limits=Limits(batch_bytes=1))
    assert config_digest(same) == config_digest(BASE)


def test_each_part_of_the_identity_counts() -> None:
    base = Digests("i", "c", "e")
    others = (Digests("j", "c", "e"), Digests("i", "d", "e"), Digests("i", "c", "f"))
    ids = {generation_id(digests, "p") for digests in (base, *others)} | {generation_id(base, None)}
    assert len(ids) == 5
    assert all(len(one) == 16 for one in ids)


def test_code_is_the_package_and_what_shapes_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = code_digest()
    sql = tmp_path / "sql" / "marts"
    sql.mkdir(parents=True)
    (sql / "one.sql").write_text("select 1")
    honest = resources.resource_dir
    monkeypatch.setattr(module, "resource_dir", lambda name: tmp_path / "sql" if name == "sql" else honest(name))
    assert code_digest() == before, "it is worked out once a process"
    code_digest.cache_clear()
    first = code_digest()
    (sql / "one.sql").write_text("select 2")
    code_digest.cache_clear()
    second = code_digest()
    (tmp_path / "sql" / "__pycache__").mkdir()
    (tmp_path / "sql" / "__pycache__" / "x.pyc").write_text("not source")
    code_digest.cache_clear()
    assert len({before, first, second}) == 3
    assert code_digest() == second
    code_digest.cache_clear()


def test_a_manifest_survives_the_disk_and_nothing_else() -> None:
    manifest = Manifest(
        "0" * 16, None, Digests("i", "c", "e"), {"a/part-0.parquet": FileEntry("f" * 64, 3, 1)}, {"checks": {"ok": 1}}
    )
    raw = manifest.to_bytes()
    assert Manifest.from_bytes(raw, Path("m")) == manifest
    assert manifest.describes(Digests("i", "c", "e"))
    assert not manifest.describes(Digests("i", "c", "x"))
    for place in range(len(raw) * 8):
        broken = bytearray(raw)
        broken[place // 8] ^= 1 << place % 8
        with pytest.raises(CorruptWarehouseError, match="m: found bytes other than those that were published"):
            Manifest.from_bytes(bytes(broken), Path("m"))
    for broken_raw in (b"", b"[]", b"{}", raw[:-1], raw + b" ", b"[" * 100_000):
        with pytest.raises(CorruptWarehouseError):
            Manifest.from_bytes(broken_raw, Path("m"))


def test_the_digest_of_cutting_covers_all_that_cutting_imports() -> None:
    listed = (
        "import sys, cuttings.pages, cuttings.corpus;"
        "print(*(m.__file__ for n, m in sorted(sys.modules.items()) if n.startswith('cuttings.')), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    package = Path(cuttings.__file__).parent
    loaded = {Path(name).relative_to(package).parts[0] for name in done.stdout.split()}
    assert loaded <= set(module._CUTTING), "a change of these would not be seen by the cache of cuts"


def test_the_digest_of_cutting_follows_the_code_that_cuts_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part counts: without one of them the digest is another one."""
    honest = module.cut_digest.__wrapped__()
    assert honest == module.cut_digest()
    for part in module._CUTTING:
        monkeypatch.setattr(module, "_CUTTING", tuple(one for one in module._CUTTING if one != part))
        assert module.cut_digest.__wrapped__() != honest, part
        monkeypatch.undo()
    monkeypatch.setattr(module, "version", lambda _: "another")
    assert module.cut_digest.__wrapped__() != honest
