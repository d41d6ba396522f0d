// Buttons, menus, pickers and inputs. Each that holds a value has `readValue`; `act` tells the app of a use.
import { h, safeUrl } from "./dom.js";
import { plainEmoji, textObject } from "./text.js";

const PICKERS = { datepicker: ["date", "initial_date"], timepicker: ["time", "initial_time"] };
const TYPED = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number" };

/** Draw one element. `ctx.act(element, block, choose)` is called when it is used; `label` names an input. */
export function element(one, block, ctx, label) {
  const draw = DRAWN[one.type] || (TYPED[one.type] && typed) || (one.type.startsWith("multi_") ? several : null);
  const node = (draw || unknown)(one, block, ctx, label);
  node.setAttribute("data-action", one.action_id || "");
  return node;
}

/** What has been entered below this node: block_id to action_id to value. */
export function readValues(node) {
  const values = {};
  for (const holder of node.querySelectorAll("[data-stateful]")) {
    const { block, action } = holder.dataset;
    (values[block] = values[block] || {})[action] = holder.readValue();
  }
  return values;
}

function stateful(node, one, block, readValue, setValue) {
  node.setAttribute("data-stateful", "");
  node.setAttribute("data-block", block.block_id);
  node.readValue = readValue;
  node.setValue = setValue;
  return node;
}

function focusName(one, block, more = "") {
  return `${block.block_id}/${one.action_id}/${more}`;
}

function wants(block) {
  return block.type !== "input" || block.dispatch_action;
}

async function use(one, block, ctx, choose) {
  if (one.confirm && !(await ctx.confirm(one.confirm))) return;
  if (safeUrl(one.url)) window.open(one.url, "_blank", "noopener,noreferrer");
  ctx.act(one, block, choose);
}

function button(one, block, ctx) {
  return h(
    "button",
    {
      type: "button", class: `btn ${one.style || ""}`, "aria-label": one.accessibility_label,
      "data-focus": focusName(one, block), onclick: () => use(one, block, ctx),
    },
    plainEmoji(one.text.text),
  );
}

function feedback(one, block, ctx) {
  const draw = (part, name, sign) =>
    h("button", {
      type: "button", class: "btn", "aria-label": part.accessibility_label, "data-focus": focusName(one, block, name),
      onclick: () => use(one, block, ctx, name),
    }, `${sign} ${part.text.text}`);
  return h("span", { class: "group" }, draw(one.positive_button, "positive", "👍"), draw(one.negative_button, "negative", "👎"));
}

function icon(one, block, ctx) {
  const name = one.accessibility_label || one.text?.text || one.icon;
  return h("button", { type: "button", class: "btn", "aria-label": name, title: name, "data-focus": focusName(one, block), onclick: () => use(one, block, ctx) },
    one.icon === "trash" ? "🗑" : one.icon);
}

function overflow(one, block, ctx) {
  const menu = h("details", { class: "menu" }, h("summary", { class: "btn", "aria-label": "More actions", "data-focus": focusName(one, block) }, "⋯"));
  const choose = (option) => {
    menu.open = false;
    use({ ...one, url: option.url }, block, ctx, option.value);
  };
  menu.append(h("div", { class: "popup" }, one.options.map((option) =>
    h("button", { type: "button", class: "item", onclick: () => choose(option) }, plainEmoji(option.text.text)))));
  return menu;
}

function listOptions(one, ctx) {
  const kind = one.type.replace("multi_", "");
  if (kind === "users_select") return ctx.env.list.people.map(({ id, name }) => [id, name]);
  if (kind === "channels_select" || kind === "conversations_select") return ctx.env.channels.map(({ id, name }) => [id, `#${name}`]);
  return (one.options || []).map((option) => [option.value, plainEmoji(option.text.text)]);
}

function initial(one) {
  const known = one.initial_option?.value ?? one.initial_user ?? one.initial_channel ?? one.initial_conversation;
  return known === undefined ? null : String(known);
}

function select(one, block, ctx, label) {
  const draw = ([value, text]) => h("option", { value }, text);
  const name = one.placeholder?.text || "Choose…";
  const node = h("select", {
    "aria-label": label ? null : name, id: label, "data-focus": focusName(one, block),
    onchange: () => wants(block) && node.value && use(one, block, ctx, node.value),
  }, h("option", { value: "" }, name));
  if (one.option_groups) {
    node.append(...one.option_groups.map((group) =>
      h("optgroup", { label: group.label.text }, group.options.map((option) => draw([option.value, plainEmoji(option.text.text)])))));
  } else node.append(...listOptions(one, ctx).map(draw));
  node.value = initial(one) || "";
  return stateful(node, one, block, () => node.value || null, (value) => (node.value = value || ""));
}

function external(one, block, ctx, label) {
  const node = h("input", { type: "text", id: label, "aria-label": label ? null : one.placeholder?.text || "Type a value", placeholder: one.placeholder?.text,
    "data-focus": focusName(one, block), onchange: () => wants(block) && node.value && use(one, block, ctx, node.value) });
  return stateful(node, one, block, () => node.value || null, (value) => (node.value = value || ""));
}

