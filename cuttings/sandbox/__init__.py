"""A disposable process for work that hostile input may kill: it dies instead of the run, and says what of.

    with Sandbox(Limits(cpu_seconds=20)) as sandbox:
        result = sandbox.call(function, argument)            # WorkerDiedError when the worker died of it
        for item in sandbox.iterate(generator, Descriptor(fd)):
            ...

The worker is a fresh interpreter that is kept from call to call; after a death the next call starts a new one.
"""

from cuttings.sandbox.limits import Limits
from cuttings.sandbox.sandbox import Sandbox, WorkerDiedError
from cuttings.sandbox.wire import Descriptor

__all__ = ["Descriptor", "Limits", "Sandbox", "WorkerDiedError"]
