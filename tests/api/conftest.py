"""The journey over HTTP, on both databases."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.api.journey import Journey


@pytest.fixture
def journey(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Journey:
    """A county's empty service, and somebody of each role."""
    return Journey(client, keys, run_jobs)
