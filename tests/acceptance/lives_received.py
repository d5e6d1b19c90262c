"""Lives that turn on what becomes of a petition before it is accepted (TL 19, 22, 23, 31)."""

from acceptance.life import (
    Life,
    Other,
    chen,
    feng,
    filed,
    files,
    he,
    later,
    li,
    life,
    ma,
    turn_to,
    zhou,
)

WHY = "经核对职责分工，作如下说明。"
BASIS = "《物业管理条例》第三十五条"
NOBODYS = "labour.wages"
"""A category that no unit lists: such a petition stays at the petition office."""
TO_TRANSPORT = (
    filed(category=NOBODYS),
    li("take"),
    li(
        "route",
        to="市交通运输局",
        how="routed",
        told=("转给市交通运输局", "2026年3月17日", "第23(3)条"),
        due="2026年3月17日",
    ),
)
FIXED = {
    "outcome": "supported",
    "text": "已修好。",
    "basis": BASIS,
    "told": (BASIS, "2026年4月1日"),
}

RECEIVED: dict[str, Life] = {
    "declined: not this office's, told where to go": life(
        filed(category=NOBODYS),
        li("take"),
        li(
            "decline",
            ground="elsewhere",
            text="请向区劳动监察大队投诉。",
            told=("不予受理", "第23(1)条", "请向区劳动监察大队投诉。"),
        ),
        li("accept", refused="现在的状态是「不予受理」"),
        end="不予受理",
    ),
    "declined: under way as another number, which goes on": life(
        filed(),
        li("take"),
        li("accept", told=("已受理", "2026年5月6日"), due="2026年5月6日"),
        files("again", told=("2026年3月17日",)),
        li("take"),
        li(
            "decline",
            ground="under_way",
            under_way=Other("first"),
            text="请看原来那一件。",
            told=("同一事项正以编号", "第19(3)条"),
        ),
        turn_to("first"),
        li("reply", **FIXED),
        end="已答复",
    ),
    "referred to a statutory route, with its deadline": life(
        files(
            category="urban.demolition",
            told=("2026年3月17日", "60日内可申请行政复议"),
            timeline=("60日内可申请行政复议",),
        ),
        li("take"),
        li(
            "refer",
            way="对房屋征收决定",
            text=WHY,
            told=("60日内可申请行政复议", "征收与补偿条例》第十四条", WHY),
        ),
        li("accept", refused="已导入法定途径"),
        chen("review", refused="已导入法定途径"),
        end="已导入法定途径",
    ),
    "objection not agreed to: routing insisted on, accepted": life(
        *TO_TRANSPORT,
        he("take"),
        he("object", text=WHY, line="提出异议", line_in="xinfang", due="2026年3月17日"),
        li("take"),
        li("insist", text=WHY, line="不同意异议", line_in="jiaotong", due="2026年3月17日"),
        he("take"),
        he("object", text=WHY, refused="已提出过异议"),
        he("accept", told=("市交通运输局", "2026年5月6日"), due="2026年5月6日"),
        he("reply", **FIXED),
        end="已答复",
    ),
    "objection after the five working days: refused, accepted": life(
        *TO_TRANSPORT,
        he("take"),
        later(8),
        he("object", refused="已经超过期限（2026年3月9日）"),
        he("accept", told=("2026年5月9日",), due="2026年5月9日"),
        end="办理中",
    ),
    "a repeat, linked to the first": life(
        filed(),
        filed("again"),
        zhou("take"),
        zhou("link", number=Other("first"), relation="repeats", card=("有关联件：1 件",)),
        zhou("accept_simple", refused="不符合简易办理条件"),
        zhou("accept", told=("2026年5月6日",), due="2026年5月6日"),
        zhou("reply", **FIXED),
        end="已答复",
    ),
    "withdrawn before acceptance": life(
        filed(),
        li("take"),
        chen("withdraw", told=("2026",), line="撤回", line_in="zhujian"),
        li("accept", refused="已撤回"),
        chen("withdraw", refused="已撤回"),
        end="已撤回",
    ),
    "danger to life: the numbers at once, the card urgent": life(
        files(
            facts="厨房燃气泄漏，我们不敢开灯。",
            told=("110", "119", "120", "2026年3月17日"),
            card=("提到人身安全",),
        ),
        li("take", card=("提到人身安全",)),
        li("accept", told=("2026年5月6日",), card=("提到人身安全",)),
        li("reply", **FIXED),
        end="已答复",
    ),
    "a colleague is ill: reassigned by the head": life(
        *TO_TRANSPORT,
        ma("take"),
        he("accept", refused="您不能做这一步"),
        he("reassign", to="何立平", holder="何立平"),
        ma("accept", refused="您不能做这一步"),
        he("accept", told=("2026年5月6日",), due="2026年5月6日"),
        he("reply", **FIXED),
        end="已答复",
    ),
    "an officer with an interest withdraws (TL 28), a colleague goes on": life(
        *TO_TRANSPORT,
        ma("take"),
        ma("recuse"),
        ma("take", refused="您不能查看或办理"),
        he("take"),
        he("accept", told=("已受理",)),
        ma("details", refused="您不能查看或办理"),
        he("reply", **FIXED),
        end="已答复",
    ),
    "nobody of the unit is left after a withdrawal; another unit has it": life(
        filed(category=NOBODYS),
        li("take"),
        li("route", to="河口镇", how="routed", told=("转给河口镇",)),
        feng("take"),
        feng("recuse", told=("改由市信访局承办",), line="改由市信访局承办", line_in="xinfang"),
        li("take"),
        li("accept", told=("已受理",)),
        li("reply", **FIXED),
        end="已答复",
    ),
}
