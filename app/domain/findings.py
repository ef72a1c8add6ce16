"""A finding of a check: a stable code and the values that its text and its readers need."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; `values` are counts, tags and ids, ready for JSON."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def words(self) -> tuple[tuple[str, str], ...]:
        """Give the values as text, for a message."""
        return tuple((name, _words(value)) for name, value in self.values.items())


def unnamed(finding: Finding) -> Finding:
    """Give a finding without its examples: its count may be told where who is counted may not."""
    hidden = {name: ["…"] if name == "examples" else value for name, value in finding.values.items()}
    return Finding(finding.code, hidden)


def _words(value: object) -> str:
    """Join lists with commas, and the lists in a list with plus signs: `agency:psb+role:lead, agency:psb`."""
    if not isinstance(value, list):
        return str(value)
    return ", ".join("+".join(part) if isinstance(part, list) else str(part) for part in value)
