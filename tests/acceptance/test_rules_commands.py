"""`deadline` and `classify`: what the rules alone answer, without settings or a database."""

import json

import pytest
from acceptance.programs import Forge, Program
from making import sample_office

from bot.loading import load_catalogue

PIPE = "小区水管爆裂三天，自来水公司没人来修，一楼全淹了"
WAGES = "老板拖欠农民工工资半年了，劳动监察大队不管"


async def answered(forge: Forge, *arguments: str, stdin: bytes = b"") -> str:
    """What the command prints; it needs no environment."""
    program = await forge.run({}, *arguments, stdin=stdin)
    assert (program.code, program.err) == (0, "")
    return program.out


def refused(program: Program, *said: str) -> None:
    """In one line, without a traceback, with the exit code of a wrong argument."""
    assert (program.code, program.out) == (2, "")
    assert program.err.startswith("minsheng: ")
    assert len(program.err.splitlines()) == 1
    for each in said:
        assert each in program.err


# -- deadline ----------------------------------------------------------------------------------

# event → what follows nationally, and in 浙江: counted by hand, as in tests/unit.
FOLLOWS = {
    "registered": ({"answer": "2026-02-25"}, {"answer": "2026-02-24"}),
    "routed": (
        {"accept": "2026-02-25", "object": "2026-02-24"},
        {"accept": "2026-02-24", "object": "2026-02-24"},
    ),
    "accepted": ({"handle": "2026-04-13"}, {"handle": "2026-03-12"}),
    "replied": (
        {"rate": "2026-03-12", "ask-review": "2026-03-12"},
        {"rate": "2026-03-12", "ask-review": "2026-03-12"},
    ),
    "review-asked": ({"decide-review": "2026-03-12"}, {"decide-review": "2026-03-12"}),
    "review-decided": ({"ask-second-review": "2026-03-12"}, {"ask-second-review": "2026-03-12"}),
}
CASES = [
    (event, profile, due)
    for event, both in FOLLOWS.items()
    for profile, due in zip(("national", "zhejiang"), both, strict=True)
]


@pytest.mark.parametrize(("event", "profile", "due"), CASES)
async def test_every_deadline_that_an_event_starts_as_json(forge, event, profile, due):
    arguments = ("--profile", profile, "--event", event, "--on", "2026-02-10")
    found = json.loads(await answered(forge, "deadline", *arguments, "--json"))
    assert {each["name"]: each["due"] for each in found} == due
    for each in found:
        assert each.keys() == {"name", "due", "kind", "clause", "provisional"}
        assert each["kind"] in ("calendar", "working")
        assert each["clause"]
        assert each["provisional"] is False


@pytest.mark.parametrize(("event", "profile", "due"), CASES)
async def test_every_deadline_that_an_event_starts_in_lines(forge, event, profile, due):
    arguments = ("--profile", profile, "--event", event, "--on", "2026-02-10")
    lines = (await answered(forge, "deadline", *arguments)).splitlines()
    assert {line.split()[0]: line.split()[1] for line in lines} == due
    assert all(line.split()[2] in ("calendar", "working") for line in lines)
    assert all(len(line.split(maxsplit=3)) == 4 for line in lines)  # the clause


async def test_the_clause_and_the_kind_of_day_are_named(forge):
    said = await answered(forge, "deadline", "--event", "routed", "--on", "2026-02-10")
    assert said == (
        "accept  2026-02-25  calendar  TL 23(3)\nobject  2026-02-24  working   TL 23(3)\n"
    )


async def test_without_a_profile_it_is_the_national_one_or_the_office_s(forge, tmp_path):
    asked = ("deadline", "--event", "accepted", "--on", "2026-02-10", "--json")
    assert json.loads(await answered(forge, *asked))[0]["due"] == "2026-04-13"
    text = sample_office().read_text("utf-8")
    office = tmp_path / "office.toml"
    office.write_text(text.replace('profile = "national"', 'profile = "zhejiang"'), "utf-8")
    found = json.loads(await answered(forge, *asked, "--office", str(office)))
    assert found[0]["due"] == "2026-03-12"
    national = ("--office", str(office), "--profile", "national")
    assert json.loads(await answered(forge, *asked, *national))[0]["due"] == "2026-04-13"


async def test_the_office_s_own_working_days_count(forge, tmp_path):
    office = tmp_path / "office.toml"
    text = sample_office().read_text("utf-8")
    office.write_text(
        text.replace("[[districts]]", "[working_days]\n2026-04-13 = false\n\n[[districts]]", 1),
        "utf-8",
    )
    asked = ("deadline", "--event", "accepted", "--on", "2026-02-10", "--json")
    assert json.loads(await answered(forge, *asked, "--office", str(office)))[0]["due"] == (
        "2026-04-14"
    )


