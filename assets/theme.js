// Sets the language, the colours that were chosen and whether code has numbers, before anything is painted.
{
  const languages = [...navigator.languages];
  try {
    const theme = localStorage.getItem("wick-theme");
    if (localStorage.getItem("wick-numbers")) document.documentElement.dataset.numbers = "";
    if (["light", "dark", "contrast"].includes(theme)) document.documentElement.dataset.theme = theme;
    languages.unshift(localStorage.getItem("wick-language") ?? "");
  } catch {
    // A browser that keeps nothing shows what the system has.
  }
  const known = languages.map((it) => it.slice(0, 2).toLowerCase()).filter((it) => ["de", "en"].includes(it));
  document.documentElement.lang = known[0] ?? "en";
}
