// Starts the page; says so when that fails.

// The shell is painted first: loading, which takes all cores for a moment, would hold that up. A
// page that nobody looks at is not painted, and starts all the same.
const painted = new Promise((paint) => {
  requestAnimationFrame(() => setTimeout(paint));
  setTimeout(paint, 100);
});

const { lang } = document.documentElement;

painted
  .then(async () => {
    const wasm = fetch("/{app.wasm}");
    // By theme.js, which chose the language.
    const words = fetch(wordsOf[lang]);
    const { default: init } = await import("/{app.js}");
    const said = await words;
    if (!said.ok) throw new Error(said.statusText);
    window.wickWords = await said.text();
    await init({ module_or_path: wasm });
    // Where the address is secure, the page is kept to be opened while Wick is off.
    setTimeout(() => navigator.serviceWorker?.register("/sw.js").catch(console.warn), 2000);
  })
  .catch((error) => {
    console.error(error);
    const says = document.getElementById("shell-says");
    if (!says) return;
    says.textContent = lang === "de"
      ? `Die Seite konnte nicht starten (${error.message}). Lade sie neu, um es noch einmal zu versuchen.`
      : `The page could not start (${error.message}). Reload to try again.`;
  });
