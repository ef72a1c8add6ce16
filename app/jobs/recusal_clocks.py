"""The worker's part of requests for recusal: the alarms around the last day of their decision."""

from app.deps import House
from app.jobs.alarms import MOST_A_STEP
from app.services.drawing import recusal_requests
from app.services.results.working_calendar import CLOCK


class RecusalClocks:
    """A step of the worker: raises what is due in one transaction."""

    def __call__(self, house: House) -> bool:
        """Do what is due, if anything is; True when there may be more."""
        with house.database.reading() as connection:
            due = recusal_requests.due(house.look(connection, CLOCK), limit=MOST_A_STEP)
        if not due:
            return False
        with house.database.unit_of_work() as session:
            recusal_requests.raise_for(house.act(session, CLOCK), due)
        return True
