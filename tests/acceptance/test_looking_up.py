"""Looking up by number and code: it is throttled, and gives nothing away."""

from acceptance.scenes import (
    CODE,
    case,
    keys,
    newest,
    tap,
)

from petitions import numbers


async def look_up(person, number, code):
    """Ask by number and code; what is shown."""
    await person.type("/status")
    await person.expect("请输入编号")
    await person.type(number)
    await person.expect("请输入查询码")
    await person.type(code)
    return await person.expect(lambda seen: True)


async def test_looking_up_is_throttled_and_gives_nothing_away(city):
    chen, other = await city.citizen(), await city.citizen(1009)
    number = numbers.show((await case(city, chen)).number)
    unknown = numbers.show(numbers.make("990100", city.app.desk.clock().date(), 77))
    assert (await look_up(other, number, CODE)).text.startswith(f"编号 {number}")
    mark = newest(city, other.id)
    wrong = [await look_up(other, number, "ACEF-3469") for _ in range(3)]
    wrong += [await look_up(other, unknown, CODE) for _ in range(2)]
    # A wrong code and an unknown number read the same.
    assert len({seen.text for seen in wrong}) == 1
    assert keys(city, other.id, mark).count("lookup.wrong") == 5
    mark = newest(city, other.id)
    for code in (CODE, "ACEF-3469"):  # the right code does not help now, nor is it told apart
        assert "太多" in (await look_up(other, number, code)).text
    assert keys(city, other.id, mark)[2::3] == ["lookup.too_many"] * 2
    await city.later(minutes=16)
    assert (await look_up(other, number, CODE)).text.startswith(f"编号 {number}")

    # Many who each try once at one number are stopped as well; her own chat needs no code.
    for guesser in range(1010, 1015):
        await look_up(await city.citizen(guesser), number, "ACEF-3469")
    assert "太多" in (await look_up(await city.citizen(1015), number, "ACEF-3469")).text
    await chen.type("/my")
    await tap(chen, "小区水管爆裂")
    await chen.expect(number)
