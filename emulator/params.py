"""What came with a request? Parameters and files, in any of the ways Telegram takes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiogram.methods import TelegramMethod
from aiohttp import web
from pydantic import ValidationError

from .errors import bad
from .model import Json

# Parameters that arrive as JSON text in forms.
_NESTED = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "media",
    "message_ids",
    "reply_markup",
    "reply_parameters",
    "scope",
}


@dataclass(slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes


def as_id(value: Any) -> int | None:
    """A chat id, or None for a name or anything else."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


async def read_params(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The parameters of a request in any of the ways Telegram takes them."""
    params: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            params |= await request.json()
        except (ValueError, TypeError) as error:
            raise bad("can't parse request: JSON object expected") from error
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as content:
                    uploads[name] = Upload(value.filename, content.read())
            else:
                params[name] = value
    return decoded(params), uploads


def decoded(params: Json) -> Json:
    """Parameters with nested JSON unpacked."""
    for name in _NESTED & params.keys():
        if isinstance(params[name], str):
            try:
                params[name] = json.loads(params[name])
            except ValueError as error:
                raise bad(f"can't parse {name} JSON object") from error
    return params


def check_shape(model: type[TelegramMethod[Any]], params: Json, uploads: dict[str, Upload]) -> None:
    """Refuse what the library's own type of the method does not take."""
    attached = {name: f"attach://{name}" for name in uploads if name in model.model_fields}
    try:
        model.model_validate({**params, **attached})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "request"
        if first["type"] == "missing" and len(first["loc"]) == 1:
            empty = {"text": "message text is empty"}
            raise bad(empty.get(name, f"{name} is empty")) from error
        where = ".".join(str(part) for part in first["loc"])
        raise bad(f"can't parse {where}: {first['msg']}") from error
