"""The application: settings, middleware, problems, routers; nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from app import problems
from app.adapters.cores import collect_rarely
from app.adapters.vault import Vault, development_key
from app.deps import House
from app.jobs.worker import Worker
from app.portal import PAGES, explorer
from app.routers import ROUTERS
from app.settings import Settings
from app.store.session import Database
from app.tracing import RequestTrace


def open_house(settings: Settings) -> House:
    """The database and the vault that the settings name."""
    key = bytes.fromhex(settings.vault_key) if settings.vault_key else development_key(settings.var)
    return House(settings, Database(settings.normal_database_url), Vault(key))


def create_app(settings: Settings | None = None, *, house: House | None = None) -> FastAPI:
    """The ASGI application; tests hand in a house of their own."""
    rooms = house or open_house(settings or Settings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        collect_rarely()
        worker = Worker(rooms)
        worker.start()
        try:
            yield
        finally:
            worker.stop()
            rooms.database.close()

    app = FastAPI(
        title="双随机、一公开 Double Random",
        version="1",
        summary="随机抽取检查对象、随机选派执法检查人员、抽查情况及查处结果及时向社会公开",
        generate_unique_id_function=explorer.operation_id,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.house = rooms
    # The last one added stands outermost, so that a refusal of a body is told and logged like any other.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=rooms.settings.max_body_mib * 1024 * 1024)
    app.add_middleware(problems.TooLargeTold)
    app.add_middleware(RequestTrace)
    problems.install(app)
    for router in (*ROUTERS, *PAGES):
        app.router.routes.extend(router.routes)  # include_router would match each request once more
    explorer.install(app)
    return app
