// Sets the colours that were chosen, before anything is painted.
try {
  const theme = localStorage.getItem("wick-theme");
  if (["light", "dark", "contrast"].includes(theme)) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows what the system has.
}
