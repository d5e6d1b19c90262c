"""Walks that many tests take, and the words people look for in each language."""

import re
from dataclasses import dataclass

from emulator import Person


@dataclass(frozen=True)
class Look:
    """What somebody reading this language looks for on the screen."""

    code: str
    file: str
    request: str
    agree: str
    done: str
    skip: str
    steps_asked: dict[str, str]
    submit: str
    submitted: str
    accepted: str
    send_more: str
    what_to_add: str
    noted: str
    files_to_add: str
    added: str
    progress: str
    timeline: str
    timeline_other: str
    steps: tuple[str, ...]
    survey: str
    good: str
    bad: str
    question2: str
    why: str
    anything_else: str
    thanks: str
    which_number: str
    which_code: str
    title: str
    first_time: str
    never: str
    only_me: str
    publish: str


ZH = Look(
    code="zh-hans",
    file="提交信访事项",
    request="求决",
    agree="同意，开始填写",
    done="完成",
    skip="跳过",
    steps_asked={
        "consent": "开始之前",
        "title": "用一句话说说",
        "facts": "把经过讲清楚",
        "request": "希望怎么解决",
        "category": "可能属于下面这几类",
        "branch": "里的哪一种",
        "place": "哪个区县",
        "address": "什么地方",
        "files": "有照片、视频",
        "name": "您的姓名",
        "phone": "联系电话",
        "id_number": "身份证号码",
        "earlier": "以前反映过吗",
        "tried": "打过官司",
        "affected": "影响多少人",
        "publish": "公开答复内容",
        "review": "请核对",
    },
    submit="提交",
    submitted="提交成功",
    accepted="已受理",
    send_more="补充材料",
    what_to_add="请写下要补充的内容",
    noted="已记下第 1 段",
    files_to_add="有要补充的照片",
    added="已收到您的补充材料",
    progress="查看进度",
    timeline="状态：已答复",
    timeline_other="状态：已答复",
    steps=("已登记", "已受理", "补充材料", "已答复：支持"),
    survey="共两题",
    good="😊 满意",
    bad="不满意",
    question2="第 2 题",
    why="哪里不满意",
    anything_else="还有什么想说",
    thanks="谢谢您的评价",
    which_number="请输入编号",
    which_code="请输入查询码",
    title="小区水管爆裂三天没人修",
    first_time="第一次反映",
    never="没有",
    only_me="只有我",
    publish="不公开",
)
EN = Look(
    code="en",
    file="File a petition",
    request="Request",
    agree="I agree, begin",
    done="Done",
    skip="Skip",
    steps_asked={
        "consent": "Before we begin",
        "title": "in one sentence",
        "facts": "Please tell what happened",
        "request": "What do you ask for",
        "category": "it may be one of these",
        "branch": "Which kind of",
        "place": "In which district",
        "address": "Where in",
        "files": "Do you have photos",
        "name": "Your name",
        "phone": "Your phone number",
        "id_number": "Your ID number",
        "earlier": "raised this matter before",
        "tried": "Has it been to court",
        "affected": "How many people",
        "publish": "may the reply be published",
        "review": "Please check",
    },
    submit="Submit",
    submitted="Submitted",
    accepted="Accepted",
    send_more="Send more",
    what_to_add="Please write what you want to add",
    noted="Part 1 noted",
    files_to_add="Any photos or documents",
    added="What you added was received",
    progress="See progress",
    timeline="State: Replied",
    timeline_other="State: Replied",
    steps=("registered", "accepted by", "asked you for more", "replied: supported"),
    survey="Please rate",
    good="😊 Satisfied",
    bad="Not satisfied",
    question2="Question 2",
    why="What were you not satisfied with",
    anything_else="anything else",
    thanks="Thank you",
    which_number="Please type the number",
    which_code="Please type the query code",
    title="Burst water pipe in our compound",
    first_time="No, the first time",
    never="No",
    only_me="Me or my household",
    publish="No",
)


async def to_step(person: Person, words: Look, step: str) -> None:
    """Walk the form until `step` is asked; "review" is the last."""
    await person.type("/start")
    await person.expect(words.file)
    await person.tap(words.file)
    await person.expect("1/10")
    for name, answer in _answers(words).items():
        if name == step:
            return
        await answer(person)
        following = _after(name)
        await person.expect(words.steps_asked[following])
    assert step == "review"


def _after(name: str) -> str:
    names = [*_answers(ZH), "review"]
    return names[names.index(name) + 1]


def _answers(words: Look) -> dict[str, object]:
    def tap(label: str) -> object:
        return lambda person: person.tap(label)

    def type_(text: str) -> object:
        return lambda person: person.type(text)

    async def gathered(person: Person, text: str) -> None:
        await person.type(text)
        await person.expect(words.noted)
        await person.tap(words.done)

    async def category(person: Person) -> None:
        shown = await person.last()
        assert shown is not None
        await person.tap(shown.buttons[0][0][0])

    async def branch(person: Person) -> None:
        await category(person)

    async def album(person: Person) -> None:
        await person.album(3)
        await person.expect("3 个附件" if words is ZH else "3 attachments")
        await person.tap(words.done)

    return {
        "purpose": tap(words.request),
        "consent": tap(words.agree),
        "title": type_(words.title),
        "facts": lambda p: gathered(p, "三月一日起水管爆裂，一直漏水，物业不管。"),
        "request": lambda p: gathered(p, "请尽快派人修好水管。"),
        "category": category,
        "branch": branch,
        "place": tap("江北区" if words is ZH else "Jiangbei"),
        "address": type_("幸福路 8 号"),
        "files": album,
        "name": type_("陈秀英"),
        "phone": type_("13812345678"),
        "id_number": tap(words.skip),
        "earlier": tap(words.first_time),
        "tried": tap(words.never),
        "affected": tap(words.only_me),
        "publish": tap(words.publish),
    }


async def file_petition(person: Person, words: Look = ZH) -> tuple[str, str, str]:
    """File a petition with an album; number, query code and receipt as shown."""
    await to_step(person, words, "review")
    await person.tap(words.submit)
    shown = await person.expect(words.submitted)
    number = re.search(r"\d{6}-\d{8}-\d{5}-\d", shown.text)
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b(?!-)", shown.text)
    receipt = re.search(r"(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}", shown.text)
    assert number, shown.text
    assert code, shown.text
    assert receipt, shown.text
    return number[0], code[0], receipt[0]
