"""What deploy/ says is what there is: settings, commands, paths, ports, sizes, times."""

import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import typer

import bot.cli
from bot.listening import LARGEST
from bot.settings import Settings

ROOT = Path(bot.cli.__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTINGS = {name.upper() for name in Settings.model_fields}
YOURS = {"./secrets", "./tls", "./copies", "./office.toml"}
"""What an office puts there itself; git leaves it out."""
LONGEST_STOP = 60
"""Seconds: aiohttp lets requests in hand end, and a statement on PostgreSQL may take as long."""

each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)


def lines(path: Path) -> list[str]:
    """What is no comment."""
    text = path.read_text("utf-8").splitlines()
    return [line.strip() for line in text if line.strip() and not line.lstrip().startswith("#")]


def values(unit: Path, name: str) -> list[str]:
    return [line.partition("=")[2] for line in lines(unit) if line.startswith(f"{name}=")]


def commands() -> set[str]:
    return set(typer.main.get_command(bot.cli.cli).commands)  # type: ignore[attr-defined]


# -- systemd -----------------------------------------------------------------------------------


def test_there_are_units_for_one_and_for_many() -> None:
    names = {path.name for path in UNITS}
    assert names == {"minsheng.service", "minsheng@.service", "minsheng-backup.service"}


@each_unit
def test_a_unit_sets_what_can_be_set_and_runs_what_there_is(unit: Path) -> None:
    told = [pair.partition("=")[0] for line in values(unit, "Environment") for pair in line.split()]
    secret = [each.partition(":")[0].upper() for each in values(unit, "LoadCredential")]
    assert told
    assert secret
    assert set(told) | set(secret) <= SETTINGS
    (started,) = values(unit, "ExecStart")
    program, command = started.split()
    assert program.endswith("/.venv/bin/minsheng")
    assert command in commands()


@each_unit
def test_a_unit_has_everything_that_is_needed(unit: Path) -> None:
    example = {line.partition("=")[0] for line in lines(DEPLOY / "minsheng.env.example")}
    secret = {each.partition(":")[0].upper() for each in values(unit, "LoadCredential")}
    needed = {n.upper() for n, info in Settings.model_fields.items() if info.is_required()}
    assert needed <= example | secret
    if "webhook_secret" in str(values(unit, "LoadCredential")):
        assert "WEBHOOK_URL" in example


@each_unit
def test_a_secret_is_in_no_environment(unit: Path) -> None:
    secrets = {"BOT_TOKEN", "FIELD_KEYS", "WEBHOOK_SECRET", "DATABASE_URL"}
    told = " ".join(values(unit, "Environment")) + " ".join(lines(DEPLOY / "minsheng.env.example"))
    assert not any(f"{name}=" in told for name in secrets)


def test_the_units_are_hardened_alike() -> None:
    kept = ("Protect", "Private", "Restrict", "SystemCall", "NoNew", "Capab", "Lock", "UMask")
    found = [{line for line in lines(unit) if line.startswith(kept)} for unit in UNITS]
    assert all(each == found[0] for each in found)
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"} <= found[0]


def test_the_program_has_the_time_to_end_and_is_started_again() -> None:
    for name in ("minsheng.service", "minsheng@.service"):
        unit = DEPLOY / "systemd" / name
        (seconds,) = values(unit, "TimeoutStopSec")
        assert int(seconds) > LONGEST_STOP
        assert values(unit, "Restart") == ["always"]  # also when the database was not there yet
        assert values(unit, "StateDirectory") == ["minsheng"]
        assert "DATA_FOLDER=/var/lib/minsheng" in values(unit, "Environment")[0]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to ask")
def test_systemd_reads_them(tmp_path: Path) -> None:
    minsheng = str(Path(sys.executable))  # any program that is there
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text("utf-8").replace("/srv/minsheng/current/.venv/bin/minsheng", minsheng)
        (tmp_path / path.name).write_text(text, "utf-8")
    named = ["minsheng.service", "minsheng@1.service", "minsheng-backup.timer"]
    done = _verify(*(str(tmp_path / name) for name in named))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wrong = tmp_path / "minsheng.service"
    wrong.write_text(
        wrong.read_text("utf-8").replace("ProtectSystem=strict", "ProtectSystm=strict")
    )
    assert "ProtectSystm" in _verify(str(wrong)).stderr


def _verify(*units: str) -> "subprocess.CompletedProcess[str]":
    command = ["systemd-analyze", "verify", "--man=no", *units]
    return subprocess.run(command, capture_output=True, text=True, check=False)


# -- nginx -------------------------------------------------------------------------------------


def site() -> str:
    return (DEPLOY / "nginx" / "minsheng.conf").read_text("utf-8")


