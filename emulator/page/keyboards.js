/* The two kinds of keyboards a bot can show: under a message, and over the input. */

import { ask } from "./ask.js";
import { button, h, icon } from "./dom.js";
import { state } from "./state.js";
import { t } from "./words.js";

async function press(phone, message, key, element) {
  if (key.url) return phone.openUrl(key.url);
  if (key.copy_text) {
    await navigator.clipboard?.writeText(key.copy_text.text);
    return phone.toast(t("copied"));
  }
  if (key.callback_data === undefined) return phone.toast(t("unavailable"));
  if (element.getAttribute("aria-busy") === "true") return undefined;
  element.setAttribute("aria-busy", "true");
  try {
    await phone.tap(message, key.callback_data);
  } finally {
    element.removeAttribute("aria-busy");
  }
  return undefined;
}

/** The buttons under one message, or null if it has none. */
export function inlineKeyboard(message, phone) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const one = (key) => {
    const element = button(
      {
        class: `inline ${key.style ?? ""}`,
        testid: "inline-button",
        on: { click: () => phone.act(() => press(phone, message, key, element)) },
      },
      h("span", {}, key.text),
      key.url ? icon("link") : null,
    );
    return element;
  };
  return h("div", { class: "inline-keyboard" }, rows.map((row) => h("div", { class: "inline-row" }, row.map(one))));
}

export const askLocation = () =>
  ask(
    "askLocation",
    [
      { name: "latitude", t: "latitude", value: "30.2741", type: "number", step: "any" },
      { name: "longitude", t: "longitude", value: "120.1551", type: "number", step: "any" },
    ],
    "send",
    null,
    "preset",
  );

export const askPhone = () => ask("askContact", [{ name: "phone", t: "phone", value: "13800138000", type: "tel", inputmode: "tel" }]);

/** Send one's own card, with a number that may be edited first. */
export async function shareContact(phone) {
  const answer = await askPhone();
  const who = state.people.find((one) => one.id === phone.who);
  if (!answer || !who) return;
  const contact = { phone_number: answer.phone, first_name: who.first_name, last_name: who.last_name ?? undefined, user_id: who.id };
  await phone.send({ contact });
}

export async function shareLocation(phone) {
  const answer = await askLocation();
  if (answer) await phone.send({ location: { latitude: Number(answer.latitude), longitude: Number(answer.longitude) } });
}

/** The reply keyboard's element, or null when `markup` shows none. */
export function replyKeyboard(markup, phone) {
  if (!markup?.keyboard?.length) return null;
  const one = (raw) => {
    const key = typeof raw === "string" ? { text: raw } : raw;
    const act = () => {
      if (key.request_contact) return shareContact(phone);
      if (key.request_location) return shareLocation(phone);
      if (markup.one_time_keyboard) phone.composer.fold(true);
      return phone.sendText(key.text);
    };
    return button({ class: `key ${key.style ?? ""}`, on: { click: () => phone.act(act) } }, key.text);
  };
  return h("div", { class: "reply-keyboard", testid: "reply-keyboard" }, markup.keyboard.map((row) => h("div", { class: "inline-row" }, row.map(one))));
}
