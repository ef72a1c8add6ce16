"""`double-random draw --policy`: a county's own policy shapes the draw, and its digest stands in the plan."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.offline_desk import names, registers, run, write_plan
from tests.policy_documents import POLICY, put


def _policy(folder: Path, document: Any) -> Path:
    path = folder / "policy.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _own(**header: Any) -> dict[str, Any]:
    today = date.today().isoformat()  # noqa: DTZ011 - any day near now will do
    return put(POLICY, "/tickets/base/tickets", 7) | {"region": "410928", "valid_from": today} | header


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_draw_by_the_countys_own_policy(tmp_path: Path, wrapped: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """Base tickets 7 instead of 2; the plan names the digest of the file's document."""
    document = _own()
    path = _policy(tmp_path, {"code": "default", "document": document} if wrapped else document)
    out = tmp_path / "draw"
    plan = write_plan(tmp_path)
    result = run("draw", "--plan", plan, "--policy", path, *registers(), "--out", out, "--commit-only")
    assert result.exit_code == 0, result.output
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    committed = json.loads((tmp_path / "draw-plan.json").read_text("utf-8"))
    assert committed["policy"] == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("document", "code", "said"),
    [
        (put(_own(), "/tickets/base/tickets", 65), 1, "/tickets/base/tickets 应为 1 至 64 的整数"),
        (_own(region="320000"), 1, "不适用于 410928"),
        (_own(valid_from="2999-01-01"), 1, "不适用于 410928"),
        ([], 1, "应为 JSON 对象"),
        (1.5, 2, "不是有效的 UTF-8 JSON"),
    ],
)
def test_a_policy_file_that_cannot_be_used_is_refused(
    tmp_path: Path, document: Any, code: int, said: str
) -> None:
    """With what to mend; nothing is drawn."""
    path, plan = _policy(tmp_path, document), write_plan(tmp_path)
    before = names(tmp_path)
    result = run("draw", "--plan", plan, "--policy", path, *registers(), "--out", tmp_path / "draw.zip")
    assert (result.exit_code, names(tmp_path)) == (code, before)
    assert said in result.stderr
    assert " | " in result.stderr.splitlines()[-1]
