"""A paper through the door out: drawn when it is sent, and in the reader's hands as a file."""

import asyncio
import threading
from typing import Any

import papers
import pytest
from desks import rows
from doors import WANG, WORDS, Door, answer, notice

from documents import draw, facts_of, file_name
from emulator import Seen
from notifier import delivery as notifier
from storage import outbox, posts
from storage.messages import Button, Paper, Parcel, Post

GIVEN = papers.acceptance(subject='<b>&"水管"#[x]', to="陈\U00020bb7英")
NAME = file_name(GIVEN, "zh_Hans", WORDS)


def paper(language: str = "zh_Hans", **changes: Any) -> Paper:
    name = file_name(GIVEN, language, WORDS)
    return Paper(kind=GIVEN.kind, language=language, facts=facts_of(GIVEN), name=name).model_copy(
        update=changes
    )


def letter(text: str = "受理告知书", chat: int = WANG, **more: Any) -> Parcel:
    post = Post(key="paper", text=text, paper=paper(), **more)
    return Parcel(chat_id=chat, post=post)


async def files(door: Door) -> list[Seen]:
    screen = await door.client.messages(WANG, WANG)
    return [Seen.of(m) for m in screen["messages"] if m["from"]["is_bot"] and m["files"]]


async def test_a_paper_arrives_as_a_file_that_can_be_opened(door: Door) -> None:
    buttons = ((Button(text="看进度", data="d"),),)
    first = await door.wang.type("在吗")
    await door.put(letter("<b>受理告知书</b>", buttons=buttons, reply_to=first.id))
    assert await door.states() == [("sent", None, 1)]
    (seen,) = await files(door)
    assert seen.text == "受理告知书"
    assert seen.html == "<b>受理告知书</b>"
    assert seen.data("看进度") == "d"
    assert seen.raw["reply_to_message"]["message_id"] == first.id
    (file,) = seen.files
    content = await door.client.download(file)
    assert (file["kind"], file["name"], file["size"]) == ("document", NAME, len(content))
    assert content == draw(GIVEN, "zh_Hans", WORDS)
    assert seen.raw["document"]["mime_type"] == "application/pdf"
    assert papers.NUMBER in "".join(papers.pages(content))
    # And the bot can have it again, as from the real messenger.
    again = await door.bot.download(seen.raw["document"]["file_id"])
    assert again is not None
    assert again.read() == content


async def test_a_file_is_offered_for_saving_under_its_chinese_name(door: Door) -> None:
    await door.put(letter())
    (seen,) = await files(door)
    session = door.client._connected()
    async with session.get(f"{door.client.url}{seen.files[0]['url']}") as response:
        assert response.content_type == "application/pdf"
        assert response.content_disposition is not None
        assert response.content_disposition.type == "attachment"
        assert response.content_disposition.filename == NAME


async def test_the_reader_s_language_is_the_paper_s(door: Door) -> None:
    english = Post(key="paper", paper=paper("en"))
    await door.put(Parcel(chat_id=WANG, post=english))
    (seen,) = await files(door)
    assert seen.text == ""
    assert seen.files[0]["name"].startswith("Notice of Acceptance")
    assert "NoticeofAcceptance" in "".join(papers.pages(await door.client.download(seen.files[0])))


async def test_a_text_and_its_paper_go_in_order_and_both_count_as_parts(door: Door) -> None:
    said = [Post(key="n", text="1"), Post(key="n", text="2", paper=paper())]
    door.said["accepted"] = [*said, Post(key="n", text="3")]
    await door.put(notice("accepted"))
    await door.client.fault("sendDocument", "500")
    await door.sweep()
    assert await door.seen() == ["1"]
    ((row),) = await rows(door.desk, "outbox")
    assert (row.state, row.progress) == ("waiting", 1)
    await door.sweep(2)
    assert await door.asked() == ["1", "3"]
    assert [seen.text for seen in await files(door)] == ["2"]
    (row,) = await rows(door.desk, "outbox")
    assert (row.state, await door.desk.look(lambda u: u.open(row.shown))) == ("sent", b"1\n2\n3")


