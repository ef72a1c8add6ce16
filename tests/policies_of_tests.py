"""Policies that tests read from documents."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.policy import Policy, parse_policy

_FIRST = Path("app/seeds/policies/default.1.json")


def first_policy(document: Mapping[str, Any] | None = None) -> Policy:
    """Give the first version of the seeded policy, which has no duties, or the policy of a document."""
    return parse_policy(json.loads(_FIRST.read_text("utf-8")) if document is None else document)
