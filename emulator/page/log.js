/* The drawer with the latest Bot API calls: what the bot really asks of Telegram. */

import { api } from "./api.js";
import { button, h } from "./dom.js";

const EVERY = 1500;
const KEPT = 200; // waiting for updates is left out: it would be most of the log

/** The log's line in words; the server may name things a little differently. */
function line(call) {
  const params = call.params ?? call.data ?? {};
  const result = call.ok === false || call.error ? (call.error ?? call.description ?? "error") : "";
  const text = typeof params === "string" ? params : JSON.stringify(params);
  return h("li", { class: result ? "bad" : "" }, h("b", {}, call.method ?? ""), " ", h("code", {}, text.slice(0, 400)), result ? h("span", { class: "bad" }, ` ${result}`) : null);
}

export function makeLog(drawer) {
  let after = 0;
  let timer = null;
  const list = h("ol", { class: "log-list" });
  const empty = h("p", { class: "muted", t: "logEmpty" });
  const look = async () => {
    try {
      const answer = await api.log(after);
      const calls = Array.isArray(answer) ? answer : (answer.log ?? answer.calls ?? answer.entries ?? []);
      for (const call of calls.slice(-KEPT)) if (call.method !== "getUpdates") list.prepend(line(call));
      after = answer.seq ?? calls.at(-1)?.seq ?? after;
      while (list.childElementCount > KEPT) list.lastElementChild.remove();
      empty.hidden = list.childElementCount > 0;
    } catch {
      after = 0; // the server was started anew: its numbers begin again
      list.replaceChildren();
    }
    if (!drawer.hidden) timer = setTimeout(look, EVERY);
  };
  const toggle = () => {
    drawer.hidden = !drawer.hidden;
    opener.setAttribute("aria-expanded", String(!drawer.hidden));
    clearTimeout(timer);
    if (!drawer.hidden) look();
  };
  const opener = button({ class: "plain", testid: "log", "aria-expanded": "false", t: "log", on: { click: toggle } });
  const close = button({ class: "icon-button", tLabel: "close", on: { click: toggle } }, "×");
  drawer.append(h("div", { class: "row" }, h("h2", { class: "grow", t: "log" }), close), empty, list);
  return opener;
}
