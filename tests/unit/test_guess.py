"""The guess of a category on messages made up for these tests, and on what is no message."""

from importlib.resources import files
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.catalogue import parse
from petitions.guess import Guesser
from petitions.weights import LONGEST_TEXT

CATALOGUE = parse(files("petitions").joinpath("catalogue.toml").read_text(encoding="utf-8"))
GUESSER = Guesser(CATALOGUE)
ROOTS = [root.id for root in CATALOGUE.roots]

# category, title, text
MESSAGES = [
    (
        "urban.utilities",
        "我家已经三天没有自来水",
        "星期一开始整栋楼停水，打自来水公司的电话总说在抢修，老人只好下楼提水。什么时候能恢复供水？",
    ),
    (
        "urban.utilities",
        "暖气一直不热",
        "室内只有十三度，热力公司来看过两次也没修好，暖气费却照收。",
    ),
    (
        "urban.demolition",
        "老房子拆了四年，安置房还没影",
        "当年签了拆迁协议，过渡费去年起也停发，一家五口在外租房。",
    ),
    (
        "urban.estate",
        "物业换了又换，服务越来越差",
        "业主想成立业委会，物业公司不配合，公共收益也从来不公布。",
    ),
    (
        "urban.realestate",
        "交房三年拿不到房产证",
        "开发商说手续没办齐，我们几百户业主都在等不动产证落户。",
    ),
    (
        "party.faith",
        "想把民族成份改回母亲一方",
        "我父亲是汉族，母亲是苗族，请问少数民族身份怎样更改，要什么材料？",
    ),
    ("party.media", "电视台报道与事实不符", "记者没有采访我们一方就播了新闻，希望媒体更正。"),
    (
        "party.building",
        "党员组织关系转不回来",
        "毕业后预备党员的组织关系一直挂在外地党支部，党费不知该交到哪里。",
    ),
    ("land.taking", "征地补偿款少算了", "村里征用土地修厂，青苗费和附着物没有登记，公告也没贴过。"),
    ("land.mining", "采石场天天放炮", "后山的石场没有采矿许可证，越界开采，山都挖空了一半。"),
    ("land.title", "两个组争一块山坡", "双方都说有土地所有权，权属纠纷拖了十年，请政府确权。"),
    (
        "environment.air",
        "塑料作坊的气味让人睡不了觉",
        "一到夜里就排放废气，刺鼻难闻，窗户不敢打开，环保部门来了他们就停。",
    ),
    ("environment.water", "养猪场把粪水排进小河", "河水发黑发臭，鱼都死光了，下游还要用来洗菜。"),
    ("environment.noise", "楼下歌厅吵到凌晨", "音响震得地板发抖，噪音扰民，孩子没法休息。"),
    (
        "discipline.bribery",
        "举报某局长受贿",
        "他利用工程收受回扣，安排亲属的公司中标，请纪委查处。",
    ),
    (
        "discipline.style",
        "镇里干部上班打牌",
        "上班时间办公室没有人，几个干部在茶馆赌钱，作风散漫。",
    ),
    (
        "discipline.neglect",
        "多次反映无人管，是不是失职",
        "主管人员玩忽职守，互相推诿，包庇违法老板。",
    ),
    ("transport.taxi", "出租车不打表", "从火车站上车，司机开口就要五十，不同意就拒载。"),
    ("transport.bus", "希望增加晚班公交车", "我们这趟公交线路末班车太早，下班只能走回家。"),
    ("transport.parcel", "快递没有送到却显示签收", "快递员说放在门口，包裹不见了，公司不肯赔。"),
    ("transport.roads", "通村公路烂得过不了车", "县道养护多年没人管，大坑连小坑，何时能硬化？"),
    (
        "economy.banking",
        "银行不肯改我的征信记录",
        "从未在这家银行贷款，征信却显示逾期，利息越滚越多。",
    ),
    ("economy.fundraising", "投资公司老板跑路", "承诺高息吸收存款，本金拿不回来，涉嫌非法集资。"),
    ("economy.tax", "饭店拒开发票", "说是机器坏了，请税务局查一查有没有偷税。"),
    ("tech.fees", "手机套餐被偷偷升级", "中国移动没有经过同意就扣话费，打客服要求退流量费。"),
    ("tech.coverage", "村子里没有手机信号", "整个山沟打不通电话，宽带也装不了，能不能建个基站？"),
    ("tech.patent", "发明专利被人仿造", "我的专利权受到侵犯，知识产权局应该找谁？"),
    ("civil.allowance", "母亲瘫痪能不能吃低保", "家里没有劳动力，民政所说名额满了。"),
    ("civil.veterans", "退伍军人安置工作一直没落实", "士官转业回来两年，民政局让等通知。"),
    ("civil.marriage", "结婚证丢了怎样补办", "当年在乡里办的婚姻登记，档案查不到。"),
    ("rural.contract", "承包地被别人种了", "二轮承包时分的责任田，村组要收回去搞土地流转。"),
    ("rural.poverty", "为什么没有评上建档立卡", "家里有两个病人，扶贫工作队说不够贫困户条件。"),
    ("rural.water", "水渠塌了，稻田没水灌", "水库放水下不来，今年干旱，请水利局修一修渠道。"),
    ("trade.tourism", "导游逼着买玉镯", "旅行社说是纯玩团，到了景区外面却强制购物三小时。"),
    ("trade.pyramid", "弟弟被骗去做传销", "住在出租屋里天天上课洗脑，要他发展下线。"),
    (
        "trade.consumer",
        "健身房关门，会员卡不退款",
        "办卡才一个月，商家就卷款走了，消费者找谁维权？",
    ),
    ("health.disputes", "手术后病情加重", "医院误诊耽误了治疗，要求做医疗事故鉴定，院方不给病历。"),
    ("health.onechild", "独生子女父母奖励没有领到", "退休时应当发放的奖励金，计生办说没有指标。"),
    ("health.food", "吃了外卖全家拉肚子", "餐饮店后厨很脏，用的是过期食品，怀疑食物中毒。"),
    (
        "justice.household",
        "外省媳妇落户难",
        "派出所要的证明开了三次，户口还是迁不过来，孩子也上不了户口。",
    ),
    ("justice.cases", "被骗八万元，报案两个月没立案", "网络诈骗，嫌疑人的账号都交给了公安局。"),
    (
        "justice.enforcement",
        "官司赢了钱拿不到",
        "判决书生效一年，法院执行局找不到老赖，申请强制执行没有结果。",
    ),
    ("education.teaching", "寒假还在补课", "初三学生早上六点半上学，晚自习到十点，老师说是自愿。"),
    ("education.places", "外地户口的孩子怎么上小学", "随迁子女入学要哪些材料，学区怎么划？"),
    ("education.teachers", "代课教师三十年没有待遇", "我在村小教书多年，民办教师转正时漏了我。"),
    ("education.sport", "体育馆整天锁着", "篮球场和游泳馆不对市民开放，全民健身去哪里？"),
    ("labour.wages", "过年了工资还没有发", "老板欠我们十几个农民工半年工资，劳动监察大队让等。"),
    (
        "labour.pension",
        "养老保险断缴八年能不能补缴",
        "以前在集体厂上班，工龄怎么算，社保局说法不一。",
    ),
    ("labour.medical", "异地住院，新农合报销太低", "医保报销比例和本地差一半，手续要跑三趟。"),
    ("labour.injury", "上班路上摔断腿算工伤吗", "单位不肯申请工伤认定，医药费自己垫。"),
    (
        "urban.utilities",
        "No heating in our building",
        "The pipe has been cold for a week, please repair the heat.",
    ),
    (
        "labour.wages",
        "Unpaid wages",
        "My employer owes me three months of salary, the boss keeps silent.",
    ),
    (
        "education.campus",
        "My son is bullied",
        "Bullying at school: pupils hit him and the teacher does nothing.",
    ),
    (
        "environment.noise",
        "Loud noise at night",
        "The karaoke bar next door is so loud that nobody can sleep.",
    ),
    (
        "transport.bus",
        "Bus 12 never comes",
        "The bus stop has no shelter and the bus is late every day.",
    ),
    (
        "health.hospitals",
        "Hospital registration",
        "The clinic made a patient wait two days to see a doctor.",
    ),
]


