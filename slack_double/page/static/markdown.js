// The Markdown of markdown blocks and of streamed text, as nodes.
import { h } from "./dom.js";
import { emoji, link } from "./text.js";

const INLINE = /`([^`\n]+)`|\[([^\]\n]+)\]\(([^()\s]+)\)|\*\*(.+?)\*\*|~~(.+?)~~|(?<![\w*])[*_](?=\S)([^*_\n]+?)[*_](?!\w)|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>]+[^\s<>.,;:!?)\]])/g;

export function markdown(text, env) {
  const out = h("div", { class: "markdown" });
  const lines = text.split("\n");
  while (lines.length) takeBlock(lines, out, env);
  return out;
}

function takeBlock(lines, out, env) {
  const line = lines[0];
  if (/^\s*```/.test(line)) return takeFence(lines, out);
  if (/^\s*\|.*\|\s*$/.test(line)) return takeTable(lines, out, env);
  if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) return takeList(lines, out, env);
  if (/^\s*>/.test(line)) return takeQuote(lines, out, env);
  lines.shift();
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) out.append(h("p", { class: "heading", role: "heading", "aria-level": 4 }, inline(heading[2], env)));
  else if (/^\s*(---+|\*\*\*+)\s*$/.test(line)) out.append(h("hr"));
  else if (line.trim()) {
    const words = [inline(line, env)];
    while (lines.length && lines[0].trim() && !/^\s*(```|\||>|#{1,6}\s|([-*+]|\d+[.)])\s)/.test(lines[0])) {
      words.push(h("br"), inline(lines.shift(), env));
    }
    out.append(h("p", {}, words));
  }
}

function takeFence(lines, out) {
  lines.shift();
  const kept = [];
  while (lines.length && !/^\s*```/.test(lines[0])) kept.push(lines.shift());
  lines.shift();
  out.append(h("pre", {}, kept.join("\n")));
}

function takeQuote(lines, out, env) {
  const quote = h("blockquote");
  while (lines.length && /^\s*>/.test(lines[0])) quote.append(...inline(lines.shift().replace(/^\s*> ?/, ""), env), h("br"));
  out.append(quote);
}

function takeList(lines, out, env) {
  const list = h(/^\s*\d/.test(lines[0]) ? "ol" : "ul");
  while (lines.length) {
    const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(.*)$/.exec(lines[0]);
    if (!item) break;
    lines.shift();
    list.append(h("li", { class: `indent${Math.min(4, Math.floor(item[1].length / 2))}` }, inline(item[2], env)));
  }
  out.append(list);
}

function takeTable(lines, out, env) {
  const rows = [];
  while (lines.length && /^\s*\|.*\|\s*$/.test(lines[0])) rows.push(lines.shift().trim().slice(1, -1).split("|"));
  const body = rows.filter((cells) => !cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell)));
  const draw = (cells, tag) => h("tr", {}, cells.map((cell) => h(tag, {}, inline(cell.trim(), env))));
  out.append(h("div", { class: "scroll" }, h("table", {}, body.map((cells, place) => draw(cells, place ? "td" : "th")))));
}

function inline(text, env) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) nodes.push(text.slice(end, found.index));
    end = found.index + found[0].length;
    nodes.push(token(found, env));
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

function token([, code, label, target, bold, struck, italic, name, url], env) {
  if (code !== undefined) return h("code", {}, code);
  if (label !== undefined) return link(target, label, env);
  if (bold !== undefined) return h("strong", {}, inline(bold, env));
  if (struck !== undefined) return h("s", {}, inline(struck, env));
  if (italic !== undefined) return h("em", {}, inline(italic, env));
  if (name !== undefined) return emoji(name);
  return link(url, url, env);
}
