// Slack's mrkdwn, plain text and rich text, as nodes.
import { h, safeUrl } from "./dom.js";

const EMOJI = {
  warning: "⚠️", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", tada: "🎉", "+1": "👍", thumbsup: "👍", "-1": "👎",
  thumbsdown: "👎", eyes: "👀", information_source: "ℹ️", hourglass: "⌛", hourglass_flowing_sand: "⏳", lock: "🔒",
  unlock: "🔓", mag: "🔍", pencil: "📝", pencil2: "✏️", memo: "📝", bulb: "💡", bell: "🔔", no_entry: "⛔", no_bell: "🔕",
  rotating_light: "🚨", red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", fire: "🔥", question: "❓", grey_question: "❔",
  exclamation: "❗", speech_balloon: "💬", thought_balloon: "💭", heart: "❤️", smile: "😄", slightly_smiling_face: "🙂",
  neutral_face: "😐", slightly_frowning_face: "🙁", angry: "😠", rage: "😡", cry: "😢", raised_hands: "🙌", pray: "🙏",
  wave: "👋", point_right: "👉", point_left: "👈", arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️", bar_chart: "📊",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", calendar: "📅", clock1: "🕐", link: "🔗", book: "📖",
  books: "📚", inbox_tray: "📥", outbox_tray: "📤", email: "✉️", star: "⭐", sparkles: "✨", snowflake: "❄️", bug: "🐛",
  robot_face: "🤖", bust_in_silhouette: "👤", busts_in_silhouette: "👥", label: "🏷️", globe_with_meridians: "🌐",
  ballot_box_with_check: "☑️", stopwatch: "⏱️", ear: "👂", bike: "🚲", gear: "⚙️", house: "🏠", recycle: "♻️", ok: "🆗",
  wrench: "🔧", raised_hand: "✋", no_entry_sign: "🚫",
};
const QUICK = ["+1", "eyes", "white_check_mark", "tada"];
const INLINE = new RegExp(
  [
    "`([^`\\n]+)`", "<([^<>\\n]+)>", ":([a-z0-9_+'-]+):",
    "(?<![\\p{L}\\d*])\\*(?=\\S)([^*\\n]+?)(?<=\\S)\\*(?![\\p{L}\\d*])",
    "(?<![\\p{L}\\d_])_(?=\\S)([^_\\n]+?)(?<=\\S)_(?![\\p{L}\\d_])",
    "(?<![\\p{L}\\d~])~(?=\\S)([^~\\n]+?)(?<=\\S)~(?![\\p{L}\\d~])",
    "(https?:\\/\\/[^\\s<>|]+[^\\s<>|.,;:!?)\\]'\"])",
  ].join("|"),
  "gu",
);

export const quickReactions = QUICK;

export function emoji(name) {
  return EMOJI[name.split("::")[0]] || `:${name}:`;
}

export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

export function link(url, label, env) {
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, label);
  const inside = new RegExp(`^https://${env.domain}\\.slack\\.com/archives/(\\w+)(?:/p(\\d+))?`).exec(safe);
  if (inside) return h("a", { href: "#", onclick: (event) => { event.preventDefault(); env.go(inside[1], inside[2]); } }, label);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** A text object of a block. */
export function textObject(object, env) {
  if (!object) return null;
  if (object.type === "mrkdwn") return mrkdwn(object.text, env, object.verbatim);
  return h("span", { class: "plain" }, plainEmoji(object.text));
}

export function plainEmoji(text) {
  return (text || "").replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI[name] || whole);
}

export function mrkdwn(text, env, verbatim = false) {
  const out = h("div", { class: "mrkdwn" });
  text.split("```").forEach((part, place, parts) => {
    if (place % 2 && place < parts.length - 1) out.append(h("pre", {}, unescape(stripLinks(part)).replace(/^\n|\n$/g, "")));
    else if (part) out.append(...quotesAndLines(place % 2 ? "```" + part : part, env, verbatim));
  });
  return out;
}

function stripLinks(text) {
  return text.replace(/<(https?:[^|>]+)(?:\|([^>]*))?>/g, (whole, url, label) => label || url);
}

