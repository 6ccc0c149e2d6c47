// Comfort for the desk of an agent. Without this script the page works all the same, one question at a time.
"use strict";

const box = document.querySelector("#q");
const form = document.querySelector("#ask");
const said = document.querySelector("#said");
const recent = document.querySelector("#recent");
const reorder = document.querySelector("#reorder");
const help = document.querySelector("#help");
const answer = () => document.querySelector("#answer");
const cards = (root = answer()) => [...root.querySelectorAll(".card")];

// Says it to everybody; how a question was read only to those who do not see it, because it stands below, too.
const tell = (text, { isWrong = false, isUnseen = false } = {}) => {
  said.textContent = text;
  said.classList.toggle("wrong", isWrong);
  said.classList.toggle("unseen", isUnseen);
};

// The address of the page, which stays good for the back button and without a script.
const asked = () => new URLSearchParams(location.search);

// ---- Asking, while somebody types ----

// That the line is gone is said until it is back; what was said of a mark stays.
let isLost = false;
let turn = 0;
let asking = null;
let waiting = null;
// Questions that somebody waits for.
let questions = 0;

// The answer as it is now. Later questions pass earlier ones; null where this one was passed.
async function load(params, isLive) {
  const mine = ++turn;
  asking?.abort();
  asking = new AbortController();
  try {
    const headers = isLive ? { "x-live": "1" } : {};
    const wanted = new URLSearchParams(params);
    if (answer().querySelector("#aloud[open]")) wanted.set("aloud", "true");
    const response = await fetch(`/desk/answer?${wanted}`, { headers, signal: asking.signal });
    // Signed out: the page leads to where one signs in.
    if (response.redirected) return location.reload();
    const text = await response.text();
    if (mine !== turn) return null;
    if (isLost) tell("");
    isLost = false;
    return new DOMParser().parseFromString(text, "text/html").querySelector("#answer");
  } catch (error) {
    if (error.name === "AbortError") return null;
    isLost = true;
    tell(said.dataset.failed, { isWrong: true });
    return null;
  }
}

function show(fresh) {
  const isAloud = Boolean(fresh.querySelector(".aloud")?.textContent);
  answer().replaceWith(fresh);
  if (isAloud) fresh.querySelector("#aloud").open = true;
  enhance(fresh);
  reorder.hidden = true;
  fresher = null;
}

async function ask(isDone) {
  clearTimeout(waiting);
  const params = new URLSearchParams(new FormData(form));
  // A region that was chosen for one question is not meant in another.
  if (asked().get("q") !== box.value) params.delete("region");
  questions += 1;
  const fresh = await load(params, false).finally(() => (questions -= 1));
  if (!fresh) return;
  history.replaceState(null, "", `/desk?${params}`);
  show(fresh);
  tell(fresh.dataset.summary ?? "", { isUnseen: true });
  if (isDone) {
    remember();
    select(cards()[0]);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(true);
});
box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 30, false);
});
box.addEventListener("change", () => remember());

// ---- The last questions of the shift: their words, and nothing about anybody ----

const MOST_REMEMBERED = 10;
const remembered = () => JSON.parse(sessionStorage.getItem("questions") ?? "[]");

function remember() {
  const question = box.value.trim();
  if (!question || !cards().length) return;
  const questions = [question, ...remembered().filter((other) => other !== question)].slice(0, MOST_REMEMBERED);
  sessionStorage.setItem("questions", JSON.stringify(questions));
  list();
}