@pytest.mark.parametrize(("id", "title", "text"), MESSAGES, ids=lambda value: str(value)[:20])
def test_the_field_of_an_everyday_message_is_among_three(id: str, title: str, text: str) -> None:
    assert id.partition(".")[0] in GUESSER.top(title, text)


def test_most_fields_are_guessed_first() -> None:
    hits = sum(GUESSER.top(t, x, 1) == [id.partition(".")[0]] for id, t, x in MESSAGES)
    assert hits / len(MESSAGES) >= 0.9


def test_most_categories_are_among_the_first_three_of_their_field() -> None:
    hits = sum(
        id in GUESSER.top_children(id.partition(".")[0], title, text)[:3]
        for id, title, text in MESSAGES
    )
    assert hits / len(MESSAGES) >= 0.9


def test_every_field_and_category_finds_itself_by_its_name() -> None:
    for root in CATALOGUE.roots:
        assert GUESSER.top(root.zh, "", 1) == [root.id]
        for child in root.children:
            assert GUESSER.top_children(root.id, child.zh, "")[0] == child.id


@pytest.mark.parametrize("text", ["", "   ", "😀🙏🏽👨‍👩‍👧", "？！……", "ж", "的", "\x00", "q" * 50])
def test_what_says_nothing_keeps_the_order_of_the_catalogue(text: str) -> None:
    assert GUESSER.top(text, text) == ROOTS[:3]
    assert GUESSER.top_children("labour", text, text) == [
        child.id for child in CATALOGUE.get("labour").children
    ]


