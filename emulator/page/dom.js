/* Making elements without ever going through an HTML string. */

import { t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WORDS = { tLabel: "aria-label", tTitle: "title", tPlaceholder: "placeholder" };

/**
 * Make an element. `t`, `tLabel`, `tTitle` and `tPlaceholder` take a word's key: the key stays on
 * the element, so that switching the language can find it again.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "testid") element.dataset.testid = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "t") {
      element.dataset.t = value;
      element.textContent = t(value);
    } else if (WORDS[name]) {
      element.dataset[name] = value;
      element.setAttribute(WORDS[name], t(value));
    } else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(props, ...children) {
  return h("button", { type: "button", ...props }, ...children);
}

/* Drawn, not typed: a machine without an emoji font would show empty boxes on the controls. */
const PATHS = {
  attach: "M20 11.5l-8.3 8.3a5 5 0 0 1-7.1-7.1l8.7-8.7a3.4 3.4 0 0 1 4.8 4.8l-8.6 8.6a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  send: "M4 12l16-8-5 16-3.5-6.5z",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v14M6 13l6 6 6-6",
  keyboard: "M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14h8",
  slash: "M15 5L9 19",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  document: "M6 3h8l4 4v14H6zM14 3v4h4",
  video: "M3 6h12v12H3zM15 11l6-4v10l-6-4",
  voice: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3",
  location: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  sticker: "M12 21a9 9 0 1 1 9-9c-5 0-9 4-9 9zM8.500 10h.01M15 9h.01",
  link: "M9 6h9v9M18 6L7 17",
};
PATHS.audio = PATHS.voice;
PATHS.animation = PATHS.video;

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.document);
  svg.append(path);
  return svg;
}

/** A round badge with the first character of a name, in a colour that stays with the id. */
export function avatar(id, name, extra = "") {
  const letter = [...(name || "?").trim()][0]?.toUpperCase() ?? "?";
  return h("span", { class: `avatar tint-${Math.abs(Number(id) || 0) % 6} ${extra}`, "aria-hidden": "true" }, letter);
}
