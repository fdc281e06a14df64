// The console page: unread marks, the timeline, live messages, and the start. composer.js has the input, the buttons and
// the uploads. The page also works without scripts; it then reloads after each command.
"use strict";

const main = document.getElementById("main");
const scroll = document.querySelector(".scroll");
const timeline = document.querySelector(".timeline");

const element = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};
const store = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } },
};

// Unread marks. The browser stores the highest message id that was seen in each channel.
const unread = new Map();
const seenKey = (channel) => `wirewatch.seen.${channel}`;
const markSeen = (channel, id) => {
  if (Number(id) > Number(store.get(seenKey(channel)) || 0)) store.set(seenKey(channel), String(id));
  unread.delete(String(channel));
  showUnread();
};
const showUnread = () => {
  for (const link of document.querySelectorAll("[data-channel][data-latest]")) {
    const id = link.dataset.channel;
    const seen = store.get(seenKey(id));
    if (seen === null) store.set(seenKey(id), link.dataset.latest);
    const count = unread.get(id) || 0;
    const badge = link.querySelector(".unread");
    const any = count > 0 || (seen !== null && Number(link.dataset.latest) > Number(seen));
    badge.hidden = !any;
    badge.textContent = count > 99 ? "99+" : count > 0 ? String(count) : "•";
    badge.setAttribute("aria-label", count > 0 ? `${count} unread` : "unread");
    link.classList.toggle("has-unread", any);
  }
  const total = [...unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (total) document.title = `(${total}) ${document.title}`;
};

// The timeline
const atBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
const toBottom = () => { scroll.scrollTop = scroll.scrollHeight; };
const jump = document.querySelector(".jump");
let newBelow = 0;
const showJump = () => {
  if (!jump) return;
  jump.hidden = newBelow === 0;
  jump.textContent = `${newBelow} new ↓`;
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
const showChange = (change) => {
  const shown = document.getElementById(`m${change.id}`);
  const item = element(change.html);
  if (shown) {
    if (shown.dataset.version === item.dataset.version) return;
    const open = [...shown.querySelectorAll("details")].map((part) => part.open);
    const focused = shown.contains(document.activeElement) ? document.activeElement.value : null;
    const notes = (li) => li.querySelectorAll(".thread li").length;
    item.querySelectorAll("details:not(.thread)").forEach((part, index) => { part.open = open[index] || false; });
    const more = notes(item) > notes(shown);
    const followsBottom = atBottom();
    shown.replaceWith(item);
    if (focused !== null) [...item.querySelectorAll("button")].find((button) => button.value === focused)?.focus();
    if (more) announce(`Update: ${change.announce}`);
    if (followsBottom) toBottom();
    return;
  }
  if (main.dataset.newest !== "yes" || Number(item.dataset.id) < newestId()) return;
  const followsBottom = atBottom() || document.hidden;
  if (document.hidden && !timeline.querySelector(".fresh-mark")) timeline.append(element("<li class='fresh-mark'>New</li>"));
  item.classList.add("arrived");
  append(item);
  announce(change.announce);
  if (followsBottom) toBottom(); else { newBelow += 1; showJump(); }
  if (!document.hidden) markSeen(change.channel, change.id);
};
const announce = (text) => { document.getElementById("announce").textContent = text; };

// Live changes by Server-Sent Events. The browser reconnects by itself, with Last-Event-ID.
const listen = () => {
  const live = document.querySelector(".live");
  const channel = main.dataset.channel;
  const stream = new EventSource(`/events?channel=${encodeURIComponent(channel)}&after=${encodeURIComponent(main.dataset.cursor)}`);
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
    if (isNew && (String(change.channel) !== channel || document.hidden)) unread.set(String(change.channel), (unread.get(String(change.channel)) || 0) + 1);
    if (change.html) showChange(change);
    showUnread();
  });
};

// Earlier messages are put above the others without reloading the page
document.addEventListener("click", async (event) => {
  const earlier = event.target.closest(".earlier a[href*='before=']");
  if (!earlier || event.ctrlKey || event.metaKey || event.shiftKey) return;
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
});

document.querySelector(".channels [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

if (timeline) {
  const channel = main.dataset.channel;
  const seen = Number(store.get(seenKey(channel)) || 0);
  const firstNew = seen ? [...timeline.querySelectorAll("[data-id]")].find((item) => Number(item.dataset.id) > seen) : null;
  if (firstNew) firstNew.before(element("<li class='fresh-mark'>New</li>"));
  showUnread();
  if (main.dataset.newest === "yes") { markSeen(channel, newestId()); if (location.hash) document.querySelector(location.hash)?.scrollIntoView(); else toBottom(); }
  scroll.addEventListener("scroll", () => { if (newBelow && atBottom()) { newBelow = 0; showJump(); } }, { passive: true });
  jump.addEventListener("click", () => { newBelow = 0; showJump(); toBottom(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) markSeen(channel, newestId()); });
  setUpInput();
  setUpUploads();
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
