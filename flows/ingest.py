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

from cuttings import pipeline
from cuttings.config import Config

_Result = TypeVar("_Result")


def as_task(name: str, function: Callable[..., _Result], *arguments: Any) -> _Result:
    """Run one step as a Prefect task.

    The arguments are closed over instead of passed: they are pages and tables, which Prefect would walk and describe.
    """

    @task(name=name, cache_policy=NO_CACHE, persist_result=False)
    def step() -> _Result:
        return function(*arguments)

    return step()


@flow(name="cuttings-ingest", flow_run_name="ingest-into-{warehouse}", persist_result=False, validate_parameters=True)
def ingest(
    sources: list[Path],
    warehouse: Path = Path("warehouse"),
    captured_at: datetime | None = None,
    trusts_mtime: bool = True,
) -> dict[str, Any]:
    """Ingest folders of page dumps into a warehouse and publish one generation; returns the run's summary.

    A run that finds the warehouse held by another, a refused publish or a full disk fails the flow run with the
    same error that the command line reports.
    """
    config = Config(sources=tuple(sources), warehouse=warehouse, captured_at=captured_at, trusts_mtime=trusts_mtime)
    return pipeline.run(config, call=as_task).summary()
