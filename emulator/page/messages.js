/* The conversation: keeps the messages in order and redraws only what has changed. */

import { bubble, dayOf } from "./bubble.js";
import { button, h, icon } from "./dom.js";

const NEAR_BOTTOM = 60;

export class MessageList {
  constructor(phone) {
    this.phone = phone;
    this.known = new Map();
    this.drawn = new Map();
    this.revision = 0;
    this.sticky = true;
    this.lastTop = 0;
    this.inner = h("div", { class: "messages-inner" });
    this.scroller = h(
      "div",
      { class: "messages", testid: "messages", role: "log", "aria-live": "polite", tLabel: "messages", tabindex: "0", on: { scroll: () => this.scrolled() } },
      this.inner,
    );
    this.pill = button({ class: "pill", testid: "new-messages", hidden: true, on: { click: () => this.toBottom() } }, icon("down"), h("span", { t: "newMessages" }));
    this.root = h("div", { class: "messages-box" }, this.scroller, this.pill);
    // Pictures that load and keyboards that open change the height without any new message.
    const watch = new ResizeObserver(() => this.sticky && this.toBottom());
    watch.observe(this.inner);
    watch.observe(this.scroller);
  }

  get empty() {
    return this.known.size === 0;
  }

  replace(messages) {
    this.known.clear();
    this.drawn.clear();
    this.inner.replaceChildren();
    this.sticky = true;
    for (const message of messages) this.keep(message);
    this.draw();
  }

  keep(message) {
    this.revision += 1;
    this.known.set(message.message_id, { message, revision: this.revision });
  }

  add(message) {
    const isNew = !this.known.has(message.message_id);
    this.keep(message);
    if (message.out && isNew) this.sticky = true;
    this.draw();
    if (isNew && !this.sticky) this.pill.hidden = false;
  }

  remove(id) {
    if (this.known.delete(id)) this.draw();
  }

  /** Messages in order, an album's messages together. */
  groups() {
    const all = [...this.known.values()].sort((a, b) => a.message.message_id - b.message.message_id);
    const groups = [];
    for (const one of all) {
      const last = groups.at(-1);
      const album = one.message.media_group_id;
      if (album && last?.[0].message.media_group_id === album) last.push(one);
      else groups.push([one]);
    }
    return groups;
  }

  draw() {
    const items = [];
    let day = "";
    for (const group of this.groups()) {
      const today = dayOf(group[0].message.date);
      if (today !== day) items.push([`day ${today}`, today, () => h("div", { class: "service day" }, h("span", {}, today))]);
      day = today;
      const mark = group.map((one) => one.revision).join();
      const messages = group.map((one) => one.message);
      items.push([`message ${messages[0].message_id}`, mark, () => bubble(messages, this.phone, this.phone.inGroup)]);
    }
    const drawn = new Map();
    for (const [key, mark, make] of items) {
      const old = this.drawn.get(key);
      drawn.set(key, old?.mark === mark ? old : { mark, element: make() });
    }
    for (const [key, { element }] of this.drawn) if (drawn.get(key)?.element !== element) element.remove();
    let next = this.inner.firstElementChild;
    for (const { element } of drawn.values()) {
      if (element === next) next = next.nextElementSibling;
      else this.inner.insertBefore(element, next);
    }
    this.drawn = drawn;
    if (this.sticky) this.toBottom();
  }

  redraw() {
    this.drawn.clear();
    this.inner.replaceChildren();
    this.draw();
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Only a hand moves the list upwards; a keyboard that opens leaves it where it was.
    const upwards = scrollTop < this.lastTop;
    this.lastTop = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM) this.sticky = true;
    else if (upwards) this.sticky = false;
    if (this.sticky) this.pill.hidden = true;
  }

  toBottom() {
    this.pill.hidden = true;
    this.sticky = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Bring a quoted message into view and mark it for a moment. */
  reveal(id) {
    const found = this.inner.querySelector(`[data-message-id="${id}"]`);
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    found.classList.add("flash");
    setTimeout(() => found.classList.remove("flash"), 1200);
  }
}
