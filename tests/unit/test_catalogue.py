"""The catalogue as shipped is complete, and a faulty one says which key to mend."""

from importlib.resources import files
from itertools import pairwise

import pytest

from petitions.catalogue import KINDS, LONGEST_ID, Catalogue, CatalogueError, parse

SMALL = """
[routes.labour]
kind = "arbitration"
zh = "一年内可申请劳动仲裁。"
en = "Arbitration within a year."
clause = ""

[[fields]]
id = "labour"
zh = "劳动"
en = "Work"
words = "工作"
route = "labour"

[[fields.children]]
id = "labour.wages"
zh = "工资"
en = "Pay"
words = "欠薪 wage"

[[fields]]
id = "rural"
zh = "农村"
en = "Country"
words = "农民"

[[fields.children]]
id = "rural.water"
zh = "水利"
en = "Water"
words = "水库"
"""


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return parse(files("petitions").joinpath("catalogue.toml").read_text(encoding="utf-8"))


def test_fields_keep_the_names_of_the_classification(shipped: Catalogue) -> None:
    assert [root.zh for root in shipped.roots] == [
        "城乡建设",
        "党务政务",
        "国土资源",
        "环境保护",
        "纪检监察",
        "交通运输",
        "经济管理",
        "科技与信息产业",
        "民政",
        "农村农业",
        "商贸旅游",
        "卫生计生",
        "政法",
        "教育文体",
        "劳动和社会保障",
    ]


def test_ids_are_unique_short_and_below_their_field(shipped: Catalogue) -> None:
    ids = [each.id for each in shipped]
    assert len(set(ids)) == len(ids) == len(shipped.roots) + len(shipped.leaves)
    assert all(len(id.encode()) <= LONGEST_ID for id in ids)
    for root in shipped.roots:
        assert 6 <= len(root.children) <= 12
        assert all(child.id.startswith(f"{root.id}.") for child in root.children)


def test_names_are_distinct_in_both_languages(shipped: Catalogue) -> None:
    for language in ("zh", "en"):
        for level in (shipped.roots, *(root.children for root in shipped.roots)):
            names = [each.name(language) for each in level]
            assert len(set(names)) == len(names)
    assert all(each.en.isascii() and not each.zh.isascii() for each in shipped)


def test_categories_have_everyday_words(shipped: Catalogue) -> None:
    for each in shipped:
        assert len(set(each.words)) == len(each.words)
        least = 5 if each.children or each.id.endswith(".other") else 12
        assert len(each.words) >= least, each.id


def test_every_route_is_complete_and_used(shipped: Catalogue) -> None:
    routes = {each.route.id: each.route for each in shipped if each.route}
    text = files("petitions").joinpath("catalogue.toml").read_text(encoding="utf-8")
    assert text.count("\n[routes.") == len(routes), "a route that no category names"
    assert {route.kind for route in routes.values()} == KINDS
    for route in routes.values():
        assert route.sentence("zh").endswith("。"), route.id
        assert route.sentence("en").endswith("."), route.id
        assert not route.clause or route.clause.startswith("《")
        if route.kind != "criminal":
            assert any(unit in route.zh for unit in ("日", "月", "年", "期限")), route.id


def test_the_deadlines_of_the_common_routes_are_said(shipped: Catalogue) -> None:
    def sentence(id: str, language: str) -> str:
        route = shipped.get(id).route
        assert route
        return route.sentence(language)

    assert "一年" in sentence("labour.wages", "zh")
    assert "one year" in sentence("labour.wages", "en")
    for id in ("urban.demolition", "land.taking"):
        assert "60日" in sentence(id, "zh")
        assert "6个月" in sentence(id, "zh")
    assert "三年" in sentence("urban.estate", "zh")
    assert "二年" in sentence("rural.contract", "zh")


def test_lookup() -> None:
    catalogue = parse(SMALL)
    assert [root.id for root in catalogue.roots] == ["labour", "rural"]
    assert catalogue.leaves == ("labour.wages", "rural.water")
    assert catalogue.get("labour.wages").words == ("欠薪", "wage")
    assert catalogue.parent("labour.wages") is catalogue.get("labour")
    assert catalogue.parent("labour") is None
    assert "rural" in catalogue
    assert "sea" not in catalogue
    for lookup in (catalogue.get, catalogue.parent):
        with pytest.raises(KeyError, match="sea"):
            lookup("sea")


