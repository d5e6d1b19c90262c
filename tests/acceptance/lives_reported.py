"""Reports against people or units (检举控告): what those reported never learn of (TL 30, 46(5))."""

from acceptance.life import Life, chen, files, he, li, life, sun, wei

REPORT = {
    "purpose": "accusation",
    "title": "有人收钱办事",
    "facts": "去年十月收了五千元。",
    "request": "请查处。",
    "told": ("2026年3月17日", "市纪委监委"),
}
PASSED_ON = "已转交纪检监察机关"

REPORTED: dict[str, Life] = {
    "a report, referred to discipline; the unit reported never learns of it": life(
        files(**REPORT, against_units=["市交通运输局"], against="一名科长"),
        he("take", refused="您不能查看或办理"),
        he("details", refused="您不能查看或办理"),
        sun("take"),
        sun("accept", refused="检举控告不走这个程序"),
        sun("decline", refused="检举控告不走这个程序"),
        sun("refer", way="纪检监察", told=("12388", "第三十条")),
        he("dossier", refused="您不能查看或办理"),
        chen("review", refused="现在的状态是"),
        end=PASSED_ON,
    ),
    "a report about the discipline unit itself goes up": life(
        files(
            **REPORT | {"told": ("2026年3月17日", "省纪委监委")},
            against_units=["市纪委监委"],
            against="一名干部",
        ),
        sun("take", refused="您不能查看或办理"),
        li("details", refused="您不能查看或办理"),
        wei("take"),
        wei("refer", way="纪检监察", told=("12388",)),
        sun("details", refused="您不能查看或办理"),
        end=PASSED_ON,
    ),
    "who examines a report is named in what is added to it": life(
        files(**REPORT, against_units=["市住建局"], against="一名科长"),
        sun("take"),
        chen("supplement", text="其实孙正也收了钱。", told=("改由省纪委监委承办",)),
        sun("details", refused="您不能查看或办理"),
        sun("refer", refused="您不能查看或办理"),
        wei("take"),
        wei("refer", way="纪检监察", told=("12388",)),
        end=PASSED_ON,
    ),
}
