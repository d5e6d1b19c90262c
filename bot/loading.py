"""What is read from files before anything runs: the office, the profile, the catalogue, words."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from dialogs.house import House
from petitions.catalogue import Catalogue
from petitions.catalogue import parse as parse_catalogue
from petitions.deadlines import Calendar, Profile, ProfileError, parse_profile
from petitions.guess import Guesser
from petitions.lifecycle import Rules
from petitions.office import Office, OfficeError, parse_office
from words import load_words

NEEDED = frozenset(
    {
        *("answer", "accept", "object", "handle", "extension", "accept-simple", "handle-simple"),
        *("rate", "ask-review", "decide-review", "ask-second-review", "decide-second-review"),
    }
)
"""The limits that the rules and the conversations speak of."""


def load_office(path: Path) -> Office:
    """The office file. Raises `OfficeError`, which names the keys that are wrong."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise OfficeError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OfficeError(f"{path}: not UTF-8") from None
    return parse_office(text)


def load_house(office: Office, bot_username: str) -> House:
    """Everything conversations rest on. Raises `OfficeError` where the office names what is not."""
    catalogue = load_catalogue()
    unknown = [c for unit in office.units for c in unit.categories if c not in catalogue]
    if unknown:
        raise OfficeError(f"units.categories: no such category: {', '.join(unknown)}")
    words = load_words()
    if office.language not in words.languages:
        raise OfficeError(f"language: no catalogue for {office.language!r}")
    return House(
        rules=Rules(office, load_profile(office.profile), calendar_of(office)),
        words=words,
        catalogue=catalogue,
        guesser=load_guesser(),
        bot_username=bot_username,
    )


@cache
def load_catalogue() -> Catalogue:
    """What a petition may be about: the program's own file, read once."""
    return parse_catalogue(_own("petitions", "catalogue.toml"))


@cache
def load_guesser() -> Guesser:
    """Guesses among these categories; weighing their words takes a while, so there is one."""
    return Guesser(load_catalogue())


def load_profile(name: str) -> Profile:
    """The procedure profile of this name. Raises `OfficeError`."""
    profiles = files("petitions").joinpath("profiles")
    known = sorted(p.name.removesuffix(".toml") for p in profiles.iterdir() if ".toml" in p.name)
    if name not in known:
        raise OfficeError(f"profile: there is no profile {name!r}; there are {', '.join(known)}")
    try:
        profile = parse_profile(profiles.joinpath(f"{name}.toml").read_text("utf-8"))
    except ProfileError as error:
        raise OfficeError(f"profile {name}: {error}") from None
    limits = {limit.name for limits in profile.limits.values() for limit in limits}
    if missing := NEEDED - limits:
        raise OfficeError(f"profile {name}: no limit {', '.join(sorted(missing))}")
    return profile


def calendar_of(office: Office) -> Calendar:
    """The working days, as announced and as the office says."""
    return Calendar(office.working_days, office.complete_years)


def _own(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text("utf-8")
