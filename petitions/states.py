"""Where can a petition stand, and what does each place mean?"""

from enum import StrEnum


class State(StrEnum):
    """Where a petition stands."""

    REGISTERED = "registered"  # 已登记
    ROUTED = "routed"  # 已转送 / 已交办
    OBJECTED = "objected"  # 异议待定
    HANDLING = "handling"  # 办理中
    SUPPLEMENT = "supplement"  # 待补充材料
    REPLIED = "replied"  # 已答复
    ANSWERED = "answered"  # 已回复 (a suggestion)
    DECLINED = "declined"  # 不予受理
    REFERRED = "referred"  # 已导入法定途径
    WITHDRAWN = "withdrawn"  # 已撤回
    REVIEW = "review"  # 复查中
    REVIEWED = "reviewed"  # 已复查
    SECOND_REVIEW = "second_review"  # 复核中
    ENDED = "ended"  # 已终结
    ERASED = "erased"  # 已删除: no query finds it any more


RECEIVED = frozenset({State.REGISTERED, State.ROUTED})
"""Received by a unit that has not yet said what becomes of it (TL 22, 23)."""
WORKING = frozenset({State.HANDLING, State.SUPPLEMENT})
"""Accepted and under way (TL 34)."""
REVIEWING = frozenset({State.REVIEW, State.SECOND_REVIEW})
"""Before the level above (TL 35, 36)."""
OPEN = RECEIVED | WORKING | REVIEWING | {State.OBJECTED}
"""A unit still owes the petitioner something."""
BEFORE_REPLY = OPEN - REVIEWING
"""Nothing has been decided yet, so the petitioner may withdraw."""
RATED_IN = REVIEWING | {State.REPLIED, State.REVIEWED, State.ENDED}
"""There is a reply that can be rated (2014 办法 3)."""
INQUIRED_IN = RATED_IN | WORKING | {State.WITHDRAWN}
"""A rating can be looked into: also once it is handled again, and whatever becomes of that."""
FINAL = frozenset(
    {State.ANSWERED, State.DECLINED, State.REFERRED, State.WITHDRAWN, State.ENDED, State.ERASED}
)
"""Nothing moves any more; the same person may file anew where the law allows."""