def test_of_a_very_long_text_the_beginning_counts() -> None:
    long = "拖欠农民工工资，老板不发工钱。" * 400
    assert len(long) > LONGEST_TEXT
    started = process_time()
    assert GUESSER.top("", long + "噪音污染" * 100_000)[0] == "labour"
    assert process_time() - started < 1
    assert GUESSER.top("", long + "噪音污染") == GUESSER.top("", long)


def test_full_width_and_capitals_are_read_alike() -> None:
    assert GUESSER.top("ＥＴＣ收费", "") == GUESSER.top("etc收费", "")
    assert GUESSER.top("TAXIS", "")[0] == GUESSER.top("taxi", "")[0] == "transport"


def test_the_title_weighs_as_much_as_a_long_text() -> None:
    rest = "希望有关部门给予答复，谢谢。" * 20
    assert GUESSER.top("出租车拒载", rest)[0] == "transport"


def test_two_guessers_agree() -> None:
    other = Guesser(CATALOGUE)
    assert all(other.top(t, x, 15) == GUESSER.top(t, x, 15) for _, t, x in MESSAGES)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError, match="sea"):
        GUESSER.top_children("sea", "", "")


words = st.sampled_from([word for each in CATALOGUE for word in each.words])
anything = st.text(max_size=60) | st.lists(words, max_size=8).map("".join)


@given(title=anything, text=anything, n=st.integers(1, len(ROOTS)))
def test_top_gives_n_distinct_known_fields(title: str, text: str, n: int) -> None:
    top = GUESSER.top(title, text, n)
    assert len(top) == len(set(top)) == n
    assert set(top) <= set(ROOTS)
    assert top == GUESSER.top(title, text, len(ROOTS))[:n]


@given(root=st.sampled_from(CATALOGUE.roots), title=anything, text=anything)
def test_top_children_orders_all_categories_of_a_field(root, title: str, text: str) -> None:
    ordered = GUESSER.top_children(root.id, title, text)
    assert sorted(ordered) == sorted(child.id for child in root.children)
