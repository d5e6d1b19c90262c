"""The peer: a petition bot as the tutorials write it, with nothing slow added.

aiogram's own webhook and FSM with memory storage, a group of states, a router of handlers;
SQLAlchemy's ORM with a session for each handler, given by a middleware, on aiosqlite's pool (or
asyncpg's); a commit at each step, so that no answer is lost; the card sent in the handler. SQLite
is as ours is: write-ahead log, a sync at each commit. It keeps no inbox and no outbox, encrypts
nothing and retries nothing.
"""

import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiogram import BaseMiddleware, Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from sqlalchemy import BigInteger, ForeignKey, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.filing.steps import GROUP, SECRET, TOKEN


class Base(DeclarativeBase):
    """All tables."""


class User(Base):
    """Somebody who has talked to the bot."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str]


class Petition(Base):
    """A petition, from its first answer on."""

    __tablename__ = "petitions"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)
    status: Mapped[str] = mapped_column(default="draft")
    number: Mapped[str | None] = mapped_column(unique=True)
    card_id: Mapped[int | None] = mapped_column(BigInteger)
    purpose: Mapped[str | None]
    title: Mapped[str | None]
    facts: Mapped[str | None]
    request: Mapped[str | None]
    category: Mapped[str | None]
    district: Mapped[str | None]
    address: Mapped[str | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    id_number: Mapped[str | None]
    earlier: Mapped[str | None]
    tried: Mapped[str | None]
    affected: Mapped[str | None]
    publish: Mapped[str | None]


class Filing(StatesGroup):
    """The steps of the form."""

    purpose = State()
    consent = State()
    title = State()
    facts = State()
    request = State()
    category = State()
    branch = State()
    district = State()
    address = State()
    files = State()
    name = State()
    phone = State()
    id_number = State()
    earlier = State()
    tried = State()
    affected = State()
    publish = State()
    review = State()


class DbSession(BaseMiddleware):
    """A session for each handler."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def __call__(
        self,
        handler: Callable[[Any, dict[str, Any]], Awaitable[Any]],
        event: Any,
        data: dict[str, Any],
    ) -> Any:
        """Open it, and close it after the handler."""
        async with self._sessions() as session:
            data["session"] = session
            return await handler(event, data)


router = Router()


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """One button a row."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=text, callback_data=data)] for text, data in buttons
        ]
    )


YES_NO = keyboard(("没有", "a:no:"), ("有", "a:yes:"))
SKIP = keyboard(("跳过", "a:skip:"))
DONE = keyboard(("完成", "a:done:"))


async def keep(session: AsyncSession, state: FSMContext, **answer: Any) -> Petition:
    """Write an answer down."""
    data = await state.get_data()
    petition = await session.get_one(Petition, data["petition_id"])
    for name, value in answer.items():
        setattr(petition, name, value)
    await session.commit()
    return petition


async def show(query: CallbackQuery, text: str, markup: InlineKeyboardMarkup | None = None) -> None:
    """Answer a tap, and put the next question in the message's place."""
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(text, reply_markup=markup)


