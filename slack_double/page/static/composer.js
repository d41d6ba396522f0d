// Where one types: built anew only when one goes elsewhere, so that what is typed stays.
import { h } from "./dom.js";

const kept = {};

/** `place` names the conversation; `send(text)` gets what was typed and says whether it went. */
export function composer(place, label, app, send, withMore) {
  const field = h("textarea", { id: `field-${withMore ? "main" : "thread"}`, rows: 2, "aria-label": label, placeholder: label });
  const hint = h("p", { class: "hint", role: "status" });
  field.value = kept[place] || "";
  const tell = () => {
    kept[place] = field.value;
    hint.textContent = describe(field.value, app);
  };
  const go = async () => {
    const text = field.value;
    if (!text.trim()) return;
    field.value = "";
    tell();
    if (!(await send(text)) && !field.value) field.value = text;
    tell();
  };
  field.addEventListener("input", tell);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go();
    }
  });
  const insert = (text) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    tell();
  };
  tell();
  return h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); go(); } }, field,
    h("div", { class: "row" },
      h("button", { type: "button", class: "btn", "aria-label": `Mention ${app.snapshot.app}`, onclick: () => insert(`@${app.snapshot.app} `) }, `@${app.snapshot.app}`),
      withMore ? shortcuts(app) : null, hint, h("button", { class: "btn primary" }, "Send")));
}

/** Put text into a conversation's composer before it is shown. */
export function prefill(place, text) {
  kept[place] = text;
}

function describe(text, app) {
  if (!text.startsWith("/")) return "";
  const word = text.split(/\s/)[0];
  const fitting = app.snapshot.commands.filter((one) => one.command.startsWith(word));
  if (!fitting.length) return `${app.snapshot.app} has no command ${word}.`;
  return fitting.map((one) => `${one.command} ${one.usage_hint || ""}: ${one.description || ""}`).join("; ");
}

function shortcuts(app) {
  const wide = app.snapshot.shortcuts.filter((one) => one.type === "global");
  if (!wide.length) return null;
  const menu = h("details", { class: "menu up" }, h("summary", { class: "btn", "aria-label": "Shortcuts" }, "⚡"));
  menu.append(h("div", { class: "popup" }, wide.map((one) =>
    h("button", { type: "button", class: "item", onclick: () => { menu.open = false; app.act({ do: "shortcut", callback_id: one.callback_id }); } }, one.name))));
  return menu;
}
