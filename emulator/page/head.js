/* The top of a phone: who holds it, which chat is in front, and who is on the other side. */

import { ask } from "./ask.js";
import { api } from "./api.js";
import { avatar, button, h, icon } from "./dom.js";
import { fullName, group, groupsOf, madeUpName, refresh, state } from "./state.js";
import { language, t } from "./words.js";

const TYPING_SHOWN = 6000;
const CODES = { zh: "zh-hans", en: "en" }; // what Telegram's own apps say of themselves

/** Ask for a made-up (or one's own) name and a language, and add the person. */
export async function addCitizen() {
  let made = madeUpName(language);
  const ready = ({ name, language: choice }) =>
    choice.addEventListener("change", () => {
      if (name.value !== made) return; // a name that was typed stays
      made = madeUpName(choice.value === CODES.zh ? "zh" : "en");
      name.value = made;
    });
  const fields = [
    { name: "name", t: "name", value: made },
    { name: "language", t: "citizenLang", value: CODES[language], options: [["zh-hans", "中文"], ["en", "English"]] },
  ];
  const answer = await ask("askCitizen", fields, "add", ready);
  if (!answer) return null;
  const [first, ...rest] = answer.name.split(/\s+/);
  const added = await api.addPerson({ first_name: first, last_name: rest.join(" ") || undefined, language_code: answer.language });
  await refresh();
  return added.id;
}

export class Head {
  constructor(phone) {
    this.phone = phone;
    this.who = h("select", { testid: "who", tLabel: "who", on: { change: () => phone.select(Number(this.who.value)) } });
    this.chats = h("div", { class: "chats", testid: "chat", role: "group" });
    this.title = h("div", { class: "chat-title", testid: "chat-title" });
    this.subtitle = h("div", { class: "muted", testid: "chat-subtitle" });
    this.face = h("span", { class: "face" });
    this.typingTimer = null;
    const left = phone.side === "left";
    const add = async () => {
      const id = await addCitizen();
      if (id) await phone.select(id);
    };
    const adder = button({ class: "plain add", testid: "add-citizen", on: { click: () => phone.act(add) } }, icon("plus"), h("span", { t: "addCitizen" }));
    this.root = h(
      "header",
      { class: "head" },
      h("div", { class: "row" }, h("span", { class: "role", t: phone.side }), this.who, left ? adder : null),
      h("div", { class: "row chat-head" }, this.face, h("div", { class: "grow" }, this.title, this.subtitle), this.chats),
    );
  }

  draw() {
    const { who, chat, unread } = this.phone;
    this.who.replaceChildren(
      ...state.people.map((one) => {
        const where = groupsOf(one.id).length ? ` · ${t("inGroup")}` : "";
        return h("option", { value: String(one.id) }, fullName(one) + where);
      }),
    );
    this.who.value = String(who ?? "");
    this.who.disabled = state.people.length === 0;
    const groups = who ? groupsOf(who) : [];
    const many = groups.length > 1;
    const tabs = groups.map((one) => this.tab(one.id, one.id === chat, unread.has(one.id), many));
    this.chats.hidden = groups.length === 0;
    this.chats.classList.toggle("many", many);
    this.chats.replaceChildren(h("div", { class: "groups" }, tabs), this.tab(who, who === chat, unread.has(who), many));
    this.heading();
  }

  tab(id, active, unread, many) {
    const own = group(id);
    const label = own ? (many ? own.title : t("group")) : t("private");
    return button(
      { class: "tab", "aria-pressed": String(active), title: own?.title ?? state.bot?.name, testid: own ? "chat-group" : "chat-private", data: { chatId: id }, on: { click: () => this.phone.select(this.phone.who, id) } },
      h("span", { class: "tab-name" }, label),
      unread ? h("span", { class: "dot", testid: "unread", role: "img", tLabel: "unread" }) : null,
    );
  }

  heading(typing = false) {
    const own = group(this.phone.chat);
    const name = own?.title ?? state.bot?.name ?? (state.bot ? state.bot.username : t("noBot"));
    this.title.textContent = name;
    this.face.replaceChildren(avatar(own?.id ?? state.bot?.id, name));
    const about = own ? t("members", { n: own.members.length }) : state.bot ? `${t("bot")} · @${state.bot.username}` : "";
    this.subtitle.textContent = this.phone.offline ? t("offline") : typing ? t("typing") : about;
  }

  typing(on) {
    clearTimeout(this.typingTimer);
    this.heading(on);
    if (on) this.typingTimer = setTimeout(() => this.heading(), TYPING_SHOWN);
  }
}
