/* One bubble of the conversation: a message, or an album of them. */

import { avatar, button, h, icon } from "./dom.js";
import { rich } from "./content.js";
import { inlineKeyboard } from "./keyboards.js";
import { excerpt, kindOf, media } from "./media.js";
import { fullName } from "./state.js";
import { language, t } from "./words.js";

const ZONE = "Asia/Shanghai"; // the desk's time, wherever the browser is
const LONG_PRESS = 450;

export const nameOf = (user) => (user ? (user.title ?? fullName(user)) : "");

/* Making a formatter is slow, and a long conversation needs one for every message. */
const formats = new Map();
function format(locale, parts) {
  const key = `${locale} ${Object.keys(parts)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...parts }));
  return formats.get(key);
}

const time = (date) => format("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date * 1000);
const DAY = { month: "long", day: "numeric", weekday: "short" };
export const dayOf = (date) => format(language === "zh" ? "zh-CN" : "en-GB", DAY).format(date * 1000);

/** The words for what happened in the chat, or null for an ordinary message. */
function service(message) {
  const name = nameOf(message.from);
  if (message.new_chat_members) return t("joined", { name: message.new_chat_members.map(nameOf).join(", ") });
  if (message.left_chat_member) return t("leftChat", { name: nameOf(message.left_chat_member) });
  if (message.pinned_message) return t("pinned", { name });
  if (message.new_chat_title) return t("titled", { name: message.new_chat_title });
  if (message.group_chat_created || message.supergroup_chat_created) return t("created");
  return null;
}

function forward(origin) {
  if (!origin) return null;
  const name = origin.sender_user ? nameOf(origin.sender_user) : (origin.sender_user_name ?? nameOf(origin.sender_chat ?? origin.chat));
  return h("div", { class: "forwarded" }, t("forwarded", { name }));
}

function quote(message, phone) {
  const answered = message.reply_to_message;
  if (!answered) return null;
  return button(
    { class: "quote", on: { click: () => phone.list.reveal(answered.message_id) } },
    h("span", { class: "quote-name" }, nameOf(answered.from)),
    h("span", { class: "quote-text" }, excerpt(answered)),
  );
}

function longPress(element, act) {
  let timer = null;
  const cancel = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(act, LONG_PRESS);
  });
  for (const name of ["pointerup", "pointermove", "pointercancel"]) element.addEventListener(name, cancel);
  element.addEventListener("contextmenu", (event) => event.pointerType === "touch" && event.preventDefault());
}

function body(messages, text, phone) {
  const last = messages.at(-1);
  const parts = messages.flatMap(media);
  const known = parts.length > 0 || text || last.html;
  return [
    parts.length ? h("div", { class: messages.length > 1 && messages.every((one) => one.photo) ? "album" : "media" }, parts) : null,
    text ? h("div", { class: "text" }, rich(text, phone)) : null,
    known ? null : h("div", { class: "text muted" }, t("unsupported")),
    h(
      "span",
      { class: "meta" },
      messages.some((one) => one.edit_date) ? h("span", { class: "edited" }, t("edited")) : null,
      h("time", { datetime: new Date(last.date * 1000).toISOString() }, time(last.date)),
    ),
  ];
}

/** The list item of `messages`; `inGroup` adds who said it. */
export function bubble(messages, phone, inGroup) {
  const first = messages[0];
  const data = { messageId: first.message_id };
  const happened = service(first);
  if (happened) return h("div", { class: "service", testid: "message", data }, h("span", {}, happened));
  const name = nameOf(first.sender_chat ?? first.from);
  const theirs = inGroup && !first.out;
  const answer = () => phone.composer.replyTo(first);
  const text = messages.map((one) => one.html).find(Boolean);
  const bare = kindOf(first) === "sticker" && !text;
  const box = h(
    "div",
    { class: `bubble ${bare ? "bare" : ""}`, on: { dblclick: answer } },
    theirs ? h("div", { class: `name tint-${Math.abs(first.from?.id ?? 0) % 6}` }, name) : null,
    forward(first.forward_origin),
    quote(first, phone),
    body(messages, text, phone),
  );
  longPress(box, answer);
  return h(
    "div",
    { class: `message ${first.out ? "out" : "in"}`, testid: "message", data },
    theirs ? avatar(first.from?.id, name, "small") : null,
    h("div", { class: "column" }, h("div", { class: "line" }, box, button({ class: "icon-button reply", testid: "reply", tLabel: "reply", tTitle: "reply", on: { click: answer } }, icon("reply"))), inlineKeyboard(messages.at(-1), phone)),
  );
}
