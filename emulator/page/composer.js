/* The input of one phone: text, an answer to a message, files, the keyboards over it. */

import { Attach } from "./attach.js";
import { nameOf } from "./bubble.js";
import { button, h, icon } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { excerpt } from "./media.js";
import { state } from "./state.js";
import { t } from "./words.js";

const TALLEST = 160;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.drafts = new Map();
    this.answered = null;
    this.markup = null;
    this.busy = false;
    this.attach = new Attach(phone, () => this.changed());
    this.answering = h("div", { class: "answering", testid: "answering", hidden: true });
    this.text = h("textarea", { rows: "1", testid: "composer", tPlaceholder: "write", tLabel: "write", on: { input: () => this.changed(), keydown: (event) => this.key(event), paste: (event) => this.paste(event) } });
    this.sender = h("button", { type: "submit", class: "icon-button send", testid: "send", tLabel: "send", tTitle: "send" }, icon("send"));
    this.folder = button({ class: "icon-button", testid: "fold", tLabel: "keyboard", tTitle: "keyboard", hidden: true, on: { click: () => this.fold(!this.keys.hidden) } }, icon("keyboard"));
    this.commander = button({ class: "icon-button", testid: "commands", tLabel: "commands", tTitle: "commands", hidden: true, on: { click: () => (this.commands.hidden = !this.commands.hidden) } }, icon("slash"));
    this.commands = h("div", { class: "menu commands", hidden: true });
    this.keys = h("div", { class: "keys", hidden: true });
    const submit = (event) => {
      event.preventDefault();
      this.phone.act(() => this.submit());
    };
    const form = h("form", { class: "composer", on: { submit } }, this.attach.root, this.commander, this.text, this.folder, this.sender);
    this.root = h("div", { class: "bottom" }, this.commands, this.answering, this.attach.strip, form, this.keys);
  }

  key(event) {
    // While an input method is composing, Enter picks a candidate and must not send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.phone.act(() => this.submit());
    } else if (event.key === "Escape") {
      this.replyTo(null);
      this.commands.hidden = true;
    }
  }

  paste(event) {
    const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (images.length === 0) return;
    event.preventDefault();
    this.attach.add("photo", images);
  }

  changed() {
    this.text.style.height = "auto";
    const wanted = this.text.scrollHeight; // nothing to measure while the phone is not shown
    this.text.style.height = wanted ? `${Math.min(wanted + 2, TALLEST)}px` : "";
    this.sender.disabled = this.busy || (this.text.value.trim() === "" && this.attach.files.length === 0);
    if (this.phone.key) this.drafts.set(this.phone.key, this.text.value);
  }

  async submit() {
    const text = this.text.value.trim();
    const { files, kind } = this.attach;
    if (this.busy || (!text && files.length === 0)) return;
    this.busy = true;
    this.changed();
    try {
      if (files.length) await this.phone.upload(kind, files, text);
      else await this.phone.sendText(text);
      // Only what was really sent is cleared: a refusal leaves the words where they were.
      if (this.text.value.trim() === text) this.text.value = "";
      this.attach.clear();
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  replyTo(message) {
    this.answered = message;
    this.answering.hidden = message === null;
    if (message === null) return this.answering.replaceChildren();
    this.answering.replaceChildren(
      icon("reply"),
      h("span", { class: "grow" }, h("span", { class: "quote-name" }, nameOf(message.from)), h("span", { class: "quote-text" }, excerpt(message))),
      button({ class: "icon-button", tLabel: "cancel", on: { click: () => this.replyTo(null) } }, icon("close")),
    );
    return this.text.focus();
  }

  /** Another chat is in front: its own draft, nothing answered, no files waiting. */
  switched() {
    this.replyTo(null);
    this.attach.files = [];
    this.text.value = this.drafts.get(this.phone.key) ?? "";
    this.attach.draw();
  }

  keyboard(markup) {
    this.markup = markup;
    const element = replyKeyboard(markup, this.phone);
    this.keys.replaceChildren(...(element ? [element] : []));
    this.folder.hidden = element === null;
    this.text.placeholder = markup?.input_field_placeholder || t("write");
    this.fold(element === null);
  }

  fold(away) {
    this.keys.hidden = away;
    this.folder.setAttribute("aria-expanded", String(!away));
  }

  showCommands() {
    const list = Array.isArray(state.commands) ? state.commands : [];
    this.commander.hidden = list.length === 0;
    const pick = (name) => {
      this.commands.hidden = true;
      this.phone.act(() => this.phone.sendText(`/${name}`));
    };
    this.commands.replaceChildren(...list.map(({ command, description }) => button({ on: { click: () => pick(command) } }, h("b", {}, `/${command}`), h("span", { class: "muted" }, description))));
  }
}
