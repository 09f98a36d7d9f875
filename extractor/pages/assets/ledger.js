// Filters of a ledger: rows are shown or hidden, and what may be summed of those shown is summed.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");
  const form = document.querySelector(".filters");
  const rows = [...document.querySelectorAll(".rows > li")];
  const told = document.querySelector("#shown");
  // As the tracker folds words: in small letters, without marks.
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/đ/g, "d").replace(/\p{M}/gu, "").replace(/\s+/g, " ");
  const words = new Map();
  const said = (row) => {
    if (!words.has(row)) words.set(row, plain(row.textContent));
    return words.get(row);
  };
  const apply = () => {
    const asked = Object.fromEntries(new FormData(form));
    const phrases = [...plain(asked.q.trim()).matchAll(/"([^"]+)"|(\S+)/g)].map((found) => found[1] || found[2]);
    const sums = new Map();
    let count = 0;
    for (const row of rows) {
      const data = row.dataset;
      const fits =
        ["kind", "year", "currency", "status", "summed"].every((name) => !asked[name] || data[name] === asked[name]) &&
        phrases.every((phrase) => said(row).includes(phrase));
      row.hidden = !fits;
      if (!fits) continue;
      count += 1;
      if (data.summed !== "yes") continue;
      const [low, high] = sums.get(data.currency) || [0, 0];
      sums.set(data.currency, [low + Number(data.low), high + Number(data.high)]);
    }
    const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 2 });
    const parts = [...sums].sort().map(([unit, [low, high]]) => `${number(low)}${high === low ? "" : ` to ${number(high)}`} ${unit}`);
    told.textContent = `${number(count)} of ${number(rows.length)} shown${parts.length ? `; sums of these: ${parts.join(", ")}` : ""}.`;
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
