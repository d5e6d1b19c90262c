"""Each move of an officer, by the right person: the petitioner, the groups, the record."""

import pytest
from acceptance.officers import Walk, answer, begin, known, settled
from acceptance.scenes import as_it_stands, kinds
from acceptance.walks_of_officers import WALKS

from dialogs.staff.acts import ACTS, Written


def test_every_move_that_is_written_is_walked():
    walked = {name.split(",")[0] for name in WALKS}
    elsewhere = {"link", "inquire"}  # in test_mended_dialogs.py; in the lives of surveys
    assert {name for name, act in ACTS.items() if isinstance(act, Written)} - walked == elsewhere


@pytest.mark.parametrize("name", WALKS)
async def test_a_move_reaches_the_petitioner_and_the_groups(city, name):
    walk = WALKS[name]
    chen, officer = await city.citizen(), getattr(city, walk.who)
    await known(officer)
    petition = await walk.scene(city, chen)
    before = kinds(await as_it_stands(city, petition))
    await begin(city, walk)
    read_before = {message.id for message in await chen.sees()}
    for step in walk.steps:
        await answer(officer, step)
    await officer.expect(walk.sent)

    assert kinds(await as_it_stands(city, petition)) == [*before, walk.kind]
    assert (await as_it_stands(city, petition)).entries[-1].by.id == officer.id
    await settled(city)
    got = [m.text for m in await chen.sees() if m.id not in read_before]
    assert [part for part in walk.told if part not in "\n".join(got)] == []
    assert bool(got) == bool(walk.told)
    if walk.previewed:
        seen = await officer.sees()
        assert not [message for message in seen if message.files]  # its paper names the petitioner
        shown = [message.text for message in seen]
        assert [text for text in got if text and text not in shown] == []  # a paper has no text
    await in_the_groups(city, walk)


async def in_the_groups(city, walk: Walk) -> None:
    """The card as it is now, and the line to whoever must notice; no word of what was written."""
    group = getattr(city, walk.group)
    onlooker = getattr(city, walk.who)
    assert any(walk.card in message.text for message in await onlooker.sees(group))
    for where in {walk.group, walk.line_in} - {""}:
        place = getattr(city, where)
        seen = await city.client.messages(place.id, member_of(city, where).id)
        texts = "\n".join(str(message.get("text")) for message in seen["messages"])
        assert "作如下说明" not in texts
        assert where != walk.line_in or walk.line in texts


def member_of(city, group: str):
    """Somebody who is in this group."""
    return {
        "ducha": city.zhao,
        "jiaotong": city.he,
        "shifu": city.qian,
        "shengfu": city.wu,
        "jiwei": city.sun,
    }.get(group, city.li)
