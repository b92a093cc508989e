"""The page inspector and the difference between two generations: routes for the dashboard's app."""

from cuttings.web.inspector.routes import routes

__all__ = ["routes"]
