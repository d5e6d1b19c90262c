"""The dossier (卷宗，一案一档): by the officer's button, and by the operator's command."""

import io
import stat

from acceptance.hands import Hands
from acceptance.programs import environment
from acceptance.scenes import REPLIED, as_it_stands, case, kinds
from pypdf import PdfReader

from petitions import commands as do
from petitions import numbers


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_the_command_writes_the_whole_case_for_the_operator_alone(city, forge, tmp_path):
    chen = await city.citizen()
    petition = await case(city, chen, *REPLIED)
    number, out = numbers.show(petition.number), tmp_path / "case.pdf"
    env = environment(city.settings())
    program = await forge.run(env, "dossier", number, "--out", str(out))
    assert program.code == 0, program.err
    assert program.out.strip() == str(out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    text = text_of(out.read_bytes())
    for told in (
        number,
        "陈秀英",
        "+8613812345678",
        "水一直漏",
        "请修好",
        "经查，水管已修好。",
        "李建国",
        "2026 年 3 月 2 日",
        "《物业管理条例》第三十五条",
        "卷宗",
    ):
        assert told.replace(" ", "") in text.replace(" ", ""), told
    made = (await as_it_stands(city, petition)).entries[-1]
    assert (made.event.kind, made.by.kind) == ("looked", "desk")
    assert (await as_it_stands(city, petition)).dossier


async def test_the_command_says_what_it_does_not_find(city, forge):
    env = environment(city.settings())
    for number in ("12", "99010020260302000016"):
        program = await forge.run(env, "dossier", number)
        assert program.code == 2
        assert program.err.startswith("minsheng: ")
        assert "Traceback" not in program.err


async def test_the_officer_s_button_sends_it_in_private_and_the_look_is_recorded(city):
    chen = await city.citizen()
    petition = await case(city, chen, do.Take(), do.Accept())
    await city.li.type("/start")
    await city.li.expect("云江市信访局")
    li = Hands(city, city.li, city.zhujian)
    await li.press(petition, "dossier")
    shown = await city.li.expect(lambda seen: bool(seen.files))
    assert shown.files[0]["name"].endswith(".pdf")
    assert kinds(await as_it_stands(city, petition))[-1] == "looked"
    assert not [m for m in await city.li.sees(city.zhujian) if m.files]
