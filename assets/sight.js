// Lays out what was written of an answer only near to what somebody sees, as high as it was. A browser has
// to have known how high: what is folded away stays as it is.
let seen;

function see(all) {
  for (const { target, isIntersecting, boundingClientRect } of all) {
    if (isIntersecting || !boundingClientRect.height) continue;
    target.className = "blocks past";
    seen.unobserve(target);
  }
}

window.wickWritten = [];
wickWritten.push = ({ lastChild: group }) => {
  // A browser that is to leave out what it would still lay out, as it is near, does all twice at once.
  seen ??= new IntersectionObserver(see, { root: group.closest(".log"), rootMargin: "200%" });
  for (; group?.className === "blocks"; group = group.previousSibling) seen.observe(group);
};
