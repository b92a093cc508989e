"""The Prefect flow of the main job: the steps of `cuttings.pipeline`, each as a task. No logic of its own.

Annotations are evaluated here (no `from __future__ import annotations`): Prefect validates the parameters by them in
the process of a scheduled run, where their names are not at hand.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from cuttings.config import (
    ARCHIVE_BYTES,
    ARCHIVE_MEMBERS,
    DASHBOARD_URL,
    KEPT_GENERATIONS,
    OBJECT_BYTES,
    TEXT_FIELDS,
    Config,
    Limits,
)

_Result = TypeVar("_Result")


def run_steps(config: Config, call: Callable[..., Any]) -> dict[str, Any]:
    """Run the steps by `call`; `follow.py` puts in its place what follows the steps of another process."""
    from cuttings import pipeline  # noqa: PLC0415 (takes half a second)

    return pipeline.run(config, call=call).summary()


def as_task(name: str, function: Callable[..., _Result], *arguments: Any) -> _Result:
    """Run one step as a Prefect task.

    The arguments are closed over instead of passed: they are pages and tables, which Prefect would walk and describe.
    """

    @task(name=name, cache_policy=NO_CACHE, persist_result=False)
    def step() -> _Result:
        return function(*arguments)

    return step()


@flow(name="cuttings-ingest", flow_run_name="ingest-into-{warehouse}", persist_result=False, validate_parameters=True)
def ingest(  # noqa: PLR0917 - a flow's parameters may be given by place
    sources: list[Path],
    warehouse: Path = Path("warehouse"),
    captured_at: datetime | None = None,
    trusts_mtime: bool = True,
    is_strict: bool = False,
    kept_generations: int = KEPT_GENERATIONS,
    dashboard_url: str = DASHBOARD_URL,
    text_fields: tuple[str, ...] = TEXT_FIELDS,
    max_object_bytes: int = OBJECT_BYTES,
    max_archive_bytes: int = ARCHIVE_BYTES,
    max_archive_members: int = ARCHIVE_MEMBERS,
) -> dict[str, Any]:
    """Ingest folders of page dumps into a warehouse and publish one generation; returns the run's summary.

    A run that finds the warehouse held by another, a refused publish or a full disk fails the flow run with the
    same error that the command line reports.
    """
    config = Config(
        sources=tuple(sources),
        warehouse=warehouse,
        captured_at=captured_at,
        trusts_mtime=trusts_mtime,
        is_strict=is_strict,
        kept_generations=kept_generations,
        dashboard_url=dashboard_url,
        text_fields=text_fields,
        limits=Limits(max_object_bytes, max_archive_bytes, max_archive_members),
    )
    return run_steps(config, as_task)
