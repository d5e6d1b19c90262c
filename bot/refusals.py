"""What may be wrong outside the program, and how does a command say so without a traceback?"""

from typing import NoReturn

import typer

from bot.settings import Settings, SettingsError, load_settings
from petitions.office import OfficeError
from storage.database import Unavailable
from storage.schema import OtherSchema
from storage.sealkeys import SealKeyError
from storage.vault import WrongKey

REFUSALS = (SettingsError, OfficeError, WrongKey, OtherSchema, Unavailable, SealKeyError)
"""What a command that needs settings may meet; to be given to `refuse`."""

ABOUT: dict[type[Exception], str] = {
    OfficeError: "OFFICE_FILE: ",
    WrongKey: "FIELD_KEYS: ",
    OtherSchema: "DATABASE_URL: ",
    Unavailable: "DATABASE_URL: ",
    SealKeyError: "SEAL_KEY_FILE: ",
}
"""Which setting a refusal is about, where it does not say so itself."""


def settings_or_refuse() -> Settings:
    """The settings of the environment; ends the command where they are wrong."""
    try:
        return load_settings()
    except SettingsError as error:
        refuse(error)


def refuse(error: Exception) -> NoReturn:
    """End the command with exit code 2 and what is wrong in plain words, on standard error."""
    about = next((ABOUT[kind] for kind in type(error).__mro__ if kind in ABOUT), "")
    typer.echo(f"minsheng: {about}{error}", err=True)
    raise typer.Exit(2)
