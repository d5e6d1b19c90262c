"""What is everything that belongs to a case? Its dossier (卷宗，一案一档), read off the record."""

from collections.abc import Sequence
from datetime import date, datetime

from dialogs.facts import facts_of
from dialogs.house import House
from dialogs.refusing import officer_name
from documents.case import Attachment, Chain, Due, Led, Party, Step, Writing
from documents.dossier import Dossier
from petitions import events as ev
from petitions.access import DESK, Actor, may_read
from petitions.deadlines import Deadline, local_date
from petitions.record import Entry, Petition
from petitions.states import OPEN
from storage import files
from words.formats import as_text

TOLD = ("to", "outcome", "finding", "ground", "method", "back_to")
"""The facts of an entry that its line in the timeline tells, beside the day it runs to."""


class Binder:
    """Binds one case in one language for its reader, the operator unless it is said who.

    `attachments` and `chain` come from storage.
    """

    def __init__(
        self, house: House, language: str, petition: Petition, reader: Actor = DESK
    ) -> None:
        self.house = house
        self.language = language
        self.petition = petition
        self.reader = reader

    def bind(
        self, printed: datetime, attachments: Sequence[files.Attachment], chain: Chain
    ) -> Dossier:
        """The dossier as it is printed at that moment (UTC)."""
        petition, office = self.petition, self.house.office
        district = office.district(petition.filing.district)
        return Dossier(
            number=petition.number,
            issuer=office.name.of(self.language),
            issued=local_date(printed, office.tz),
            subject=petition.filing.title,
            purpose=self._label(f"filing.purpose.{petition.filing.purpose}"),
            category=self.house.catalogue.name(petition.filing.category or "", self.language),
            district=district.name.of(self.language) if district else "",
            unit=self._unit(petition.responsible or petition.unit),
            state=self._label(f"state.{petition.state}"),
            registered=self._day(petition.registered_at),
            closed=None if petition.state in OPEN else self._day(petition.last_move().at),
            parties=tuple(self._parties()),
            steps=tuple(self._step(entry) for entry in petition.entries if self._reads(entry)),
            writings=tuple(
                w for e in petition.standing() if self._reads(e) for w in self._writings(e)
            ),
            terms=tuple(self._terms()),
            led=self._led(),
            attachments=tuple(self._file(each) for each in attachments),
            chain=chain,
        )

    def _reads(self, entry: Entry) -> bool:
        return may_read(self.reader, entry, self.petition)

    def _label(self, key: str) -> str:
        return self.house.words.label(key, self.language)

    def _unit(self, unit_id: str) -> str:
        return self.house.office.unit_name(unit_id, self.language)

    def _day(self, at: datetime) -> date:
        return local_date(at, self.house.office.tz)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.house.office.tz)

    def _who(self, entry: Entry) -> str:
        if entry.by.kind != "officer":
            return self._label(f"party.{entry.by.kind}")
        name = officer_name(self.house, entry.by.id, self.language)
        return f"{self._unit(entry.by.unit)} {name}" if entry.by.unit else name

    def _parties(self) -> list[Party]:
        filing, petition = self.petition.filing, self.petition
        found = [
            Party(
                role=self._label("party.petitioner"),
                name=filing.name,
                phone=filing.phone,
                address=filing.address or "",
                note=filing.id_number or "",
            ),
            Party(
                role=self._label("role.unit"),
                name=self._unit(petition.responsible or petition.unit),
            ),
        ]
        # Everybody who did a step of it, and not only who has it now.
        acted = [e for e in petition.standing() if e.by.kind == "officer" and e.event.moves]
        role = self._label("role.holder")
        found += [Party(role=role, name=name) for name in dict.fromkeys(map(self._who, acted))]
        role = self._label("role.assisting")
        return [*found, *(Party(role=role, name=self._unit(u)) for u in petition.assisting)]

    def _step(self, entry: Entry) -> Step:
        """One line: what was done, and where to, with what result, until when."""
        facts = facts_of(self.house, self.language, self.petition, entry)
        told = [as_text(facts[name], self.language) for name in TOLD if facts.get(name)]
        if "due" in facts:
            due = facts["due"]
            told.append(self.house.words.label("paper.dossier.until", self.language, due=due))
        what = "  ".join((self._did(entry.event), *told))
        return Step(at=self._local(entry.at), who=self._who(entry), what=what)

    def _did(self, event: ev.AnyEvent) -> str:
        """What was done, in a few words; of a review, which of the two."""
        did = self._label(f"did.{event.kind}")
        if not isinstance(event, ev.ReviewAsked | ev.ReviewDecided):
            return did
        return f"{did} · {self._label(f'review.{event.level}')}"

    def _writings(self, entry: Entry) -> list[Writing]:
        """Every text of this entry in full; why somebody was not satisfied is not the unit's."""
        event = entry.event
        texts: list[tuple[str, tuple[str, ...]]] = []
        if isinstance(event, ev.Rated):
            return []
        if isinstance(event, ev.Registered):
            texts = [(self._label("filing.facts.label"), event.filing.facts)]
            texts.append((self._label("filing.request.label"), event.filing.request))
            if event.filing.against:
                texts.append((self._label("filing.against.label"), (event.filing.against,)))
        for name in ("text", "reason", "note"):
            if written := getattr(event, name, None):
                texts.append((self._did(event), written))
        if isinstance(event, ev.Replied | ev.ReviewDecided):
            texts.append((self._label("replying.basis.label"), (event.basis,)))
        if isinstance(event, ev.Referred):
            way = event.way.zh if self.language.startswith("zh") else event.way.en
            texts.append((self._did(event), (way,)))
        by, at = self._who(entry), self._local(entry.at)
        return [Writing(title=title, by=by, at=at, text=text) for title, text in texts]

    def _terms(self) -> list[Due]:
        """Every deadline that ever ran, the newest of a name; and when it was kept, if it was."""
        found: dict[str, tuple[Deadline, int]] = {}
        for entry in self.petition.standing():
            for each in getattr(entry.event, "deadlines", ()):
                found[each.name] = (each, entry.seq)
        return [
            Due(
                name=d.name,
                due=d.due,
                clause=d.clause,
                provisional=d.provisional,
                done=self._done(d.name, seq),
            )
            for d, seq in found.values()
        ]

    def _done(self, name: str, since: int) -> date | None:
        kinds = KEPT_BY.get(name, ())
        for entry in self.petition.standing():
            if entry.seq > since and entry.event.kind in kinds and self._reads(entry):
                return self._day(entry.at)
        return None

    def _led(self) -> Led | None:
        lead = self.petition.lead
        if not lead.begun:
            return None

        def named(officer: int | None) -> str | None:
            return officer_name(self.house, officer, self.language) if officer else None

        group = tuple(officer_name(self.house, each, self.language) for each in lead.group)
        return Led(
            leader=named(lead.leader),
            group=group,
            plan=lead.plan,
            supervisor=named(lead.supervisor),
        )

    def _file(self, attachment: files.Attachment) -> Attachment:
        """A file with the entry it came with."""
        came = next(
            (e for e in self.petition.entries if attachment.id in _files(e)),
            self.petition.entries[0],
        )
        return Attachment(
            name=attachment.name or attachment.caption or attachment.kind,
            kind=attachment.kind,
            at=self._local(came.at),
            by=self._who(came),
            size=attachment.size or None,
        )


KEPT_BY = {
    "answer": ("routed", "accepted", "declined", "referred", "suggestion_answered"),
    "accept": ("routed", "accepted", "declined", "referred", "suggestion_answered"),
    "object": ("objected",),
    "handle": ("replied",),
    "handle-simple": ("replied",),
    "rate": ("rated",),
    "ask-review": ("review_asked",),
    "decide-review": ("review_decided",),
    "ask-second-review": ("review_asked",),
    "decide-second-review": ("review_decided",),
}
"""Which event keeps which deadline."""


def _files(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry.event, ev.Registered):
        return entry.event.filing.files
    return tuple(getattr(entry.event, "files", ()))


def file_ids(petition: Petition) -> list[str]:
    """Every attachment of the case, in the order in which they came."""
    return [each for entry in petition.standing() for each in _files(entry)]
