// Sets the language, the colours that were chosen and whether code has numbers, before anything is painted.
const wordsOf = {words.txt};
{
  const languages = [...navigator.languages, "en"];
  try {
    const theme = localStorage.getItem("wick-theme");
    if (localStorage.getItem("wick-numbers")) document.documentElement.dataset.numbers = "";
    if (["light", "dark", "contrast"].includes(theme)) document.documentElement.dataset.theme = theme;
    languages.unshift(localStorage.getItem("wick-language") ?? "");
  } catch {
    // A browser that keeps nothing shows what the system has.
  }
  document.documentElement.lang = languages.map((it) => it.slice(0, 2).toLowerCase()).find((it) => it in wordsOf);
}
