"""The way of a result to the public 公示: submitted, reviewed, approved and published by four people.

A result starts as a draft and ends public. It may be sent back, withheld until a day, corrected and
withdrawn; each of these needs a reason, and none of them loses what was there. A correction is a draft of
the next version, which goes the same way while the version before it stays public. The inspecting officers
submit, and decide nothing.
"""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import NotAllowed, RuleBroken
from app.domain.results.states import HANDED_IN, State, Step, begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where a result stands, and by whose hands it came there.

    Attributes:
        state: of the newest version.
        version: the newest version's number.
        revision: how often the result has been submitted.
        public_version: the version that the public sees; None before the first and after a withdrawal.
        submitted_by: who submitted this version; likewise the three others.
        reason: of the last step that needs one.
        withheld_by: who withholds it.
        withheld_until: until when it is withheld.
        held_state: the state to which it returns then.
    """

    state: State = State.DRAFT
    version: int = 1
    revision: int = 0
    public_version: int | None = None
    submitted_by: str | None = None
    reviewed_by: str | None = None
    approved_by: str | None = None
    published_by: str | None = None
    reason: str | None = None
    withheld_by: str | None = None
    withheld_until: date | None = None
    held_state: State | None = None

    @property
    def hands(self) -> frozenset[str]:
        """Everybody who has taken this version further."""
        went = (self.submitted_by, self.reviewed_by, self.approved_by, self.published_by)
        return frozenset(person for person in went if person is not None)


def submit(publication: Publication, *, by: str) -> Publication:
    """Hand the result in for review, by an officer of the visit.

    Raises:
        RuleBroken: wrong state.
    """
    begin(publication.state, Step.SUBMIT)
    return replace(
        publication, state=State.SUBMITTED, revision=publication.revision + 1, submitted_by=by, reason=None
    )


def review(publication: Publication, *, by: str, officers: frozenset[str]) -> Publication:
    """Find the result fit for approval 审核.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, or submitted it.
    """
    begin(publication.state, Step.REVIEW)
    _check_apart(publication, by, officers)
    return replace(publication, state=State.REVIEWED, reviewed_by=by)


def approve(publication: Publication, *, by: str, officers: frozenset[str]) -> Publication:
    """Decide that the result becomes public 审批.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, submitted or reviewed it.
    """
    begin(publication.state, Step.APPROVE)
    _check_apart(publication, by, officers)
    return replace(publication, state=State.APPROVED, approved_by=by)


def publish(publication: Publication, *, by: str, officers: frozenset[str]) -> Publication:
    """Make the version public.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, submitted, reviewed or approved it.
    """
    begin(publication.state, Step.PUBLISH)
    _check_apart(publication, by, officers)
    return replace(
        publication, state=State.PUBLISHED, published_by=by, public_version=publication.version, reason=None
    )


def send_back(publication: Publication, *, by: str, officers: frozenset[str], reason: str) -> Publication:
    """Give the result back to its officers 退回; all that was submitted stays on file.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, or submitted it.
    """
    begin(publication.state, Step.SEND_BACK)
    if by == publication.submitted_by or by in officers:
        raise NotAllowed("own-result")
    return _handed_back(publication, reason)


def recall(publication: Publication, *, reason: str) -> Publication:
    """Give the result back to its officers because the record that was submitted has been corrected 更正.

    A withholding stays; what it returns to is what is to be submitted anew.

    Raises:
        RuleBroken: wrong state.
    """
    begin(publication.state, Step.RECALL)
    if publication.state is not State.WITHHELD:
        return _handed_back(publication, reason)
    if publication.held_state not in HANDED_IN:
        return publication
    back = _handed_back(publication, publication.reason)
    return replace(back, state=State.WITHHELD, held_state=State.SENT_BACK)


def _handed_back(publication: Publication, reason: str | None) -> Publication:
    return replace(
        publication,
        state=State.SENT_BACK,
        submitted_by=None,
        reviewed_by=None,
        approved_by=None,
        reason=reason,
    )


def withhold(
    publication: Publication, *, by: str, officers: frozenset[str], reason: str, until: date
) -> Publication:
    """Keep the result from the public until a day 暂缓公示; its clock runs out then at the latest.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller inspected, submitted or reviewed it.
    """
    begin(publication.state, Step.WITHHOLD)
    if by in {publication.submitted_by, publication.reviewed_by} or by in officers:
        raise NotAllowed("own-result")
    return replace(
        publication,
        state=State.WITHHELD,
        reason=reason,
        withheld_by=by,
        withheld_until=until,
        held_state=publication.held_state or publication.state,
    )


def lapsed(publication: Publication, today: date) -> bool:
    """Tell whether a withholding has ended: its last day is over."""
    until = publication.withheld_until
    return until is not None and until < today


def resume(publication: Publication, *, today: date) -> Publication:
    """Go on where the withholding had begun, after its last day.

    Raises:
        RuleBroken: not withheld, or still in its time.
    """
    begin(publication.state, Step.RESUME)
    if publication.held_state is None or not lapsed(publication, today):
        raise RuleBroken("still-withheld", until=publication.withheld_until)
    return replace(
        publication,
        state=publication.held_state,
        withheld_by=None,
        withheld_until=None,
        held_state=None,
    )


def correct(publication: Publication, *, reason: str) -> Publication:
    """Begin the next version 更正; what is public stays so until that is published.

    Raises:
        RuleBroken: wrong state.
    """
    begin(publication.state, Step.CORRECT)
    return replace(
        publication,
        state=State.DRAFT,
        version=publication.version + 1,
        submitted_by=None,
        reviewed_by=None,
        approved_by=None,
        published_by=None,
        reason=reason,
    )


def withdraw(publication: Publication, *, by: str, officers: frozenset[str], reason: str) -> Publication:
    """Take the public version back 撤销公示: a version of its own, which says why and when.

    A correction that is under way ends with it; its number becomes the withdrawal's.

    Raises:
        RuleBroken: withdrawn already, or nothing is public.
        NotAllowed: the caller inspected, or submitted it.
    """
    begin(publication.state, Step.WITHDRAW)
    if publication.public_version is None:
        raise RuleBroken("nothing-public")
    if by == publication.submitted_by or by in officers:
        raise NotAllowed("own-result")
    under_way = publication.version > publication.public_version
    return Publication(
        state=State.WITHDRAWN,
        version=publication.version if under_way else publication.version + 1,
        revision=publication.revision,
        reason=reason,
    )


def _check_apart(publication: Publication, by: str, officers: frozenset[str]) -> None:
    if by in publication.hands or by in officers:
        raise NotAllowed("own-result")
