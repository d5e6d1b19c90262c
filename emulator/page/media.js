/* What a message carries besides text: pictures, files, sounds, places, cards. */

import { lightbox } from "./ask.js";
import { button, h, icon } from "./dom.js";
import { t } from "./words.js";

const KINDS = ["photo", "video", "animation", "voice", "audio", "document", "sticker", "location", "contact"];

/** The kind of a message's content, or null for a plain text. */
export const kindOf = (message) => KINDS.find((kind) => message[kind]) ?? null;

export function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function picture(file, message) {
  const img = h("img", { src: file.url, alt: file.name || t("photo") });
  const largest = message.photo?.at(-1);
  // Reserving the room keeps the list from jumping when the picture arrives.
  if (largest?.width && largest?.height) img.style.aspectRatio = `${largest.width} / ${largest.height}`;
  return button({ class: "photo", tLabel: "image", on: { click: () => lightbox(file.url, file.name ?? "") } }, img);
}

function chip(file) {
  return h(
    "a",
    { class: "file", href: file.url, target: "_blank", rel: "noopener", download: file.name ?? "" },
    icon(file.kind),
    h("span", { class: "grow" }, h("span", { class: "file-name" }, file.name || t(file.kind)), h("span", { class: "muted" }, size(file.size))),
  );
}

function oneFile(file, message) {
  if (file.kind === "photo") return picture(file, message);
  if (file.kind === "video" || file.kind === "animation") return h("video", { src: file.url, controls: true, preload: "metadata" });
  if (file.kind === "voice" || file.kind === "audio") return h("audio", { src: file.url, controls: true, preload: "metadata" });
  return chip(file);
}

function card(name, title, detail) {
  return h("div", { class: "file" }, icon(name), h("span", { class: "grow" }, h("span", { class: "file-name" }, title), h("span", { class: "muted" }, detail)));
}

function place(message) {
  const { latitude, longitude } = message.location;
  const point = `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;
  return card("location", message.venue?.title ?? t("location"), [message.venue?.address, point].filter(Boolean).join(" · "));
}

/** The elements for everything in one message that is not its text. */
export function media(message) {
  const parts = (message.files ?? []).filter((file) => file.kind !== "sticker").map((file) => oneFile(file, message));
  if (message.sticker) parts.push(h("span", { class: "sticker" }, message.sticker.emoji || t("sticker")));
  if (message.dice) parts.push(h("span", { class: "sticker" }, `${message.dice.emoji} ${message.dice.value}`));
  if (message.location) parts.push(place(message));
  if (message.contact) {
    const { first_name: first, last_name: last, phone_number: phone } = message.contact;
    parts.push(card("contact", [first, last].filter(Boolean).join(" "), phone));
  }
  return parts;
}

/** One line that stands for a message in a quote. */
export function excerpt(message) {
  const kind = kindOf(message);
  const words = (message.text ?? message.caption ?? "").replace(/\s+/g, " ").slice(0, 120);
  if (!kind) return words || t("unsupported");
  return [`[${t(kind)}]`, kind === "document" ? message.document.file_name : "", words].filter(Boolean).join(" ");
}
