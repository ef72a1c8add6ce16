"""The journey over HTTP, on both databases."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from app.deps import House
from app.jobs.imports import Imports
from app.jobs.sources import Sources, SourceSchedule
from app.jobs.worker import Worker
from samples.source_server import SourceServer
from tests.api.journey import Journey
from tests.sources_desk import SourcesDesk


@pytest.fixture
def journey(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Journey:
    """A county's empty service, and somebody of each role."""
    return Journey(client, keys, run_jobs)


@pytest.fixture
def desk_at(
    client: TestClient, keys: dict[str, str], house: House
) -> Iterator[Callable[[SourceServer], SourcesDesk]]:
    """The registrar's desk beside a server, which runs until the test has ended."""
    running = []

    def at(server: SourceServer) -> SourcesDesk:
        context = server.running()
        running.append(context)
        run_jobs = Worker(house, (Imports(), SourceSchedule(), Sources())).run_pending
        return SourcesDesk(client, keys, run_jobs, context.__enter__())

    yield at
    for context in running:
        context.__exit__(None, None, None)
