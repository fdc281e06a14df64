// The console page: live messages, the input with its suggestions, buttons, dropped files. Without it the page still works, by reloading.
"use strict";

const main = document.getElementById("main");
const scroll = document.querySelector(".scroll");
const timeline = document.querySelector(".timeline");
const form = document.getElementById("composer");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const element = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};
const store = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } },
};

// What was seen, by channel: the highest message id
const unread = new Map();
const seenName = (channel) => `wirewatch.seen.${channel}`;
const markSeen = (channel, id) => {
  if (Number(id) > Number(store.get(seenName(channel)) || 0)) store.set(seenName(channel), String(id));
  unread.delete(String(channel));
  showUnread();
};
const showUnread = () => {
  for (const link of document.querySelectorAll("[data-channel][data-latest]")) {
    const id = link.dataset.channel;
    const known = store.get(seenName(id));
    if (known === null) store.set(seenName(id), link.dataset.latest);
    const missed = unread.get(id) || 0;
    const badge = link.querySelector(".unread");
    const any = missed > 0 || (known !== null && Number(link.dataset.latest) > Number(known));
    badge.hidden = !any;
    badge.textContent = missed > 99 ? "99+" : missed > 0 ? String(missed) : "•";
    badge.setAttribute("aria-label", missed > 0 ? `${missed} unread` : "unread");
    link.classList.toggle("has-unread", any);
  }
  const total = [...unread.values()].reduce((sum, missed) => sum + missed, 0);
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (total) document.title = `(${total}) ${document.title}`;
};

// The timeline
const atBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
const toBottom = () => { scroll.scrollTop = scroll.scrollHeight; };
const jump = document.querySelector(".jump");
let below = 0;
const showJump = () => {
  if (!jump) return;
  jump.hidden = below === 0;
  jump.textContent = `${below} new ↓`;
};
const newestId = () => Math.max(0, ...[...timeline.querySelectorAll("[data-id]")].map((item) => Number(item.dataset.id)));
const append = (item) => {
  timeline.querySelector(".welcome")?.remove();
  const days = timeline.querySelectorAll("[data-day]");
  const last = days.length ? days[days.length - 1].dataset.day : "";
  if (item.dataset.day && item.dataset.day !== last) {
    const day = element("<li class='day'><h2></h2></li>");
    day.dataset.day = item.dataset.day;
    day.firstChild.textContent = item.dataset.dayLabel;
    timeline.append(day);
  }
  timeline.append(item);
};
const place = (change) => {
  const known = document.getElementById(`m${change.id}`);
  const item = element(change.html);
  if (known) {
    if (known.dataset.version === item.dataset.version) return;
    const open = [...known.querySelectorAll("details")].map((part) => part.open);
    const held = known.contains(document.activeElement) ? document.activeElement.value : null;
    const notes = (li) => li.querySelectorAll(".thread li").length;
    item.querySelectorAll("details:not(.thread)").forEach((part, index) => { part.open = open[index] || false; });
    const more = notes(item) > notes(known);
    const stay = atBottom();
    known.replaceWith(item);
    if (held !== null) [...item.querySelectorAll("button")].find((button) => button.value === held)?.focus();
    if (more) announce(`Update: ${change.announce}`);
    if (stay) toBottom();
    return;
  }
  if (main.dataset.newest !== "yes" || Number(item.dataset.id) < newestId()) return;
  const stay = atBottom() || document.hidden;
  if (document.hidden && !timeline.querySelector(".fresh-mark")) timeline.append(element("<li class='fresh-mark'>New</li>"));
  item.classList.add("arrived");
  append(item);
  announce(change.announce);
  if (stay) toBottom(); else { below += 1; showJump(); }
  if (!document.hidden) markSeen(change.channel, change.id);
};
const announce = (text) => { document.getElementById("announce").textContent = text; };

