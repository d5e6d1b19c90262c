/* The control API, and nothing else: every request of the page is made here. */

async function call(path, options) {
  const response = await fetch(`/_/${path}`, options);
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // a server's plain-text refusal is still worth showing
  }
  if (!response.ok) throw new Error(body?.error ?? body?.description ?? (text.slice(0, 200) || response.statusText));
  return body;
}

function post(path, data) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data),
  });
}

export const api = {
  state: () => call("state"),
  addPerson: (person) => post("people", person),
  messages: (chat, viewer) => call(`chats/${chat}/messages?viewer=${viewer}&after=0`),
  send: (message) => post("send", message),
  tap: (from, chat, message, data) => post("tap", { from, chat_id: chat, message_id: message, data }),
  clock: (seconds) => post("clock", { add: seconds }),
  log: (after) => call(`log?after=${after}`),

  upload(from, chat, kind, files, caption, replyTo) {
    const form = new FormData();
    form.append("from", from);
    form.append("chat_id", chat);
    form.append("kind", kind);
    if (caption) form.append("caption", caption);
    if (replyTo) form.append("reply_to", replyTo);
    for (const file of files) form.append("file", file, file.name);
    return call("upload", { method: "POST", body: form });
  },

  events: (viewer, after) => new EventSource(`/_/events?viewer=${viewer}&after=${after}`),
};
