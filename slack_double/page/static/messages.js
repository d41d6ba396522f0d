// One message with everything on it: who and when, what it says, its reactions, its thread, what one can do with it.
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { readValues } from "./elements.js";
import { markdown } from "./markdown.js";
import { emoji, mrkdwn, quickReactions } from "./text.js";

/** `app` is what the page offers: env, act(deed), openThread(ts), confirm(dialog), snapshot. */
export function message(one, app, isInThread) {
  const person = app.env.people[one.user] || { name: one.user };
  const node = h("article", { class: `message ${one.is_ephemeral ? "ephemeral" : ""}`, "data-ts": one.ts, "aria-label": `Message by ${person.name}` });
  const ctx = { env: app.env, confirm: app.confirm, act: (element, block, choose) => click(node, one, element, block, choose, app) };
  node.append(
    avatar(person),
    h("div", { class: "body" },
      h("div", { class: "by" }, h("strong", {}, person.name), person.is_bot ? h("span", { class: "badge" }, "APP") : null, when(one.ts),
        one.edited && !one.bot_id ? h("span", { class: "small" }, "(edited)") : null,
        one.is_ephemeral ? h("span", { class: "small" }, "Only visible to you") : null),
      words(one, ctx), (one.files || []).map(file), reactions(one, app), isInThread ? null : thread(one, app)),
    one.is_ephemeral ? "" : tools(one, app, isInThread, node),
  );
  return node;
}

function click(node, one, element, block, choose, app) {
  app.act({ do: "click", where: "message", channel: app.snapshot.channel, ts: one.ts, action_id: element.action_id, block_id: block.block_id,
    choose, values: readValues(node) });
}

function avatar(person) {
  return h("span", { class: `avatar ${person.is_bot ? "bot" : ""}`, "aria-hidden": "true" }, person.name.slice(0, 1).toUpperCase());
}

function when(ts) {
  const moment = new Date(Number(ts) * 1000);
  return h("time", { class: "small", datetime: moment.toISOString() }, moment.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }));
}

function words(one, ctx) {
  const isStreamed = Boolean(one.streaming_state);
  const parts = [];
  if (isStreamed) parts.push(markdown(one.text, ctx.env));
  else if (!one.blocks?.length || !one.bot_id) parts.push(mrkdwn(one.text, ctx.env));
  if (one.bot_id) parts.push(...blocks(one.blocks, ctx));
  for (const attached of one.attachments || []) {
    parts.push(h("div", { class: "attachment" }, attached.blocks ? blocks(attached.blocks, ctx) : mrkdwn(attached.text || attached.fallback || "", ctx.env)));
  }
  return h("div", { class: `text ${one.streaming_state === "in_progress" ? "streaming" : ""}` }, parts);
}

function file(one) {
  const isPicture = /\.(png|jpe?g|gif)$/i.test(one.name);
  return h("figure", { class: "file" }, h("figcaption", {}, one.title || one.name),
    isPicture ? h("img", { src: `/page/file/${encodeURIComponent(one.id)}`, alt: one.alt_txt || one.title || one.name }) : h("span", {}, `📄 ${one.name}, ${one.size} bytes`));
}

function reactions(one, app) {
  if (!one.reactions?.length) return null;
  return h("div", { class: "reactions" }, one.reactions.map(({ name, users, count }) =>
    h("button", {
      type: "button", class: `btn reaction ${users.includes(app.snapshot.me) ? "mine" : ""}`, "aria-pressed": String(users.includes(app.snapshot.me)),
      title: users.map((id) => app.env.people[id]?.name || id).join(", "), onclick: () => react(one, name, app),
    }, `${emoji(name)} ${count}`)));
}

function react(one, name, app) {
  app.act({ do: "react", channel: app.snapshot.channel, ts: one.ts, name });
}

function thread(one, app) {
  const status = app.snapshot.statuses.find((each) => each.thread_ts === one.ts);
  const count = one.reply_count || 0;
  return h("div", {},
    count ? h("button", { type: "button", class: "replies", "data-focus": `${one.ts}/replies`, onclick: () => app.openThread(one.ts) }, `${count} ${count === 1 ? "reply" : "replies"}`) : null,
    status ? statusLine(status, app) : null);
}

export function statusLine(status, app) {
  const loading = status.loading_messages?.length ? ` · ${status.loading_messages[0]}` : "";
  const stop = () => app.act({ do: "stop", channel: app.snapshot.channel, thread: status.thread_ts });
  return h("p", { class: "status", role: "status" }, `${app.snapshot.app} ${status.status}${loading} `,
    status.can_stop ? h("button", { type: "button", class: "btn", onclick: stop }, "Stop") : null);
}

function tools(one, app, isInThread, node) {
  const menu = h("details", { class: "menu" }, h("summary", { class: "btn", "aria-label": "More actions on this message" }, "⋯"));
  const item = (label, run) => h("button", { type: "button", class: "item", onclick: () => { menu.open = false; run(); } }, label);
  const target = { channel: app.snapshot.channel, ts: one.ts };
  const shortcuts = app.snapshot.shortcuts.filter((each) => each.type === "message");
  menu.append(h("div", { class: "popup" },
    shortcuts.map((each) => item(each.name, () => app.act({ do: "shortcut", callback_id: each.callback_id, ...target }))),
    quickReactions.map((name) => item(`${emoji(name)} react`, () => react(one, name, app))),
    one.user === app.snapshot.me ? [item("Edit message", () => edit(one, app, node)), item("Delete message", () => app.act({ do: "delete", ...target }))] : null));
  const root = one.thread_ts || one.ts;
  return h("div", { class: "tools" },
    isInThread ? null : h("button", { type: "button", class: "btn", "aria-label": "Reply in thread", "data-focus": `${one.ts}/reply`, onclick: () => app.openThread(root) }, "💬"), menu);
}

function edit(one, app, node) {
  const field = h("textarea", { "aria-label": "Edit the message", rows: 3 });
  field.value = one.typed;
  const done = () => form.replaceWith(old);
  const old = node.querySelector(".text");
  const form = h("form", { class: "text", onsubmit: (event) => {
    event.preventDefault();
    app.act({ do: "edit", channel: app.snapshot.channel, ts: one.ts, text: field.value });
    done();
  } }, field, h("button", { class: "btn primary" }, "Save"), h("button", { type: "button", class: "btn", onclick: done }, "Cancel"));
  old.replaceWith(form);
  field.focus();
}
