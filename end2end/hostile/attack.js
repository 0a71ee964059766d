// What a page of somebody else can try against a server on this computer. Tells for each way how many
// bytes it got to read; a picture or a script that loads counts as one.

const JSON_TYPE = { "content-type": "application/json" };
const SAYS = JSON.stringify({ messages: [{ role: "user", content: "Hello" }] });
const CHATS = JSON.stringify({ wick_archive: 1, chats: [{ title: "Planted", created: 1, changed: 1, messages: [] }] });
const KEY = "0123456789abcdef".repeat(2);

/** Nobody answers for longer than this, in milliseconds: some ways tell nothing of their end. */
const LONGEST = 2000;

async function attack(target) {
  const ways = {
    ...each(["/", "/health", "/v1/models", "/export/all.json", "/engine.svg"], (path) => fetched(target + path)),
    ...each(["/export/all.json no-cors"], () => fetched(`${target}/export/all.json`, { mode: "no-cors" })),
    ...each(["/export/all.json with cookies"], () => fetched(`${target}/export/all.json`, { credentials: "include" })),
    ...each(["simple /import", "simple /read", "simple /v1/chat/completions"], (way) =>
      fetched(target + way.slice(7), { method: "POST", mode: "no-cors", body: way.includes("v1") ? SAYS : CHATS }),
    ),
    ...each(["bytes /import"], () => posted(`${target}/import`, { "content-type": "application/octet-stream" }, CHATS)),
    ...each(["json /v1/chat/completions"], () => posted(`${target}/v1/chat/completions`, JSON_TYPE, SAYS)),
    ...each(["json /events"], () => posted(`${target}/events?connection=${KEY}`, JSON_TYPE, '["rest"]')),
    ...each(["form /import", "form /v1/chat/completions", "form /events"], (way) => form(target + way.slice(5))),
    ...each(["img /engine.svg", "img /icon192.png"], (way) => element("img", "src", target + way.slice(4))),
    ...each(["script /sw.js"], (way) => element("script", "src", target + way.slice(7))),
    ...each(["link /index.html"], (way) => element("link", "href", target + way.slice(5), { rel: "stylesheet" })),
    ...each(["object /engine.svg"], (way) => element("object", "data", target + way.slice(7))),
    ...each(["frame /", "frame /export/1.html"], (way) => frame(target + way.slice(6))),
    socket: socket(`${target.replace("http", "ws")}/ws`),
    events: events(`${target}/events?connection=${KEY}`),
    beacon: beacon(`${target}/import`),
    window: opened(`${target}/health`),
  };
  const names = Object.keys(ways);
  const ends = names.map((name) => Promise.race([Promise.resolve(ways[name]).catch(() => 0), atMost()]));
  const read = await Promise.all(ends);
  return Object.fromEntries(names.map((name, idx) => [name, read[idx]]));
}

const each = (names, way) => Object.fromEntries(names.map((name) => [name, way(name)]));
const atMost = () => new Promise((done) => setTimeout(() => done(0), LONGEST));

async function fetched(url, how) {
  const response = await fetch(url, how);
  // What is refused, in a sentence, is nobody's secret.
  return response.ok ? (await response.text()).length : 0;
}

const posted = (url, headers, body) => fetched(url, { method: "POST", headers, body });

function form(action) {
  const name = `frame${Math.random()}`;
  const target = Object.assign(document.createElement("iframe"), { name });
  const sent = Object.assign(document.createElement("form"), { action, method: "post", enctype: "text/plain", target: name });
  sent.append(Object.assign(document.createElement("input"), { name: CHATS, value: "" }));
  document.body.append(target, sent);
  return new Promise((done) => {
    target.onload = () => done(contents(target));
    sent.submit();
  });
}

function element(tag, attribute, url, more = {}) {
  const it = Object.assign(document.createElement(tag), more);
  return new Promise((done) => {
    it.onload = () => done(1);
    it.onerror = () => done(0);
    it[attribute] = url;
    document.body.append(it);
  });
}

function frame(src) {
  const it = document.createElement("iframe");
  return new Promise((done) => {
    it.onload = () => done(contents(it));
    it.src = src;
    document.body.append(it);
  });
}

function contents(frame) {
  try {
    return frame.contentDocument.body.innerText.length;
  } catch {
    return 0;
  }
}

function socket(url) {
  return new Promise((done) => {
    const it = new WebSocket(url);
    it.onopen = () => it.send('{"hello":{"seen":null,"chat":null,"reached":null}}');
    it.onmessage = ({ data }) => done(data.length);
    it.onclose = () => done(0);
  });
}

function events(url) {
  return new Promise((done) => {
    const it = new EventSource(url);
    it.onmessage = ({ data }) => done(data.length);
    it.onerror = () => {
      it.close();
      done(0);
    };
  });
}

async function beacon(url) {
  navigator.sendBeacon(url, new Blob([CHATS], { type: "text/plain" }));
  return 0;
}

async function opened(url) {
  const it = window.open(url);
  await atMost();
  try {
    const says = it.document.body.innerText;
    return says.includes("status") ? says.length : 0;
  } finally {
    it?.close();
  }
}
