"""Which words stand in petitions of every kind, and so tell little about what this one is about?

Whom one writes to, what one asks of them and where one lives is in every letter. A collection of
letters would show that by counting; the catalogue, whose words are all there is to count, cannot.
So it is said here, from what petitions are: how much of its weight such a word keeps.
"""

FORMULAS = """
尊敬的 领导 您好 你好 书记 市长 县长 区长 省长 局长 百忙之中 打扰 感谢 谢谢 此致敬礼 市民 公民
群众 老百姓 百姓 人民 政府 市政府 县政府 区政府 党委 市委 县委 部门 有关部门 相关部门 职能部门
主管部门 各部门 相关单位 工作人员 办事人员 负责人 反映 投诉 举报 求助 咨询 请求 恳请 恳求 希望
要求 呼吁 留言 发帖 来信 上访 信访 热线 市长热线 12345 打电话 电话 答复 回复 解决 处理 落实 重视
关注 过问 督促 督办 调查 核实 查处 介入 查明 协调 解释 说法 交代 公道 公平 公正 正义 监管 监管不力
不作为 乱作为 推诿 互相推诿 踢皮球 不了了之 石沉大海 无人管 没人管 没有结果 问题 情况 事情 原因
时间 影响 严重 严重影响 正常生活 日常生活 合理 合法 合法权益 权益 利益 损失 法律 规定 相关规定
政策 国家 文件 中央 社会 和谐 稳定 证据 照片 视频 媒体 曝光 记者 起诉 打官司 态度 服务态度 负责
责任 民生 打工 在外打工 外地 全国 全省 建设 发展 管理 工程 项目 通知 办理 材料 手续 证明 申请 审批
检查 整改
"""
"""How a petition addresses, asks and complains."""

CIRCUMSTANCES = """
单位 公司 企业 老板 银行 律师 法院 纪委 干部 村民 农民 村里 农村 乡镇 镇政府 乡政府 村委会 村委
组长 街道 街道办 社区 居委会 派出所 民警 警察 公安 公安局 报警 城管 网上 网络 互联网 手机 信息
微信 老人 小孩 家人 父母 儿子 女儿 困难 家庭 工作 上班 下班 每天 晚上 昨天 今年 去年 现在 市场
居民 附近 周边 身体 健康
"""
"""Who is in it, when and by what means; seldom the matter itself."""

PLACES = "学校 医院 孩子 家长 菜市场 小区 业主 道路 交通 土地"
"""Where people live and go; often the matter, and as often only the address."""

GLUE = frozenset(
    "的了是在有不没无未被给让就都还也又很太最能会要想去来到上下里中把和与及或从对为以而但其各每这那"
    "哪什么怎吗呢吧啊多少几一二三四五六七八九十百千万两个我你他她它们年月日元才只再则若如此您请说自己"
    "用做过着得地可起后前内外时候些样点次"
)
"""Characters of grammar and number: pieces of words that hold one are met everywhere."""

KEPT = ((PLACES, 0.75), (CIRCUMSTANCES, 0.5), (FORMULAS, 0.25))
"""How much is left of a word's weight, and of its pieces'; where two speak of it, the less."""

KEPT_OF_GLUE = 0.4
"""How much is left of a piece that holds a character of grammar."""
