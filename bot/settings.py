"""What does the environment say? Typed settings, or a plain word about the wrong key."""

import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as NotRead

from notifier.pacing import Rates

POSTGRES = ("postgresql://", "postgres://")


class SettingsError(Exception):
    """The environment is not complete or not right; one line for each key."""


class Settings(BaseSettings):
    """Everything the program reads from its environment (see the table in the README)."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    bot_token: SecretStr
    field_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(min_length=1)
    office_file: Path
    data_folder: Path = Path("data")
    database_url: SecretStr = SecretStr("")  # it may hold a password
    seal_key_file: str = ""
    backup_folder: str = ""
    bot_api_url: HttpUrl = HttpUrl("https://api.telegram.org")
    proxy: str = ""
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(8443, ge=0, le=65535)
    drain_seconds: float = Field(0, ge=0)
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(None, ge=0, le=65535)
    log_level: str = Field("INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    log_json: bool = True
    tick_seconds: float = Field(1.0, gt=0)
    pace_overall: float = Field(30, gt=0)
    pace_chat: float = Field(1, gt=0)
    pace_group: float = Field(20, gt=0)
    demo_clock: Path | None = None

    @field_validator("demo_clock", mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        return value or None  # empty is what is not set

    @field_validator("field_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("bot_token")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", value.get_secret_value()):
            raise ValueError("a token looks like 123456:ABC-def")
        return value

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, value: str) -> str:
        if value and not re.fullmatch(r"(socks[45]|http)://\S+:\d+/?", value):
            raise ValueError("a proxy looks like socks5://host:1080")
        return value

    @property
    def rates(self) -> Rates:
        """The messenger's limits, as this bot keeps them."""
        return Rates(self.pace_overall, self.pace_chat, self.pace_group)

    @property
    def sqlite_file(self) -> Path:
        """The database's file, where it is SQLite."""
        if url := self.database_url.get_secret_value():
            return Path(url.removeprefix("sqlite:///"))
        return self.data_folder / "minsheng.sqlite3"

    @property
    def files(self) -> Path:
        """The folder of the attachments."""
        return self.data_folder / "files"

    @property
    def postgres_url(self) -> str:
        """The address of the database, password and all, where it is PostgreSQL; else empty."""
        url = self.database_url.get_secret_value()
        return url if url.startswith(POSTGRES) else ""

    @property
    def seal_key(self) -> Path:
        """The file of the key that seals the record."""
        if self.seal_key_file:
            return Path(self.seal_key_file)
        return self.data_folder / "seal.key"


def load_settings(**overrides: object) -> Settings:
    """Read the environment, and files where it leaves something out.

    Raises `SettingsError` naming each wrong key, never its value.
    """
    try:
        settings = Settings(_secrets_dir=_secrets(), **overrides)  # type: ignore[arg-type]
    except NotRead:
        raise SettingsError("CREDENTIALS_DIRECTORY: a file in it cannot be read") from None
    except ValidationError as error:
        lines = [
            f"{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None
    url = settings.database_url.get_secret_value()
    if url and not url.startswith(("sqlite:///", *POSTGRES)):
        raise SettingsError("DATABASE_URL: sqlite:///… or postgresql://… is needed")
    secret = settings.webhook_secret.get_secret_value()
    if settings.webhook_url and len(secret) < 16:
        raise SettingsError("WEBHOOK_SECRET: at least 16 characters are needed with WEBHOOK_URL")
    if not re.fullmatch("[A-Za-z0-9_-]{0,256}", secret):  # the messenger takes no other
        raise SettingsError("WEBHOOK_SECRET: at most 256 letters, digits, _ and -")
    return settings


def _secrets() -> Path | None:
    """Where systemd (LoadCredential=) or Docker (secrets) put what no environment should hold."""
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""))
    return folder if folder.name and folder.is_dir() else None
