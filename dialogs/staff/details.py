"""Everything the petitioner entrusted to us, for the officer's private chat alone."""

import html
from collections.abc import Callable

from dialogs.parts import parts_of
from dialogs.turn import Turn
from petitions import events as ev
from petitions import numbers
from petitions.record import Petition
from storage import files, record
from storage.messages import Parcel, Post

Show = Callable[[Turn, Petition], list[Parcel]]


def details(turn: Turn, petition: Petition) -> list[Parcel]:
    """The details as messages to the officer who looked; the look is on the record by now."""
    return _private(turn, petition, [*_texts(turn, petition), *_attachments(turn, petition)])


def rating(turn: Turn, petition: Petition) -> list[Parcel]:
    """The rating with its reason and comment, for a supervisor."""
    given = petition.rating
    assert given is not None
    post = turn.post(
        "details.rating",
        number=numbers.show(petition.number),
        for_office=turn.label(f"survey.office.{given.office}"),
        for_unit=turn.label(f"survey.unit.{given.unit}"),
        reason=given.reason or turn.label("review.none"),
        comment=given.comment or turn.label("review.none"),
    )
    return _private(turn, petition, [post])


def _private(turn: Turn, petition: Petition, posts: list[Post]) -> list[Parcel]:
    key_id = record.key_of(turn.unit, petition.id)
    return [
        Parcel(chat_id=turn.person.id, post=post, key_id=key_id, petition_id=petition.id)
        for post in posts
    ]


def _texts(turn: Turn, petition: Petition) -> list[Post]:
    filing = petition.filing
    district = turn.house.office.district(filing.district)
    head = turn.post(
        "details.head",
        number=numbers.show(petition.number),
        title=filing.title,
        purpose=turn.label(f"filing.purpose.{filing.purpose}"),
        category=turn.house.catalogue.name(filing.category or "", turn.language),
        place=" ".join(
            filter(None, (district.name.of(turn.language) if district else None, filing.address))
        ),
        point=", ".join(map(str, filing.point)) if filing.point else turn.label("review.none"),
        name=filing.name,
        phone=filing.phone,
        id_number=filing.id_number or turn.label("review.none"),
        earlier=_detail(turn, EARLIER, filing.earlier),
        tried=_detail(turn, TRIED, filing.tried),
        affected=turn.label(f"filing.affected.{filing.affected or 'me'}"),
        publish=turn.label("filing.publish.agree" if filing.publish else "filing.publish.keep"),
    )
    posts = [head]
    posts += _long(turn, "details.facts", "\n\n".join(filing.facts))
    posts += _long(turn, "details.request", "\n\n".join(filing.request))
    for entry in petition.standing():
        if isinstance(entry.event, ev.Supplemented):
            posts += _long(turn, "details.supplement", "\n\n".join(entry.event.text))
    return posts


def _long(turn: Turn, key: str, text: str) -> list[Post]:
    return [turn.post(key, text=part) for part in parts_of(text)]


EARLIER = ("filing.earlier.no", "filing.earlier.yes")
TRIED = ("filing.tried.no", "filing.tried.yes")


def _detail(turn: Turn, words: tuple[str, str], value: str | None) -> str:
    """What was answered: no, yes without particulars, or the particulars."""
    no, yes = words
    return turn.label(no) if value is None else value or turn.label(yes)


def _attachments(turn: Turn, petition: Petition) -> list[Post]:
    ids = list(petition.filing.files)
    for entry in petition.standing():
        if isinstance(entry.event, ev.Supplemented):
            ids += entry.event.files
    return file_posts(files.load(turn.unit, ids))


def file_posts(attachments: list[files.Attachment]) -> list[Post]:
    """Files as messages: by their id, or as a copy where a bot cannot fetch them."""
    return [
        Post(key="file", copy_of=(a.chat_id, a.message_id))
        if a.size > files.FETCHABLE_BYTES
        else Post(key="file", file=(a.kind, a.file_id), text=html.escape(a.caption, quote=False))
        for a in attachments
    ]
