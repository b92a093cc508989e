"""Edge: the dashboard and the page inspector, served from one published generation to a browser on this machine.

create_app                 a Starlette app over a warehouse; `cuttings dashboard` runs it
LOOPBACK_HOSTS             the names of this machine to itself; what else a server answers to has to be allowed
host_name                  the host of an address, without its port
"""

from cuttings.web.app import create_app
from cuttings.web.guards import LOOPBACK_HOSTS, host_name

__all__ = ["LOOPBACK_HOSTS", "create_app", "host_name"]
