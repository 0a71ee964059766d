// Starts the page; says so when that fails, and how to sign in where this browser is not.

// The shell is painted first: loading, which takes all cores for a moment, would hold that up. A
// page that nobody looks at is not painted, and starts all the same.
const painted = new Promise((paint) => {
  requestAnimationFrame(() => setTimeout(paint));
  setTimeout(paint, 100);
});

const { lang } = document.documentElement;

const says = (...parts) => document.getElementById("shell-says")?.replaceChildren(...parts);

// By theme.js, which chose the language. The page takes them over.
const fetchWords = async () => {
  const said = await fetch(wordsOf[lang]);
  if (!said.ok) throw new Error(said.statusText);
  window.wickWords = await said.text();
  return wickWords.split("\n");
};

const refuse = (words) => {
  const { hostname, href } = location;
  // People who type a number are mostly signed in under the name.
  if (["127.0.0.1", "[::1]"].includes(hostname)) return location.replace(href.replace(hostname, "localhost"));
  if (hostname !== "localhost") return says(words[{door.not_let_in}]);
  const [before, after] = words[{door.not_signed_in}].split("{0}");
  const command = document.createElement("code");
  command.textContent = "wick link";
  says(before, command, after);
};

painted
  .then(async () => {
    const wasm = fetch("/{app.wasm}");
    const words = fetchWords();
    const door = signIn(words).catch(() => undefined);
    const { default: init } = await import("/{app.js}");
    const said = await words;
    const status = (await door)?.status;
    if (status > 400 && status < 500) return refuse(said);
    await init({ module_or_path: wasm });
    // Where the address is secure, the page is kept to be opened while Wick is off.
    const isKept = () => (document.documentElement.dataset.kept = "");
    setTimeout(() => navigator.serviceWorker?.register("/sw.js").then(isKept, console.warn), 2000);
  })
  .catch((error) => {
    console.error(error);
    says(lang === "de"
      ? `Die Seite konnte nicht starten (${error.message}). Lade sie neu, um es noch einmal zu versuchen.`
      : `The page could not start (${error.message}). Reload to try again.`);
  });