@pytest.mark.parametrize("kind", ["500", "502", "drop_before", "timeout"])
async def test_a_paper_that_did_not_go_is_drawn_and_sent_again(door: Door, kind: str) -> None:
    await door.client.fault("sendDocument", kind)
    await door.put(letter())
    assert await files(door) == []
    await door.sweep(2)
    assert len(await files(door)) == 1
    assert len(door.drawn) == 2
    assert [attempts for _, _, attempts in await door.states()] == [2]


async def test_a_paper_that_is_asked_to_wait_waits_and_holds_its_chat_back(door: Door) -> None:
    await door.client.fault("sendDocument", "429", retry_after=30)
    await door.put(letter(), answer("behind"))
    assert [state for state, _, _ in await door.states()] == ["waiting", "waiting"]
    await door.sweep(29)
    assert await door.seen() == []
    await door.sweep(1)
    assert len(await files(door)) == 1
    assert [text for text in await door.seen() if text] == ["behind"]
    assert await door.state() == ["sent", "sent"]


async def test_a_paper_never_takes_the_place_of_a_message_nor_is_it_lost_behind_one(
    door: Door,
) -> None:
    await door.put(answer("old"))
    (row,) = await rows(door.desk, "outbox")
    post = Post(key="paper", paper=paper())
    await door.put(Parcel(chat_id=WANG, post=post, edit=row.message_id, slot="paper:1"))
    (seen,) = await files(door)
    assert await door.seen() == ["old", ""]
    assert await door.desk.look(lambda u: posts.find(u, "paper:1")) == (WANG, seen.id)


async def test_who_blocked_the_bot_gets_no_paper_and_no_second_try(door: Door) -> None:
    await door.wang.block()
    await door.put(letter())
    assert await door.states() == [("blocked", "forbidden", 1)]


async def test_a_paper_that_cannot_be_drawn_is_given_up_and_holds_its_chat_up_no_longer(
    door: Door,
) -> None:
    poison = Post(key="paper", paper=paper(facts={"number": "1"}))
    await door.put(Parcel(chat_id=WANG, post=poison), answer("next"))
    for _ in range(1, notifier.TRIES):  # the first was made at once
        assert await door.seen() == []
        await door.sweep(60)
    assert await door.seen() == ["next"]
    assert (await door.states())[0] == ("failed", "ValidationError", notifier.TRIES)
    assert await door.client.log(method="sendDocument") == []


async def test_others_are_written_to_and_the_desk_answers_while_a_paper_is_drawn(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop, drawn_by = asyncio.get_running_loop(), []

    def slow(given: Paper) -> bytes:
        drawn_by.append(threading.current_thread())
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(10)
        return Door.draw(door, given)

    monkeypatch.setattr(door, "draw", slow)
    leased = await door.desk.unit(lambda u: outbox.put(u, [letter()]))
    door.out.send_soon(leased)
    await begun.wait()
    zhao = await door.client.person(8, "赵")
    await zhao.type("/start")
    # Only the drawing is under way: a unit is had, and another chat is served.
    (other,) = await door.desk.unit(lambda u: outbox.put(u, [answer("hello", chat=8)]))
    door.out.send_soon([other])
    await zhao.expect("hello")
    assert await files(door) == []
    go_on.set()
    await door.out.idle()
    assert len(await files(door)) == 1
    assert drawn_by != [threading.main_thread()]


async def test_a_paper_is_kept_in_the_outbox_sealed_and_not_after_it_went(door: Door) -> None:
    await door.client.fault("sendDocument", "500")
    await door.put(letter())
    (row,) = await rows(door.desk, "outbox")
    payload = bytes(row.payload)
    assert payload
    assert "水管".encode() not in payload
    assert b"acceptance" not in payload
    await door.sweep(2)
    (row,) = await rows(door.desk, "outbox")
    assert (row.state, bytes(row.payload), row.shown) == ("sent", b"", None)