def test_names_by_language() -> None:
    catalogue = parse(SMALL)
    assert catalogue.name("labour.wages", "zh") == "工资"
    assert catalogue.name("labour.wages", "en") == "Pay"
    assert catalogue.name("labour", "en_GB") == "Work"
    assert catalogue.name("labour.retired", "zh") == "labour.retired"


def test_a_category_takes_the_route_of_its_field() -> None:
    catalogue = parse(SMALL)
    assert catalogue.get("labour.wages").route is catalogue.get("labour").route is not None
    assert catalogue.get("rural.water").route is None


def test_a_category_may_name_a_route_of_its_own() -> None:
    catalogue = parse(SMALL.replace('words = "水库"', 'words = "水库"\nroute = "labour"'))
    assert catalogue.get("rural.water").route is catalogue.get("labour").route


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[routes.labour]", "[routes.labour", "not TOML"),
        ("[routes.labour]", "motto = 1\n[routes.labour]", "motto: unknown key"),
        (SMALL, "routes = 3", "routes: a table is needed"),
        (SMALL, "[routes]\nx = 3", "routes.x: a table is needed"),
        (SMALL, "", "fields: at least one"),
        (SMALL, "fields = 3", "fields: at least one"),
        (SMALL, "fields = [3]", "fields[1]: a table is needed"),
        ('"arbitration"', '"oracle"', "routes.labour.kind: 'oracle'"),
        ('"Arbitration within a year."', '" "', "routes.labour.en: a text"),
        ('clause = ""', "clause = 27", "routes.labour.clause: a text"),
        ('clause = ""', "", "routes.labour.clause: a text"),
        ('clause = ""', 'clause = ""\nfee = 0', "routes.labour.fee: unknown key"),
        ('id = "labour"', "", "fields[1].id: a text"),
        ('id = "labour"', 'id = "Labour"', "fields[1].id: 'Labour'"),
        ('id = "labour"', 'id = "la.bour"', "fields[1].id: 'la.bour'"),
        ("labour.wages", "rural.wages", "fields[1].children[1].id: 'rural.wages' is not labour."),
        ("labour.wages", "labour.wages.unpaid", "fields[1].children[1].id"),
        ("labour.wages", "labour." + "w" * 18, "of at most 24 bytes"),
        ('id = "rural"', 'id = "labour"', "fields[2].children[1].id"),
        ('route = "labour"', 'route = "sea"', "fields[1].route: there is no [routes.sea]"),
        ('route = "labour"', "route = []", "fields[1].route: a text"),
        ('words = "水库"', "", "fields[2].children[1].words: a text"),
        ('zh = "水利"', "zh = 1", "fields[2].children[1].zh: a text"),
        ('en = "Water"', 'en = ""', "fields[2].children[1].en: a text"),
        ('words = "水库"', 'words = "水库"\nchildren = []', "fields[2].children[1].children"),
        ('words = "农民"', 'words = "农民"\nunit = "x"', "fields[2].unit: unknown key"),
    ],
)
def test_an_error_names_the_key(old: str, new: str, said: str) -> None:
    faulty = SMALL.replace(old, new)
    assert faulty != SMALL
    with pytest.raises(CatalogueError) as caught:
        parse(faulty)
    assert said in str(caught.value)


def test_an_id_may_stand_once() -> None:
    first = SMALL.index("[[fields]]")
    with pytest.raises(
        CatalogueError, match=r"labour, labour\.wages, rural, rural\.water stands twice"
    ):
        parse(SMALL + SMALL[first:])


def test_a_field_without_categories_is_refused() -> None:
    cut = SMALL[: SMALL.rindex("[[fields.children]]")]
    with pytest.raises(CatalogueError, match=r"fields\[2\]\.children: at least one"):
        parse(cut)


def test_order_is_that_of_the_file(shipped: Catalogue) -> None:
    text = files("petitions").joinpath("catalogue.toml").read_text(encoding="utf-8")
    places = [text.index(f'\nid = "{each.id}"\n') for each in shipped]
    assert all(earlier < later for earlier, later in pairwise(places))
