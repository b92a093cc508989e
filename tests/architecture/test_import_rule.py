"""The import rule of docs/design.md: pure rooms stay pure, edges know the core, nobody imports the flows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PURE_ROOMS = ("pages", "dates", "corpus")
EDGE_ROOMS = ("sources", "store", "quality", "web")
# What a pure room may not import: input and output, the clock, chance, the orchestrator, the databases.
IMPURE = {
    "asyncio", "duckdb", "glob", "great_expectations", "http", "logging", "os", "pathlib", "prefect", "random",
    "requests", "shutil", "socket", "sqlalchemy", "sqlite3", "subprocess",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module a file imports, absolute, with whether the import stands at the top of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.relative_to(PROJECT).with_suffix("").parts
    top_level = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in top_level
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: -node.level]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module, id(node) in top_level
            for alias in node.names:
                yield f"{module}.{alias.name}", id(node) in top_level


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "cuttings" else None


def test_the_rooms_are_there() -> None:
    for room in PURE_ROOMS:
        assert modules(f"cuttings/{room}"), room


@pytest.mark.parametrize("path", modules(*(f"cuttings/{room}" for room in PURE_ROOMS)), ids=shown)
def test_pure_rooms_import_nothing_impure(path: Path) -> None:
    found = {module for module, _ in imports(path)}
    assert not {module for module in found if module.split(".")[0] in IMPURE}
    assert not {module for module in found if room_of(module) in EDGE_ROOMS}


@pytest.mark.parametrize("path", modules(*(f"cuttings/{room}" for room in PURE_ROOMS)), ids=shown)
def test_pure_rooms_read_no_clock(path: Path) -> None:
    called = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert not {"now", "today", "utcnow"} & set(called)


@pytest.mark.parametrize("path", modules("cuttings"), ids=shown)
def test_heavy_packages_have_one_room_and_load_late(path: Path) -> None:
    room = path.relative_to(PROJECT / "cuttings").parts[0]
    for module, is_top_level in imports(path):
        root = module.split(".")[0]
        if root == "great_expectations":
            assert room == "quality", module
            assert not is_top_level, f"{path}: Great Expectations takes seconds to import; import it where it is used"
        assert root != "prefect", f"{path}: Prefect only in flows/"


@pytest.mark.parametrize("path", modules(*(f"cuttings/{room}" for room in EDGE_ROOMS)), ids=shown)
def test_edges_never_reach_into_each_other(path: Path) -> None:
    own = path.relative_to(PROJECT / "cuttings").parts[0]
    for module, _ in imports(path):
        parts = module.split(".")
        if room_of(module) in EDGE_ROOMS and parts[1] != own:
            public = PROJECT / "cuttings" / parts[1] / "__init__.py"
            is_internal_module = len(parts) > 2 and (PROJECT / "cuttings" / parts[1] / f"{parts[2]}.py").exists()
            assert not is_internal_module, f"{path} imports {module}: use what {public} offers"


@pytest.mark.parametrize("path", modules("cuttings"), ids=shown)
def test_nobody_imports_the_flows_or_the_command_line(path: Path) -> None:
    found = {module for module, _ in imports(path)}
    assert not {module for module in found if module.split(".")[0] == "flows"}
    if path.name != "__main__.py" and path.parent.name != "cli":
        assert not {module for module in found if module.startswith("cuttings.cli")}
