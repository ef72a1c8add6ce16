"""The documents by which units are ranked and named: which version held, and how anybody can check it.

They come with the application (`app/seeds`) and are no policies: nobody approves them over HTTP. So an answer
that applies one carries its version, its days and the digest of its text by RFC 8785, as a plan carries those
of its policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from app import seeds
from app.domain.policies.validity import Version, version_in_force, version_of
from app.services.planning.law import canonical_text, digests_of

Kind = Literal["criticism", "ranking"]
EVERYWHERE: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """A version of a document with its digests by algorithm."""

    document: Mapping[str, Any]
    digests: Mapping[str, str]

    @property
    def version(self) -> Version:
        """What it says of its own validity."""
        return version_of(self.document, sha256=self.digests["sha256"])


def in_force(kind: Kind, on: date) -> Yardstick | None:
    """The version that holds on a day; None: there was none yet."""
    known = [
        Yardstick(document=document, digests=digests_of(canonical_text(document)))
        for document in seeds.documents(kind)
    ]
    held = version_in_force((one.version for one in known), region=EVERYWHERE, on=on)
    return next((one for one in known if one.version == held), None)
