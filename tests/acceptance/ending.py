"""What holds when a life is over: the record verifies, and the dossier tells every step of it."""

import asyncio
import io
import re

from acceptance.conftest import City
from acceptance.watching import day
from pypdf import PdfReader

from bot import evidence
from bot.dossier import write_dossier
from petitions import numbers
from petitions.record import Petition
from words import load_words


async def proven(city: City, petitions: list[Petition]) -> None:
    """Stop the bot, verify the record as the operator does, and read each case's dossier."""
    await city.stop()
    faults: list[str] = []
    checked, count = await asyncio.to_thread(
        evidence.verify, city.settings(), None, None, faults.append
    )
    assert (faults, count) == ([], 0)
    assert checked.petitions == len(petitions)
    for petition in petitions:
        await _dossier(city, petition)


async def _dossier(city: City, petition: Petition) -> None:
    """Every entry has its line, in order, with its date; what was taken back stands there too."""
    out = city.folder / f"{petition.number}.pdf"
    number = numbers.show(petition.number)
    await write_dossier(city.settings(), petition.number, out, "zh_Hans")
    pages = PdfReader(io.BytesIO(out.read_bytes())).pages
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    words, at = load_words(), 0
    assert number in text
    for entry in petition.entries:
        did = words.label(f"did.{entry.event.kind}", "zh_Hans")
        at = text.find(re.sub(r"\s", "", did), at)
        assert at >= 0, f"{number}: {entry.seq}, {did}, is not in its place in\n{text}"
        at += 1
    assert day(petition.registered_at) in text
