"""Digests in people's hands: what comes of itself and when, /stats by buttons and by dates."""

import datetime as dt
import io
import struct
from typing import Any

import pytest
from acceptance.officers import ELSEWHERE, happen, known, settled
from acceptance.scenes import ask, case, until
from openpyxl import load_workbook

from emulator import Seen
from petitions import commands as do
from petitions.events import Outcome
from storage.columns import microseconds

MARCH = "2026年3月"
REPLY = do.Reply(Outcome.EXPLAINED, ("经查，水管已修好。",), "《物业管理条例》第三十五条")


@pytest.fixture
async def quiet_city(quiet_city: Any) -> Any:
    """A city that tells its digests."""
    quiet_city.tell_digests()
    return quiet_city


async def clock(city: Any, local: str) -> None:
    """It is that hour in the office, and what fell due by then has been done and said."""
    now = dt.datetime.fromisoformat(f"{local}+08:00").astimezone(dt.UTC)
    await city.client.clock(set=now.isoformat())
    await caught_up(city, now)


async def caught_up(city: Any, now: dt.datetime) -> None:
    late = "SELECT count(*) FROM due WHERE done_at IS NULL AND due_at <= ?"
    await until(city, lambda: ask(city, late, microseconds(now)) == [(0,)])
    await settled(city)


def is_digest(seen: Seen) -> bool:
    return any(file["kind"] == "photo" for file in seen.files)


async def pictures(person: Any, chat: Any = None) -> list[Seen]:
    """The digests that came to this chat."""
    return [seen for seen in await person.sees(chat) if seen.from_bot and is_digest(seen)]


async def tables(person: Any, chat: Any = None) -> list[Seen]:
    """The workbooks that came to this chat."""
    return [s for s in await person.sees(chat) if any(f["name"].endswith(".xlsx") for f in s.files)]


async def size(city: Any, seen: Seen) -> tuple[int, int]:
    """How wide and high the picture is that can be fetched back."""
    content = await city.client.download(seen.files[0])
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", content[16:24])
    return wide, high


async def figures(city: Any, seen: Seen, sheet: int = 0) -> dict[str, Any]:
    """The workbook's sheet: first column → second."""
    book = load_workbook(io.BytesIO(await city.client.download(seen.files[0])))
    rows = list(book.worksheets[sheet].iter_rows(values_only=True))
    return {str(row[0]): row[1] for row in rows if row[0]}


# -- what comes of itself ------------------------------------------------------------------------


async def test_each_monday_the_groups_are_told_of_their_week(city: Any) -> None:
    chen = await city.citizen()
    await known(city.li)
    await case(city, chen, do.Take(), do.Accept(), REPLY)
    await case(city, chen, category=ELSEWHERE)
    await clock(city, "2026-03-09T08:59:00")
    assert await pictures(city.zhao, city.ducha) == []
    await clock(city, "2026-03-09T09:00:30")

    (whole,) = await pictures(city.zhao, city.ducha)
    assert "信访工作快报" in whole.text
    assert "2026年第10周（3月2日至3月8日）" in whole.text
    assert "登记 2 件，答复 1 件。" in whole.text
    wide, high = await size(city, whole)
    assert wide == 1080
    assert wide + high <= 10_000
    (table,) = await tables(city.zhao, city.ducha)
    assert table.files[0]["name"] == "信访工作快报-2026-03-02-2026-03-08.xlsx"
    assert (await figures(city, table))["登记"] == 2
    assert set(await figures(city, table, 1)) >= {"市住建局", "市信访局"}

    (own,) = await pictures(city.li, city.zhujian)
    assert "市住建局" in own.text
    assert "登记 1 件，答复 1 件。" in own.text
    (table,) = await tables(city.li, city.zhujian)
    assert (await figures(city, table))["登记"] == 1
    assert len(await pictures(city.li, city.xinfang)) == 1
    (empty,) = await pictures(city.ma, city.jiaotong)
    assert "登记 0 件" in empty.text
    assert await pictures(city.sun, city.jiwei) == []  # nearly all there is reports


async def test_a_month_and_a_quarter_are_told_to_those_who_hear_of_all(city: Any) -> None:
    chen = await city.citizen()
    await case(city, chen, do.Take(), do.Accept())
    await clock(city, "2026-04-01T09:01:00")
    await clock(city, "2026-04-05T09:01:00")
    said = [seen.text.split("\n")[0] for seen in await pictures(city.zhao, city.ducha)]
    assert [line for line in said if "通报" in line] == [f"信访工作通报　{MARCH}"]
    assert [line for line in said if "分析" in line] == ["信访工作分析　2026年第1季度"]
    assert not [s for s in await pictures(city.li, city.zhujian) if "快报" not in s.text]


