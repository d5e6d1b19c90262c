/* The 📎 menu, and the files that wait above the input until they are sent. */

import { choose } from "./ask.js";
import { button, h, icon } from "./dom.js";
import { shareContact, shareLocation } from "./keyboards.js";
import { size } from "./media.js";

const PICKERS = { photo: "image/*", document: "", video: "video/*", voice: "audio/*" };
const STICKERS = ["👍", "👋", "🙏", "❤️", "🎉", "😀", "😢", "😡"];

export class Attach {
  constructor(phone, changed) {
    this.phone = phone;
    this.changed = changed;
    this.files = [];
    this.kind = "document";
    this.menu = h("div", { class: "menu", role: "menu", hidden: true }, [
      ...Object.entries(PICKERS).map(([kind, accept]) => this.picker(kind, accept)),
      this.entry("location", () => shareLocation(phone)),
      this.entry("contact", () => shareContact(phone)),
      this.entry("sticker", () => this.sticker()),
    ]);
    this.opener = button({ class: "icon-button", testid: "attach", tLabel: "attach", tTitle: "attach", "aria-haspopup": "menu", "aria-expanded": "false", on: { click: () => this.toggle(this.menu.hidden) } }, icon("attach"));
    this.root = h("div", { class: "attach" }, this.menu, this.opener);
    this.root.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.root.contains(event.target)) this.toggle(false);
    });
    this.strip = h("div", { class: "strip", hidden: true });
  }

  entry(kind, act) {
    const run = () => {
      this.toggle(false);
      this.phone.act(act);
    };
    return button({ role: "menuitem", testid: `attach-${kind}`, on: { click: run } }, icon(kind), h("span", { t: kind }));
  }

  picker(kind, accept) {
    const input = h("input", { type: "file", hidden: true, accept, multiple: kind !== "voice", testid: `file-${kind}` });
    input.addEventListener("change", () => {
      this.add(kind, [...input.files]);
      input.value = "";
    });
    return [this.entry(kind, () => input.click()), input];
  }

  async sticker() {
    const sticker = await choose("askSticker", STICKERS);
    if (sticker) await this.phone.send({ sticker });
  }

  toggle(open) {
    if (this.menu.hidden === !open) return;
    this.menu.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.menu.querySelector("button").focus();
  }

  key(event) {
    if (this.menu.hidden) return;
    const entries = [...this.menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      entries.at((entries.indexOf(document.activeElement) + step) % entries.length).focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.toggle(false);
      this.opener.focus();
    }
  }

  add(kind, files) {
    if (files.length === 0) return;
    // One sending is of one kind; picking another kind starts over.
    if (kind !== this.kind) this.files = [];
    this.kind = kind;
    this.files.push(...files);
    this.draw();
  }

  clear() {
    this.files = [];
    this.draw();
  }

  draw() {
    this.strip.hidden = this.files.length === 0;
    this.strip.replaceChildren(
      ...this.files.map((file, index) =>
        h(
          "span",
          { class: "pending" },
          icon(this.kind),
          h("span", { class: "file-name" }, file.name),
          h("span", { class: "muted" }, size(file.size)),
          button({ class: "icon-button", tLabel: "remove", on: { click: () => (this.files.splice(index, 1), this.draw()) } }, icon("close")),
        ),
      ),
    );
    this.changed();
  }
}
