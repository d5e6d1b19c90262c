"""Does this text speak of danger to life? Then the emergency numbers come first.

A word too many only shows the numbers once more, so the list is generous; it never blocks
a filing and decides nothing else.
"""

import re
import unicodedata

SIGNS = (
    # fire, gas, explosion, collapse
    *("着火", "起火了", "失火", "火灾", "大火", "冒浓烟", "漏气", "燃气泄漏", "煤气泄漏"),
    *("煤气漏", "燃气漏", "煤气中毒", "爆炸", "要塌了", "塌了", "被困", "触电", "溺水"),
    # violence
    *("杀人", "要杀", "持刀", "砍人", "砍我", "打死", "被打", "打我", "家暴", "绑架", "被关"),
    *("强奸", "性侵", "救命", "救救"),
    # self-harm
    *("自杀", "不想活", "活不下去", "不活了", "跳楼", "跳河", "轻生", "割腕", "喝农药", "服毒"),
    *("上吊", "寻死", "了结自己", "结束生命"),
    # somebody is ill
    *("晕倒", "昏迷", "没有呼吸", "大出血", "心梗", "快不行了"),
)
ENGLISH = (
    r"on fire|house fire|gas leak|smell gas|explosion|trapped|electrocut\w*|drowning",
    r"kill (me|him|her|us|them|myself)|killed|with a knife|stabb\w+|beating me|beaten up|kidnap\w*",
    r"rap(ed|ing)|domestic violence|help me now|save me",
    r"suicid\w*|end my life|want to die|don'?t want to live|hang myself|jump off",
    r"unconscious|not breathing|bleeding heavily|heart attack",
)
_SIGNS = re.compile("|".join((*map(re.escape, SIGNS), rf"\b({'|'.join(ENGLISH)})\b")))


def endangered(text: str) -> bool:
    """Whether the text holds a sign of danger to life."""
    return _SIGNS.search(unicodedata.normalize("NFKC", text).lower()) is not None
