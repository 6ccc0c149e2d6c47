// Comfort for the form of a facility. Without this script the form works all the same.
"use strict";

const form = document.querySelector("main form");
const kept = document.querySelector("#kept");
let fill = () => {};
let hasChanges = () => false;

if (form) {
  const field = (row, name) => row.querySelector(`input[name$="/${name}"]`);
  // Sessions have fewer fields than types.
  const whole = (input) => (input && /^\d+$/.test(input.value.trim()) ? Number(input.value) : null);
  const rows = [...form.querySelectorAll("li[data-type]")];
  const inputs = (row) => [...row.querySelectorAll("input[data-was]")];
  const isChanged = (row) => inputs(row).some((input) => input.value.trim() !== input.dataset.was);

  // A bed that comes free leaves the ones in use, as long as nobody typed those.
  const follow = (row) => {
    const [available, capacity, occupied] = ["available", "capacity", "occupied"].map((name) => field(row, name));
    if (!occupied) return;
    const [all, wasFree, wasUsed] = [whole(capacity), Number(available.dataset.was), Number(occupied.dataset.was)];
    const isTyped = "typed" in occupied.dataset || occupied.dataset.was === "" || available.dataset.was === "";
    if (isTyped || all === null || wasFree + wasUsed !== Number(capacity.dataset.was) || whole(available) === null) return;
    occupied.value = Math.max(0, all - whole(available));
  };

  const check = (row) => {
    const [available, capacity, occupied] = ["available", "capacity", "occupied"].map((name) => whole(field(row, name)));
    const isImpossible = capacity !== null && (available ?? 0) + (occupied ?? 0) > capacity;
    const told = row.querySelector(".live");
    told.hidden = !isImpossible;
    told.textContent = isImpossible ? form.dataset.impossible : "";
  };

  const count = document.querySelector("#count");
  const unchanged = document.querySelector("#unchanged");
  const tell = () => {
    const changed = rows.filter(isChanged);
    for (const row of rows) row.classList.toggle("changed", changed.includes(row));
    count.textContent = changed.length ? `${count.dataset.text} ${changed.length}` : "";
    if (unchanged) unchanged.hidden = changed.length > 0;
  };

  form.addEventListener("input", (event) => {
    const row = event.target.closest("li[data-type]");
    if (!row) return;
    if (event.target.name.endsWith("/occupied")) event.target.dataset.typed = "";
    else follow(row);
    check(row);
    tell();
  });
  form.addEventListener("click", (event) => {
    const step = event.target.closest(".step");
    if (!step) return;
    const input = step.parentElement.querySelector("input");
    input.value = Math.max(0, (whole(input) ?? 0) + Number(step.dataset.step));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const step of form.querySelectorAll(".step")) step.hidden = false;
  // What is typed takes the place of the number before; a second tap puts the cursor into it.
  let entered = null;
  form.addEventListener("focusin", ({ target }) => {
    if (!("was" in target.dataset)) return;
    entered = target;
    target.select();
  });
  form.addEventListener("click", ({ target }) => {
    if (target === entered) target.select();
    entered = null;
  });
  // A second tap while the first one is on its way is no second report.
  form.addEventListener("submit", () => setTimeout(() => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    if (!kept) return;
    kept.textContent = kept.dataset.sending;
    kept.className = "notice";
    kept.hidden = false;
  }));
  addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
  tell();

  // Numbers that wait on the telephone are the last ones reported; what somebody types meanwhile stays.
  fill = (body) => {
    for (const [name, value] of new URLSearchParams(body)) {
      const input = form.elements.namedItem(name);
      if (!input?.dataset || input.dataset.was === undefined || input.value.trim() !== input.dataset.was) continue;
      input.value = input.dataset.was = value;
    }
    tell();
  };
  hasChanges = () => rows.some(isChanged);
}
document.querySelector("#problem")?.focus();

// Reports that were sent without a line wait in the worker (worker.js).
if ("serviceWorker" in navigator && location.pathname.startsWith("/r/")) {
  const { pathname: path, search } = location;
  const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  let isWaiting = false;
  const tellSent = () => {
    kept.textContent = kept.dataset.sent;
    kept.className = "done";
    kept.hidden = false;
  };
  if (kept && sessionStorage.getItem("sent") === path) tellSent();
  sessionStorage.removeItem("sent");
  navigator.serviceWorker.addEventListener("message", ({ data, source }) => {
    if (!kept || data.path !== path) return;
    isWaiting = Boolean(data.waiting);
    if (data.waiting) {
      kept.textContent = `${kept.dataset.kept} ${clock(data.waiting)}.`;
      kept.className = "notice";
      fill(data.body);
    } else if (data.sent) {
      // The page as it stands now, unless somebody has begun to change it.
      if (!hasChanges()) {
        sessionStorage.setItem("sent", path);
        return location.reload();
      }
      tellSent();
    } else if (data.refused) {
      kept.textContent = kept.dataset.refused;
      source.postMessage({ shown: data.id });
      for (const [name, value] of new URLSearchParams(data.refused)) {
        const input = form?.elements.namedItem(name);
        if (input && name.includes("/")) {
          input.value = value;
          if (!name.endsWith("/was")) input.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
    } else return;
    kept.hidden = false;
  });
  const ask = () => navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ address: path + search }));
  navigator.serviceWorker.register("/worker.js", { scope: "/r/" }).then(ask);
  addEventListener("online", ask);
  // A server that was away tells nobody that it is back.
  setInterval(() => isWaiting && ask(), 30000);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}
