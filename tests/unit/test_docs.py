"""The documentation says what is: links, paths, settings, commands, keys, moves and limits."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import time
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import bot.cli
import bot.commands
from bot.metrics import Gauges
from bot.settings import Settings
from dialogs.citizen import menu
from dialogs.required import NOTICES
from emulator import botapi
from notifier.meters import OUTCOMES, Meters
from petitions import spans, states
from petitions.indicators import Totals
from petitions.lifecycle import MOVES, UNDOABLE
from petitions.moves import holding
from petitions.office import Name, Office, Role
from petitions.profiles import Event, Limit, Profile, parse_profile
from petitions.record import State
from storage.gauging import Backlog, Standing
from storage.messages import Rank

ROOT = Path(bot.cli.__file__).parent.parent
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
READMES = [page for page in PAGES if page.parent == ROOT]
ROOMS = {p.name for p in ROOT.iterdir() if p.is_dir()} - {"data", "build"}
LARGEST_PICTURE = 200_000

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def reference(name: str) -> str:
    return prose(ROOT / "docs" / "reference" / f"{name}.md")


def rows(text: str, head: str) -> list[list[str]]:
    """The rows of every table whose head begins so."""
    found: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
        elif line.startswith(f"| {head} |"):
            inside = True
        elif inside and not line.startswith("|-"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def first(text: str, head: str) -> set[str]:
    """What stands in backticks in the first column."""
    return {name for row in rows(text, head) for name in re.findall(r"`([^`]+)`", row[0])}


# -- links and paths ---------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@each_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"https?:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


@each_page
def test_every_path_of_the_project_exists(page: Path) -> None:
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", prose(page)):
        if path.split("/")[0] in ROOMS and not path.startswith(".venv"):
            assert (ROOT / path).exists(), path


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in re.findall(r"\]\(([^)#]+)", prose(index))}
    assert set(PAGES) - set(READMES) - {index} <= linked


@each_page
def test_no_page_names_somebodys_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(root|work|home|tmp|opt)/", page.read_text("utf-8"))


def test_pictures_are_small_and_shown() -> None:
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < LARGEST_PICTURE, picture.name
        assert picture.name in shown


# -- settings and commands ---------------------------------------------------------------------


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_the_table_of_settings_is_that_of_the_settings(page: Path) -> None:
    head = "Variable" if page.name == "README.md" else "变量"
    named = [re.findall(r"`([A-Z_]+)`", row[0])[0] for row in rows(prose(page), head)]
    assert named == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_the_defaults_of_settings_are_those_of_the_settings(page: Path) -> None:
    head = "Variable" if page.name == "README.md" else "变量"
    for row in rows(prose(page), head):
        info = Settings.model_fields[row[0].strip("`").lower()]
        if info.is_required():
            assert (row[1], row[2]) in (("yes", ""), ("是", "")), row
        elif str(info.default).strip("/*") and info.default is not None:
            said = str(info.default).rstrip("/")
            assert row[2].strip("`") == (said.lower() if said in ("True", "False") else said), row


def cli_commands() -> set[str]:
    return set(typer.main.get_command(bot.cli.cli).commands)  # type: ignore[attr-defined]


def test_every_command_is_described_and_every_described_one_exists() -> None:
    described = {
        name.split()[1] for name in first(reference("commands"), "Command") if "min" in name
    }
    assert described == cli_commands()
    for page in PAGES:
        for name in re.findall(r"\bminsheng ([a-z][a-z-]+)\b", page.read_text("utf-8")):
            assert name in cli_commands(), f"{page.name}: {name}"


def every_command(group: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its name, those of a group by both names."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", each) for inner, each in every_command(command))
        else:
            yield name, command


def test_every_command_of_a_group_is_described() -> None:
    described = {" ".join(n.split()[1:3]) for n in first(reference("commands"), "Command")}
    names = [name for name, _ in every_command(typer.main.get_command(bot.cli.cli))]
    assert len(names) > len(cli_commands())
    assert {name for name in names if " " in name} <= described


def test_every_option_of_a_command_is_described() -> None:
    text = reference("commands")
    for _, command in every_command(typer.main.get_command(bot.cli.cli)):
        for parameter in command.params:
            name = parameter.opts[0] if parameter.param_type_name == "option" else None
            assert name in (None, "--help") or f"`{name}`" in text


def test_every_metric_and_outcome_is_described_and_every_described_one_exists() -> None:
    meters = Meters()
    gauges = Gauges()
    gauges.now = Standing({rank: Backlog() for rank in Rank}, Backlog(), Backlog(), 0)
    made = [*meters.registry.collect(), *gauges.collect()]
    names = {f"{m.name}_total" if m.type == "counter" else m.name for m in made}
    assert first(reference("metrics"), "Metric") == names
    assert first(reference("metrics"), "Outcome") == set(OUTCOMES)


def test_every_command_of_the_bot_is_described() -> None:
    named = {n.split()[0].removeprefix("/") for n in first(reference("commands"), "Command")}
    assert {*bot.commands.PRIVATE, *bot.commands.GROUP} == {n for n in named if n.isalpha()} - {
        "minsheng",
        "make",
    }
    assert all(f"`{opens}`" in reference("commands") for opens in menu.OPENS)


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert first(reference("commands"), "Command") >= {f"make {target}" for target in targets}
    for page in PAGES:
        for target in re.findall(r"(?:^|`)make ([a-z]+)\b", page.read_text("utf-8"), re.MULTILINE):
            assert target in targets, f"{page.name}: {target}"


# -- the office and the procedure --------------------------------------------------------------


def office_keys(model: type[BaseModel] = Office, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of the office file with its default; a name in both languages is one value.

    The tables of the file itself are headings of the page, not rows.
    """
    for name, info in model.model_fields.items():
        inner = [t for t in (info.annotation, *get_args(info.annotation)) if isinstance(t, type)]
        part = next((t for t in inner if issubclass(t, BaseModel) and t is not Name), None)
        if part is None or path:
            default = info.default_factory() if info.default_factory else info.default  # type: ignore[call-arg]
            yield path + name, default
        if part is not None:
            yield from office_keys(part, f"{path}{name}.")


