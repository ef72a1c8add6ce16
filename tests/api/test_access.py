"""Every route declares who may call it, and keeps to it (spec/api.md, «Who may do what»)."""

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.acts import ActRoute
from app.deps import House
from app.domain.access import ACTS, PUBLIC, Role
from app.main import create_app
from app.portal import PAGES
from app.routers import ROUTERS

FRAMEWORK = {"/openapi.json", "/docs", "/static"}
"""Public by nature: the document, its explorer, and the files of the pages."""


def routes() -> Iterator[APIRoute]:
    """Every route of every router that the application includes."""
    for router in (*ROUTERS, *PAGES):
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            yield route


def test_nothing_is_served_beside_the_routers(house: House) -> None:
    """A route put on the application itself would escape the tests below."""
    own = [route for route in create_app(house=house).routes if not isinstance(route, ActRoute)]
    assert {getattr(route, "path", None) for route in own} == FRAMEWORK


def test_every_route_declares_its_access() -> None:
    """A route that is no ActRoute, or whose act is unknown, fails here."""
    for route in routes():
        assert isinstance(route, ActRoute), route.path
        assert route.act == PUBLIC or route.act in ACTS, route.path


def expected(act: str, role: Role | None) -> set[int] | None:
    """The only statuses that a caller may get for want of access; None when it has access."""
    if act == PUBLIC or (role is not None and role in ACTS[act]):
        return None
    return {401} if role is None else {403}


def test_every_route_answers_every_role_as_its_act_says(client: TestClient, keys: dict[str, str]) -> None:
    """401 without a key, 403 for a role without the act, anything else for those who hold it."""
    for role in (*Role, None):
        headers = {} if role is None else {"Authorization": f"Bearer {keys[role.value]}"}
        for route in routes():
            assert isinstance(route, ActRoute)
            path = re.sub(r"\{\w+\}", "0", route.path)
            for method in route.methods or set():
                status = client.request(method, path, headers=headers).status_code
                wanted = expected(route.act, role)
                if wanted is None:
                    assert status not in {401, 403, 500}, (method, path, role, status)
                else:
                    assert status in wanted, (method, path, role, status)
