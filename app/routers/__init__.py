"""HTTP only: parse, one call, answer; one file per resource."""

from app.routers import (
    draw_plans,
    draws,
    entities,
    exports,
    health,
    imports,
    inspection_items,
    inspectors,
    policies,
    public_draws,
    recusals,
    tickets,
)

ROUTERS = (
    imports.router,
    entities.router,
    inspectors.router,
    recusals.router,
    exports.router,
    inspection_items.router,
    policies.router,
    draw_plans.router,
    tickets.router,
    draws.router,
    public_draws.router,
    inspection_items.public,
    policies.public,
    health.router,
)
"""Every router, in the order in which the explorer shows them."""
