/* Puts the page together: the bar, the two phones, the drawer. */

import { makeClock, makeHint, makeLanguage } from "./clock.js";
import { button, h } from "./dom.js";
import { makeLog } from "./log.js";
import { Phone } from "./phone.js";
import { onState, refresh } from "./state.js";
import { language, setLanguage } from "./words.js";

const EVERY = 5000;
const UNTIL_READY = 1000;

const part = (id) => document.getElementById(id);
const phones = { left: new Phone("left"), right: new Phone("right") };
const { hint, opener } = makeHint();
const complain = (text) => phones.left.toast(text);

part("bar").append(
  h("h1", { t: "title" }),
  makeClock(complain),
  h("div", { class: "tools" }, opener, makeLog(part("log")), makeLanguage()),
  hint,
);
part("phones").append(phones.left.root, phones.right.root);

/* On a narrow screen one phone is seen at a time. */
const tabs = {};
function face(side) {
  document.body.dataset.side = side;
  for (const [name, tab] of Object.entries(tabs)) tab.setAttribute("aria-pressed", String(name === side));
  tabs[side].lastElementChild.hidden = true;
  phones[side].list.toBottom();
}
for (const [side, phone] of Object.entries(phones)) {
  const dot = h("span", { class: "dot", hidden: true, role: "img", tLabel: "unread" });
  tabs[side] = button({ class: "tab", testid: `tab-${side}`, on: { click: () => face(side) } }, h("span", { t: side }), dot);
  phone.onUnread = () => {
    dot.hidden = phone.root.offsetParent !== null;
  };
}
part("tabs").append(tabs.left, tabs.right);
face("left");

function settle() {
  for (const phone of Object.values(phones)) phone.settle();
}
onState(settle);
document.addEventListener("language", () => {
  for (const phone of Object.values(phones)) {
    phone.list.redraw();
    phone.composer.keyboard(phone.composer.markup);
    phone.fresh();
  }
});

/* People, groups and the bot may come at any time; until all are there, look more often. */
async function look() {
  let ready = false;
  try {
    await refresh();
    ready = Object.values(phones).every((phone) => phone.who !== null);
  } catch {
    // the server is away; the next look will tell
  }
  setTimeout(look, ready ? EVERY : UNTIL_READY);
}

document.fonts.addEventListener("loadingdone", () => document.documentElement.classList.add("han"));
setLanguage(language);
look();
