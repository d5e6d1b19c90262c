"""The office file: read as it stands, refused with the key that is wrong."""

import pytest
from making import COLLEAGUE, OFFICE, OUTSIDER, an_office, sample_office

from petitions.office import OfficeError, parse_office


def wrong(text: str) -> list[str]:
    with pytest.raises(OfficeError) as error:
        parse_office(text)
    return str(error.value).splitlines()


def test_the_sample_office_is_one() -> None:
    office = parse_office(sample_office().read_text("utf-8"))
    assert office.region == "990100"
    assert {unit.id: (unit.level, unit.above) for unit in office.units} == {
        "xinfang": ("city", "shifu"),
        "zhujian": ("city", "shifu"),
        "jiaotong": ("city", "shifu"),
        "ducha": ("city", None),
        "jiwei": ("city", "shengjw"),
        "shifu": ("city", "shengfu"),
        "qingshan": ("county", "xinfang"),
        "hekou": ("township", "qingshan"),
        "shengfu": ("province", None),
        "shengjw": ("province", None),
    }


def test_what_is_left_out_has_its_default() -> None:
    office = an_office()
    assert (office.zone, office.language, office.profile) == (
        "Asia/Shanghai",
        "zh_Hans",
        "national",
    )
    assert str(office.tz) == "Asia/Shanghai"
    assert (office.limits.files, office.limits.wrong_lookups) == (10, 5)
    assert office.drafts.warn_days < office.drafts.expire_days
    assert office.unit("front").people[1].roles == {"handler"}


def test_a_category_goes_to_the_unit_with_the_longest_prefix_of_it() -> None:
    office = an_office()
    assert office.unit_for("urban.roads") == "roads"
    assert office.unit_for("urban.roads.holes") == "roads"
    assert office.unit_for("urban.heating") == "housing"
    assert office.unit_for("urban") == "housing"
    assert office.unit_for("urbane") == "front"
    assert office.unit_for(None) == office.unit_for("") == "front"


def test_a_unit_that_is_there_for_a_district_comes_before_one_that_is_there_for_all() -> None:
    county = '[[units]]\nid = "far"\nname = { zh = "远", en = "Far" }\ncategories = ["urban"]\n'
    office = parse_office(f'{OFFICE}\n{county}districts = ["north"]\n')
    assert office.unit_for("urban", "north") == "far"
    assert office.unit_for("urban") == office.unit_for("urban", "south") == "housing"
    assert office.unit_for("urban.roads", "north") == "roads"


def test_the_tree_says_who_is_above_and_who_routes_and_who_examines() -> None:
    office = an_office()
    assert [office.above(u) for u in ("town", "county", "front", "gov", "prov", "gone")] == [
        "county",
        "front",
        "gov",
        "prov",
        None,
        None,
    ]
    assert {u.id for u in office.units if office.is_petition_office(u.id)} == {"front", "county"}
    assert {u.id for u in office.units if office.examines(u.id)} == {"jiwei", "shengji"}
    assert not office.is_petition_office("gone")
    assert not office.examines("gone")


def test_people_are_found_by_their_id_in_every_unit_that_lists_them() -> None:
    office = an_office()
    assert set(office.posts_of(COLLEAGUE)) == {"front", "housing"}
    assert office.posts_of(OUTSIDER) == {}
    officer = office.officer(COLLEAGUE)
    assert officer is not None
    assert officer.name.of("zh_Hans") == "丙"
    assert officer.name.of("en") == "C"
    assert office.officer(OUTSIDER) is None


def test_units_and_districts_are_found_by_their_id() -> None:
    office = an_office()
    assert office.unit("roads").group == -503
    with pytest.raises(KeyError):
        office.unit("nowhere")
    north = office.district("north")
    assert north is not None
    assert north.name.of("zh_Hans") == "江北区"
    assert office.district("south") is None
    assert office.district(None) is None


def test_a_unit_that_is_no_longer_listed_names_itself() -> None:
    office = an_office()
    assert office.unit_name("roads", "en") == "Roads"
    assert office.unit_name("roads", "zh_Hans") == "市道路处"
    assert office.unit_name("closed", "en") == "closed"


def test_whether_somebody_is_one_of_a_unit_s_people() -> None:
    office = an_office()
    assert office.holds_post(COLLEAGUE, "housing")
    assert not office.holds_post(COLLEAGUE, "ducha")
    assert not office.holds_post(OUTSIDER, "front")
    assert not office.holds_post(None, "front")


def test_a_file_that_is_not_toml_says_so() -> None:
    assert wrong("name =")[0].startswith("not TOML: ")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('region = "990100"', 'region = "99"', "region: "),
        ('region = "990100"', 'region = "990100"\ncolour = 1', "colour: Extra inputs"),
        ('region = "990100"', 'region = "990100"\nzone = "Mars/Base"', "zone: "),
        ('region = "990100"', 'region = "990100"\nzone = ""', "zone: "),
        ('region = "990100"', 'region = "990100"\nwarn_days = 3', "warn_days: Extra inputs"),
        ('region = "990100"', 'region = "990100"\nsurvey = { after_hours = -1 }', "survey."),
        ('level = "township"', 'level = "village"', "level: "),
        ('above = "county"', 'above = "nobody"', "units.above: no unit is called 'nobody'"),
        ('above = "prov"', 'above = "town"', "is above itself"),
        ('categories = ["urban"]', 'districts = ["south"]', "units.districts: no district"),
        ('region = "990100"', 'region = "990100"\nlimits = { files = 0 }', "limits.files: "),
        ('id = 11, name = { zh = "甲"', 'id = -1, name = { zh = "甲"', "units.0.people.0.id: "),
        ('roles = ["supervisor"]', 'roles = ["king"]', "units.3.people.0.roles"),
        ('id = "roads"', 'id = "Roads!"', "units.2.id: "),
        ('default_unit = "front"', 'default_unit = "nobody"', "default_unit: no unit is called"),
        ('accusation_unit = "jiwei"', 'accusation_unit = "no"', "accusation_unit: no unit"),
        ('supervision_unit = "ducha"', 'supervision_unit = "no"', "supervision_unit: no unit"),
        ('id = "roads"', 'id = "housing"', "two units or two districts have one id"),
    ],
)
def test_a_wrong_key_is_named(old: str, new: str, line: str) -> None:
    assert old in OFFICE
    assert any(line in said for said in wrong(OFFICE.replace(old, new, 1)))


def test_every_wrong_key_has_a_line_and_no_line_quotes_a_value() -> None:
    bad = 'region = "SECRET-7"\nsurvey = { after_hours = "SECRET-8" }'
    lines = wrong(OFFICE.replace('region = "990100"', bad, 1))
    assert [line.split(":")[0] for line in lines] == ["region", "survey.after_hours"]
    assert "SECRET" not in "".join(lines)


def test_two_districts_of_one_id_are_an_error() -> None:
    twice = OFFICE + '\n[[districts]]\nid = "north"\nname = { zh = "北", en = "N" }\n'
    assert "two units or two districts have one id" in wrong(twice)[0]


def test_working_days_of_the_office_s_own_are_dates() -> None:
    office = parse_office(
        OFFICE.replace("[[districts]]", "[working_days]\n2027-01-04 = false\n\n[[districts]]", 1)
    )
    assert {d.isoformat(): w for d, w in office.working_days.items()} == {"2027-01-04": False}