// Live, by Server-Sent Events; the browser reconnects with Last-Event-ID
const listen = () => {
  const live = document.querySelector(".live");
  const here = main.dataset.channel;
  const stream = new EventSource(`/events?channel=${encodeURIComponent(here)}&after=${encodeURIComponent(main.dataset.cursor)}`);
  stream.addEventListener("open", () => { live.hidden = true; main.dataset.live = "yes"; });
  stream.addEventListener("error", () => {
    live.hidden = false;
    delete main.dataset.live;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
  stream.addEventListener("message", (event) => {
    const change = JSON.parse(event.data);
    main.dataset.cursor = event.lastEventId;
    const link = document.querySelector(`[data-channel="${change.channel}"][data-latest]`);
    const isNew = link && change.id > Number(link.dataset.latest);
    if (isNew) link.dataset.latest = change.id;
    if (isNew && (String(change.channel) !== here || document.hidden)) unread.set(String(change.channel), (unread.get(String(change.channel)) || 0) + 1);
    if (change.html) place(change);
    showUnread();
  });
};

// Answers to the person alone
const fail = (text) => element(`<li class="message whisper"><span class="when"></span><div class="body"><p class="notice-text"></p></div></li>`).querySelector("p").appendChild(document.createTextNode(text)).parentNode.closest("li");
const send = async (url, body, headers = {}) => {
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", ...headers } });
    if (answer.status === 401) { location.assign("/login"); return { html: null }; }
    const found = await answer.json().catch(() => ({}));
    return answer.ok ? found : { problem: found.detail || `The bot answered ${answer.status}. Try again.` };
  } catch {
    return { problem: "The bot cannot be reached. Is it running? What you typed is kept." };
  }
};
const whisper = (found, before = null) => {
  const item = found.html ? element(found.html) : fail(found.problem);
  if (before) before.replaceWith(item); else append(item);
  item.scrollIntoView({ block: item.offsetHeight > scroll.clientHeight - 60 ? "start" : "end" });
  announce(item.querySelector("form, .notice-text")?.textContent.trim().slice(0, 300) || "");
  return item;
};
const waiting = (text) => {
  const item = fail(text);
  item.classList.add("waiting");
  append(item);
  toBottom();
  return item;
};

const say = async (words) => {
  const held = waiting("…");
  const found = await send(`${main.dataset.url}/say`, new URLSearchParams({ words, zone }));
  if (found.html === null) { held.remove(); return true; }
  whisper(found, held);
  return !found.problem;
};

document.addEventListener("submit", async (event) => {
  const target = event.target;
  if (!target.matches("[data-press]") || !event.submitter) return;
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  button.closest("details.more")?.removeAttribute("open");
  const found = await send(target.getAttribute("action"), new URLSearchParams({ action: button.value, zone }));
  button.disabled = false;
  if (found.html === null) return;
  const own = target.closest("[data-whisper]");
  if (own && found.replaces && found.html) { own.replaceWith(element(found.html)); return; }
  whisper(found).setAttribute("tabindex", "-1");
});

document.addEventListener("click", async (event) => {
  const target = event.target;
  for (const open of document.querySelectorAll("details.more[open]")) if (!open.contains(target)) open.open = false;
  if (target.closest("[data-dismiss]")) target.closest("[data-whisper]").remove();
  const try_ = target.closest("[data-say]");
  if (try_) say(try_.dataset.say);
  const earlier = target.closest(".earlier a[href*='before=']");
  if (earlier && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const answer = await fetch(earlier.href).catch(() => null);
    if (!answer?.ok) { location.assign(earlier.href); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const older = [...page.querySelectorAll(".timeline > .earlier a[href*='before='], .timeline > .day, .timeline > .message[data-id]")].map((item) => item.closest("li"));
    const height = scroll.scrollHeight;
    const holder = earlier.closest("li");
    const firstDay = holder.nextElementSibling;
    if (firstDay?.matches(".day") && older.some((item) => item.matches(".day") && item.dataset.day === firstDay.dataset.day)) firstDay.remove();
    holder.replaceWith(...older);
    scroll.scrollTop += scroll.scrollHeight - height;
  }
});

// The input and its suggestions
const compose = () => {
  const input = form.elements.words;
  const box = document.getElementById("suggestions");
  const past = JSON.parse(store.get("wirewatch.said") || "[]");
  let items = [];
  let chosen = -1;
  let pastAt = past.length;
  let asked = 0;

  const close = () => {
    box.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    chosen = index;
    [...box.children].forEach((row, place_) => row.setAttribute("aria-selected", String(place_ === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", box.children[index].id);
      box.children[index].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const take = (index) => {
    input.value = items[index].insert;
    close();
    input.focus();
    suggest();
  };
  const suggest = async () => {
    const mine = ++asked;
    if (!input.value.startsWith("/")) { close(); return; }
    const query = new URLSearchParams({ line: input.value, zone });
    const answer = await fetch(`${main.dataset.url}/complete?${query}`).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    items = (await answer.json()).suggestions;
    if (mine !== asked || !items.length || document.activeElement !== input) { close(); return; }
    box.replaceChildren(...items.map((item, index) => {
      const row = document.createElement("div");
      row.className = "suggestion";
      row.id = `suggestion-${index}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const what = document.createElement("span");
      what.className = "what";
      what.dir = "auto";
      what.textContent = item.label;
      const detail = document.createElement("span");
      detail.className = "detail";
      detail.textContent = item.detail;
      row.append(what, detail);
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); take(index); });
      return row;
    }));
    chosen = -1;
    box.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 60); });
  input.addEventListener("blur", () => { clearTimeout(timer); asked += 1; close(); });
  input.addEventListener("keydown", (event) => {
    const open = !box.hidden;
    if (event.isComposing) return;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + step + items.length + (chosen < 0 && step < 0 ? 1 : 0)) % items.length);
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(Math.max(chosen, 0));
    } else if (open && event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (!open && (event.key === "ArrowUp" || event.key === "ArrowDown") && past.length) {
      event.preventDefault();
      pastAt = Math.min(Math.max(pastAt + (event.key === "ArrowUp" ? -1 : 1), 0), past.length);
      input.value = past[pastAt] || "";
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = input.value.trim();
    if (!words) return;
    clearTimeout(timer);
    asked += 1;
    close();
    input.value = "";
    if (past[past.length - 1] !== words) past.push(words);
    past.splice(0, past.length - 50);
    pastAt = past.length;
    store.set("wirewatch.said", JSON.stringify(past));
    if (!(await say(words)) && !input.value) input.value = words;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    input.focus();
    input.value = "/";
    suggest();
  });
};

// Files
const upload = async (files) => {
  for (const file of files) {
    const held = waiting(`Reading ${file.name} …`);
    const body = new FormData();
    body.append("file", file, file.name);
    body.append("zone", zone);
    const found = file.size > 20_000_000 ? { problem: `${file.name} is larger than 20 MB. Split it, or give its address to /sources check.` } : await send(`${main.dataset.url}/files`, body);
    if (found.html === null) { held.remove(); return; }
    whisper(found, held);
  }
};
const files = () => {
  const drop = document.querySelector(".drop");
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => { if (carries(event)) { event.preventDefault(); depth += 1; drop.hidden = false; } });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); drop.hidden = depth === 0; });
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    upload([...event.dataTransfer.files]);
  });
  document.querySelector("[data-file]").addEventListener("change", (event) => { upload([...event.target.files]); event.target.value = ""; });
};

document.querySelector(".channels [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

if (timeline) {
  const here = main.dataset.channel;
  const seen = Number(store.get(seenName(here)) || 0);
  const firstNew = seen ? [...timeline.querySelectorAll("[data-id]")].find((item) => Number(item.dataset.id) > seen) : null;
  if (firstNew) firstNew.before(element("<li class='fresh-mark'>New</li>"));
  showUnread();
  if (main.dataset.newest === "yes") { markSeen(here, newestId()); if (location.hash) document.querySelector(location.hash)?.scrollIntoView(); else toBottom(); }
  scroll.addEventListener("scroll", () => { if (below && atBottom()) { below = 0; showJump(); } }, { passive: true });
  jump.addEventListener("click", () => { below = 0; showJump(); toBottom(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) markSeen(here, newestId()); });
  compose();
  files();
  listen();
} else {
  showUnread();
  if (main.dataset.refresh) setInterval(async () => {
    if (document.hidden || main.contains(document.activeElement)) return;
    const answer = await fetch(location.href).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.querySelector("main .scroll");
    if (!fresh) return;
    const top = scroll.scrollTop;
    scroll.replaceChildren(...fresh.childNodes);
    document.querySelector("main .top").replaceWith(page.querySelector("main .top"));
    scroll.scrollTop = top;
  }, Number(main.dataset.refresh) * 1000);
}