function quotesAndLines(text, env, verbatim) {
  const nodes = [];
  let quote = null;
  text.split("\n").forEach((line, place) => {
    const quoted = /^(?:>|&gt;) ?(.*)$/s.exec(line);
    if (quoted) {
      if (!quote) nodes.push((quote = h("blockquote")));
      else quote.append(h("br"));
      quote.append(...inline(quoted[1], env, verbatim));
    } else {
      if (place && !quote) nodes.push(h("br"));
      quote = null;
      nodes.push(...inline(line, env, verbatim));
    }
  });
  return nodes;
}

function inline(text, env, verbatim) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > end) nodes.push(unescape(text.slice(end, found.index)));
    end = found.index + found[0].length;
    nodes.push(token(found, env, verbatim));
  }
  if (end < text.length) nodes.push(unescape(text.slice(end)));
  return nodes;
}

function token([whole, code, angled, emojiName, bold, italic, struck, url], env, verbatim) {
  if (code !== undefined) return h("code", {}, unescape(stripLinks(code)));
  if (angled !== undefined) return reference(angled, env);
  if (emojiName !== undefined) return EMOJI[emojiName] || whole;
  if (bold !== undefined) return h("strong", {}, inline(bold, env, verbatim));
  if (italic !== undefined) return h("em", {}, inline(italic, env, verbatim));
  if (struck !== undefined) return h("s", {}, inline(struck, env, verbatim));
  return verbatim ? unescape(url) : link(unescape(url), unescape(url), env);
}

function reference(inner, env) {
  const [target, label] = inner.split(/\|(.*)/s);
  if (target[0] === "@") return user(target.slice(1), env);
  if (target[0] === "#") return channel(target.slice(1), env);
  if (target.startsWith("!date^")) return date(target, label);
  if (target[0] === "!") return h("span", { class: "ping" }, `@${unescape(label || target.slice(1).split("^")[0])}`);
  return link(unescape(target), unescape(label || target), env);
}

export function user(id, env) {
  return h("span", { class: "ping" }, `@${env.people[id]?.name || id}`);
}

export function channel(id, env) {
  const known = env.channels.find((one) => one.id === id);
  return h("a", { href: "#", onclick: (event) => { event.preventDefault(); env.go(id); } }, `#${known?.name || id}`);
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return unescape(fallback || "");
  const day = moment.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  const time = moment.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const ago = `${Math.max(0, Math.round((Date.now() - moment) / 60000))} minutes ago`;
  const shown = (format || "").replace(/\{date[a-z_]*\}/g, day).replace(/\{time[a-z_]*\}/g, time).replace(/\{ago\}/g, ago);
  return h("time", { datetime: moment.toISOString(), title: unescape(fallback || "") }, url && safeUrl(url) ? h("a", { href: url }, shown) : shown);
}

export function richText(block, env) {
  return h("div", { class: "rich" }, block.elements.map((part) => richPart(part, env)));
}

function richPart(part, env) {
  const inner = () => part.elements.map((one) => richInline(one, env));
  if (part.type === "rich_text_preformatted") return h("pre", {}, part.elements.map((one) => one.text || one.url || ""));
  if (part.type === "rich_text_quote") return h("blockquote", {}, inner());
  if (part.type !== "rich_text_list") return h("div", {}, inner());
  const items = part.elements.map((one) => h("li", {}, one.elements.map((leaf) => richInline(leaf, env))));
  return h(part.style === "ordered" ? "ol" : "ul", { class: `indent${part.indent || 0}`, start: part.offset ? part.offset + 1 : null }, items);
}

function richInline(one, env) {
  const style = one.style || {};
  let node = richLeaf(one, env);
  for (const [name, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"], ["underline", "u"]]) {
    if (style[name]) node = h(tag, {}, node);
  }
  return node;
}

function richLeaf(one, env) {
  if (one.type === "text") return h("span", { class: "plain" }, one.text);
  if (one.type === "link") return link(one.url, one.text || one.url, env);
  if (one.type === "emoji") return emoji(one.name);
  if (one.type === "user") return user(one.user_id, env);
  if (one.type === "channel") return channel(one.channel_id, env);
  if (one.type === "broadcast") return h("span", { class: "ping" }, `@${one.range}`);
  if (one.type === "date") return date(`!date^${one.timestamp}^${one.format}`, one.fallback);
  return one.value || one.usergroup_id || one.team_id || "";
}
