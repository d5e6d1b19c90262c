"""How does the bot hear of things? Polling, webhooks and answers to presses."""

from __future__ import annotations

import re
from typing import Any

from aiogram import methods as api

from .call import Call, method
from .errors import WEBHOOK_ACTIVE, bad, conflict

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MAX_POLL_SECONDS = 50
_MAX_ANSWER = 200


@method("getUpdates", api.GetUpdates)
async def get_updates(call: Call) -> Any:
    """Long polling; confirms what is below ``offset``."""
    if call.bot.webhook:
        raise conflict(WEBHOOK_ACTIVE)
    _remember_allowed(call)
    limit = max(1, min(call.number("limit", 100), 100))
    timeout = max(0, min(call.number("timeout"), _MAX_POLL_SECONDS))
    queue = call.world.queues[call.bot.id]
    if offset := call.number("offset"):
        queue.confirm(offset)
    call.world.store.commit()  # before the wait, which may be the last thing that happens
    return await queue.poll(limit, timeout)


@method("setWebhook", api.SetWebhook)
def set_webhook(call: Call) -> Any:
    """Push from now on; plain http addresses are taken too, unlike at Telegram."""
    url = call.text("url")
    queue = call.world.queues[call.bot.id]
    if not url:
        return delete_webhook(call)
    if not url.startswith(("http://", "https://")):
        raise bad("bad webhook: invalid webhook URL specified")
    secret = call.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _remember_allowed(call)
    if call.flag("drop_pending_updates"):
        queue.clear()
    connections = call.number("max_connections", 40)
    call.bot.webhook = {"url": url, "secret": secret, "max_connections": connections}
    call.world.save_bot(call.bot)
    queue.interrupt(conflict("terminated by setWebhook request"))
    call.world.webhooks.begin(call.bot)
    return True


@method("deleteWebhook", api.DeleteWebhook)
def delete_webhook(call: Call) -> Any:
    """Back to polling."""
    call.bot.webhook = {}
    call.world.save_bot(call.bot)
    call.world.webhooks.end(call.bot)
    if call.flag("drop_pending_updates"):
        call.world.queues[call.bot.id].clear()
    return True


@method("getWebhookInfo", api.GetWebhookInfo)
def get_webhook_info(call: Call) -> Any:
    """Where updates are pushed, and how that goes."""
    webhook = call.bot.webhook
    info = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(call.world.queues[call.bot.id].pending),
    }
    if webhook:
        info["max_connections"] = webhook["max_connections"]
        info |= call.world.webhooks.errors.get(call.bot.id, {})
    if call.bot.allowed_updates:
        info["allowed_updates"] = call.bot.allowed_updates
    return info


@method("answerCallbackQuery", api.AnswerCallbackQuery)
def answer_callback_query(call: Call) -> Any:
    """Answer a press; the person sees the text as a toast or an alert."""
    text = call.text("text")
    if len(text) > _MAX_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    alert = call.flag("show_alert")
    asked = call.world.callbacks.answer(call.text("callback_query_id"), call.bot.id, text, alert)
    if text:
        viewers = frozenset((asked["user"],))
        call.world.events.record("toast", asked["chat"], viewers, text=text, alert=alert)
    return True


def _remember_allowed(call: Call) -> None:
    allowed = call.params.get("allowed_updates")
    if isinstance(allowed, list) and allowed != call.bot.allowed_updates:
        call.bot.allowed_updates = [str(name) for name in allowed]
        call.world.save_bot(call.bot)
