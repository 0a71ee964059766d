// Sets the colours that were chosen, and whether code has numbers, before anything is painted.
try {
  const theme = localStorage.getItem("wick-theme");
  if (localStorage.getItem("wick-numbers")) document.documentElement.dataset.numbers = "";
  if (["light", "dark", "contrast"].includes(theme)) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows what the system has.
}
