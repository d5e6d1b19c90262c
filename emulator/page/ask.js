/* The page's small questions: modal dialogs that give a promise of an answer. */

import { button, h } from "./dom.js";

function show(dialog) {
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(""); // the backdrop
    });
    dialog.showModal();
  });
}

/**
 * Ask for some values. A field is {name, t, value, type?, options?, inputmode?}; the answer is an
 * object by name, or null if the person thought better of it. `ready(inputs)` may wire fields.
 */
export async function ask(titleKey, fields, okKey = "send", ready = null, note = null) {
  const inputs = {};
  const rows = fields.map((field) => {
    const common = { testid: `ask-${field.name}`, required: true, inputmode: field.inputmode };
    const input = field.options
      ? h("select", common, field.options.map(([value, text]) => h("option", { value }, text)))
      : h("input", { ...common, type: field.type ?? "text", step: field.step, maxlength: "64", autocomplete: "off" });
    input.value = field.value;
    inputs[field.name] = input;
    return h("label", { class: "field" }, h("span", { t: field.t }), input);
  });
  ready?.(inputs);
  const dialog = h("dialog", { class: "ask", testid: "ask" });
  const form = h(
    "form",
    { on: { submit: (event) => (event.preventDefault(), dialog.close("ok")) } },
    h("h2", { t: titleKey }),
    note ? h("p", { class: "muted", t: note }) : null,
    rows,
    h(
      "div",
      { class: "row end" },
      button({ t: "cancel", class: "plain", on: { click: () => dialog.close("") } }),
      h("button", { type: "submit", class: "primary", t: okKey, testid: "ask-ok" }),
    ),
  );
  dialog.append(form);
  if ((await show(dialog)) !== "ok") return null;
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
}

/** Offer some big choices and give the chosen value, or null. */
export async function choose(titleKey, values) {
  const dialog = h("dialog", { class: "ask", testid: "ask" });
  dialog.append(
    h("h2", { t: titleKey }),
    h("div", { class: "choices" }, values.map((value) => button({ class: "plain", on: { click: () => dialog.close(value) } }, value))),
    h("div", { class: "row end" }, button({ t: "cancel", class: "plain", on: { click: () => dialog.close("") } })),
  );
  return (await show(dialog)) || null;
}

/** Show the bot's alert: it stays until it is read. */
export async function alertBox(text) {
  const dialog = h("dialog", { class: "ask", testid: "alert", role: "alertdialog" });
  const close = button({ t: "ok", class: "primary", testid: "alert-ok", on: { click: () => dialog.close("") } });
  dialog.append(h("p", { class: "alert-text" }, text), h("div", { class: "row end" }, close));
  await show(dialog);
}

/** Show one picture large; a click anywhere closes it. */
export async function lightbox(url, name) {
  const dialog = h("dialog", { class: "lightbox", on: { click: () => dialog.close("") } });
  dialog.append(h("img", { src: url, alt: name }), button({ tLabel: "close", class: "icon-button", autofocus: true }, "×"));
  await show(dialog);
}
