"""How is the world set up from outside? People, groups, the clock, faults."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from . import groups, view
from .errors import UnknownError
from .model import Json, Person
from .world import World

_FIRST_PERSON = 100_001


class Admin:
    """The half of the control API that arranges the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def mount(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        for handler in (
            self.people,
            self.groups,
            self.members,
            self.migrate,
            self.block,
            self.unblock,
            self.clock,
            self.faults,
            self.down,
            self.limits,
            self.raw,
            self.bot,
        ):
            router.add_post(f"/_/{handler.__name__}", handler)
        router.add_delete("/_/faults", self.no_faults)

    async def people(self, request: web.Request) -> web.Response:
        """Make a person, or change their names; `started`: every bot may write to them."""
        asked = await request.json()
        user_id = int(asked.get("id") or max(self._world.people, default=_FIRST_PERSON - 1) + 1)
        if user_id <= 0 or user_id in self._world.bots:
            raise UnknownError(f"{user_id} cannot be a person's id")
        known = self._world.people.get(user_id)
        values = {"first_name": "", "language_code": "zh-hans"} if known is None else vars(known)
        names = ("first_name", "last_name", "username", "language_code")
        given = {name: str(asked[name]) for name in names if asked.get(name)}
        person = Person(**{**values, **given, "id": user_id})
        person.first_name = person.first_name or f"Person {user_id}"
        self._world.save_person(person)
        for bot_id in self._world.bots if asked.get("started") else ():
            chat = self._world.private_chat(bot_id, user_id)
            chat.started = True
            self._world.save_chat(chat)
        self._world.events.record("chat", None, None)
        return web.json_response(vars(person))

    async def groups(self, request: web.Request) -> web.Response:
        """Make a group."""
        asked = await request.json()
        members = [int(user) for user in asked.get("members", ())]
        chat_id = int(asked["id"]) if asked.get("id") else None
        admin = bool(asked.get("bot_is_admin"))
        chat = groups.make_group(self._world, str(asked["title"]), members, chat_id, admin)
        return web.json_response(view.group(self._world, chat))

    async def members(self, request: web.Request) -> web.Response:
        """Change what somebody, also the bot, is in a group."""
        asked = await request.json()
        chat = self._world.group(int(asked["chat_id"]))
        groups.set_member(self._world, chat, int(asked["user_id"]), str(asked["status"]))
        return web.json_response(view.group(self._world, chat))

    async def migrate(self, request: web.Request) -> web.Response:
        """Turn a group into a supergroup."""
        asked = await request.json()
        return web.json_response(groups.migrate(self._world, int(asked["chat_id"])).id)

    async def block(self, request: web.Request) -> web.Response:
        """A person stops the bot."""
        return await self._block(request, True)

    async def unblock(self, request: web.Request) -> web.Response:
        """A person takes the bot back."""
        return await self._block(request, False)

    async def _block(self, request: web.Request, blocked: bool) -> web.Response:
        groups.block(self._world, int((await request.json())["user_id"]), blocked)
        return self._done()

    async def clock(self, request: web.Request) -> web.Response:
        """Move the clock."""
        asked = await request.json()
        clock = self._world.clock
        if "set" in asked:
            wanted = datetime.fromisoformat(str(asked["set"]))
            wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
            clock.set_offset((wanted - datetime.now(UTC)).total_seconds())
        else:
            clock.move(float(asked["add"]))
        self._world.events.record("clock", None, None, now=clock.now().isoformat())
        return self._done(now=clock.now().isoformat(), offset=clock.offset)

    async def faults(self, request: web.Request) -> web.Response:
        """Put a rule in force."""
        self._world.faults.add(await request.json())
        return web.json_response(self._world.faults.listed())

    async def no_faults(self, _request: web.Request) -> web.Response:
        """Lift all rules."""
        self._world.faults.clear()
        return web.json_response([])

    async def down(self, request: web.Request) -> web.Response:
        """Take the Bot API down, or up again; polls are cut and pushes wait."""
        down = bool((await request.json())["down"])
        set_down(self._world, down)
        return self._done(down=down)

    async def limits(self, request: web.Request) -> web.Response:
        """Switch the rate limits."""
        self._world.limits.on = bool((await request.json())["on"])
        return self._done(on=self._world.limits.on)

    async def raw(self, request: web.Request) -> web.Response:
        """Queue any update for the bot."""
        update: Json = (await request.json())["update"]
        bot = self._world.bot
        if bot is None:
            raise UnknownError("no bot has connected yet")
        return self._done(update_id=self._world.queues[bot.id].add_raw(update))

    async def bot(self, request: web.Request) -> web.Response:
        """Make the bot of a token known before it connects, or set its privacy mode."""
        asked = await request.json()
        bot_id = int(str(asked.get("token") or asked["id"]).partition(":")[0])
        bot = groups.connect_bot(self._world, bot_id)
        if "privacy" in asked:
            bot.privacy = bool(asked["privacy"])
            self._world.save_bot(bot)
        return web.json_response({**bot.user(), "privacy": bot.privacy})

    def _done(self, **more: object) -> web.Response:
        return web.json_response({"ok": True, "seq": self._world.events.seq, **more})


def set_down(world: World, down: bool) -> None:
    """Down: every Bot API connection is closed, waiting polls too, and nothing is pushed."""
    world.faults.down = down
    if down:
        world.webhooks.up.clear()
        for queue in world.queues.values():
            queue.interrupt(ConnectionError("down"))
    else:
        world.webhooks.up.set()