def test_nginx_takes_as_much_as_the_program() -> None:
    for what in ("client_max_body_size", "client_body_buffer_size"):
        (size,) = re.findall(rf"^\s*{what}\s+(\d+)m;", site(), re.MULTILINE)
        assert int(size) * 1024 * 1024 == LARGEST


def test_nginx_passes_on_what_is_served() -> None:
    served = set(re.findall(r'add_(?:post|get)\("(/\w+)"', _code("web") + _code("health")))
    assert set(re.findall(r"location = (/\w+)", site())) <= served
    for passed in re.findall(r"proxy_pass\s+http://(\w+);", site()):
        assert f"upstream {passed} " in (DEPLOY / "nginx" / "upstream-systemd.conf").read_text()


def _code(name: str) -> str:
    return (ROOT / "bot" / f"{name}.py").read_text("utf-8")


def upstream(name: str) -> list[str]:
    text = (DEPLOY / "nginx" / f"upstream-{name}.conf").read_text("utf-8")
    return re.findall(r"^\s*server (\S+)", text, re.MULTILINE)


def test_the_workers_of_systemd_are_those_of_nginx() -> None:
    told = values(DEPLOY / "systemd" / "minsheng@.service", "Environment")[0]
    (port,) = re.findall(r"LISTEN_PORT=(\S+)", told)
    workers = [f"127.0.0.1:{port.replace('%i', str(n))}" for n in (1, 2, 3)]
    assert upstream("systemd") == workers


# -- containers --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def ours(compose: dict[str, Any]) -> dict[str, Any]:
    """The services that run our program."""
    return {n: s for n, s in compose["services"].items() if s["image"] == "minsheng"}


def test_a_container_is_told_what_can_be_set_and_runs_what_there_is(compose) -> None:
    assert len(ours(compose)) == 4
    for service in ours(compose).values():
        assert set(service["environment"]) <= SETTINGS
        secrets = {name.upper() for name in service["secrets"]}
        assert secrets <= SETTINGS
        needed = {n.upper() for n, i in Settings.model_fields.items() if i.is_required()}
        assert needed <= secrets | set(service["environment"])
        assert service.get("command", ["minsheng", "run"])[1] in commands()


def test_every_path_of_compose_is_there(compose) -> None:
    files = [s["file"] for s in compose["secrets"].values()]
    mounted = [v.split(":")[0] for s in compose["services"].values() for v in s["volumes"]]
    paths = [path for path in (*files, *mounted) if path.startswith(".")]
    assert len(paths) > 10
    for path in paths:
        if not any(path == mine or path.startswith(f"{mine}/") for mine in YOURS):
            assert (DEPLOY / path).exists(), path
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert {f"deploy/{mine[2:]}" for mine in YOURS} == {
        line.rstrip("/") for line in ignored if line.startswith("deploy/")
    }


def test_every_volume_secret_and_network_is_declared(compose) -> None:
    for service in compose["services"].values():
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        assert set(service.get("networks", ())) <= set(compose["networks"])
        named = {v.split(":")[0] for v in service["volumes"] if v[0] not in "./"}
        assert named <= set(compose["volumes"])


def test_the_workers_of_compose_are_those_of_nginx(compose) -> None:
    workers = {n: s for n, s in ours(compose).items() if n.startswith("worker")}
    addresses = [s["networks"]["inner"]["ipv4_address"] for s in workers.values()]
    ports = {s["environment"]["LISTEN_PORT"] for s in workers.values()}
    assert upstream("compose") == [f"{address}:{port}" for address in addresses for port in ports]
    for worker in workers.values():
        asked = worker["healthcheck"]["test"][-1]
        assert f":{worker['environment']['METRICS_PORT']}/health" in asked
        assert int(worker["stop_grace_period"].rstrip("s")) > LONGEST_STOP


def test_the_image_has_the_rooms_that_are_installed_and_nothing_of_an_office() -> None:
    kept = [line[1:] for line in lines(DEPLOY / "Dockerfile.dockerignore") if line[0] == "!"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    rooms = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {room.rstrip("*") for room in rooms} <= set(kept)
    assert all((ROOT / name).exists() for name in kept)
    assert not any(fnmatch(name, "deploy*") or fnmatch(name, "data*") for name in kept)
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert not re.search(r"(?i)(token|field_keys|password)\s*=", text)
    assert set(re.findall(r"\b([A-Z_]{4,})=", text)) <= SETTINGS | {"PATH", "CREDENTIALS_DIRECTORY"}
    assert 'CMD ["minsheng", "run"]' in text


# -- scripts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["primary.sh", "standby.sh"])
def test_a_script_is_one_that_bash_reads_and_may_be_run(name: str) -> None:
    path = DEPLOY / "postgres" / name
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