function choices(type, one, block, ctx, options, chosen) {
  const name = `choice-${block.block_id}-${one.action_id}-${Math.random()}`;
  const boxes = options.map(([value, text, more]) => {
    const box = h("input", { type, name, value, checked: chosen.includes(value), "data-focus": focusName(one, block, value) });
    box.addEventListener("change", () => wants(block) && use(one, block, ctx, type === "radio" ? value : read()));
    return [box, h("label", { class: "choice" }, box, text, more && h("small", {}, more))];
  });
  const read = () => boxes.filter(([box]) => box.checked).map(([box]) => box.value);
  const set = (values) => boxes.forEach(([box]) => (box.checked = [values].flat().includes(box.value)));
  return [boxes.map(([, node]) => node), read, set];
}

function boxes(one, block, ctx) {
  const type = one.type === "checkboxes" ? "checkbox" : "radio";
  const options = one.options.map((option) => [option.value, textObject(option.text, ctx.env), option.description && textObject(option.description, ctx.env)]);
  const chosen = [...(one.initial_options || []), one.initial_option].filter(Boolean).map((option) => option.value);
  const [nodes, read, set] = choices(type, one, block, ctx, options, chosen);
  return stateful(h("fieldset", {}, nodes), one, block, () => (type === "radio" ? read()[0] || null : read()), set);
}

function several(one, block, ctx) {
  const options = one.option_groups
    ? one.option_groups.flatMap((group) => group.options.map((option) => [option.value, option.text.text]))
    : listOptions(one, ctx);
  const chosen = (one.initial_options || []).map((option) => option.value)
    .concat(one.initial_users || one.initial_channels || one.initial_conversations || []);
  const [nodes, read, set] = choices("checkbox", one, block, ctx, options, chosen);
  const summary = h("summary", { class: "btn", "data-focus": focusName(one, block) });
  const tell = () => {
    const names = options.filter(([value]) => read().includes(value)).map(([, text]) => text);
    summary.textContent = names.join(", ") || one.placeholder?.text || "Choose…";
  };
  const node = h("details", { class: "menu", onchange: tell }, summary, h("div", { class: "popup" }, nodes));
  tell();
  return stateful(node, one, block, read, (values) => { set(values); tell(); });
}

function picker(one, block, ctx, label) {
  const [type, start] = PICKERS[one.type];
  const node = h("input", { type, id: label, "aria-label": label ? null : one.placeholder?.text || type, value: one[start] || "", "data-focus": focusName(one, block),
    onchange: () => wants(block) && node.value && use(one, block, ctx, node.value) });
  return stateful(node, one, block, () => node.value || null, (value) => (node.value = value || ""));
}

function moment(one, block, ctx, label) {
  const toLocal = (seconds) => new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  const node = h("input", { type: "datetime-local", id: label, "aria-label": label ? null : "Date and time", "data-focus": focusName(one, block),
    value: one.initial_date_time ? toLocal(one.initial_date_time) : "" });
  return stateful(node, one, block, () => (node.value ? Math.floor(new Date(node.value) / 1000) : null), (value) => (node.value = value ? toLocal(value) : ""));
}

function typed(one, block, ctx, label) {
  const props = {
    id: label, "aria-label": label ? null : one.placeholder?.text || "Text", placeholder: one.placeholder?.text,
    maxlength: one.max_length || 3000, "data-focus": focusName(one, block), autofocus: one.focus_on_load,
  };
  const node = one.multiline ? h("textarea", { ...props, rows: 8 })
    : h("input", { ...props, type: TYPED[one.type], step: one.is_decimal_allowed ? "any" : null, min: one.min_value, max: one.max_value });
  node.value = one.initial_value || "";
  const onEnter = (one.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"]).includes("on_enter_pressed");
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !one.multiline && block.dispatch_action && onEnter) {
      event.preventDefault();
      use(one, block, ctx, node.value);
    }
  });
  if (block.dispatch_action && one.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered")) {
    node.addEventListener("input", () => use(one, block, ctx, node.value));
  }
  return stateful(node, one, block, () => node.value || null, (value) => (node.value = value || ""));
}

function rich(one, block, ctx, label) {
  const words = (value) => (value?.elements || []).flatMap((part) => part.elements || []).map((leaf) => leaf.text || "").join("");
  const node = h("textarea", { id: label, rows: one.min_lines || 2, "data-focus": focusName(one, block) });
  node.value = words(one.initial_value);
  const build = () => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: node.value }] }] });
  return stateful(node, one, block, () => (node.value ? build() : null), (value) => (node.value = words(value)));
}

function files(one, block) {
  return stateful(h("em", {}, "Files cannot be chosen in this demo."), one, block, () => [], () => {});
}

export function image(one) {
  const file = one.slack_file && (one.slack_file.id || one.slack_file.url.split("/").pop());
  if (file) return h("img", { src: `/page/file/${encodeURIComponent(file)}`, alt: one.alt_text });
  const url = safeUrl(one.image_url);
  // Nothing is loaded from elsewhere: whoever owns that address would learn who looks.
  return h("span", { class: "picture" }, "🖼 ", url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, one.alt_text) : one.alt_text);
}

function unknown(one) {
  return h("em", { class: "unknown" }, `(${one.type} is not drawn here)`);
}

const DRAWN = {
  button, overflow, image, feedback_buttons: feedback, icon_button: icon, static_select: select, users_select: select,
  channels_select: select, conversations_select: select, external_select: external, checkboxes: boxes, radio_buttons: boxes,
  datepicker: picker, timepicker: picker, datetimepicker: moment, rich_text_input: rich, file_input: files,
  workflow_button: (one) => h("button", { type: "button", class: "btn", disabled: true }, one.text.text),
};
