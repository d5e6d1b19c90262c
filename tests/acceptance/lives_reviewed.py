"""Lives that go before the levels above (复查, 复核; TL 35, 36)."""

from acceptance.life import (
    Life,
    Other,
    chen,
    feng,
    filed,
    he,
    later,
    li,
    life,
    qian,
    wu,
    zheng,
    zhou,
)

WHY = "经核对职责分工，作如下说明。"
BASIS = "《公路法》第三十五条"
UNHAPPY = "答复没有说明为什么不修。"
REFUSED = {"outcome": "not_supported", "text": "不予修复。", "basis": BASIS}
REPLIED = (
    filed(),
    li("take"),
    li("accept", told=("2026年5月6日",), due="2026年5月6日"),
    li("reply", **REFUSED, told=("不予支持", "2026年4月1日", "市政府复查复核办公室")),
)
ASKED = (
    *REPLIED,
    chen("review", text=UNHAPPY, told=("2026年4月1日",), due="2026年4月1日"),
    qian("take"),
)
DECIDED = {"text": "原答复事实清楚。", "basis": "《信访工作条例》第三十五条"}
UPHELD = (
    *ASKED,
    qian("decide", finding="维持", **DECIDED, told=("复查意见：维持", "2026年4月1日", "申请复核")),
)
AGAIN = (
    *UPHELD,
    chen("review", text=UNHAPPY, told=("2026年4月1日",), due="2026年4月1日"),
    wu("take"),
)

REVIEWED: dict[str, Life] = {
    "objection, routed again, extended, replied, overturned, handled again, second review": life(
        filed(category=None),
        li("take"),
        li("route", to="市交通运输局", how="routed", told=("市交通运输局", "2026年3月17日")),
        he("take"),
        he("object", text=WHY, line="提出异议", line_in="xinfang", due="2026年3月17日"),
        li("take"),
        li("route", to="河口镇", how="assigned", assisting=["市住建局"], told=("交河口镇办理",)),
        feng("take"),
        feng("accept", told=("已受理", "2026年5月6日"), due="2026年5月6日"),
        feng("extend", days="20", text="需要现场测量。", card=("延期申请待负责人决定",)),
        feng("approve", told=("延长 20 天", "2026年5月26日"), due="2026年5月26日"),
        later(30),
        feng("reply", **REFUSED, told=(BASIS, "2026年5月6日", "青山县信访局")),
        chen("review", text=UNHAPPY, due="2026年5月6日", line="申请复查", line_in="hekou"),
        zheng("take"),
        zheng(
            "decide",
            finding="撤销，重新办理",
            **DECIDED,
            told=("复查意见：撤销", "河口镇重新办理", "2026年6月1日"),
            due="2026年6月1日",
            line="请重新办理",
            line_in="hekou",
        ),
        feng("take"),
        feng("extend", days="30", text=WHY, card=("延期申请待负责人决定",)),
        feng("refuse"),
        later(40),
        feng("reply", **REFUSED, told=(BASIS, "2026年6月10日", "青山县信访局")),
        chen("review", text=UNHAPPY, due="2026年6月10日"),
        zheng("take"),
        zheng("decide", finding="维持", **DECIDED, told=("复查意见：维持", "2026年6月10日")),
        chen("review", text=UNHAPPY, due="2026年6月10日"),
        li("take"),
        li("decide", finding="变更", **DECIDED, told=("复核意见：变更", "这是最终意见")),
        chen("review", refused="已终结"),
        end="已终结",
    ),
    "upheld, upheld again, ended; the same facts filed again are declined as ended": life(
        *AGAIN,
        wu("decide", finding="维持", **DECIDED, told=("复核意见：维持", "这是最终意见")),
        chen("review", refused="现在的状态是「已终结」"),
        filed("again"),
        zhou("take"),
        zhou(
            "decline",
            ground="ended",
            ended=Other("first"),
            text="同一事实已经终结。",
            told=("终结", "第36(3)条", "新的事实"),
        ),
        end="不予受理",
    ),
    "changed on review; the window for the second closes": life(
        *ASKED,
        li("decide", refused="您不能"),
        chen("withdraw", refused="复查中"),
        qian("decide", finding="变更", **DECIDED, told=("复查意见：变更", "2026年4月1日")),
        later(31),
        chen("review", refused="已经超过期限（2026年4月1日）"),
        end="已复查",
    ),
    "second review with a hearing, whose days do not count": life(
        *ASKED,
        qian("hearing", refused="复查中"),
        qian("decide", finding="变更", **DECIDED, told=("复查意见：变更",)),
        *AGAIN[len(UPHELD) :],
        wu("hearing", days="10", text="三月五日听证。", told=("10 天不计入期限", "2026年4月13日")),
        later(35),
        wu("decide", finding="变更", **DECIDED, told=("复核意见：变更",)),
        end="已终结",
    ),
    "review asked for too late": life(
        *REPLIED,
        later(29, "survey_opened"),
        qian("take", refused="您不能"),
        later(2),
        chen("review", refused="已经超过期限（2026年4月1日）"),
        end="已答复",
    ),
}