async def test_a_date_in_a_year_nobody_knows_is_marked(forge):
    asked = ("deadline", "--event", "accepted", "--on", "2099-03-02")
    assert json.loads(await answered(forge, *asked, "--json"))[0]["provisional"] is True
    assert (await answered(forge, *asked)).endswith("  provisional\n")


EVENT, ON = ("--event", "accepted"), ("--on", "2026-02-10")
WRONG = {
    "an event that is none": ((*ON, "--event", "acepted"), "--event: 'acepted'", "registered"),
    "an event that starts none alone": ((*ON, "--event", "extended"), "--event: 'extended'", ""),
    "a day that is none": ((*EVENT, "--on", "2026-02-30"), "--on: '2026-02-30'", "2026-02-10"),
    "a day written otherwise": ((*EVENT, "--on", "20260210"), "--on: '20260210'", "2026-02-10"),
    "a moment": ((*EVENT, "--on", "2026-02-10T08:00"), "--on: ", "2026-02-10"),
    "words": ((*EVENT, "--on", "明天"), "--on: '明天'", "2026-02-10"),
    "the end of time": ((*EVENT, "--on", "9999-12-30"), "--on: 9999-12-30 is too late", ""),
    "a profile that is none": ((*EVENT, *ON, "--profile", "lunar"), "'lunar'", "zhejiang"),
    "a profile elsewhere": ((*EVENT, *ON, "--profile", "../national"), "'../national'", ""),
    "no such office file": ((*EVENT, *ON, "--office", "nowhere.toml"), "nowhere.toml", ""),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["lines", "json"])
async def test_a_wrong_question_is_refused_in_one_line(forge, wrong, as_json):
    arguments, *said = WRONG[wrong]
    refused(await forge.run({}, "deadline", *arguments, *as_json), *said)


@pytest.mark.parametrize("given", [(), EVENT, ON])
async def test_what_is_needed_is_asked_for(forge, given):
    program = await forge.run({}, "deadline", *given)
    assert (program.code, program.out) == (2, "")
    assert "Missing option" in program.err
    assert "Traceback" not in program.err


# -- classify ----------------------------------------------------------------------------------

FIELDS = {field.name("zh") for field in load_catalogue()}


async def test_three_fields_a_message_best_first(forge):
    said = await answered(forge, "classify", stdin=f"{PIPE}\n{WAGES}\n".encode())
    lines = [line.split("\t") for line in said.splitlines()]
    assert [len(names) for names in lines] == [3, 3]
    assert [names[0] for names in lines] == ["城乡建设", "劳动和社会保障"]
    assert all(len(set(names)) == 3 for names in lines)


async def test_as_json_one_list_a_line(forge):
    plain = await answered(forge, "classify", stdin=f"{PIPE}\n{WAGES}".encode())
    said = await answered(forge, "classify", "--json", stdin=f"{PIPE}\n{WAGES}".encode())
    found = [json.loads(line) for line in said.splitlines()]
    assert found == [line.split("\t") for line in plain.splitlines()]
    assert {name for names in found for name in names} <= FIELDS
    assert "\\u" not in said


ODD = {
    "nothing said": "",
    "blanks": " \t  \u3000",
    "very long": (PIPE + "，") * 50_000,
    "one word of great length": "水" * 1_000_000,
    "no Chinese": "please repair the water pipe",
    "not text at all": "\x00\x01\U0001f600\u202e",
}


@pytest.mark.parametrize("odd", ODD)
async def test_whatever_the_line_there_is_one_answer_to_it(forge, odd):
    stdin = f"{PIPE}\n{ODD[odd]}\n{WAGES}\n".encode()
    lines = (await answered(forge, "classify", "--json", stdin=stdin)).splitlines()
    assert len(lines) == 3
    first, middle, last = (json.loads(line) for line in lines)
    assert (first[0], last[0]) == ("城乡建设", "劳动和社会保障")
    assert len(middle) == 3
    assert set(middle) <= FIELDS


async def test_no_message_no_answer(forge):
    assert await answered(forge, "classify") == ""


async def test_bytes_that_are_no_text_and_the_marks_of_other_systems(forge):
    stdin = b"\xef\xbb\xbf" + PIPE.encode() + b"\r\n\xff\xfe\x80\r\n"
    lines = (await answered(forge, "classify", stdin=stdin)).splitlines()
    assert lines[0] == (await answered(forge, "classify", stdin=PIPE.encode())).strip()
    assert len(lines) == 2


async def test_a_title_before_a_tab_is_told_from_the_text(forge):
    told = await answered(forge, "classify", stdin=f"小区停水\t{PIPE}".encode())
    assert told.split("\t")[0] == "城乡建设"
