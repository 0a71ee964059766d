// Who this browser is: signs it in where the address says so, and shows what it has with every request.

// Pages of other ports of this host are sent the cookie too, but they can't read this.
let secret = "";
try {
  secret = localStorage.getItem("wick-secret") ?? "";
  // Another tab was signed in or out.
  addEventListener("storage", ({ key }) => key === "wick-secret" && location.reload());
} catch {
  // A browser that keeps nothing is signed in until its page is closed.
}

// A link that is opened in a tab of Wick only changes the address.
addEventListener("hashchange", () => /^#(key|pair)=/.test(location.hash) && location.reload());

window.wickFetch = (address, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set("wick-secret", secret);
  return fetch(address, Object.assign(init, { headers }));
};

window.wickProtocols = () => (secret ? ["wick", secret] : ["wick"]);

const own = async (address) => {
  const answer = await wickFetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer;
};

window.wickShow = async (picture, address) => {
  const drawn = await (await own(address)).text();
  picture.dataset.of = address;
  picture.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
};

// A link to a file shows nothing of who asks, so the page fetches the file.
addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href^='/export/']");
  if (!link) return;
  event.preventDefault();
  const file = document.createElement("a");
  file.href = URL.createObjectURL(await (await own(link.pathname)).blob());
  file.download = link.pathname.replace("/export/", "wick-");
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 60_000);
});

// Whether this browser is signed in: the answer's status says so. Where Wick is off there is none. What a
// person has to know meanwhile is said in words, which are on their way.
const signIn = async (words) => {
  const [, kind, code] = /^#(key|pair)=(\w+)$/.exec(location.hash) ?? [];
  if (!code) return wickFetch("/sign-in");
  // Nobody else is to see it.
  history.replaceState(null, "", "/");
  const isPhone = kind === "pair";
  if (isPhone) {
    const [said, shown] = await Promise.all([words, fetch("/pair")]);
    // Empty where nothing is encrypted.
    const both = await shown.text();
    says(said[{door.let_in}], both && ` ${said[{door.both_show}].replace("{0}", both)}`);
  }
  const headers = { "content-type": "application/json" };
  const answer = await wickFetch(isPhone ? "/pair" : "/sign-in", { method: "POST", headers, body: JSON.stringify({ code }) });
  if (answer.status === 200) {
    ({ secret } = await answer.json());
    try {
      localStorage.setItem("wick-secret", secret);
    } catch {
      // As above.
    }
  }
  return answer;
};
