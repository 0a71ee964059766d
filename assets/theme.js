// Sets the colours that were chosen, before anything is painted.
try {
  const theme = localStorage.getItem("wick-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows what the system has.
}
