// The console page's input with its suggestions, the buttons of answers, and uploads. Loaded before console.js, whose
// functions it calls.
"use strict";

const form = document.getElementById("composer");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const HISTORY_KEY = "wirewatch.said";  // commands typed before, in the browser's storage

// Answers that only the asker sees
const privateText = (text) => element(`<li class="message private"><span class="when"></span><div class="body"><p class="notice-text"></p></div></li>`).querySelector("p").appendChild(document.createTextNode(text)).parentNode.closest("li");
const send = async (url, body, headers = {}) => {
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", ...headers } });
    if (answer.status === 401) { location.assign("/login"); return { html: null }; }
    const found = await answer.json().catch(() => ({}));
    return answer.ok ? found : { problem: found.detail || `The bot answered ${answer.status}. Try again.` };
  } catch {
    return { problem: "Cannot reach the bot. Is it running? Your text is kept." };
  }
};
const showPrivate = (found, placeholder = null) => {
  const item = found.html ? element(found.html) : privateText(found.problem);
  if (placeholder) placeholder.replaceWith(item); else append(item);
  item.scrollIntoView({ block: item.offsetHeight > scroll.clientHeight - 60 ? "start" : "end" });
  announce(item.querySelector("form, .notice-text")?.textContent.trim().slice(0, 300) || "");
  return item;
};
const showWaiting = (text) => {
  const item = privateText(text);
  item.classList.add("waiting");
  append(item);
  toBottom();
  return item;
};

const say = async (words) => {
  const placeholder = showWaiting("…");
  const found = await send(`${main.dataset.url}/say`, new URLSearchParams({ words, zone }));
  if (found.html === null) { placeholder.remove(); return true; }
  showPrivate(found, placeholder);
  return !found.problem;
};

document.addEventListener("submit", async (event) => {
  const target = event.target;
  if (!target.matches("[data-buttons]") || !event.submitter) return;
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  button.closest("details.more")?.removeAttribute("open");
  const found = await send(target.getAttribute("action"), new URLSearchParams({ action: button.value, zone }));
  button.disabled = false;
  if (found.html === null) return;
  const own = target.closest("[data-private]");
  if (own && found.replaces && found.html) { own.replaceWith(element(found.html)); return; }
  showPrivate(found).setAttribute("tabindex", "-1");
});

document.addEventListener("click", (event) => {
  const target = event.target;
  for (const open of document.querySelectorAll("details.more[open]")) if (!open.contains(target)) open.open = false;
  if (target.closest("[data-dismiss]")) target.closest("[data-private]").remove();
  const example = target.closest("[data-say]");
  if (example) say(example.dataset.say);
});

// The input and its suggestions
const setUpInput = () => {
  const input = form.elements.words;
  const box = document.getElementById("suggestions");
  const past = JSON.parse(store.get(HISTORY_KEY) || "[]");
  let items = [];
  let chosen = -1;
  let pastIndex = past.length;
  let requests = 0;

  const close = () => {
    box.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    chosen = index;
    [...box.children].forEach((row, position) => row.setAttribute("aria-selected", String(position === index)));
    if (index >= 0) {
      input.setAttribute("aria-activedescendant", box.children[index].id);
      box.children[index].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const accept = (index) => {
    input.value = items[index].insert;
    close();
    input.focus();
    suggest();
  };
  const suggest = async () => {
    const mine = ++requests;
    if (!input.value.startsWith("/")) { close(); return; }
    const query = new URLSearchParams({ line: input.value, zone });
    const answer = await fetch(`${main.dataset.url}/complete?${query}`).catch(() => null);
    if (mine !== requests || !answer?.ok) return;
    items = (await answer.json()).suggestions;
    if (mine !== requests || !items.length || document.activeElement !== input) { close(); return; }
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
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); accept(index); });
      return row;
    }));
    chosen = -1;
    box.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 60); });
  input.addEventListener("blur", () => { clearTimeout(timer); requests += 1; close(); });
  input.addEventListener("keydown", (event) => {
    const open = !box.hidden;
    if (event.isComposing) return;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + step + items.length + (chosen < 0 && step < 0 ? 1 : 0)) % items.length);
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      accept(Math.max(chosen, 0));
    } else if (open && event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      accept(chosen);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (!open && (event.key === "ArrowUp" || event.key === "ArrowDown") && past.length) {
      event.preventDefault();
      pastIndex = Math.min(Math.max(pastIndex + (event.key === "ArrowUp" ? -1 : 1), 0), past.length);
      input.value = past[pastIndex] || "";
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = input.value.trim();
    if (!words) return;
    clearTimeout(timer);
    requests += 1;
    close();
    input.value = "";
    if (past[past.length - 1] !== words) past.push(words);
    past.splice(0, past.length - 50);
    pastIndex = past.length;
    store.set(HISTORY_KEY, JSON.stringify(past));
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

// Uploads
const upload = async (files) => {
  for (const file of files) {
    const placeholder = showWaiting(`Reading ${file.name} …`);
    const body = new FormData();
    body.append("file", file, file.name);
    body.append("zone", zone);
    const found = file.size > 20_000_000 ? { problem: `${file.name} is larger than 20 MB. Split it, or use /sources check with its address.` } : await send(`${main.dataset.url}/files`, body);
    if (found.html === null) { placeholder.remove(); return; }
    showPrivate(found, placeholder);
  }
};
const setUpUploads = () => {
  const drop = document.querySelector(".drop");
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => { if (hasFiles(event)) { event.preventDefault(); depth += 1; drop.hidden = false; } });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); drop.hidden = depth === 0; });
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    upload([...event.dataTransfer.files]);
  });
  document.querySelector("[data-file]").addEventListener("change", (event) => { upload([...event.target.files]); event.target.value = ""; });
};
