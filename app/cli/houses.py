"""The installation on which a command works."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from app.cli.refusals import UNREADABLE, RefusalError
from app.deps import House
from app.main import open_house
from app.settings import Settings
from app.store import schema


@contextmanager
def opened_house() -> Iterator[House]:
    """The installation that the settings name, with its database at the newest schema.

    Raises:
        RefusalError: no database, or one that is behind.
    """
    house = open_house(Settings())
    try:
        with house.database.reading() as connection:
            if schema.revision(connection) != schema.newest():
                raise RefusalError(
                    "数据库结构需要升级，请先运行 double-random migrate",
                    "the database is behind: run double-random migrate first",
                )
        yield house
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise RefusalError(
            f"数据库无法使用，请核对 DATABASE_URL：{cause}",
            f"the database cannot be used, check DATABASE_URL: {cause}",
            code=UNREADABLE,
        ) from error
    finally:
        house.database.close()
