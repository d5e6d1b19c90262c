"""Binding a case's dossier from storage: the look is recorded first, so that it stands in it."""

from dialogs import telling
from dialogs.dossier import Binder, file_ids
from dialogs.house import House
from documents.case import Chain
from documents.dossier import Dossier
from petitions.access import Actor
from petitions.commands import Look
from petitions.record import Petition
from storage import files
from storage.evidence import evidence_of
from storage.messages import Parcel
from storage.unit import Unit


def bind(
    unit: Unit, house: House, language: str, petition: Petition, actor: Actor
) -> tuple[Dossier, list[Parcel]]:
    """The dossier as of now, and what follows from its having been made.

    Raises `lifecycle.Refused` when the actor may not open the details.
    """
    petition, parcels = telling.act(unit, house, petition, Look("dossier"), actor)
    found = evidence_of(unit, petition.id)
    chain = Chain(
        entries=found.entries,
        head=found.head,
        seal=str(found.seal) if found.seal else None,
        sealed_at=found.sealed_at.astimezone(house.office.tz) if found.sealed_at else None,
    )
    attachments = files.load(unit, file_ids(petition))
    binder = Binder(house, language, petition, actor)
    return binder.bind(unit.now, attachments, chain), parcels
