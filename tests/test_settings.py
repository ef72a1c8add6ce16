"""Settings refuse what production must not run with."""

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_production_refuses_to_start_without_its_own_vault_key() -> None:
    """Design/house.md: settings that refuse placeholder secrets."""
    with pytest.raises(ValidationError, match="DR_VAULT_KEY"):
        Settings(environment="production")


@pytest.mark.parametrize("given", ["postgres://a/b", "postgresql://a/b", "postgresql+psycopg://a/b"])
def test_postgresql_is_spoken_to_with_psycopg_3(given: str) -> None:
    """Whatever form the hosting platform gives."""
    assert Settings(database_url=given).normal_database_url == "postgresql+psycopg://a/b"