async def test_after_a_time_down_the_newest_of_each_is_told_once(city: Any) -> None:
    chen = await city.citizen()
    await case(city, chen, do.Take())
    await settled(city)
    await city.stop()
    await city.client.clock(set="2026-04-08T02:00:00+00:00")  # a Wednesday, five weeks later
    await city.start()
    now = dt.datetime(2026, 4, 8, 2, tzinfo=dt.UTC)
    await caught_up(city, now)
    said = sorted(seen.text.split("\n")[0] for seen in await pictures(city.zhao, city.ducha))
    assert said == [
        "信访工作分析　2026年第1季度",
        "信访工作快报　2026年第14周（3月30日至4月5日）",
        f"信访工作通报　{MARCH}",
    ]
    await city.restart()
    await caught_up(city, now)
    assert len(await pictures(city.zhao, city.ducha)) == 3
    await clock(city, "2026-04-13T09:01:00")
    assert len(await pictures(city.zhao, city.ducha)) == 4


async def test_a_digest_that_has_to_be_sent_again_shows_the_same_figures(city: Any) -> None:
    chen = await city.citizen()
    await case(city, chen)
    await city.client.fault("sendPhoto", "500", times=100, chat_id=city.ducha.id)
    monday = dt.datetime(2026, 3, 9, 1, 0, 30, tzinfo=dt.UTC)
    await city.client.clock(set=monday.isoformat())
    reason = "SELECT reason FROM outbox WHERE chat_id = ? AND key = 'digest.caption'"
    await until(city, lambda: ask(city, reason, city.ducha.id) == [("TelegramServerError",)])
    await city.client.no_faults()
    await case(city, chen)  # registered today: not in that week, whenever it is sent
    await caught_up(city, monday)
    (whole,) = await pictures(city.zhao, city.ducha)
    assert "登记 1 件" in whole.text


async def test_an_english_office_is_told_in_english(quiet_city: Any) -> None:
    city = quiet_city
    text = city.office_file.read_text("utf-8").replace('language = "zh_Hans"', 'language = "en"')
    city.office_file = city.folder / "office.toml"
    city.office_file.write_text(text, "utf-8")
    await city.start()
    await clock(city, "2026-03-09T09:01:00")
    (whole,) = await pictures(city.zhao, city.ducha)
    assert whole.text.startswith("Weekly petition brief, Week 10 of 2026 (2 Mar to 8 Mar)")
    (table,) = await tables(city.zhao, city.ducha)
    assert (await figures(city, table))["Registered"] == 0


# -- /stats --------------------------------------------------------------------------------------


async def test_stats_by_buttons_in_the_group(city: Any) -> None:
    chen = await city.citizen()
    await case(city, chen, do.Take(), do.Accept())
    await city.zhao.type("/stats", chat=city.ducha)
    menu = await city.zhao.expect("要看哪段时间的数据", chat=city.ducha)
    await city.zhao.tap("本周", chat=city.ducha, message=menu)
    shown = await city.zhao.expect(is_digest, chat=city.ducha)
    assert "登记 1 件" in shown.text
    assert (await size(city, shown))[0] == 1080
    await city.zhao.tap("xlsx 表格", chat=city.ducha, message=shown)
    table = await city.zhao.expect(lambda seen: bool(seen.files), chat=city.ducha)
    assert (await figures(city, table))["登记"] == 1
    await city.zhao.tap("上一期", chat=city.ducha, message=shown)
    before = await city.zhao.expect(is_digest, chat=city.ducha)
    assert "2026年第9周" in before.text
    for label, period in (
        ("本月", MARCH),
        ("上月", "2026年2月"),
        ("本季度", "2026年第1季度"),
        ("上季度", "2025年第4季度"),
        ("今年", "信访工作年报　2026年"),
        ("去年", "信访工作年报　2025年"),
    ):
        await city.zhao.tap(label, chat=city.ducha, message=menu)
        assert period in (await city.zhao.expect(is_digest, chat=city.ducha)).text


async def test_a_group_sees_its_own_figures_and_no_other(city: Any) -> None:
    chen = await city.citizen()
    await case(city, chen, do.Take())
    await case(city, chen, category=ELSEWHERE)
    await city.li.type("/stats 2026-03", chat=city.zhujian)
    shown = await city.li.expect(is_digest, chat=city.zhujian)
    assert "登记 1 件" in shown.text
    assert "市住建局" in shown.text
    await city.ma.type("/stats 2026-03", chat=city.jiaotong)
    assert "登记 0 件" in (await city.ma.expect(is_digest, chat=city.jiaotong)).text


