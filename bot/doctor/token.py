"""Is the token that of the bot whose people and petitions are in the database?"""

from collections.abc import Iterator

from bot.doctor.finding import Finding, care, listed, or_well
from storage import people
from storage.unit import Unit

CHECK = "token"


def fits(unit: Unit) -> Iterator[Finding]:
    """Another bot's are not shown, and its petitioners are not answered."""
    yield from or_well(_another(unit), CHECK, "what is stored is of the bot it belongs to")


def _another(unit: Unit) -> Iterator[Finding]:
    bots = people.bots(unit)
    if bots and unit.bot_id not in bots:
        says = f"all that is stored is of another bot ({listed(bots)}), and nobody sees it"
        yield care(CHECK, says, "give BOT_TOKEN of that bot, or DATABASE_URL of this one")
