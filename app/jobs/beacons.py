"""Fetching the drand rounds that committed draws and amendments wait for, where the network allows."""

import logging
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from app.adapters.drand import RoundUnavailableError, fetch_round
from app.deps import House
from app.domain.access import Caller, Role
from app.domain.draw.entropy import given_object
from app.domain.errors import DomainError
from app.jobs.step import IN_EVERY_ROUND
from app.services.context import Act
from app.services.drawing import amended, randomness, waiting
from app.services.drawing.waiting import DueRound

RETRY_AFTER = timedelta(seconds=30)
_BEACON = Caller(id="drand", name="drand", roles=frozenset({Role.WITNESS}), region="")
_log = logging.getLogger(__name__)


class Beacons:
    """The worker's step: one waiting round at a time, each relay failure postponed, never fatal."""

    every: ClassVar[timedelta] = IN_EVERY_ROUND

    def __init__(self) -> None:
        self._not_before: dict[DueRound, datetime] = {}

    def __call__(self, house: House) -> bool:
        """Fetch one round that is due; True when another may be."""
        if not house.settings.drand_urls:
            return False
        now = house.clock()
        with house.database.reading() as connection:
            due = waiting.due_rounds(connection, now=now, chains=house.chance.chains)
        for one in due:
            if self._not_before.get(one, datetime.min.replace(tzinfo=UTC)) <= now:
                self._not_before[one] = now + RETRY_AFTER
                self._fetch(house, one)
                return True
        return False

    def _fetch(self, house: House, due: DueRound) -> None:
        settings = house.settings
        try:
            proof = fetch_round(
                settings.drand_urls, chain=due.chain, number=due.number, timeout_s=settings.outbound_timeout_s
            )
            with house.database.unit_of_work() as session:
                _give(house.act(session, _BEACON), due, given_object(proof))
        except (RoundUnavailableError, DomainError) as error:
            _log.warning("drand round %s for draw %s: %s; trying again", due.number, due.draw_id, error)


def _give(act: Act, due: DueRound, proof: dict[str, object]) -> None:
    if due.amendment is None:
        randomness.give(act, due.draw_id, proof)
    else:
        amended.give(act, due.draw_id, due.amendment, proof)
