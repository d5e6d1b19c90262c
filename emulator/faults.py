"""What goes wrong on purpose? Rules that make chosen requests fail."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

from .errors import UnknownError

KINDS = ("429", "500", "502", "timeout", "drop_before", "drop_after")


@dataclass
class Fault:
    """The next ``times`` requests to ``method`` (and ``chat_id``) fail as ``kind`` says."""

    method: str
    kind: str
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 1
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownError(f"kind must be one of {', '.join(KINDS)}")

    def matches(self, method: str, chat_id: int | None) -> bool:
        """Does the rule speak of this request?"""
        named = self.method == "*" or self.method.lower() == method.lower()
        return named and self.chat_id in (None, chat_id)


class Faults:
    """The rules in force, and whether the messenger is down altogether."""

    def __init__(self, seed: int = 1) -> None:
        self.rules: list[Fault] = []
        self.down = False
        self._random = random.Random(seed)  # noqa: S311 - chance, not secrets

    def add(self, rule: dict[str, Any]) -> Fault:
        """Put a rule in force."""
        try:
            fault = Fault(**rule)
        except TypeError as error:
            raise UnknownError(str(error)) from error
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Lift every rule."""
        self.rules.clear()

    def pick(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault this request meets, which is thereby used up once."""
        for rule in self.rules:
            if not rule.matches(method, chat_id):
                continue
            if rule.probability < 1 and self._random.random() >= rule.probability:
                continue
            rule.times -= 1
            if rule.times <= 0:
                self.rules.remove(rule)
            return rule
        return None

    def listed(self) -> list[dict[str, Any]]:
        """The rules as JSON."""
        return [asdict(rule) for rule in self.rules]
