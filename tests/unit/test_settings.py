"""The environment: typed, complete, and refused by the key that is wrong and never by its value."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings

NEEDED = {"BOT_TOKEN": "123:abc-DEF", "FIELD_KEYS": "k1,k2", "OFFICE_FILE": "office.toml"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [
        "DATA_FOLDER",
        "DATABASE_URL",
        "SEAL_KEY_FILE",
        "BOT_API_URL",
        "PROXY",
        "WEBHOOK_URL",
        "WEBHOOK_SECRET",
        "LISTEN_HOST",
        "LISTEN_PORT",
        "DRAIN_SECONDS",
        "METRICS_HOST",
        "METRICS_PORT",
        "LOG_LEVEL",
        "LOG_JSON",
        "TICK_SECONDS",
        "PACE_OVERALL",
        "PACE_CHAT",
        "PACE_GROUP",
        "DEMO_CLOCK",
        "CREDENTIALS_DIRECTORY",
    ]:
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def wrong() -> list[str]:
    with pytest.raises(SettingsError) as error:
        load_settings()
    return str(error.value).splitlines()


def test_three_keys_are_enough() -> None:
    settings = load_settings()
    assert settings.bot_token.get_secret_value() == "123:abc-DEF"
    assert [k.get_secret_value() for k in settings.field_keys] == ["k1", "k2"]
    assert settings.office_file == Path("office.toml")
    assert settings.sqlite_file == Path("data/minsheng.sqlite3")
    assert settings.webhook_url == ""
    assert settings.demo_clock is None
    assert settings.listen_host == "127.0.0.1"
    assert (settings.metrics_host, settings.metrics_port) == ("127.0.0.1", None)


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_key_is_named(environment: pytest.MonkeyPatch, missing: str) -> None:
    environment.delenv(missing)
    assert wrong() == [f"{missing}: Field required"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "SECRET"),
        ("BOT_TOKEN", "123:SECRET with a space"),
        ("FIELD_KEYS", ""),
        ("FIELD_KEYS", ",,"),
        ("BOT_API_URL", "SECRET"),
        ("LISTEN_PORT", "SECRET"),
        ("LISTEN_PORT", "70000"),
        ("METRICS_PORT", "70000"),
        ("LOG_LEVEL", "SECRET"),
        ("TICK_SECONDS", "0"),
        ("PACE_OVERALL", "0"),
        ("PACE_CHAT", "-1"),
        ("PACE_GROUP", "many"),
        ("DATABASE_URL", "mysql://u:SECRET@h/d"),
        ("DATABASE_URL", "postgresql+asyncpg://u:SECRET@h/d"),
    ],
)
def test_a_wrong_key_is_named_without_its_value(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    lines = wrong()
    assert len(lines) == 1
    assert lines[0].startswith(f"{name}: ")
    assert "SECRET" not in lines[0]


def test_every_wrong_key_has_its_line(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOT_TOKEN", "x")
    environment.setenv("LISTEN_PORT", "-1")
    environment.delenv("OFFICE_FILE")
    assert {line.split(":")[0] for line in wrong()} == {"BOT_TOKEN", "LISTEN_PORT", "OFFICE_FILE"}


@pytest.mark.parametrize("secret", ["", "too-short", "15-characters-x"])
def test_a_webhook_needs_a_secret_nobody_guesses(
    environment: pytest.MonkeyPatch, secret: str
) -> None:
    environment.setenv("WEBHOOK_URL", "https://bot.example/webhook")
    environment.setenv("WEBHOOK_SECRET", secret)
    assert wrong()[0].startswith("WEBHOOK_SECRET: at least 16")
    environment.setenv("WEBHOOK_SECRET", "sixteen-letters-")
    assert load_settings().webhook_secret.get_secret_value() == "sixteen-letters-"


@pytest.mark.parametrize("secret", ["with a space in it", "机密" * 8, "x" * 257])
def test_a_secret_that_the_messenger_does_not_take_is_refused_at_the_start(
    environment: pytest.MonkeyPatch, secret: str
) -> None:
    environment.setenv("WEBHOOK_SECRET", secret)
    assert wrong() == ["WEBHOOK_SECRET: at most 256 letters, digits, _ and -"]


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:///x/y.db", "x/y.db"), ("sqlite:////var/y.db", "/var/y.db")]
)
def test_the_database_may_lie_elsewhere(
    environment: pytest.MonkeyPatch, url: str, path: str
) -> None:
    environment.setenv("DATABASE_URL", url)
    assert load_settings().sqlite_file == Path(path)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_the_database_may_be_a_server_s(environment: pytest.MonkeyPatch, scheme: str) -> None:
    assert load_settings().postgres_url == ""
    environment.setenv("DATABASE_URL", f"{scheme}://u:p@one,two/d?sslmode=require")
    assert load_settings().postgres_url == f"{scheme}://u:p@one,two/d?sslmode=require"


def test_nothing_secret_shows_when_the_settings_are_shown(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("WEBHOOK_SECRET", "hook-secret-of-16")
    environment.setenv("DATABASE_URL", "postgresql://u:database-secret@h/d")
    shown = repr(load_settings())
    for secret in ("abc-DEF", "k1", "k2", "hook-secret", "database-secret"):
        assert secret not in shown


def test_what_the_caller_says_goes_before_the_environment() -> None:
    assert load_settings(bot_token="9:other").bot_token.get_secret_value() == "9:other"


# -- secrets in files --------------------------------------------------------------------------


def test_a_secret_may_be_a_file_and_the_environment_goes_first(monkeypatch, tmp_path) -> None:
    (tmp_path / "bot_token").write_text("42:from-a-file\n")
    (tmp_path / "field_keys").write_text("one,two\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("FIELD_KEYS")
    settings = load_settings()
    assert settings.bot_token.get_secret_value() == NEEDED["BOT_TOKEN"]
    assert [key.get_secret_value() for key in settings.field_keys] == ["one", "two"]
    monkeypatch.delenv("BOT_TOKEN")
    assert load_settings().bot_token.get_secret_value() == "42:from-a-file"


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_no_folder_of_secrets_is_no_fault(monkeypatch, tmp_path, folder) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", folder and str(tmp_path / folder))
    assert load_settings()
    monkeypatch.delenv("BOT_TOKEN")
    assert wrong() == ["BOT_TOKEN: Field required"]


def test_a_file_that_is_no_text_is_named_without_what_is_in_it(monkeypatch, tmp_path) -> None:
    (tmp_path / "bot_token").write_bytes(b"\xff\xfe42:abc")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert wrong() == ["CREDENTIALS_DIRECTORY: a file in it cannot be read"]


def test_an_empty_clock_of_the_demo_was_the_folder_itself(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("DEMO_CLOCK", "")
    assert load_settings().demo_clock is None
