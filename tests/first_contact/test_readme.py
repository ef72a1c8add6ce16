"""What a newcomer does: `make run`'s command, the README's journey as pasted, and a second start."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_S = 90.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a checkout after `make run` has made its environment."""
    made = tmp_path_factory.mktemp("checkout")
    (made / ".venv").symlink_to(sys.prefix)
    (made / "samples").symlink_to(ROOT / "samples")
    return made


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """The service as `make run` starts it; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DR_VAR"}}
    command = [str(folder / ".venv/bin/double-random"), "quickstart"]
    with (folder / "run.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=folder, env={**environment, "PORT": str(port)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for(port, server, folder / "run.log")
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the service is ready."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"not ready after {START_S} s: {log.read_text()}")


def public_draws(port: int) -> list[dict[str, object]]:
    """What the public sees of draws."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/public/draws", timeout=10) as answer:
        items: list[dict[str, object]] = json.load(answer)["items"]
    return items


def test_the_readme_journey_works_as_pasted_and_a_second_start_loses_nothing(folder: Path) -> None:
    """Issue, slice c: every command as pasted after `make run`; again in seconds."""
    script = re.search(r"```sh\n(api=.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert script is not None
    with running(folder) as port:
        assert [draw["state"] for draw in public_draws(port)] == ["revealed"]
        pasted = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script[1]],
            cwd=folder,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert pasted.returncode == 0, pasted.stdout + pasted.stderr
        assert "selection" in pasted.stdout
        assert '"genuine":true' in pasted.stdout
        assert "/problems/" not in pasted.stdout, pasted.stdout
        assert [draw["state"] for draw in public_draws(port)] == ["revealed", "revealed"]
    keys = json.loads((folder / "var/dev-keys.json").read_text())
    assert {"registrar", "witness", "witness-2", "approver", "approver-2"} <= keys.keys()
    began = time.monotonic()
    with running(folder) as port:
        assert time.monotonic() - began < 15
        assert [draw["seq"] for draw in public_draws(port)] == [2, 1]
    assert json.loads((folder / "var/dev-keys.json").read_text()) == keys


def test_one_changed_byte_makes_the_verifier_name_the_check(folder: Path) -> None:
    """Issue, «Done means»: change one byte of the record and see the verifier name the check."""
    record = folder / "changed"
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", folder / "var/record.zip", record], check=True, timeout=60
    )
    lines = record / "lines.ndjson"
    content = bytearray(lines.read_bytes())
    at = content.index(b'"E":"') + 5
    content[at] = ord("0") if content[at] != ord("0") else ord("1")
    lines.write_bytes(content)
    checked = subprocess.run(
        [folder / ".venv/bin/double-random", "verify", record, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert checked.returncode == 1
    report = json.loads(checked.stdout)
    assert [c["check"] for c in report["checks"] if c["status"] == "failed"] == ["lines"]
