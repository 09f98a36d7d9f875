// Hover or focus shows both ways which words prove which value: all that share a key light up.
(() => {
  "use strict";
  const sharing = new Map();
  for (const one of document.querySelectorAll("[data-keys]")) {
    for (const key of one.dataset.keys.split(" ")) {
      if (!sharing.has(key)) sharing.set(key, []);
      sharing.get(key).push(one);
    }
  }
  let lit = [];
  const light = (from) => {
    for (const one of lit) one.classList.remove("lit");
    lit = [];
    const at = from instanceof Element ? from.closest("[data-keys]") : null;
    if (!at) return;
    for (const key of at.dataset.keys.split(" ")) lit.push(...sharing.get(key));
    for (const one of lit) one.classList.add("lit");
  };
  document.addEventListener("pointerover", (event) => light(event.target));
  document.addEventListener("focusin", (event) => light(event.target));
  document.addEventListener("focusout", () => light(null));
  document.addEventListener("pointerleave", () => light(null));
})();
