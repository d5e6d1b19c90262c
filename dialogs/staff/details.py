"""All there is to read about a case, for the officer's private chat alone."""

import html
from collections.abc import Callable, Iterable

from dialogs.parts import parts_of
from dialogs.refusing import officer_name
from dialogs.staff.holding import unreachable_since
from dialogs.staff.story import story
from dialogs.turn import Turn
from petitions import events as ev
from petitions import numbers
from petitions.lead import missing
from petitions.record import Petition
from storage import files, record
from storage.messages import Parcel, Post

Show = Callable[[Turn, Petition], list[Parcel]]


def details(turn: Turn, petition: Petition) -> list[Parcel]:
    """The details as messages to the officer who looked; the look is on the record by now."""
    filed = [
        *_texts(turn, petition),
        *_lost(turn, petition),
        *_reported(turn, petition),
        *_led(turn, petition),
    ]
    since = [*story(turn, petition), *_attachments(turn, petition)]
    return _private(turn, petition, [*filed, *since])


def rating(turn: Turn, petition: Petition) -> list[Parcel]:
    """The rating with its reason and comment, for a supervisor."""
    given, inquiry = petition.rating, petition.inquiry
    asked = [given] if given is not None else []
    if inquiry is not None and inquiry.about is not given:
        asked = [inquiry.about, *asked]  # what was looked into, then how it stands now
    posts = [_answers(turn, petition, rating) for rating in asked]
    if inquiry is not None and inquiry.found is not None:
        result = turn.label(f"result.{inquiry.found.result}")
        posts.append(turn.post("details.inquired", result=result))
        posts += _long(turn, "notice.more", "\n\n".join(inquiry.found.text))
    return _private(turn, petition, posts)


def _answers(turn: Turn, petition: Petition, given: ev.Rated) -> Post:
    return turn.post(
        "details.rating",
        number=numbers.show(petition.number),
        for_office=turn.label(f"survey.office.{given.office}"),
        for_unit=turn.label(f"survey.unit.{given.unit}"),
        reason=given.reason or turn.label("review.none"),
        comment=given.comment or turn.label("review.none"),
    )


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
    return posts


def _lost(turn: Turn, petition: Petition) -> list[Post]:
    """That nothing reaches the petitioner here, so that they are told in another way."""
    since = unreachable_since(turn.unit, petition)
    return [turn.post("details.unreachable", since=turn.local(since))] if since else []


def _reported(turn: Turn, petition: Petition) -> list[Post]:
    """Whom a report is against, and who here must not learn of it (TL 30, 46(5))."""
    if not petition.secret:
        return []
    office = turn.house.office
    chosen = [office.unit_name(u, turn.language) for u in petition.filing.against_units]
    told = "\n".join(filter(None, (_names(turn, chosen), petition.filing.against)))
    kept = [office.unit_name(u, turn.language) for u in sorted(petition.shielded_units)]
    kept += [officer_name(turn.house, p, turn.language) for p in sorted(petition.shielded_people)]
    return [
        *_long(turn, "details.against", told or turn.label("review.none")),
        turn.post("details.kept_from", names=_names(turn, kept) or turn.label("review.none")),
    ]


def _led(turn: Turn, petition: Petition) -> list[Post]:
    """Who leads the case and how it is to be solved (包案), as it is now."""
    lead, none = petition.lead, turn.label("review.none")
    if not lead.begun:
        return []

    def name(officer: int | None) -> str:
        return officer_name(turn.house, officer, turn.language) if officer else none

    head = turn.post(
        "details.lead",
        leader=name(lead.leader),
        group=_names(turn, map(name, lead.group)) or none,
        supervisor=name(lead.supervisor),
        missing=_names(turn, (turn.label(f"lead.{p}") for p in missing(petition))) or none,
    )
    plan = "\n\n".join(lead.plan)
    return [head, *(_long(turn, "details.plan", plan) if plan else ())]


def _names(turn: Turn, names: Iterable[str]) -> str:
    return ("、" if turn.language.startswith("zh") else ", ").join(names)


def _long(turn: Turn, key: str, text: str) -> list[Post]:
    return [turn.post(key, text=part) for part in parts_of(text)]


EARLIER = ("filing.earlier.no", "filing.earlier.yes")
TRIED = ("filing.tried.no", "filing.tried.yes")


def _detail(turn: Turn, words: tuple[str, str], value: str | None) -> str:
    """What was answered: no, yes without particulars, or the particulars."""
    no, yes = words
    return turn.label(no) if value is None else value or turn.label(yes)


WITH_FILES = (ev.Supplemented, ev.Replied, ev.ReviewAsked)


def _attachments(turn: Turn, petition: Petition) -> list[Post]:
    ids = list(petition.filing.files)
    for entry in petition.standing():
        if isinstance(entry.event, WITH_FILES):
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
