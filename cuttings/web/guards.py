"""What stands between the network and the pages: whose requests are answered, and what an answer lets a page do.

A page of another site, open in the same browser, must not read the warehouse. It cannot name this server as its own
host (a name of its own that leads here, DNS rebinding, is not on the list), and all it may do here is lead to a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
_HEADERS: Final = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
_OTHER_SITES: Final = ("cross-site", "same-site")  # another port of this machine is same-site, and not this server


class SafeHeaders:
    """Adds the headers that keep a page to itself to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS.items()]
            await send(message)

        await self._app(scope, receive, send_safely)


class OwnRequests:
    """Answers requests that name this server by one of `hosts`, and of other sites nothing but links to a page."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refusal = self._refusal(scope["method"], Headers(scope=scope))
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        named = headers.getlist("host")
        if len(named) != 1 or host_name(named[0]) not in self._hosts:
            return PlainTextResponse(
                "This server does not answer to the name in the address. The person who runs it can allow the name: "
                "cuttings dashboard --allowed-host NAME\n",
                HTTPStatus.BAD_REQUEST,
            )
        is_link = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        if _is_foreign(headers, named[0]) and not is_link:
            return PlainTextResponse("A page of another site asked for this.\n", HTTPStatus.FORBIDDEN)
        return None


def _is_foreign(headers: Headers, host: str) -> bool:
    """A page of another site asks. Browsers that do not say it (addresses without TLS, old ones) name the origin."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OTHER_SITES
    origin = headers.get("origin")
    return origin is not None and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower())


def host_name(authority: str) -> str:
    """The host of a `Host` header in lower case, without its port; what has no such form is no host: an empty text.

    >>> host_name("LocalHost:8765"), host_name("[::1]:8765"), host_name("a:b"), host_name("[::1")
    ('localhost', '[::1]', '', '')
    """
    end = authority.find("]") + 1 if authority.startswith("[") else authority.find(":")
    if authority.startswith("[") and end == 0:
        return ""
    name, port = (authority, "") if end < 0 else (authority[:end], authority[end:])
    is_port = not port or (port.startswith(":") and port[1:].isascii() and port[1:].isdigit())
    return name.lower().removesuffix(".") if is_port else ""
