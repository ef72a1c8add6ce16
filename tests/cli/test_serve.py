"""Starting the service where something else serves already."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.serve import check_port
from app.settings import Settings
from tests.offline_desk import run


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "quickstart"])
def test_a_taken_port_is_told_before_anything_is_prepared(
    command: str, taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line in both languages that names another port; no database, no keys."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", str(taken))
    refused = run(command)
    assert refused.exit_code == 2
    zh, en = refused.stderr.strip().split(" | ")
    assert f"端口 {taken} 已被占用" in zh
    assert en.endswith(f"as in PORT={taken + 1}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_free_port_stays_free(host: str) -> None:
    """The look takes nothing away from the service."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, 0), family=family) as free:
            port = free.getsockname()[1]
    except OSError:
        pytest.skip(f"{host}: this machine has no such address")
    check_port(Settings(port=port, host=host))
    with socket.create_server((host, port), family=family) as service:
        assert service.getsockname()[1] == port