def test_every_key_of_the_office_file_is_described_with_its_default() -> None:
    table = {row[0].strip("`"): row for row in rows(reference("office"), "Key")}
    assert table.keys() == dict(office_keys()).keys()
    for key, default in office_keys():
        assert table[key][2].strip("`") == shown(default), key


def shown(default: Any) -> str:
    match default:
        case _ if default is PydanticUndefined:
            return "needed"
        case None:
            return "none"
        case str():
            return f'"{default}"'
        case bool():
            return str(default).lower()
        case int() | float() | time():
            return str(default)
        case tuple() if default:
            return str(list(default))
        case frozenset() if default:
            return "[" + ", ".join(f'"{each}"' for each in sorted(default)) + "]"
    return "empty"


def test_every_role_is_named() -> None:
    assert all(f"`{role}`" in reference("office") for role in get_args(Role))


def test_every_move_and_state_is_described() -> None:
    moves = {command.__name__ for command in MOVES}
    assert first(reference("procedure"), "Command") == moves | {"Register"}
    assert first(reference("procedure"), "State") == set(State)


GROUPS = {
    "received": states.RECEIVED,
    "working": states.WORKING,
    "reviewing": states.REVIEWING,
    "open": states.OPEN,
    "before reply": states.BEFORE_REPLY,
    "rated in": states.RATED_IN,
    "inquired in": states.INQUIRED_IN,
    "any": holding.ANY,
}
WHO = {
    "is_petitioner": "petitioner",
    "is_desk": "desk",
    "works_on": "people",
    "_may_recuse": "people or reader",
    "holds": "holder",
    "handles": "decider",
    "leads": "head",
    "holds_or_leads": "holder or head",
    "sees_details": "reader",
    "_did_last_move": "last",
    "_assists": "assistant",
    "_reads_rating": "rating reader",
    "_supervises": "supervisor",
    "_inquires": "inquirer",
    "_oversees": "overseer",
    "_answers": "answerer",
    "_appoints": "appointer",
}
"""The function that says who may, and what the page calls them."""


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_groups_of_states_are_those_of_the_rules() -> None:
    table = {
        row[0].strip("`"): set(quoted(row[1])) for row in rows(reference("procedure"), "Group")
    }
    assert table == {name: set(group) for name, group in GROUPS.items()} | {"any": set()}


