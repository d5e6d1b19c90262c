"""Who talks to the bot, and which group is which unit's?"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
)

from storage.columns import Moment
from storage.tables.base import metadata

people = Table(
    "people",
    metadata,
    Column("bot_id", BigInteger),
    Column("user_id", BigInteger),
    Column("language", String, nullable=False),
    Column("language_chosen", Boolean, nullable=False, default=False),
    Column("started_at", Moment),  # pressed /start in private: the bot may write to them
    Column("blocked_at", Moment),  # no message of the bot reaches them
    Column("quiet", String),  # "22:00-07:00", "off", or empty: the office's
    Column("zone", String),  # "Asia/Tokyo", "UTC+05:30", or empty: the office's
    Column("pushes", Boolean, nullable=False, default=True),
    PrimaryKeyConstraint("bot_id", "user_id"),
)

leavers = Table(
    "leavers",
    metadata,
    Column("unit_id", String),
    Column("user_id", BigInteger),
    Column("left_at", Moment, nullable=False),
    PrimaryKeyConstraint("unit_id", "user_id"),
)

groups = Table(
    "groups",
    metadata,
    Column("bot_id", BigInteger),
    Column("unit_id", String),
    Column("chat_id", BigInteger, nullable=False),
    Column("bound_at", Moment, nullable=False),
    PrimaryKeyConstraint("bot_id", "unit_id"),
    Index(None, "chat_id"),
)

bind_codes = Table(
    "bind_codes",
    metadata,
    Column("digest", String, primary_key=True),
    Column("unit_id", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
