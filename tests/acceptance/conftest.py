"""A city on this machine: the emulator, the bot as in production, and people to play."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from acceptance.programs import Forge
from cryptography.fernet import Fernet

from bot.app import App
from bot.settings import Settings, load_settings
from emulator import Client, Emulator, Person

TOKEN = "42:test-token"
SAMPLE = (files("bot") / "sample" / "office.toml").read_text("utf-8")
NO_DIGESTS = ('own = ["week"]', 'own = []\noff = ["week", "month", "quarter"]')
MORNING = "2026-03-02T02:00:00+00:00"  # a Monday, 10:00 in Shanghai


class City:
    """The emulator, the bot and their people; the bot can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.emulator = Emulator(folder / "messenger")
        self.client: Client
        self.app: App | None = None
        self.key = Fernet.generate_key().decode()
        self.database_url = ""
        self.office_file = folder / "office.toml"
        # Weeks pass in seconds here, and each would have its pictures drawn.
        self.office_file.write_text(SAMPLE.replace(*NO_DIGESTS), "utf-8")

    def tell_digests(self) -> None:
        """The bot that starts from now on tells its digests."""
        text = self.office_file.read_text("utf-8")
        self.office_file.write_text(text.replace(*reversed(NO_DIGESTS)), "utf-8")

    async def open(self) -> None:
        await self.emulator.start()
        self.client = Client(self.emulator.url)
        await self.client.bot(TOKEN)
        await self.client.clock(set=MORNING)
        self.li = await self.client.person(2001, "李建国")
        self.zhou = await self.client.person(2002, "周敏")
        self.zhao = await self.client.person(2003, "赵立")
        self.sun = await self.client.person(2004, "孙正")
        self.qian = await self.client.person(2005, "钱程远")
        self.he = await self.client.person(2006, "何立平")
        self.ma = await self.client.person(2007, "马晓丽")
        self.zheng = await self.client.person(2008, "郑一鸣")
        self.feng = await self.client.person(2009, "冯雪琴")
        self.wu = await self.client.person(2010, "吴启刚")
        self.wei = await self.client.person(2011, "卫东明")
        admin = {"bot_is_admin": True}
        self.xinfang = await self.client.group("市信访局", [2001, 2002], id=-5001, **admin)
        self.zhujian = await self.client.group("市住建局", [2001, 2002], id=-5002, **admin)
        self.ducha = await self.client.group("督查室", [2003], id=-5003, **admin)
        self.jiwei = await self.client.group("市纪委监委", [2004], id=-5004, **admin)
        self.shifu = await self.client.group("市政府复查复核办公室", [2005], id=-5005, **admin)
        self.jiaotong = await self.client.group("市交通运输局", [2006, 2007], id=-5006, **admin)
        self.qingshan = await self.client.group("青山县信访局", [2008], id=-5007, **admin)
        self.hekou = await self.client.group("河口镇", [2009], id=-5008, **admin)
        self.shengfu = await self.client.group("省政府复查复核办公室", [2010], id=-5009, **admin)
        self.shengjw = await self.client.group("省纪委监委", [2011], id=-5010, **admin)

    def settings(self, **more: object) -> Settings:
        return load_settings(
            **{
                "bot_token": TOKEN,
                "field_keys": (self.key,),
                "office_file": self.office_file,
                "data_folder": self.folder / "data",
                "database_url": self.database_url,
                "bot_api_url": self.emulator.url,
                "demo_clock": self.folder / "messenger" / "clock",
                "tick_seconds": 0.05,
                # The emulator keeps no limits here, and people in tests are quick.
                "pace_overall": 1000,
                "pace_chat": 1000,
                "pace_group": 60000,
                **more,
            }
        )

    async def start(self, **more: object) -> App:
        app = App(self.settings(**more))
        await app.start()
        self.app = app
        return app

    async def stop(self) -> None:
        if self.app is not None:
            await self.app.stop()
            self.app = None

    async def restart(self) -> None:
        """The bot's process ends in good order and begins anew."""
        await self.stop()
        await self.start()

    async def citizen(self, user_id: int = 1001, language: str = "zh-hans") -> Person:
        return await self.client.person(user_id, "陈秀英", language)

    async def later(self, **delta: float) -> None:
        await self.client.clock(add=dt.timedelta(**delta).total_seconds())

    async def close(self) -> None:
        await self.stop()
        await self.client.close()
        await self.emulator.stop()


@pytest.fixture
async def quiet_city(tmp_path: Path) -> AsyncIterator[City]:
    """A city whose bot is not running yet."""
    city = City(tmp_path)
    await city.open()
    yield city
    await city.close()


@pytest.fixture
async def city(quiet_city: City) -> City:
    """A city whose bot is running."""
    await quiet_city.start()
    return quiet_city


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    """Makes the program's own processes."""
    made = Forge()
    yield made
    made.close()
