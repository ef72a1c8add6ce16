"""What a source may do instead of answering well."""

from app.domain.sources.checks import Failure


class SourceTrouble(Exception):
    """A source did not answer as it should.

    Attributes:
        failure: what the run fails with when it is not asked again, or asked in vain.
        may_pass: asking again later may help.
        retry_after_s: how long the source asks to be left alone, if it says so.
    """

    def __init__(self, failure: Failure, *, may_pass: bool = False, retry_after_s: int | None = None) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.may_pass = may_pass
        self.retry_after_s = retry_after_s
