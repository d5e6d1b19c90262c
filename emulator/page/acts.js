/* What the person holding a phone can do, and how the phone says what came of it. */

import { alertBox } from "./ask.js";
import { api } from "./api.js";
import { deepLink, isLink } from "./content.js";
import { state } from "./state.js";
import { t } from "./words.js";

const TOAST_SHOWN = 3500;

/** The doing half of a phone; the phone itself gives it `who`, `chat`, `composer` and the rest. */
export class Acts {
  /** Run something that may be refused, and say so if it is. */
  async act(doing) {
    try {
      return await doing();
    } catch (error) {
      return this.toast(t("failed", { why: error.message }));
    }
  }

  send(what) {
    const reply = this.composer.answered?.message_id;
    this.chosen = true;
    this.composer.replyTo(null);
    return api.send({ from: this.who, chat_id: this.chat, reply_to: reply, ...what });
  }

  sendText = (text) => this.send({ text });

  async upload(kind, files, caption) {
    await api.upload(this.who, this.chat, kind, files, caption, this.composer.answered?.message_id);
    this.composer.replyTo(null);
  }

  async tap(message, data) {
    const { answer } = await api.tap(this.who, message.chat?.id ?? this.chat, message.message_id, data);
    if (answer) this.answer(answer);
    else this.owed += 1;
  }

  /** An answer seen in the stream is news only here, where a tap has given up waiting for it. */
  lateAnswer(answer) {
    if (this.owed === 0) return;
    this.owed -= 1;
    this.answer(answer);
  }

  answer({ text, alert }) {
    if (!text) return;
    if (alert) alertBox(text);
    else this.toast(text);
  }

  toast(text) {
    clearTimeout(this.toastTimer);
    this.toastBox.textContent = text;
    this.toastBox.hidden = false;
    this.toastTimer = setTimeout(() => (this.toastBox.hidden = true), TOAST_SHOWN);
  }

  /** Follow a link to the bot inside this phone; false if it leads elsewhere. */
  openLink(url) {
    const link = deepLink(url, state.bot?.username);
    if (!link) return false;
    this.act(async () => {
      await this.select(this.who, this.who);
      if (link.start) await this.sendText(`/start ${link.start}`);
    });
    return true;
  }

  openUrl(url) {
    if (!this.openLink(url) && isLink(url)) window.open(url, "_blank", "noopener,noreferrer");
  }
}
