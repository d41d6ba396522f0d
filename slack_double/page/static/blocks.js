// Layout blocks, as nodes.
import { chart, dataTable } from "./charts.js";
import { h } from "./dom.js";
import { element, image } from "./elements.js";
import { markdown } from "./markdown.js";
import { link, plainEmoji, richText, textObject } from "./text.js";

let inputNumber = 0;
const STATUS = { pending: "○", in_progress: "◐", complete: "✓", error: "✗" };

/** `ctx` has env (names), act, confirm, and errors (block_id to message) for a modal. */
export function blocks(list, ctx) {
  return (list || []).map((block) => {
    const draw = DRAWN[block.type];
    const node = draw ? draw(block, ctx) : h("p", {}, h("em", {}, `(${block.type} is not drawn here)`));
    node.classList.add("block", block.type);
    node.setAttribute("data-block-id", block.block_id || "");
    return node;
  });
}

function section(block, ctx) {
  const fields = (block.fields || []).map((one) => h("div", {}, textObject(one, ctx.env)));
  const words = h("div", { class: "words" }, textObject(block.text, ctx.env), fields.length ? h("div", { class: "fields" }, fields) : null);
  return h("div", {}, words, block.accessory ? h("div", { class: "accessory" }, element(block.accessory, block, ctx)) : null);
}

function input(block, ctx) {
  const id = `input-${++inputNumber}`;
  const error = ctx.errors?.[block.block_id];
  const isGroup = ["checkboxes", "radio_buttons"].includes(block.element.type) || block.element.type.startsWith("multi_");
  const name = h(isGroup ? "span" : "label", isGroup ? { id } : { for: id }, plainEmoji(block.label.text), block.optional ? h("small", {}, " (optional)") : null);
  const field = element(block.element, block, ctx, isGroup ? null : id);
  if (isGroup) field.setAttribute("aria-labelledby", id);
  const notes = [error && h("p", { class: "error", id: `${id}-error`, role: "alert" }, error), block.hint && h("p", { class: "hint", id: `${id}-hint` }, block.hint.text)];
  if (error) field.setAttribute("aria-invalid", "true");
  if (error || block.hint) field.setAttribute("aria-describedby", [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" "));
  if (!block.optional) field.setAttribute("aria-required", "true");
  return h("div", {}, name, field, notes);
}

function context(block, ctx) {
  return h("div", {}, block.elements.map((one) => (one.type === "image" ? image(one) : textObject(one, ctx.env))));
}

function actions(block, ctx) {
  return h("div", {}, block.elements.map((one) => element(one, block, ctx)));
}

function table(block, ctx) {
  const cell = (one) => (one.type === "rich_text" ? richText(one, ctx.env) : String(one.text ?? one.value ?? ""));
  const align = (place) => block.column_settings?.[place]?.align || "left";
  const rows = block.rows.map((cells, row) =>
    h("tr", {}, cells.map((one, place) => h(row ? "td" : "th", { scope: row ? null : "col", class: align(place) }, cell(one)))));
  return h("div", { class: "scroll" }, h("table", {}, rows));
}

function task(block, ctx) {
  const sources = (block.sources || []).map((one) => h("li", {}, link(one.url, one.text, ctx.env)));
  return h("div", {}, h("strong", {}, `${STATUS[block.status] || ""} ${block.title}`),
    block.details && richText(block.details, ctx.env), block.output && richText(block.output, ctx.env), sources.length ? h("ul", {}, sources) : null);
}

function card(block, ctx) {
  return h("div", {}, block.hero_image && image(block.hero_image), block.icon && image(block.icon),
    block.title && h("strong", {}, textObject(block.title, ctx.env)), block.subtitle && h("div", { class: "small" }, textObject(block.subtitle, ctx.env)),
    textObject(block.body, ctx.env), block.actions && h("div", { class: "actions" }, block.actions.map((one) => element(one, block, ctx))));
}

function container(block, ctx) {
  const title = block.title ? textObject(block.title, ctx.env) : richText(block.rich_text_title, ctx.env);
  const inner = [block.subtitle && textObject(block.subtitle, ctx.env), blocks(block.child_blocks, ctx)];
  if (!block.is_collapsible) return h("div", {}, h("strong", {}, title), inner);
  return h("details", { open: !block.default_collapsed }, h("summary", {}, title), inner);
}

const DRAWN = {
  section, input, context, actions, table, card, container, context_actions: actions, data_table: dataTable, data_visualization: chart, task_card: task,
  divider: () => h("hr"),
  header: (block) => h("h3", {}, plainEmoji(block.text.text)),
  image: (block) => h("figure", {}, block.title ? h("figcaption", {}, block.title.text) : null, image(block)),
  rich_text: (block, ctx) => h("div", {}, richText(block, ctx.env)),
  markdown: (block, ctx) => h("div", {}, markdown(block.text, ctx.env)),
  plan: (block, ctx) => h("div", {}, h("strong", {}, block.title), (block.tasks || []).map((one) => task(one, ctx))),
  alert: (block, ctx) => h("div", { class: `level-${block.level || "default"}`, role: "note" }, textObject(block.text, ctx.env)),
  carousel: (block, ctx) => h("div", {}, blocks(block.elements, ctx)),
  file: (block) => h("p", {}, `📄 ${block.external_id}`),
  video: (block, ctx) => h("p", {}, "▶ ", link(block.title_url || block.video_url, block.title.text, ctx.env)),
};
