/* The bar over the phones: the demo's clock and its buttons, the hint, the language. */

import { api } from "./api.js";
import { button, h } from "./dom.js";
import { demoNow, refresh } from "./state.js";
import { language, setLanguage, t } from "./words.js";

const HOUR = 3600;
const STEPS = [["1h", "h1", HOUR], ["1d", "d1", 24 * HOUR], ["7d", "d7", 7 * 24 * HOUR], ["30d", "d30", 30 * 24 * HOUR]];
const PARTS = { timeZone: "Asia/Shanghai", hour12: false };

function words(now) {
  const zh = language === "zh";
  const format = (parts) => new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", { ...PARTS, ...parts }).format(now);
  const date = format({ year: "numeric", month: zh ? "long" : "short", day: "numeric" });
  const weekday = format({ weekday: "short" });
  const time = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return (zh ? [date, weekday, time] : [weekday, date, time]).join(" ");
}

export function makeClock(complain) {
  const face = h("time", { class: "clock", testid: "clock", tTitle: "clockTitle" });
  const tick = () => {
    const now = demoNow();
    face.textContent = now ? words(now) : "…";
    if (now) face.dateTime = now.toISOString();
  };
  const move = async (seconds) => {
    for (const one of buttons) one.disabled = true;
    try {
      await api.clock(seconds);
      await refresh();
    } catch (error) {
      complain(t("failed", { why: error.message }));
    } finally {
      for (const one of buttons) one.disabled = false;
      tick();
    }
  };
  const buttons = STEPS.map(([id, word, seconds]) => button({ class: "plain", testid: `clock-${id}`, t: word, on: { click: () => move(seconds) } }));
  setInterval(tick, 500);
  document.addEventListener("language", tick);
  tick();
  return h("div", { class: "clock-box" }, face, h("div", { class: "steps", role: "group", tLabel: "clockBy" }, buttons));
}

export function makeLanguage() {
  const change = () => setLanguage(language === "zh" ? "en" : "zh");
  return button({ class: "plain", testid: "language", t: "lang", tTitle: "langLabel", on: { click: change } });
}

/** Three steps for somebody who sees this for the first time; closed once, it stays closed. */
export function makeHint() {
  const remembered = () => {
    try {
      return localStorage.getItem("hint") === "closed";
    } catch {
      return false;
    }
  };
  const show = (open) => {
    hint.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    try {
      localStorage.setItem("hint", open ? "open" : "closed");
    } catch {
      // only the memory of the choice is lost
    }
  };
  const close = button({ class: "icon-button", testid: "hint-close", tLabel: "close", tTitle: "close", on: { click: () => show(false) } }, "×");
  const hint = h("div", { class: "hint", testid: "hint" }, h("ol", {}, h("li", { t: "step1" }), h("li", { t: "step2" }), h("li", { t: "step3" })), close);
  const opener = button({ class: "plain", testid: "how", t: "how", on: { click: () => show(hint.hidden) } });
  show(!remembered());
  return { hint, opener };
}
