"""Edge: the dashboard and the page inspector, served from one published generation to a browser on this machine.

create_app                 a Starlette app over a warehouse; `cuttings dashboard` runs it
"""

from cuttings.web.app import create_app

__all__ = ["create_app"]
