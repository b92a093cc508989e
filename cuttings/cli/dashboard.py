"""The command that serves the dashboard and the page inspector: `dashboard`."""

from __future__ import annotations

import ipaddress
import socket
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cuttings.cli.options import Warehouse, err, out
from cuttings.config import DASHBOARD_HOST, DASHBOARD_PORT, DEFAULT_WAREHOUSE
from cuttings.errors import UsageError


def dashboard(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = DASHBOARD_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on. Anyone who reaches it can read.")] = DASHBOARD_HOST,
    allowed_hosts: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", help="A name that browsers may call this server by. May be repeated."),
    ] = None,
    pages: Annotated[
        list[Path] | None, typer.Option("--pages", help="Folder of your own pages, YAML files. May be repeated.")
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Show the published generation in the browser: charts, tables, and every page as it was cut."""
    import uvicorn

    from cuttings.terminal import inert
    from cuttings.web import LOOPBACK_HOSTS, create_app

    if not warehouse.is_dir():
        raise UsageError(
            f"{warehouse}: there is no such folder. Expected a warehouse, or the folder of one generation: make one "
            f"with `cuttings run SOURCE --warehouse {warehouse}`."
        )
    for folder in pages or []:
        if not folder.is_dir():
            raise UsageError(f"{folder}: there is no such folder. Expected a folder of YAML pages.")
    own = () if _is_any(host) else (_authority(host),)
    allowed = dict.fromkeys([*LOOPBACK_HOSTS, *own, *(_authority(name) for name in allowed_hosts or [])])
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    app = create_app(warehouse, allowed_hosts=list(allowed), pages_dirs=pages or [])
    url = f"http://{own[0] if own else '[::1]' if ':' in host else LOOPBACK_HOSTS[0]}:{port}/"
    out.print(Text(f"{inert(str(warehouse))} at {url}"), soft_wrap=True)
    if not _is_loopback(host):
        err.print(Text("Anyone who reaches this address can read the warehouse: there is no password."))
        err.print(
            Text(f"It answers to the names {', '.join(map(inert, allowed))}; --allowed-host adds one."), soft_wrap=True
        )
    out.print(Text("Ctrl-C stops it."))
    if is_opened:
        timer = threading.Timer(0.5, webbrowser.open, [url])
        timer.daemon = True
        timer.start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=1, server_header=False
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _authority(name: str) -> str:
    """A host as it stands in an address: an IPv6 address in brackets, without a port."""
    from cuttings.web import host_name

    try:
        return f"[{ipaddress.IPv6Address(name.strip('[]')).compressed}]"
    except ValueError:
        pass
    if host_name(name) != name.lower() or not name:
        raise UsageError(
            f"{name}: expected the name of a host such as news.example, without http:// and without a port."
        )
    return name.lower()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        raise UsageError(f"{host}:{port}: {error.strerror}. Another --port may be free; --port 0 finds one.") from error
    listener.listen()
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
