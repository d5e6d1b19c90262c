"""Lives that go on when somebody is not satisfied (满意度评价, 不满意件核查; 2014 办法)."""

from acceptance.life import Life, chen, filed, later, li, life, qian, zhao

BASIS = "《物业管理条例》第三十五条"
WHY = "拖了很久。"
FOUND = "经核查，维修记录齐全。"
DECIDED = {"text": "原答复事实清楚。", "basis": "《信访工作条例》第三十五条"}
REPLY = {"outcome": "supported", "text": "已修好。", "basis": BASIS}
REPLIED = (filed(), li("take"), li("accept"), li("reply", **REPLY))
ASKED = (*REPLIED, later(1.01, "survey_opened", told=("请您评价", "2026年4月1日")))
LOW = {"office": "good", "unit": "bad"}
UNHAPPY = (
    *ASKED,
    chen(
        "rate",
        **LOW,
        reason=WHY,
        kinds=("rated", "rated"),
        told=("没有参与办理的督查人员核查",),
        line="还没有人核查",
        line_in="ducha",
    ),
)
AGAIN = ("再请您评价一次",)

SURVEYED: dict[str, Life] = {
    "not satisfied: taken, told what came of it, asked again": life(
        *UNHAPPY,
        li("take_inquiry", refused="您不能"),
        zhao("inquire", refused="您不能"),
        zhao("take_inquiry", timeline=("开始核查",), line="由赵立核查", line_in="ducha"),
        zhao("rating"),
        zhao("details"),
        li("rating", refused="您不能"),
        li("inquire", refused="您不能"),
        zhao(
            "inquire",
            result="explained",
            text=FOUND,
            told=("督查室核查了您不满意的地方", FOUND),
            timeline=("督查室核查有了结果：解释说明",),
            line="已核查：解释说明",
            line_in="ducha",
        ),
        zhao("inquire", refused="您不能"),
        later(1.01, "asked_again", told=AGAIN),
        chen("rate", office="good", unit="fair", told=("谢谢您的评价",)),
        later(4),
        end="已答复",
    ),
    "not satisfied: nobody takes it, the roster names one, the unit is to do more": life(
        *UNHAPPY,
        later(5, "inquiry_taken"),
        zhao("take_inquiry", refused="已经由赵立核查"),
        zhao(
            "inquire",
            result="more",
            method="letter",
            order="请十日内更换水管。",
            days="5",
            text="已督促市住建局更换水管。",
            kinds=("supervised", "inquired"),
            told=("督促承办单位继续办理", "已督促市住建局更换水管。"),
            line="督办",
            line_in="zhujian",
        ),
        li("answer_supervision", text="水管已更换。", line="督办", line_in="ducha"),
        later(1.01, "asked_again", told=AGAIN),
        chen(
            "rate",
            **LOW,
            reason="还是漏。",
            kinds=("rated", "rated"),
            told=("不会再核查",),
            line="核查后又作了评价",
            line_in="ducha",
        ),
        zhao("take_inquiry", refused="没有待核查的不满意评价"),
        later(40),
        end="已答复",
    ),
    "not satisfied: the only supervisor handled it, so the next up looks into it": life(
        filed(),
        zhao("take"),
        zhao("accept"),
        zhao("reply", **REPLY),
        later(1.01, "survey_opened"),
        chen("rate", **LOW, kinds=("rated", "inquiry_taken"), timeline=("开始核查",)),
        zhao("take_inquiry", refused="您不能"),
        zhao("rating", refused="您不能"),
        qian("rating"),
        qian(
            "inquire",
            result="review",
            text="处理意见的依据应当由上一级审查。",
            told=("应当由上一级复查", "处理意见的依据应当由上一级审查。"),
        ),
        chen("review", text="请复查。"),
        qian("take"),
        later(1.01, "asked_again", told=AGAIN),
        qian("decide", finding="维持", **DECIDED, told=("复查意见：维持",)),
        end="已复查",
        also_at=(("zhao", "zhujian"),),
    ),
    "not satisfied: looked into while a review revokes it and it is handled again": life(
        *UNHAPPY,
        zhao("take_inquiry"),
        chen("review", text="请复查。"),
        qian("take"),
        qian("decide", finding="撤销，重新办理", **DECIDED, told=("复查意见：撤销",)),
        li("take"),
        zhao("rating"),
        zhao("inquire", result="explained", text=FOUND, told=(FOUND,), timeline=("解释说明",)),
        later(2),
        li("reply", **REPLY),
        later(1.01, "survey_opened", told=("请您评价",)),
        chen("rate", office="good", unit="good"),
        later(40),
        end="已答复",
    ),
    "not satisfied: the supervisor withdraws, the answer is changed, the next up ends it": life(
        *UNHAPPY,
        zhao("take_inquiry"),
        zhao("leave_inquiry", kinds=("inquiry_left", "inquiry_taken")),
        zhao("rating", refused="您不能"),
        chen("rate", office="good", unit="good", told=(WHY, "谢谢您的评价")),
        qian("inquire", result="explained", text=FOUND, told=("市政府复查复核办公室核查了", FOUND)),
        later(5),
        end="已答复",
    ),
    "raised before: not surveyed, and told what else there is": life(
        filed(earlier={"yes": True}),
        li("take"),
        li("accept"),
        li("reply", **REPLY),
        later(2),
        chen("rate", refused="评价还没有开始", timeline=("不请您评价", "申请复查")),
        later(40),
        end="已答复",
    ),
}
