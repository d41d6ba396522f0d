// The page: what is seen comes whole from the double whenever it changes, what is done goes back to it.
import { blocks } from "./blocks.js";
import { composer, prefill } from "./composer.js";
import { h, renderList } from "./dom.js";
import { readValues } from "./elements.js";
import { message, statusLine } from "./messages.js";
import { confirm, drawModal, watchModal } from "./modal.js";

const at = (id) => document.getElementById(id);
const place = { user: null, channel: "", thread: "", tab: "messages" };
const seenUpTo = {};
let source = null;
let built = "";
let wantsFocus = false;
let toastTimer = 0;

const app = {
  snapshot: null,
  env: null,
  confirm: (asked) => confirm(asked, app.env),
  openThread: (ts) => go({ thread: ts }),
  async act(deed) {
    const answer = await post({ user: place.user, ...deed });
    if (answer.problem) toast(answer.problem);
    return answer;
  },
};

async function post(body) {
  try {
    const response = await fetch("/page/do", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return response.ok ? await response.json() : { problem: await response.text() };
  } catch {
    return { problem: "The demo does not answer: it was stopped." };
  }
}

function toast(text) {
  clearTimeout(toastTimer);
  at("toast").replaceChildren(h("p", {}, `⚠ ${text}`));
  // Shown anew each time: only the newest of what lies on top is above an open modal.
  if (at("toast").matches(":popover-open")) at("toast").hidePopover();
  at("toast").showPopover();
  toastTimer = setTimeout(() => at("toast").hidePopover(), 8000);
}

/** Where one is stands in the address, so that reloading and going back work. */
function go(change) {
  const next = { ...place, ...change };
  location.hash = [next.user, next.channel, next.thread, next.tab === "home" ? "home" : ""].join("/");
}

function readPlace() {
  const [user, channel, thread, tab] = location.hash.slice(1).split("/");
  const before = { ...place };
  Object.assign(place, { user: user || place.user, channel: channel || "", thread: thread || "", tab: tab || "messages" });
  if (before.user !== place.user || before.channel !== place.channel) listen();
  else if (app.snapshot) draw();
  if (place.tab === "home" && (before.tab !== "home" || before.user !== place.user)) post({ do: "open", user: place.user, tab: "home" });
}

function listen() {
  source?.close();
  source = new EventSource(`/page/stream?user=${encodeURIComponent(place.user)}&channel=${encodeURIComponent(place.channel)}`);
  source.onmessage = (event) => {
    app.snapshot = JSON.parse(event.data);
    const { people, channels, domain } = app.snapshot;
    const list = { people: Object.entries(people).map(([id, one]) => ({ id, name: one.name })) };
    app.env = { people, channels, domain, list, go: (channel, p) => go({ channel, tab: "messages", thread: p ? `${p.slice(0, 10)}.${p.slice(10)}` : "" }) };
    draw();
  };
  source.onerror = () => { at("connection").textContent = "demo stopped"; };
}

function draw() {
  const { channel, is_connected: isConnected } = app.snapshot;
  const isDirect = channel === app.snapshot.direct.id;
  const isHome = isDirect && place.tab === "home";
  at("connection").textContent = isConnected ? "" : `${app.snapshot.app} is not connected`;
  at("team").textContent = app.snapshot.team;
  drawSidebar(isDirect);
  drawTabs(isDirect, isHome);
  at("home").hidden = !isHome;
  at("log").hidden = at("composer").hidden = isHome;
  if (isHome) drawHome();
  drawComposers(isDirect);
  drawLog(isDirect);
  drawThread();
  drawModal(app);
}

function drawSidebar(isDirect) {
  const { people, channels, direct, steps } = app.snapshot;
  const users = Object.entries(people).filter(([, one]) => one.role);
  renderList(at("user"), users.map(([id, one]) => ({ key: id, seen: one.role, item: [id, one] })), ([id, one]) => h("option", { value: id }, `${one.name} (${one.role})`));
  at("user").value = place.user;
  seenUpTo[`${place.user}/${app.snapshot.channel}`] = (isDirect ? direct : channels.find((one) => one.id === app.snapshot.channel)).latest;
  const row = (one, name, isHere) => {
    const isNew = Number(one.latest) > Number(seenUpTo[`${place.user}/${one.id}`] || 0);
    return { key: one.id, seen: `${isHere}${isNew}`, item: h("li", {}, h("button", {
      type: "button", class: `room ${isNew ? "new" : ""}`, "data-focus": one.id, "aria-current": isHere ? "page" : null,
      onclick: () => { closeMenu(); go({ channel: one.id, thread: "", tab: "messages" }); },
    }, name, isNew ? h("span", { class: "dot" }, "new") : null)) };
  };
  const rows = channels.map((one) => row(one, `${one.kind === "group" ? "🔒 " : "# "}${one.name}${one.is_shared ? " (shared)" : ""}`, one.id === app.snapshot.channel));
  renderList(at("channels"), rows, (item) => item);
  renderList(at("direct"), [row(direct, app.snapshot.app, isDirect)], (item) => item);
  at("steps-title").hidden = !steps.length;
  renderList(at("steps"), steps.map((one) => ({ key: one.title, seen: "", item: one })), (one) => h("li", {}, h("button", { type: "button", class: "step", onclick: () => takeStep(one) }, one.title)));
}

function takeStep(one) {
  closeMenu();
  if (one.text) prefill(`${one.user}/${one.channel || "direct"}`, one.text);
  built = "";
  wantsFocus = Boolean(one.text);
  if (one.user === place.user && app.snapshot) draw();
  go({ user: one.user, channel: one.channel === "home" ? "direct" : one.channel || "direct", thread: "", tab: one.channel === "home" ? "home" : "messages" });
}

function drawTabs(isDirect, isHome) {
  const { channels, channel, has_home: hasHome } = app.snapshot;
  at("title").textContent = isDirect ? app.snapshot.app : `#${channels.find((one) => one.id === channel).name}`;
  document.title = `${at("title").textContent} · Earshot demo`;
  const tab = (name, label, isHere) => ({ key: name, seen: String(isHere), item: h("button", {
    type: "button", role: "tab", "aria-selected": String(isHere), "data-focus": `tab-${name}`, onclick: () => {
      go({ tab: name, thread: "" });
      if (name === "messages") post({ do: "open", user: place.user, tab: "messages" });
    } }, label) });
  renderList(at("tabs"), isDirect && hasHome ? [tab("home", "Home", isHome), tab("messages", "Messages", !isHome)] : [], (item) => item);
}

function drawHome() {
  const { home } = app.snapshot;
  const act = (element, block, choose) =>
    app.act({ do: "click", where: "home", action_id: element.action_id, block_id: block.block_id, choose, values: readValues(at("home")) });
  const ctx = { env: app.env, confirm: app.confirm, act };
  const item = { key: place.user, seen: home ? home.hash : "", item: home };
  renderList(at("home"), [item], (view) => h("div", {}, view ? blocks(view.blocks, ctx) : h("p", {}, `${app.snapshot.app} has not drawn this tab yet.`)));
}

function drawComposers(isDirect) {
  const now = `${place.user}/${app.snapshot.channel}/${place.thread}`;
  if (now === built) return;
  built = now;
  const { channel, channels } = app.snapshot;
  const name = isDirect ? app.snapshot.app : `#${channels.find((one) => one.id === channel).name}`;
  const say = (thread) => async (text) => !(await app.act({ do: "say", channel, text, thread })).problem;
  at("composer").replaceChildren(composer(`${place.user}/${isDirect ? "direct" : channel}`, `Message ${name}`, app, say(""), true));
  at("thread-composer").replaceChildren(composer(now, "Reply in the thread", app, say(place.thread), false));
  if (wantsFocus) at("field-main").focus();
  wantsFocus = false;
}

function isReply(one) {
  return one.thread_ts && one.thread_ts !== one.ts && one.subtype !== "thread_broadcast";
}

function toItems(messages) {
  const { statuses } = app.snapshot;
  return messages.map((one) => ({ key: one.ts, seen: JSON.stringify([one, statuses.filter((each) => each.thread_ts === one.ts)]), item: one }));
}

function drawLog(isDirect) {
  const { messages, prompts, direct } = app.snapshot;
  const items = toItems(messages.filter((one) => !isReply(one)));
  if (prompts && isDirect) items.push({ key: "prompts", seen: JSON.stringify(prompts), item: { prompts, channel: direct.id } });
  if (!items.length) items.push({ key: "empty", seen: app.snapshot.channel, item: null });
  stayAtEnd(at("log"), app.snapshot.channel, () =>
    renderList(at("log"), items, (one) => (one === null ? h("p", { class: "empty" }, isDirect ? `Ask ${app.snapshot.app} something: only the two of you read it here.` : "Nothing was said here yet.") : one.prompts ? suggestions(one) : message(one, app, false))));
}

function suggestions({ prompts, channel }) {
  return h("div", { class: "prompts" }, prompts.title ? h("p", {}, prompts.title) : null, prompts.prompts.map((one) =>
    h("button", { type: "button", class: "btn", onclick: () => app.act({ do: "say", channel, text: one.message }) }, one.title)));
}

function drawThread() {
  const { messages, statuses } = app.snapshot;
  const shown = messages.filter((one) => place.thread && [one.ts, one.thread_ts].includes(place.thread));
  at("thread").hidden = !place.thread;
  document.body.classList.toggle("with-thread", Boolean(place.thread));
  if (!place.thread) return;
  const status = statuses.find((one) => one.thread_ts === place.thread);
  const items = [...toItems(shown), ...(status ? [{ key: "status", seen: JSON.stringify(status), item: { status } }] : [])];
  if (!shown.length) items.push({ key: "gone", seen: "", item: null });
  stayAtEnd(at("replies"), place.thread, () =>
    renderList(at("replies"), items, (one) => (one === null ? h("p", { class: "empty" }, "This message is gone.") : one.status ? statusLine(one.status, app) : message(one, app, true))));
}

function stayAtEnd(log, name, change) {
  const isNew = log.dataset.name !== name;
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  change();
  log.dataset.name = name;
  if (isNew || wasAtEnd) log.scrollTop = log.scrollHeight;
}

function closeMenu() {
  document.body.classList.remove("with-menu");
  at("menu").setAttribute("aria-expanded", "false");
}

async function begin() {
  at("user").addEventListener("change", (event) => go({ user: event.target.value, thread: "" }));
  at("close-thread").addEventListener("click", () => go({ thread: "" }));
  at("menu").addEventListener("click", () => at("menu").setAttribute("aria-expanded", String(document.body.classList.toggle("with-menu"))));
  document.addEventListener("click", (event) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
  });
  watchModal(app);
  const users = await (await fetch("/page/people")).json();
  window.addEventListener("hashchange", readPlace);
  if (location.hash.length > 1 && users.includes(location.hash.slice(1).split("/")[0])) readPlace();
  else go({ user: users[0], channel: "" });
}

begin();
