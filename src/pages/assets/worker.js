// Keeps the forms of facilities usable without a line: the page as it was last seen, and reports until they are sent.
// A report says how long it waited and has a key, so that it counts for the moment of the tap, and once.
"use strict";

const PAGES = "pages";
// How long the server may be silent until there is no line: what it did all the same counts once.
const PATIENCE = 8000;
const silence = () => new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("the server is silent")));
const isForm = (url) => /^\/r\/[^/]+$/.test(url.pathname);

const store = () => new Promise((resolve, reject) => {
  const opening = indexedDB.open("sedia", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("reports", { keyPath: "id", autoIncrement: true });
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const reports = async (mode = "readonly") => (await store()).transaction("reports", mode).objectStore("reports");

addEventListener("install", () => skipWaiting());
// Files of earlier versions have other names and would stay for ever; pages come again when they are opened.
addEventListener("activate", (event) => event.waitUntil(Promise.all([caches.delete(PAGES), clients.claim()])));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && isForm(url)) event.respondWith(send(request, url));
  else if (request.method === "GET" && (isForm(url) || url.pathname.startsWith("/assets/"))) event.respondWith(load(request));
});

// From the network, or as it was last seen.
async function load(request) {
  const cache = await caches.open(PAGES);
  const address = request.url.split("#")[0];
  const coming = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(address, response.clone());
    return response;
  });
  return Promise.race([coming, silence()]).catch(async () => (await cache.match(address)) ?? coming);
}

// The page that was there before the worker: without this, somebody who loses the line on the first visit has no page.
async function remember(address) {
  const cache = await caches.open(PAGES);
  if (!(await cache.match(address))) await cache.add(address).catch(() => {});
}

// To the network, or into the store until there is one.
async function send(request, url) {
  const body = await request.clone().text();
  try {
    return await Promise.race([fetch(request), silence()]);
  } catch {
    const at = new Date().toISOString();
    await done((await reports("readwrite")).add({ address: url.pathname + url.search, path: url.pathname, body, at }));
    await registration.sync?.register("reports").catch(() => {});
    return Response.redirect(url.pathname + url.search, 303);
  }
}

// Sends what waits, oldest first, tells the pages that are open, and says whether something still waits.
let sending = null;
const flush = () => (sending ??= sendKept().finally(() => (sending = null)));

async function sendKept() {
  let isWaiting = false;
  for (const report of await done((await reports()).getAll())) {
    if (!report.refused) {
      const body = new URLSearchParams(report.body);
      // Not the time of day: the clock of a telephone may be wrong.
      body.set("waited", Math.max(0, Math.round((Date.now() - Date.parse(report.at)) / 1000)));
      const response = await fetch(report.address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
      // Still no line, or the node has too much to do: it stays.
      if (!response || response.status >= 500 || response.status === 429) {
        await tell({ path: report.path, waiting: report.at, body: report.body });
        isWaiting = true;
        continue;
      }
      if (response.ok) {
        await done((await reports("readwrite")).delete(report.id));
        await tell({ path: report.path, sent: report.at });
        continue;
      }
      report.refused = true;
      await done((await reports("readwrite")).put(report));
    }
    // It stays until a page has shown it.
    await tell({ path: report.path, refused: report.body, id: report.id });
  }
  return isWaiting;
}

async function tell(message) {
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage(message);
}

// A failure makes the browser try again later.
addEventListener("sync", (event) => event.waitUntil(flush().then((isWaiting) => isWaiting && Promise.reject(new Error("no line yet")))));
addEventListener("message", (event) => event.waitUntil((async () => {
  if (event.data.shown) await done((await reports("readwrite")).delete(event.data.shown));
  else await Promise.all([remember(event.data.address), flush()]);
})()));
