"""Lives that go before the levels above (复查, 复核; TL 35, 36)."""

from acceptance.life import Life, chen, feng, filed, he, later, li, life, qian, wu

WHY = "经核对职责分工，作如下说明。"
BASIS = "《公路法》第三十五条"
UNHAPPY = "答复没有说明为什么不修。"
NOBODYS = "labour.wages"

REVIEWED: dict[str, Life] = {
    "objection, routed again, extended, replied, overturned, handled again, second review": life(
        filed(category=None),
        li("take"),
        li("route", to="市交通运输局", how="routed", told=("市交通运输局", "2026年3月17日")),
        he("take"),
        he("object", text=WHY, line="提出异议", line_in="xinfang"),
        li("take"),
        li("route", to="河口镇", how="assigned", assisting=["市住建局"], told=("河口镇",)),
        feng("take"),
        feng("accept", told=("已受理", "2026年5月6日"), due="2026年5月6日"),
        feng("extend", days="20", text="需要现场测量。", card=("延期申请待负责人决定",)),
        feng("approve", told=("延长 20 天", "2026年5月26日"), due="2026年5月26日"),
        feng("reply", outcome="rejected", text="不予修复。", basis=BASIS, told=("2026年4月1日",)),
        end="已答复",
    ),
}
