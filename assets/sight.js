// Lays out what was written of an answer only while somebody sees it, as high as it was. A browser has to
// have known how high: what is folded away stays as it is.
const seen = new IntersectionObserver((all) => {
  for (const { target, isIntersecting, boundingClientRect } of all) {
    if (isIntersecting || !boundingClientRect.height) continue;
    target.className = "blocks past";
    seen.unobserve(target);
  }
});

window.wickWritten = [];
wickWritten.push = ({ lastChild: group }) => {
  for (; group?.className === "blocks"; group = group.previousSibling) seen.observe(group);
};