async def test_stats_in_private_are_in_the_person_s_language_and_for_officers_alone(
    city: Any,
) -> None:
    chen = await city.citizen()
    await case(city, chen, do.Take())
    zhao = await city.client.person(2003, "赵立", "en")
    await zhao.type("/stats")
    menu = await zhao.expect("Which period?")
    await zhao.tap("This month", message=menu)
    shown = await zhao.expect(is_digest)
    assert shown.text.startswith("Monthly petition report, Mar 2026")
    await zhao.tap("xlsx table", message=shown)
    table = await zhao.expect(lambda seen: bool(seen.files))
    assert (await figures(city, table))["Registered"] == 1
    await chen.type("/stats")
    await chen.expect("工作人员")
    assert not await pictures(chen)


async def test_who_is_not_of_the_unit_gets_nothing_in_its_group(city: Any) -> None:
    stranger = await city.client.person(3001, "路人")
    await city.client.member(city.ducha, stranger, "member")
    await stranger.type("/stats 2026", chat=city.ducha)
    await stranger.expect("工作人员", chat=city.ducha)
    assert await pictures(city.zhao, city.ducha) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/stats 上上个月", "没看懂这是哪段时间"),
        ("/stats 2026-02-30 2026-03-01", "没看懂这是哪段时间"),
        ("/stats 2026-03-31 2026-01-01", "是不是写反了"),
        ("/stats 2027-01-01 2027-03-31", "还没有到"),
        ("/stats 2001-01-01 2026-01-01", "最多看三年"),
    ],
)
async def test_dates_that_are_none_get_a_kind_answer_with_the_buttons(
    city: Any, text: str, told: str
) -> None:
    await city.zhao.type(text)
    shown = await city.zhao.expect(told)
    assert shown.data("本周")


async def test_any_days_can_be_typed_and_those_before_them_asked_for(city: Any) -> None:
    await city.zhao.type("/stats 2026-02-23 2026-03-02")
    shown = await city.zhao.expect(is_digest)
    assert "2026年2月23日至2026年3月2日" in shown.text
    await city.zhao.tap("上一期", message=shown)
    assert "2026年2月15日至2026年2月22日" in (await city.zhao.expect(is_digest)).text
    await city.zhao.tap("xlsx 表格", message=shown)
    table = await city.zhao.expect(lambda seen: bool(seen.files) and not is_digest(seen))
    assert table.files[0]["name"] == "信访工作统计-2026-02-23-2026-03-02.xlsx"


async def test_reports_against_people_are_counted_in_private_alone_for_who_examines_them(
    city: Any,
) -> None:
    chen = await city.citizen()
    await case(city, chen, purpose="accusation", category=None, by=city.sun.id)
    for person, group in ((city.zhao, city.ducha), (city.li, city.xinfang), (city.sun, city.jiwei)):
        await person.type("/stats 2026-03", chat=group)
        assert "登记 0 件" in (await person.expect(is_digest, chat=group)).text
    await city.sun.type("/stats", chat=city.jiwei)
    menu = await city.sun.expect("要看哪段时间的数据", chat=city.jiwei)
    assert menu.data("检举控告件") is None
    await city.zhao.type("/stats")
    assert (await city.zhao.expect("要看哪段时间的数据")).data("检举控告件") is None
    await city.sun.type("/stats")
    await city.sun.expect("要看哪段时间的数据")
    await city.sun.tap("检举控告件")
    assert "登记 1 件" in (await city.sun.expect(is_digest)).text


async def test_the_desk_s_list_opens_the_figures(city: Any) -> None:
    chen = await city.citizen()
    await case(city, chen, do.Take())
    await city.li.type("/todo", chat=city.zhujian)
    await city.li.expect(lambda seen: seen.data("数据统计") is not None, chat=city.zhujian)
    await city.li.tap("数据统计", chat=city.zhujian)
    await city.li.expect("要看哪段时间的数据", chat=city.zhujian)


async def test_a_secret_report_does_not_move_what_is_urgent(city: Any) -> None:
    chen = await city.citizen()
    petition = await case(city, chen, purpose="accusation", category=None, by=city.sun.id)
    await happen(city, petition, city.sun.id, do.Take())
    await clock(city, "2026-03-16T09:01:00")  # two weeks on: the last day to answer is near
    newest = (await pictures(city.zhao, city.ducha))[-1]
    assert "已逾期 0 件，7 天内到期 0 件。" in newest.text
