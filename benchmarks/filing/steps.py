"""What does a citizen do to file, and what do they read before the next step?

The same for us and for the peer, word for word: twenty-two updates, of which the messenger pushes
the next when the reply to the last has come.
"""

from dataclasses import dataclass

BOT_ID = 4200000001
TOKEN = f"{BOT_ID}:benchmark"
SECRET = "a-secret-of-this-benchmark"  # noqa: S105 - of nothing
GROUP = -5002


@dataclass(frozen=True, slots=True)
class Step:
    """Type this, or tap the button whose data ends so; the reply has these words in it."""

    text: str
    tap: str
    reply: str


def _types(text: str, reply: str) -> Step:
    return Step(text, "", reply)


def _taps(data: str, reply: str) -> Step:
    return Step("", data, reply)


STEPS = (
    _types("/start", "云江市信访局"),
    _taps("m:file:", "1/10"),
    _taps(":pick:request", "开始之前"),
    _taps(":pick:agree", "用一句话说说"),
    _types("小区水管爆裂三天没人修", "把经过讲清楚"),
    _types("三月一日起水管爆裂，一直漏水，物业不管，楼下两户也进了水。", "已记下第 1 段"),
    _taps(":done:", "希望怎么解决"),
    _types("请尽快派人修好水管。", "已记下第 1 段"),
    _taps(":done:", "可能属于下面这几类"),
    _taps(":open:urban", "里的哪一种"),
    _taps(":pick:urban.utilities", "哪个区县"),
    _taps(":pick:jiangbei", "什么地方"),
    _types("幸福路 8 号", "有照片、视频"),
    _taps(":skip:", "您的姓名"),
    _types("陈秀英", "联系电话"),
    _types("13812345678", "身份证号码"),
    _taps(":skip:", "以前反映过吗"),
    _taps(":no:", "打过官司"),
    _taps(":no:", "影响多少人"),
    _taps(":pick:me", "公开答复内容"),
    _taps(":pick:keep", "请核对"),
    _taps(":submit:", "提交成功"),
)
