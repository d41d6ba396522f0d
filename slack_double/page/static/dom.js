// Builds nodes. Text only ever becomes text nodes: nothing in this page sets innerHTML.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An address that may stand in a link, or null: posts may carry javascript: and the like. */
export function safeUrl(url) {
  return /^https?:\/\//i.test(url || "") ? url : null;
}

/** Draw a list again, keeping each node whose item did not change, so that focus and scrolling stay. */
export function renderList(container, items, render) {
  const kept = container.keptNodes || new Map();
  const next = new Map();
  const focused = rememberFocus(container);
  const nodes = items.map(({ key, seen, item }) => {
    const old = kept.get(key);
    const entry = old && old.seen === seen ? old : { seen, node: render(item) };
    next.set(key, entry);
    return entry.node;
  });
  nodes.forEach((node, place) => {
    if (container.children[place] !== node) container.insertBefore(node, container.children[place] || null);
  });
  while (container.children.length > nodes.length) container.lastChild.remove();
  container.keptNodes = next;
  focused();
}

/** Remembers which part has the focus by its name, and gives it back after that part was drawn anew. */
export function rememberFocus(container) {
  const active = document.activeElement;
  const name = container.contains(active) ? active.getAttribute("data-focus") : null;
  return () => {
    if (name && !container.contains(document.activeElement)) {
      container.querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus();
    }
  };
}
