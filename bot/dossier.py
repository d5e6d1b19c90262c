"""Writing a case's dossier (卷宗) to a file, for the operator."""

import os
from pathlib import Path

from bot.loading import load_house, load_office
from bot.opening import open_desk
from bot.settings import Settings
from dialogs.binding import bind
from documents import draw
from documents.dossier import Dossier
from petitions import numbers
from petitions.access import DESK
from storage import outbox, record
from storage.unit import Unit


async def write_dossier(settings: Settings, number: str, out: Path | None, language: str) -> Path:
    """Bind the dossier of this number and write it as PDF; returns where.

    Raises `numbers.BadNumber`, `record.Unknown`, `OSError`, and what names a wrong setting.
    """
    canonical = numbers.read(number)
    house = load_house(load_office(settings.office_file), "")
    if language not in house.words.languages:
        raise ValueError(f"--language: there are {', '.join(house.words.languages)}")

    def work(unit: Unit) -> Dossier:
        found = record.by_number(unit, canonical)
        if found is None:
            raise record.Unknown("no petition has this number")
        dossier, parcels = bind(unit, house, language, found[0], DESK)
        outbox.put(unit, parcels)
        return dossier

    desk = await open_desk(settings)
    try:
        dossier = await desk.unit(work)
    finally:
        await desk.database.close()
    path = out or Path(f"{numbers.show(canonical)}.pdf")
    pdf = draw(dossier, language, house.words)
    # It holds everything the petitioner entrusted to us: for the operator's eyes alone.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pdf)
    return path
