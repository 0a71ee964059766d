// Starts the page; says so when that fails, and how to sign in where this browser is not.

// The shell is painted first: loading, which takes all cores for a moment, would hold that up. A
// page that nobody looks at is not painted, and starts all the same.
const painted = new Promise((paint) => {
  requestAnimationFrame(() => setTimeout(paint));
  setTimeout(paint, 100);
});

const { lang } = document.documentElement;

const says = (...parts) => document.getElementById("shell-says")?.replaceChildren(...parts);

const code = (text) => Object.assign(document.createElement("code"), { textContent: text });

painted
  .then(async () => {
    const door = signIn().catch(() => undefined);
    const wasm = fetch("/{app.wasm}");
    // By theme.js, which chose the language.
    const words = fetch(wordsOf[lang]);
    const { default: init } = await import("/{app.js}");
    const said = await words;
    if (!said.ok) throw new Error(said.statusText);
    window.wickWords = await said.text();
    const status = (await door)?.status;
    if (status === 401 || status === 403) {
      // People who type a number are mostly signed in under the name.
      if (/^(127\.|\[::1)/.test(location.hostname)) return location.replace(location.href.replace(location.hostname, "localhost"));
      const [before, after] = lang === "de"
        ? ["Dieser Browser ist nicht angemeldet. Gib auf dem Computer, auf dem Wick läuft, in einem Terminal ", " ein und öffne die Adresse, die dann erscheint."]
        : ["This browser is not signed in. On the computer on which Wick runs, type ", " in a terminal and open the address that it prints."];
      return says(before, code("wick link"), after);
    }
    await init({ module_or_path: wasm });
    // Where the address is secure, the page is kept to be opened while Wick is off.
    setTimeout(() => navigator.serviceWorker?.register("/sw.js").catch(console.warn), 2000);
  })
  .catch((error) => {
    console.error(error);
    says(lang === "de"
      ? `Die Seite konnte nicht starten (${error.message}). Lade sie neu, um es noch einmal zu versuchen.`
      : `The page could not start (${error.message}). Reload to try again.`);
  });
