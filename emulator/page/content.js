/*
 * Safe text of a message. The server makes `html` from the message's entities; it is still put
 * through a list of allowed tags here, since one careless line on either side must not be enough
 * to put a citizen's words into the page as markup.
 */

import { h } from "./dom.js";

const TAGS = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "DEL", "CODE", "PRE", "A", "BLOCKQUOTE", "BR", "SPAN", "TG-SPOILER"]);
const COMMAND = /(^|\s)(\/[a-z0-9_]{1,32}(?:@\w+)?)(?![\w/])/gi;
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/** What a Telegram link asks for when it leads to this bot: {start} or null. */
export function deepLink(url, username) {
  let link;
  try {
    link = new URL(url);
  } catch {
    return null;
  }
  const telegram = /^(www\.)?(t|telegram)\.me$/i.test(link.hostname);
  const domain = telegram ? link.pathname.slice(1) : link.protocol === "tg:" ? link.searchParams.get("domain") : null;
  if (!domain || domain.toLowerCase() !== username?.toLowerCase()) return null;
  return { start: link.searchParams.get("start") ?? "" };
}

export function isLink(url) {
  try {
    return SCHEMES.has(new URL(url).protocol);
  } catch {
    return false;
  }
}

function commands(text, phone) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(COMMAND)) {
    const from = match.index + match[1].length;
    parts.push(text.slice(last, from));
    parts.push(h("button", { type: "button", class: "link", on: { click: () => phone.sendText(match[2]) } }, match[2]));
    last = from + match[2].length;
  }
  return [...parts, text.slice(last)].filter(Boolean);
}

function anchor(node, phone) {
  const url = node.getAttribute("href") ?? "";
  if (!isLink(url)) return h("span");
  return h("a", {
    href: url,
    target: "_blank",
    rel: "noopener noreferrer",
    on: {
      click: (event) => {
        if (phone.openLink(url)) event.preventDefault();
      },
    },
  });
}

function spoiler() {
  const element = h("button", { type: "button", class: "spoiler" });
  element.addEventListener("click", () => element.classList.add("shown"));
  return element;
}

function copy(node, phone, inCode) {
  if (node.nodeType === Node.TEXT_NODE) return inCode ? [node.data] : commands(node.data, phone);
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const inside = [...node.childNodes].flatMap((child) => copy(child, phone, inCode || /^(CODE|PRE|A)$/.test(node.tagName)));
  if (!TAGS.has(node.tagName)) return inside;
  let element;
  if (node.tagName === "A") element = anchor(node, phone);
  else if (node.tagName === "TG-SPOILER" || /spoiler/.test(node.className)) element = spoiler();
  else element = document.createElement(node.tagName);
  element.append(...inside);
  return [element];
}

/** The nodes of one message's text. */
export function rich(html, phone) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [...parsed.body.childNodes].flatMap((node) => copy(node, phone, false));
}
