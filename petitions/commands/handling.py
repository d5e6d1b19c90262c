"""What can be asked between acceptance and reply?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accept:
    """受理; `simple`: on the simple track (简易办理)."""

    simple: bool = False


@dataclass(frozen=True, slots=True)
class ChangeTrack:
    """转为普通程序, and why."""

    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskSupplement:
    """请补充材料: what the petitioner is asked for."""

    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supplement:
    """补充材料: what the petitioner adds."""

    text: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskExtension:
    """申请延期 by so many days, and why."""

    days: int
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extend:
    """批准延期: the head agrees."""


@dataclass(frozen=True, slots=True)
class RefuseExtension:
    """不同意延期."""


@dataclass(frozen=True, slots=True)
class ProposeMediation:
    """提议调解, and how."""

    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerMediation:
    """同意 or 不同意调解."""

    agree: bool


@dataclass(frozen=True, slots=True)
class Mediate:
    """调解结果."""

    settled: bool
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contribute:
    """协办意见."""

    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recuse:
    """回避: I have an interest in this case."""
