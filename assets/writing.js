// What somebody begins to write is a message, wherever they are: only a space scrolls, and a question mark
// lists the keys. A field behind a dialog gets no focus.
addEventListener("keydown", ({ key, ctrlKey, metaKey, target }) => {
  if (/^[^ ?]$/u.test(key) && !ctrlKey && !metaKey && !target.matches("input, textarea"))
    document.getElementById("message")?.focus();
});
