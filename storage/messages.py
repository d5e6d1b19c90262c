"""What is a message before it meets the messenger?

Handlers and notices make these values; the outbox keeps them; the notifier turns them into
calls. `text` is HTML in which everything a person wrote has been escaped already.
"""

from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["photo", "video", "video_note", "voice", "audio", "document"]


class Value(BaseModel):
    """A frozen value that is stored as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rank(IntEnum):
    """What goes first: an answer to a tap, what presses, everything else, what can wait."""

    ANSWER = 0
    PRESSING = 1
    ORDINARY = 2
    PATIENT = 3


class Button(Value):
    """An inline button: `data` comes back when it is tapped, `url` opens."""

    text: str
    data: str | None = None
    url: str | None = None


class Key(Value):
    """A key of the keyboard under the input; it may ask for the phone or the place."""

    text: str
    ask: Literal["contact", "location"] | None = None


class Paper(Value):
    """A paper (文书) that is drawn when it is sent: its kind and its facts, in whose language.

    `facts` are JSON; `name` is what the file is called; a `photo` is shown in the chat itself.
    """

    kind: str
    language: str
    facts: dict[str, Any]
    name: str
    photo: bool = False


class Post(Value):
    """One message to one chat; `key` names its sentence, for tests and counts.

    Beside a file or a paper `text` is its caption: at most 1,024 characters. A paper is a
    message of its own and never takes the place of another.
    """

    key: str
    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[Key, ...], ...] = ()
    drop_keyboard: bool = False
    file: tuple[Kind, str] | None = None
    paper: Paper | None = None
    copy_of: tuple[int, int] | None = None  # (chat, message): files bots cannot fetch
    reply_to: int | None = None
    silent: bool = False  # arrives without a sound


class Notice(Value):
    """Something to tell, said only when it is sent: what, of which petition, by which entry."""

    kind: str
    petition_id: str | None = None
    seq: int | None = None
    draft_id: str | None = None
    unit: str | None = None  # whose group it goes to
    code: str | None = None


class Skip(Value):
    """A notice that is not to be sent any more, and why."""

    reason: str


class Later(Value):
    """A notice that is to be sent then (UTC)."""

    at: datetime


Said = list[Post] | Skip | Later
"""What saying a notice gives."""


class Parcel(Value):
    """What goes to the outbox: a post that is ready, or a notice to be said later.

    `edit` is the message to change in place; `slot` names something of which only the newest
    state matters (a case's card): an unsent older one is dropped, a sent one is edited. What is
    `lasting` is kept, as it was sent, as long as the petition.
    """

    chat_id: int
    post: Post | None = None
    notice: Notice | None = None
    edit: int | None = None
    slot: str | None = None
    fresh: bool = False  # post the slot anew instead of editing
    petition_id: str | None = None
    key_id: str | None = None
    urgent: bool = True  # an answer to what the person just did: sent at once
    receipt: bool = False  # says what is said this once: no other takes its place
    rank: Rank = Rank.ORDINARY  # of a notice
    lasting: bool = False
    delay_seconds: float = Field(0, ge=0)

    @property
    def goes(self) -> Rank:
        """Its place among all that waits."""
        return Rank.ANSWER if self.urgent else self.rank

    @property
    def key(self) -> str:
        """Which sentence or notice this is."""
        return self.post.key if self.post else f"notice.{self.notice.kind}" if self.notice else ""
