"""Facts that can be withdrawn 撤销: one that was entered wrongly stays on file and counts for nothing.

Risk events and classes of credit risk are such facts; each kind says where its rows stand and what is told of
one that was withdrawn already.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Select
from sqlalchemy.orm import Mapped

from app.domain.access import Caller
from app.domain.errors import Missing, RuleBroken
from app.services.context import Act
from app.services.registers.landing import change
from app.store.registers import bulk, lists
from app.store.registers.bulk import Record
from app.store.registers.shelves import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawable:
    """One kind of such facts.

    Attributes:
        shelf: where they stand.
        query: the shelf's, with the columns of a withdrawal.
        row_id: the column of the rows' ids.
        refusal: slug for what is asked of one that was withdrawn.
    """

    shelf: Shelf
    query: Select[tuple[object, ...]]
    row_id: Mapped[str]
    refusal: str

    def find(self, connection: Connection, caller: Caller, row_id: str) -> Record:
        """Give one fact, withdrawn or not.

        Raises:
            Missing: there is none in the caller's region.
        """
        found = lists.shelf_row(connection, self.query, self.row_id == row_id)
        if found is None or not caller.sees(found["held_region"]):
            raise Missing("not-found")
        return found

    def standing(self, act: Act, row_id: str) -> Record:
        """Give one fact that counts.

        Raises:
            Missing: there is none in the caller's region.
            RuleBroken: it was withdrawn.
        """
        found = self.find(act.session.connection(), act.caller, row_id)
        if found["withdrawn_at"] is not None:
            raise RuleBroken(self.refusal)
        return found

    def withdraw(self, act: Act, row_id: str, *, reason: str) -> Record:
        """Let a fact count for nothing, and give it as it then is.

        Raises:
            Missing: there is none in the caller's region.
            RuleBroken: it was withdrawn already.
        """
        bulk.lock(act.session, self.shelf.register.name)
        return self._withdraw(act, self.standing(act, row_id), "withdrawn", reason=reason)

    def give_way(self, act: Act, found: Record, *, to: str, reason: str) -> None:
        """Withdraw a fact in favour of the one that corrects it.

        Args:
            act: whose.
            found: the wrong one, which counts.
            to: id of the right one.
            reason: why.
        """
        self._withdraw(act, found, "corrected", reason=reason, corrected_by=to)

    def _withdraw(self, act: Act, found: Record, what: str, *, reason: str, **told: str) -> Record:
        after = {"withdrawn_at": act.now, "withdrawn_because": reason}
        bulk.update_records(act.session, self.shelf.table, [{"id": found["id"], **after}])
        entry = change(
            act,
            self.shelf.register.name,
            what,
            subject_id=found["subject_id"],
            record_id=found["id"],
            region=found["held_region"],
            before={"withdrawn_at": None, "withdrawn_because": None},
            after={**after, **told},
            reason=reason,
        )
        bulk.add_changes(act.session, [entry])
        return {**found, **after}
