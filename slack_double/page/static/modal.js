// The person's top modal, and the small dialog that asks before a click counts.
import { blocks } from "./blocks.js";
import { h, rememberFocus } from "./dom.js";
import { readValues } from "./elements.js";
import { plainEmoji, textObject } from "./text.js";

const dialog = document.getElementById("modal");
const shown = { id: null, hash: null, errors: {} };

/** Draw the top one of the views, or close; what was typed stays where the same input is in the new view. */
export function drawModal(app) {
  const view = app.snapshot.views.at(-1);
  if (!view) {
    shown.id = shown.hash = null;
    if (dialog.open) dialog.close();
    return;
  }
  if (view.id === shown.id && view.hash === shown.hash) return;
  draw(view, app, view.id === shown.id ? readValues(dialog) : {}, {});
}

function draw(view, app, typed, errors) {
  const giveFocusBack = rememberFocus(dialog);
  Object.assign(shown, { id: view.id, hash: view.hash, errors });
  const ctx = { env: app.env, confirm: app.confirm, errors, act: (element, block, choose) =>
    app.act({ do: "click", where: "modal", action_id: element.action_id, block_id: block.block_id, choose, values: readValues(dialog) }) };
  const close = () => app.act({ do: "close" });
  const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(view, app); } },
    h("header", {}, h("h2", { id: "modal-title" }, plainEmoji(view.title.text)), h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: close }, "✕")),
    h("div", { class: "content" }, blocks(view.blocks, ctx)),
    h("footer", {}, h("button", { type: "button", class: "btn", onclick: close }, view.close?.text || "Cancel"),
      view.submit ? h("button", { class: "btn primary", disabled: view.submit_disabled }, view.submit.text) : null));
  dialog.replaceChildren(form);
  giveBack(typed);
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[aria-invalid]") || dialog.querySelector("[autofocus]");
  if (first) first.focus();
  else giveFocusBack();
}

function giveBack(typed) {
  for (const node of dialog.querySelectorAll("[data-stateful]")) {
    const value = typed[node.dataset.block]?.[node.dataset.action];
    if (value !== undefined) node.setValue(value);
  }
}

async function submit(view, app) {
  const values = readValues(dialog);
  const isEmpty = (block) => [null, undefined, ""].includes(values[block.block_id]?.[block.element.action_id]) || values[block.block_id]?.[block.element.action_id].length === 0;
  const missing = view.blocks.filter((block) => block.type === "input" && !block.optional && isEmpty(block));
  if (missing.length) {
    draw(view, app, values, Object.fromEntries(missing.map((block) => [block.block_id, "Please complete this required field."])));
    return;
  }
  const button = dialog.querySelector("footer .primary");
  button.disabled = true;
  const answer = await app.act({ do: "submit", values });
  button.disabled = false;
  if (answer.errors && Object.keys(answer.errors).length) draw(view, app, values, answer.errors);
}

export function watchModal(app) {
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    app.act({ do: "close" });
  });
}

/** Ask before a click counts; resolves to whether it is meant. */
export function confirm(asked, env) {
  const box = document.getElementById("confirm");
  return new Promise((resolve) => {
    const end = (isMeant) => { box.close(); resolve(isMeant); };
    box.oncancel = (event) => { event.preventDefault(); end(false); };
    box.replaceChildren(h("div", { class: "form" },
      h("h2", { id: "confirm-title" }, asked.title?.text || "Are you sure?"), h("div", { class: "content" }, textObject(asked.text, env)),
      h("footer", {}, h("button", { type: "button", class: "btn", onclick: () => end(false) }, asked.deny?.text || "Cancel"),
        h("button", { type: "button", class: `btn ${asked.style || "primary"}`, onclick: () => end(true) }, asked.confirm?.text || "Yes"))));
    box.showModal();
  });
}