@router.message(CommandStart())
async def start(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """/start: the menu."""
    await state.clear()
    assert message.from_user is not None
    user = await session.get(User, message.from_user.id)
    if user is None:
        session.add(User(id=message.from_user.id, name=message.from_user.full_name))
        await session.commit()
    await message.answer(
        "您好！这里是云江市信访局。", reply_markup=keyboard(("提交信访事项", "m:file:"))
    )


@router.callback_query(F.data == "m:file:")
async def file(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Begin to file."""
    petition = Petition(user_id=query.from_user.id)
    session.add(petition)
    await session.commit()
    await state.update_data(petition_id=petition.id)
    await state.set_state(Filing.purpose)
    kinds = (("求决", "a:pick:request"), ("建议", "a:pick:suggestion"), ("咨询", "a:pick:question"))
    await show(query, "1/10 您想反映什么？", keyboard(*kinds))


@router.callback_query(Filing.purpose)
async def purpose(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Take the purpose."""
    await keep(session, state, purpose=str(query.data))
    await state.set_state(Filing.consent)
    await show(query, "2/10 开始之前，请阅读并同意。", keyboard(("同意", "a:pick:agree")))


@router.callback_query(Filing.consent, F.data == "a:pick:agree")
async def consent(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Take the consent."""
    await keep(session, state, status="consented")
    await state.set_state(Filing.title)
    await show(query, "3/10 请用一句话说说是什么事。")


@router.message(Filing.title, F.text)
async def title(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Take the title."""
    await keep(session, state, title=message.text)
    await state.set_state(Filing.facts)
    await message.answer("3/10 请把经过讲清楚。")


@router.message(Filing.facts, F.text)
async def facts(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Take a part of what happened."""
    await keep(session, state, facts=message.text)
    await message.answer("已记下第 1 段。", reply_markup=DONE)


@router.callback_query(Filing.facts, F.data == "a:done:")
async def facts_done(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """That was all of it."""
    await keep(session, state, status="told")
    await state.set_state(Filing.request)
    await show(query, "3/10 您希望怎么解决？")


@router.message(Filing.request, F.text)
async def request(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Take a part of what is asked for."""
    await keep(session, state, request=message.text)
    await message.answer("已记下第 1 段。", reply_markup=DONE)


@router.callback_query(Filing.request, F.data == "a:done:")
async def request_done(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """That was all of it."""
    await keep(session, state, status="asked")
    await state.set_state(Filing.category)
    kinds = (("城乡建设", "a:open:urban"), ("交通运输", "a:open:transport"))
    await show(query, "4/10 可能属于下面这几类：", keyboard(*kinds))


@router.callback_query(Filing.category)
async def category(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Open a category."""
    await keep(session, state, category=str(query.data))
    await state.set_state(Filing.branch)
    kinds = (("供水供电", "a:pick:urban.utilities"), ("市政道路", "a:pick:urban.municipal"))
    await show(query, "4/10 是“城乡建设”里的哪一种？", keyboard(*kinds))


@router.callback_query(Filing.branch)
async def branch(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Take the category."""
    await keep(session, state, category=str(query.data))
    await state.set_state(Filing.district)
    kinds = (("江北区", "a:pick:jiangbei"), ("江南区", "a:pick:jiangnan"))
    await show(query, "5/10 在哪个区县？", keyboard(*kinds))


@router.callback_query(Filing.district)
async def district(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Take the district."""
    await keep(session, state, district=str(query.data))
    await state.set_state(Filing.address)
    await show(query, "5/10 在江北区的什么地方？")


@router.message(Filing.address, F.text)
async def address(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Take the address."""
    await keep(session, state, address=message.text)
    await state.set_state(Filing.files)
    await message.answer("6/10 有照片、视频要附上吗？", reply_markup=SKIP)


@router.callback_query(Filing.files, F.data == "a:skip:")
async def files(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """No files."""
    await keep(session, state, status="no files")
    await state.set_state(Filing.name)
    await show(query, "7/10 您的姓名？")


@router.message(Filing.name, F.text)
async def name(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Take the name."""
    await keep(session, state, name=message.text)
    await state.set_state(Filing.phone)
    await message.answer("7/10 您的联系电话？")


@router.message(Filing.phone, F.text)
async def phone(message: Message, state: FSMContext, session: AsyncSession) -> None:
    """Take the phone number."""
    await keep(session, state, phone=message.text)
    await state.set_state(Filing.id_number)
    await message.answer("7/10 您的身份证号码？", reply_markup=SKIP)


@router.callback_query(Filing.id_number, F.data == "a:skip:")
async def id_number(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """No ID number."""
    await keep(session, state, id_number="")
    await state.set_state(Filing.earlier)
    await show(query, "8/10 以前反映过吗？", YES_NO)


@router.callback_query(Filing.earlier)
async def earlier(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Whether it was raised before."""
    await keep(session, state, earlier=str(query.data))
    await state.set_state(Filing.tried)
    await show(query, "8/10 打过官司或者复议吗？", YES_NO)


@router.callback_query(Filing.tried)
async def tried(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Whether it was in court."""
    await keep(session, state, tried=str(query.data))
    await state.set_state(Filing.affected)
    kinds = (("只有我", "a:pick:me"), ("几户", "a:pick:few"), ("很多人", "a:pick:many"))
    await show(query, "9/10 影响多少人？", keyboard(*kinds))


@router.callback_query(Filing.affected)
async def affected(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """How many it concerns."""
    await keep(session, state, affected=str(query.data))
    await state.set_state(Filing.publish)
    kinds = (("公开", "a:pick:agree"), ("不公开", "a:pick:keep"))
    await show(query, "9/10 可以公开答复内容吗？", keyboard(*kinds))


@router.callback_query(Filing.publish)
async def publish(query: CallbackQuery, state: FSMContext, session: AsyncSession) -> None:
    """Whether the reply may be published; then all of it is shown."""
    petition = await keep(session, state, publish=str(query.data))
    await state.set_state(Filing.review)
    text = (
        f"10/10 请核对：\n{petition.title}\n{petition.facts}\n{petition.request}\n"
        f"{petition.category} {petition.district} {petition.address}\n"
        f"{petition.name} {petition.phone}"
    )
    await show(query, text, keyboard(("提交", "a:submit:")))


@router.callback_query(Filing.review, F.data == "a:submit:")
async def submit(query: CallbackQuery, state: FSMContext, session: AsyncSession, bot: Bot) -> None:
    """A number, and the card to the unit's group."""
    data = await state.get_data()
    petition = await session.get_one(Petition, data["petition_id"])
    petition.number = f"990100-{datetime.now(UTC):%Y%m%d}-{petition.id:05}"
    petition.status = "registered"
    await session.commit()
    await state.clear()
    await show(query, f"提交成功！编号：{petition.number}")
    card = await bot.send_message(
        GROUP,
        f"{petition.number}\n{petition.category}\n{petition.district}\n待受理",
        reply_markup=keyboard(
            ("受理", f"c:{petition.id}:accept"), ("详情", f"c:{petition.id}:see")
        ),
    )
    petition.card_id = card.message_id
    await session.commit()


def main(url: str, api: str, port: int) -> None:
    """Serve the webhook."""
    engine = create_async_engine(url, pool_timeout=600)  # else it gives up at 1,000
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine.sync_engine, "connect")
        def _(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    async def on_startup(bot: Bot) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await bot.me()
        print("bot.started", file=sys.stderr, flush=True)

    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.update.middleware(DbSession(async_sessionmaker(engine, expire_on_commit=False)))
    dispatcher.include_router(router)
    dispatcher.startup.register(on_startup)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/webhook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(os.environ["DATABASE_URL"], os.environ["BOT_API_URL"], int(os.environ["LISTEN_PORT"]))
