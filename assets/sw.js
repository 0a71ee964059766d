// Keeps the page itself, so that it opens while Wick is not running. Nothing of a chat is kept here.

const KEPT = "wick-{version}";
const FILES = [
  "/",
  "/{app.js}",
  "/{app.wasm}",
  "/{more.wasm}",
  ...Object.values({words.txt}),
  "/{icon.svg}",
];

addEventListener("install", (event) => {
  const keep = async () => {
    await (await caches.open(KEPT)).addAll(FILES);
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(tidy());
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || !FILES.includes(pathname)) return;
  const kept = async () => caches.match(pathname);
  // The page is asked for anew, its files have names that say what is in them.
  const answer =
    mode === "navigate"
      ? fetch(event.request).catch(kept)
      : kept().then((file) => file ?? fetch(event.request));
  event.respondWith(answer);
});
