"""One frozen set of settings, read from the environment and `.env`."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that differs between installations.

    Each field is an environment variable of the same name in capitals with the prefix `DR_`; `DATABASE_URL`
    and `PORT` go without it, because hosting platforms set those.
    """

    model_config = SettingsConfigDict(
        env_prefix="DR_", env_file=".env", frozen=True, extra="ignore", populate_by_name=True
    )

    environment: Literal["development", "production"] = "development"
    database_url: str = Field(default="sqlite:///var/double-random.db", validation_alias="DATABASE_URL")
    port: int = Field(default=8000, validation_alias="PORT")
    host: str = "127.0.0.1"
    var: Path = Path("var")
    """The folder of everything that is not in the database: the vault's key, development keys, records."""
    vault_key: str | None = None
    """64 hex digits that seal secrets at rest; without it development keeps one in `var/vault.key`."""
    origin: str = "double-random.local"
    """DR1 `origin`: the name of this installation's log of draws."""
    max_body_mib: int = Field(default=64, ge=1, le=1024)
    evidence: Path | None = None
    """The folder of evidence files; without it `evidence` in `var`."""
    max_evidence_mib: int = Field(default=20, ge=1, le=1024)
    """The largest photo or document that is taken as evidence."""
    drand_urls: tuple[str, ...] = ()
    """Base addresses of drand relays to ask; none: rounds are posted by a witness."""
    drand_lead_s: int = Field(default=3600, ge=60)
    """How far ahead of the commitment the public random round must lie, in seconds."""
    outbound_timeout_s: float = Field(default=5.0, gt=0)
    caller_cache_s: float = Field(default=5.0, ge=0)
    """How long a checked API key is believed without asking the database again, in seconds."""
    emergency_approval_h: int = Field(default=24, ge=1)
    """Within how many hours an emergency visit must be approved afterwards."""
    door_window_s: int = Field(default=60, ge=1)
    """The window in which questions about visit codes are counted, in seconds."""
    door_per_client: int = Field(default=20, ge=1)
    """How many visit codes one address may ask about in a window."""
    door_in_all: int = Field(default=2000, ge=1)
    """How many visit codes everybody together may ask about in a window, per process."""
    source_private_addresses: bool = True
    """Whether source systems may be in private networks and on this machine, as government intranets are."""
    source_ca_file: Path | None = None
    """Certificates (PEM) of the authorities that vouch for source systems, instead of the usual ones."""
    duty_watch_s: float = Field(default=3600, gt=0)
    """After so long the duties of a region are looked at again, and alarms raised or cleared."""
    worker_poll_s: float = Field(default=0.5, gt=0)

    @model_validator(mode="after")
    def _production_has_its_own_secrets(self) -> Self:
        if self.environment == "production" and self.vault_key is None:
            raise ValueError(
                "DR_VAULT_KEY is missing: production needs 64 hex digits kept outside the database "
                "(生产环境必须设置 DR_VAULT_KEY：64 位十六进制密钥，且不得存放在数据库中)"
            )
        return self

    @property
    def evidence_folder(self) -> Path:
        """The folder of evidence files."""
        return self.evidence or self.var / "evidence"

    @cached_property
    def normal_database_url(self) -> str:
        """The URL with psycopg 3 named as PostgreSQL's driver, which SQLAlchemy does not choose by itself."""
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url
