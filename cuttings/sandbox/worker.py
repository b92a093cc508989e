"""The worker's end: take a call from the socket, answer it, until the other end hangs up."""

from __future__ import annotations

import io
import math
import os
import pickle
import resource
import socket
import sys
from typing import Any

from cuttings.sandbox.limits import Limits
from cuttings.sandbox.wire import (
    CALL,
    DIED,
    END,
    ITEM,
    MAX_DESCRIPTORS,
    RAISED,
    VALUE,
    Descriptor,
)


def serve(socket_fd: int) -> None:
    """Answer calls on a socket until the other end closes it."""
    with socket.socket(fileno=socket_fd) as peer, peer.makefile("rwb") as stream:
        peer.set_inheritable(False)
        while True:
            kind, descriptors, _, _ = socket.recv_fds(peer, 1, MAX_DESCRIPTORS)
            if not kind:
                break
            assert kind == CALL
            _answer(stream, list(descriptors))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # without what libraries do at an interpreter's end: there is nothing left to say


def _answer(stream: io.BufferedRWPair, descriptors: list[int]) -> None:
    try:
        for fd in descriptors:
            os.set_inheritable(fd, False)
        limits, is_iterated, function, given = pickle.load(stream)  # noqa: S301 - from our parent
        _set_limits(limits)
        received = iter(descriptors)
        arguments: list[Any] = [next(received) if isinstance(one, Descriptor) else one for one in given]
        _allow_cpu(limits)
        if is_iterated:
            for item in function(*arguments):
                _send(stream, ITEM, item)
                _allow_cpu(limits)
            _send(stream, END, None)
        else:
            _send(stream, VALUE, function(*arguments))
    except MemoryError:
        _abort(b"MemoryError")
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)  # the caller has gone
    except Exception as error:  # noqa: BLE001 - whatever the function raises is the caller's to handle
        _send(stream, RAISED, _portable(error))
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    except BaseException as error:  # noqa: BLE001 - such as a library's panic: what it left behind is not to be used
        _die(stream, type(error).__name__)
    finally:
        for fd in descriptors:
            os.close(fd)


def _portable(error: Exception) -> Exception:
    """The exception, or one that says the same where this one cannot be pickled or not be read again."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - any class may refuse, in any way
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _send(stream: io.BufferedRWPair, kind: bytes, value: object) -> None:
    stream.write(kind)
    try:
        pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
    except (BrokenPipeError, ConnectionResetError):
        raise
    except BaseException as error:  # noqa: BLE001 - half an answer may have gone: nothing can follow it
        _abort(f"{type(error).__name__}: {error}".encode())
    stream.flush()


def _die(stream: io.BufferedRWPair, reason: str) -> None:
    _send(stream, DIED, reason)
    os._exit(1)


def _abort(reason: bytes) -> None:
    """End with SIGABRT and a reason on standard error, as libraries do that run out of memory."""
    os.write(2, reason + b"\n")
    os.abort()


def _set_limits(limits: Limits) -> None:
    sys.dont_write_bytecode = limits.file_bytes == 0
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_DATA, limits.data_bytes),
    ):
        hard = resource.getrlimit(kind)[1]
        if wanted is not None:
            bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(kind, (bound, bound))


def _allow_cpu(limits: Limits) -> None:
    """Allow so many more seconds of processor time; the kernel counts whole seconds of the whole process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    bound = math.ceil(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))