function list() {
  const items = remembered().map((question) => {
    const link = document.createElement("a");
    link.href = `/desk?${new URLSearchParams({ q: question })}`;
    link.textContent = question;
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  recent.querySelector("ul").replaceChildren(...items);
  recent.hidden = !items.length;
}

// ---- What changes while the page is open ----

// The answer in its new order, until somebody wants to see it.
let fresher = null;
let refreshing = null;
let refreshed = 0;

async function refresh() {
  clearTimeout(refreshing);
  refreshing = null;
  // Somebody types: that brings a new answer anyway.
  if (document.hidden || !asked().get("q") || asked().get("q") !== box.value) return;
  // It would pass the question that somebody waits for, and nothing would be chosen then.
  if (questions) return refreshWithin(50);
  refreshed = performance.now();
  const fresh = await load(asked(), true);
  if (fresh) update(fresh);
}

const refreshWithin = (milliseconds) => {
  const due = Math.max(milliseconds, 500 - (performance.now() - refreshed));
  if (!refreshing) refreshing = setTimeout(refresh, due);
};

// Numbers change in their place. Nothing moves under a pointer: another order waits until it is asked for.
function update(fresh) {
  const order = (root) => cards(root).map((card) => card.id).join(" ");
  for (const now of cards(fresh)) {
    const old = document.getElementById(now.id);
    if (!old) continue;
    for (const part of [".facts", ":scope > .doing", ".phones"]) {
      const [before, after] = [old.querySelector(part), now.querySelector(part)];
      if (before.innerHTML === after.innerHTML) continue;
      before.classList.toggle("changed", before.dataset.numbers !== after.dataset.numbers);
      if (after.dataset.numbers !== undefined) before.dataset.numbers = after.dataset.numbers;
      before.replaceChildren(...after.cloneNode(true).childNodes);
    }
  }
  const [aloud, aloudNow] = [answer().querySelector(".aloud"), fresh.querySelector(".aloud")];
  if (aloud && aloudNow) aloud.textContent = aloudNow.textContent;
  const isMoved = order(answer()) !== order(fresh);
  fresher = isMoved ? fresh : null;
  reorder.hidden = !isMoved;
}

// What is read aloud is asked for when somebody wants to read it. (A toggle does not bubble.)
const isUnread = (details) => details.id === "aloud" && details.open && !details.querySelector(".aloud").textContent;
document.addEventListener("toggle", ({ target }) => isUnread(target) && refresh(), true);

reorder.addEventListener("click", () => {
  const id = current()?.id;
  if (fresher) show(fresher);
  select(document.getElementById(id) ?? cards()[0]);
});

function follow() {
  const changes = new EventSource("/desk/changes");
  // Whatever happened while there was no line.
  changes.addEventListener("open", () => refreshWithin(0));
  changes.addEventListener("message", ({ data }) => {
    const { kind, content } = JSON.parse(data);
    const facility = content?.facility?.id ?? content?.facility ?? content?.id;
    const isShown = kind === "mark_ended" || cards().some((card) => card.dataset.facility === facility);
    // One that is not shown may belong here now, but that is not urgent.
    if (isShown) refreshWithin(50);
    else if (performance.now() - refreshed > 15000) refreshWithin(50);
  });
  changes.addEventListener("again", ({ data }) => {
    changes.close();
    if (JSON.parse(data).reason === "key") return location.reload();
    setTimeout(follow, 5000);
  });
  changes.addEventListener("error", () => {
    if (changes.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
  });
}

// ---- Leaving marks, and copying ----

document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (!sent.matches("#answer form")) return;
  event.preventDefault();
  if (sent.dataset.busy) return;
  sent.dataset.busy = "1";
  const body = new URLSearchParams(new FormData(sent, event.submitter));
  const act = body.get("do");
  if (sent.dataset.confirm === act) body.set("confirm", "true");
  delete sent.dataset.confirm;
  try {
    const response = await fetch(sent.action, { method: "POST", headers: { "x-part": "1" }, body });
    if (response.redirected) return location.reload();
    tell(await response.text(), { isWrong: !response.ok });
    if (response.headers.has("x-confirm")) sent.dataset.confirm = act;
    if (response.ok) {
      for (const key of sent.closest(".card").querySelectorAll("input[name=key]")) key.value = newKey();
      sent.closest("details")?.removeAttribute("open");
      sent.closest(".card").focus();
    }
    refreshWithin(0);
  } catch {
    // The same key goes with it when it is sent again, so it counts once.
    tell(said.dataset.failed, { isWrong: true });
  } finally {
    delete sent.dataset.busy;
  }
});

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function copy(facility) {
  try {
    const response = await fetch(`/desk/copy?${new URLSearchParams({ facility })}`);
    if (response.redirected) return location.reload();
    const text = await response.text();
    if (!response.ok) return tell(text, { isWrong: true });
    await put(text);
    tell(said.dataset.copied);
  } catch {
    tell(said.dataset.failed, { isWrong: true });
  }
}

// Without TLS browsers have no clipboard for scripts, but they copy what is selected.
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  const before = document.activeElement;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  before.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button.dataset.facility);
});

function enhance(root) {
  for (const button of root.querySelectorAll(".copy")) button.hidden = false;
}

// ---- The keyboard ----

const current = () => document.activeElement?.closest?.(".card");

function select(card) {
  if (!card) return;
  card.focus();
  card.scrollIntoView({ block: "nearest" });
}

const move = (by) => {
  const all = cards();
  const at = all.indexOf(current());
  select(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
};

const column = (by) => {
  const columns = [...answer().querySelectorAll(".kind")].filter((kind) => kind.querySelector(".card"));
  const at = columns.indexOf(current()?.closest(".kind"));
  select(columns[Math.min(columns.length - 1, Math.max(0, at + by))]?.querySelector(".card"));
};

// What a key does at the facility where one is.
const press = (selector) => {
  const card = current();
  const button = card?.querySelector(selector);
  if (!button) return;
  card.focus();
  button.click();
};

const keys = {
  "/": () => {
    box.focus();
    box.select();
  },
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  l: () => column(1),
  ArrowRight: () => column(1),
  h: () => column(-1),
  ArrowLeft: () => column(-1),
  t: () => press(".phone"),
  c: () => press("button[value=claim]"),
  s: () => press("button[value=hold]"),
  w: () => press(".copy"),
  o: () => {
    press(".outcome summary");
    current()?.querySelector(".outcome[open] :is(input:not([type=hidden]), select, button)")?.focus();
  },
  b: () => answer().querySelector("#aloud summary")?.click(),
  n: () => (current()?.closest(".kind") ?? answer()).querySelector(".next")?.click(),
  u: () => answer().querySelector("#wider")?.click(),
  r: () => reorder.hidden || reorder.click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const isTyping = event.target.matches("input, select, textarea");
  if (isTyping) {
    if (event.target === box && event.key === "ArrowDown") move(0);
    else if (event.key !== "Escape") return;
    else if (event.target === box) select(cards()[0]);
    else event.target.closest(".card")?.focus();
    event.preventDefault();
    return;
  }
  // With nothing chosen, letters begin the next question: nobody shall hold a place by typing it.
  if (/^[\p{L}\p{N}]$/u.test(event.key) && !event.target.closest("#answer")) return keys["/"]();
  const act = event.key === "Escape" ? keys["/"] : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.querySelector("#keys").hidden = false;
document.querySelector("#keys").addEventListener("click", () => help.showModal());
document.addEventListener("visibilitychange", () => refreshWithin(0));
// Numbers grow old, and claims end, also when nothing happens.
setInterval(() => refreshWithin(0), 60000);
enhance(answer());
remember();
list();
follow();