def test_everybody_who_may_is_explained() -> None:
    named = {each for who in WHO.values() for each in who.split(" or ")}
    assert first(reference("procedure"), "Who") == named


def test_every_move_is_described_as_it_is() -> None:
    table = {quoted(row[0])[0]: row for row in rows(reference("procedure"), "Command")}
    for command, move in MOVES.items():
        _, in_states, who, _, event, clause = table[command.__name__]
        named = {state for name in quoted(in_states) for state in GROUPS.get(name, {name})}
        assert named == set(move.states), command
        assert " or ".join(quoted(who)) == WHO[move.who.__name__], command
        follows = get_type_hints(move.follow)["return"]
        assert quoted(event)[0] == follows.model_fields["kind"].default, command
        assert clause.split("; ")[0] == move.clause, command


def test_what_can_be_taken_back_is_described() -> None:
    (undo,) = (
        row for row in rows(reference("procedure"), "Command") if row[0].startswith("`Undo`")
    )
    assert quoted(undo[3]) == [event.model_fields["kind"].default for event in UNDOABLE]


def test_the_warnings_are_those_of_the_profiles() -> None:
    table = {quoted(row[2])[0]: row[2] for row in rows(reference("procedure"), "Day") if row[2]}
    for profile in ("national", "zhejiang"):
        warnings = parsed(profile).warnings
        assert table.keys() == {field.name for field in fields(warnings)}
        for name, said in table.items():
            value = getattr(warnings, name)
            shown = list(value) if isinstance(value, tuple) else value
            assert said.split(", ", 1)[1].strip("`") == str(shown), name


def parsed(profile: str) -> Profile:
    text = files("petitions").joinpath("profiles", f"{profile}.toml").read_text("utf-8")
    return parse_profile(text)


def limits(profile: str) -> dict[str, tuple[str, Limit]]:
    found = parsed(profile).limits
    return {limit.name: (event, limit) for event, of in found.items() for limit in of}


def test_every_limit_is_described() -> None:
    national, zhejiang = limits("national"), limits("zhejiang")
    table = {row[0].strip("`"): row for row in rows(reference("procedure"), "Limit")}
    assert table.keys() == national.keys() == zhejiang.keys()
    for name, (_, event, *said) in table.items():
        for (starts, limit), days, clause in (
            (national[name], said[0], said[2]),
            (zhejiang[name], said[1], said[3]),
        ):
            assert event == starts
            assert days.removeprefix("+") == f"{limit.days} {limit.kind}"
            assert days.startswith("+") == bool(limit.prolongs)
            assert clause == limit.clause
    assert all(f"`{event}`" in reference("procedure") for event in get_args(Event))


# -- notices -----------------------------------------------------------------------------------


def test_every_notice_to_a_person_is_described_with_its_source() -> None:
    table = {quoted(row[0])[0]: row for row in rows(reference("notices"), "Notice")}
    judged = {kind: ("yes" if d.required else "no", d.source) for kind, d in NOTICES.items()}
    assert {kind: (row[2], row[3]) for kind, row in table.items()} == judged


# -- the figures -------------------------------------------------------------------------------


def test_every_figure_and_every_span_is_described() -> None:
    described = {name.split(".")[0] for name in first(reference("indicators"), "Figure")}
    assert described == {field.name for field in fields(Totals)} | {"open", "trend"}
    code = (ROOT / "petitions" / "spans.py").read_text("utf-8")
    kinds = set(re.findall(r'(?:begin\("|kind=")(\w+)"', code)) | {spans.SUPERVISION.strip()}
    assert first(reference("indicators"), "Span") == kinds


# -- the emulator ------------------------------------------------------------------------------


def test_every_method_of_the_emulator_is_described() -> None:
    described = {
        name
        for row in rows(reference("emulator"), "Group")
        for name in re.findall(r"`(\w+)`", row[1])
    }
    assert described == {name for name, _, _ in botapi.METHODS.values()}


def test_every_log_event_named_for_operators_is_one() -> None:
    page = ROOT / "docs" / "how-to" / "run-with-a-token.md"
    code = "".join(
        path.read_text("utf-8")
        for room in ("bot", "notifier", "dialogs")
        for path in (ROOT / room).glob("*.py")
    )
    for name in first(prose(page), "In the log"):
        assert f'"{name}"' in code, name
