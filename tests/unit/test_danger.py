"""Danger to life is heard, in both languages, and everyday complaints are not mistaken for it."""

import pytest

from petitions.danger import endangered


@pytest.mark.parametrize(
    "text",
    [
        "着火了！家里煤气漏了",
        "我不想活了",
        "邻居持刀威胁我们",
        "老公又打我，家暴",
        "There is a GAS LEAK in our building",
        "I want to die",
        "隔壁楼道大火，有人被困",
    ],
)
def test_danger_is_heard(text):
    assert endangered(text)


@pytest.mark.parametrize(
    "text",
    [
        "小区水管爆裂三天没人修",
        "拖欠工资三个月",
        "路灯不亮，晚上看不见",
        "Burst water pipe in our compound",
        "The killjoy of a neighbour plays loud music",
        "请问公积金怎么提取",
        "",
        "😀",
    ],
)
def test_an_everyday_complaint_is_not_danger(text):
    assert not endangered(text)
