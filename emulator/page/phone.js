/* One phone: a person, the chat in front of them, and everything that happens to it. */

import { Acts } from "./acts.js";
import { api } from "./api.js";
import { recall, remember, usual, usualChat } from "./choice.js";
import { Composer } from "./composer.js";
import { button, h } from "./dom.js";
import { Feed } from "./feed.js";
import { Head } from "./head.js";
import { MessageList } from "./messages.js";
import { group, person, refresh, state } from "./state.js";
import { t } from "./words.js";

export class Phone extends Acts {
  constructor(side) {
    super();
    Object.assign(this, { side, who: null, chat: null, unread: new Set(), offline: false, loading: false, chosen: false, owed: 0, turn: 0, onUnread: () => {} });
    this.list = new MessageList(this);
    this.composer = new Composer(this);
    this.head = new Head(this);
    this.startButton = button({ class: "primary start", testid: "start", t: "start", on: { click: () => this.act(() => this.sendText("/start")) } });
    this.nothing = h("div", { class: "nothing", hidden: true }, h("p", { class: "muted" }), this.startButton);
    this.toastBox = h("div", { class: "toast", testid: "toast", role: "status", hidden: true });
    this.root = h("section", { class: "phone", testid: `phone-${side}`, tLabel: side }, this.head.root, h("div", { class: "stage" }, this.list.root, this.nothing, this.toastBox), this.composer.root);
    this.feed = new Feed({ onEvent: (event) => this.event(event), onLost: () => this.lost(), refill: () => this.refill() });
    this.fresh();
  }

  get key() {
    return this.who === null ? null : `${this.who}:${this.chat}`;
  }

  get inGroup() {
    return this.chat !== this.who;
  }

  /** Put a person and a chat in front; without a chat, the right phone prefers a group. */
  async select(who, chat = null, chosen = true) {
    if (who !== this.who) this.unread.clear();
    Object.assign(this, { who, chat: chat ?? usualChat(this.side, who), chosen });
    this.unread.delete(this.chat);
    if (chosen) remember(this.side, who, this.chat);
    this.loading = true;
    this.list.replace([]);
    this.composer.keyboard(null);
    this.composer.switched();
    this.fresh();
    try {
      await this.load();
    } catch {
      this.feed.lost(); // which tries again until the server is back
    }
  }

  async load() {
    const turn = (this.turn += 1);
    this.feed.stop();
    const { who, chat } = this;
    const { seq, messages, keyboard } = await api.messages(chat, who);
    if (turn !== this.turn) return; // another chat was put in front meanwhile
    this.offline = this.loading = false;
    this.list.replace(messages);
    this.composer.keyboard(keyboard);
    this.feed.follow(who, seq);
    this.fresh();
  }

  lost() {
    this.offline = true;
    this.head.draw();
  }

  async refill() {
    await refresh();
    if (!person(this.who)) return; // the page's own care is to choose somebody else
    await this.load();
  }

  event(event) {
    const here = event.chat_id === this.chat;
    if (event.type === "clock" || event.type === "chat") refresh().catch(() => {});
    if (event.type === "toast") this.lateAnswer(event);
    if (event.type === "message" && !event.message.out && (!here || !this.root.offsetParent)) this.notice(event.chat_id);
    if (!here) return;
    if (event.type === "message" || event.type === "edited") this.list.add(event.message);
    if (event.type === "message" && !event.message.out) this.head.typing(false);
    if (event.type === "deleted") this.list.remove(event.message_id);
    if (event.type === "keyboard") this.composer.keyboard(event.keyboard);
    if (event.type === "typing") this.head.typing(true);
    this.blank();
  }

  notice(chat) {
    if (chat !== this.chat) this.unread.add(chat);
    this.head.draw();
    this.onUnread();
  }

  fresh() {
    this.head.draw();
    this.composer.showCommands();
    this.blank();
  }

  /** What to show where no message is yet. */
  blank() {
    this.nothing.hidden = this.who !== null && (this.loading || !this.list.empty);
    const key = this.who === null ? "nobody" : this.inGroup ? "emptyGroup" : state.bot ? "startHint" : "noBot";
    this.nothing.firstChild.textContent = t(key);
    this.startButton.hidden = this.who === null || this.inGroup;
    this.composer.root.hidden = this.who === null;
  }

  /**
   * Keep what was chosen while it exists; until somebody has chosen, follow the usual choice, as
   * people and groups may come one after the other while the page is already open.
   */
  settle() {
    const there = person(this.who) && (this.chat === this.who || group(this.chat));
    if (there && this.chosen) return this.fresh();
    const [who, chat] = recall(this.side) ?? usual(this.side);
    if (who === this.who && chat === this.chat) return this.fresh();
    if (who) return this.select(who, chat, false);
    this.feed.stop();
    this.list.replace([]);
    Object.assign(this, { who: null, chat: null });
    return this.fresh();
  }
}
