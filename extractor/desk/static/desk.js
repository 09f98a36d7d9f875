// The desk with a script: keys press the page's own buttons, words and values light up both ways, and
// a sentence of the article can be clicked where one is asked for. Without it all is links and forms.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const panel = () => one("#panel");
  const card = () => one(".card.current");
  const sharing = (key) => all(`[data-keys~="${CSS.escape(key)}"]`);

  // ---- which words prove which value

  let lit = [];
  const light = (from) => {
    for (const each of lit) each.classList.remove("lit");
    lit = [];
    const at = from instanceof Element ? from.closest("[data-keys]") : null;
    if (!at) return;
    for (const key of at.dataset.keys.split(" ")) lit.push(...sharing(key));
    for (const each of lit) each.classList.add("lit");
  };
  document.addEventListener("pointerover", (event) => light(event.target));
  document.addEventListener("focusin", (event) => light(event.target));
  document.addEventListener("focusout", () => light(null));

  // ---- the record that keys speak to

  const show = (target) => {
    // Only the article's own box moves, never the page under the reader.
    const box = target.closest(".text");
    if (!box || box.scrollHeight <= box.clientHeight) return;
    const inside = target.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (inside.top >= frame.top && inside.bottom <= frame.bottom) return;
    box.scrollTop += inside.top - frame.top - frame.height / 3;
  };
  const mark = () => {
    for (const each of all(".of-current")) each.classList.remove("of-current");
    for (const each of all(".asked-for")) each.classList.remove("asked-for");
    const at = card();
    if (at) {
      const cited = all(`.s[data-keys~="a-${CSS.escape(at.dataset.record)}"]`);
      for (const each of cited) each.classList.add("of-current");
      if (cited.length && !panel()) show(cited[0]);
    }
    const asked = one("[data-sentence]");
    const sentence = asked && one(`#a-s${CSS.escape(asked.value)}`);
    if (sentence) {
      sentence.classList.add("asked-for");
      show(sentence);
    }
  };
  const choose = (next, focus, scroll = true) => {
    if (!next) return;
    for (const each of all(".card.current")) {
      each.classList.remove("current");
      each.removeAttribute("aria-current");
    }
    next.classList.add("current");
    next.setAttribute("aria-current", "true");
    const place = new URL(location.href);
    place.searchParams.set("at", next.dataset.record);
    place.hash = "";
    if (!/\/(edit|new)$/.test(place.pathname)) history.replaceState(history.state, "", place);
    if (focus) {
      next.focus({ preventScroll: true });
      if (scroll) next.scrollIntoView({ block: "nearest" });
    }
    mark();
  };
  const move = (by) => {
    const cards = all(".card");
    const at = cards.indexOf(card());
    choose(cards[Math.min(Math.max(at + by, 0), cards.length - 1)], true);
  };
  document.addEventListener("click", (event) => {
    const at = event.target.closest(".card");
    if (at && !at.classList.contains("current")) choose(at, false);
  });

  // ---- keys

  const waiting = [];
  let busy = false;
  const press = (key) => {
    const scope = { a: 1, x: 1, space: 1, e: 1 }[key] ? card() : document;
    // Nothing is decided that is not in sight.
    const table = one('.views [value="table"]:checked');
    if (scope !== document && table) {
      one('.views [value="cards"]').click();
      return choose(card(), true);
    }
    const target = scope && one(`${scope === document ? "" : ":scope > .decide "}[data-key="${key}"]`, scope);
    if (target && !target.disabled) target.click();
  };
  const act = (key) => {
    if (panel() && key !== "Escape" && key !== "?") return;
    if (key === "ArrowDown" || key === "j") move(1);
    else if (key === "ArrowUp" || key === "k") move(-1);
    else if (key === "t") one(".views input:not(:checked)")?.click();
    else if (key === "?") one("#keys")?.showModal();
    else if (key === " ") press("space");
    else if (key === "Backspace") press("backspace");
    else if (key === "Escape") press("escape");
    else press(key);
  };
  const ours = new Set(["a", "x", " ", "e", "n", "t", "j", "k", "?", "ArrowDown", "ArrowUp", "Backspace", "Escape"]);
  const typed = (target) => target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!ours.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!one("#records") || one("dialog[open]")) return;
    if (event.key !== "Escape") {
      if (typed(target)) return;
      if (event.key === " " && target.closest("button, a, summary, input")) return;
      // What is typed while an answer is awaited is meant for what comes.
      if (panel() && !busy) {
        if (event.key !== "?") return within(event);
      } else if (target.closest(".views") && event.key.startsWith("Arrow")) return;
    }
    event.preventDefault();
    if (busy) waiting.push(event.key);
    else act(event.key);
  });
  const within = (event) => {
    const links = all("#panel .fields a");
    const at = links.indexOf(event.target);
    if (at < 0 || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    links[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), links.length - 1)].focus();
  };
  // In the list of fields a letter leads to the next one that begins with it.
  document.addEventListener("keydown", (event) => {
    const lines = all("#panel .fields a");
    const at = lines.indexOf(event.target);
    if (at < 0 || !/^[a-z]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = [...lines.slice(at + 1), ...lines.slice(0, at)].find((each) => each.dataset.field.startsWith(event.key));
    event.preventDefault();
    next?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".help") && one("#keys")) {
      event.preventDefault();
      one("#keys").showModal();
    }
  });

  // ---- pages of one question: a key presses the button that has it

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (one("#records") || event.ctrlKey || event.metaKey || event.altKey || typed(target)) return;
    if (event.key === " " && target.closest("button, a, summary, input")) return;
    const name = event.key === " " ? "space" : event.key.toLowerCase();
    const button = one(`[data-key="${CSS.escape(name)}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });

  // ---- choosing a sentence, and words of it

  let clicked = null;
  const ask = (number) => {
    const asked = one("[data-sentence]");
    if (!asked) return;
    asked.value = number;
    asked.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const sentence = event.target.closest(".text .s");
    if (!sentence || !(busy || one("[data-sentence]"))) return;
    event.preventDefault();
    // Like a key, a click while an answer is awaited is meant for what comes.
    if (busy) clicked = sentence.dataset.n;
    else ask(sentence.dataset.n);
  });
  // What is shown is of the sentence before until the answer comes: nothing of it can be chosen.
  const outdated = (from, is) => {
    for (const each of all("fieldset, .tools", from.closest("form"))) each.inert = is;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sentence]")) outdated(event.target, true);
  });
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      if (event.target.matches("[data-sentence]")) outdated(event.target, false);
    });
  }
  let anchor = null;
  const boxes = (from) => all("input[name=word]", from.closest("[data-words]"));
  const take = (list, first, last) => {
    const [low, high] = [Math.min(first, last), Math.max(first, last)];
    list.forEach((box, at) => (box.checked = at >= low && at <= high));
    const words = one('#field-form input[name=choice][value="words"]');
    if (words) words.checked = true;
  };
  const rove = (list, at) => list.forEach((box, other) => (box.tabIndex = other === at ? 0 : -1));
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("[data-words] input")) return;
    const list = boxes(box);
    const at = list.indexOf(box);
    rove(list, at);
    if (anchor === null) {
      take(list, at, at);
      anchor = at;
    } else {
      take(list, anchor, at);
      anchor = null;
    }
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches("[data-words] input")) return;
    const list = boxes(box);
    const at = list.indexOf(box);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -at, End: list.length - 1 - at };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = Math.min(Math.max(at + steps[event.key], 0), list.length - 1);
    if (event.shiftKey) {
      if (anchor === null) anchor = at;
      take(list, anchor, next);
    }
    rove(list, next);
    list[next].focus();
  });

  // ---- parts of the page that come anew

  let scrolled = 0;
  let field = "";
  const settle = (moves) => {
    const box = one("#article .text");
    if (box) box.scrollTop = scrolled;
    anchor = null;
    for (const group of all("[data-words]")) {
      const list = all("input", group);
      rove(list, Math.max(list.findIndex((each) => each.checked), 0));
    }
    const open = panel();
    if (open) {
      const lines = all(".fields a", open);
      const first = lines.find((each) => each.dataset.field === field) || lines[0];
      const wanted = [".option input:checked", ".option input", ".stack input:not([type=hidden])", ".stack select"];
      const target = first || wanted.map((each) => one(each, open)).find(Boolean);
      field = open.dataset.field || field;
      mark();
      // Who goes through the sentences goes on from the one that is chosen now.
      if (document.activeElement?.id !== "sentence") target?.focus({ preventScroll: true });
      if (moves) open.scrollIntoView({ block: "nearest" });
    } else {
      field = "";
      choose(card(), true, moves);
    }
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("#records")) busy = true;
  });
  document.addEventListener("htmx:beforeSwap", () => {
    scrolled = one("#article .text")?.scrollTop ?? 0;
  });
  const free = () => {
    busy = false;
    while (!busy && waiting.length) act(waiting.shift());
    if (busy || clicked === null) return;
    ask(clicked);
    clicked = null;
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (event.target !== target) return;
    if (target.id === "records") settle(true);
    if (busy) setTimeout(free);
  });
  document.addEventListener("htmx:sendError", () => {
    one("#said").textContent = "The service does not answer. What was saved before is safe: try again.";
    waiting.length = 0;
    clicked = null;
    busy = false;
  });
  const begin = () => {
    // In a narrow window what is found comes before what else could be asked for.
    const more = one("details.more");
    if (more && matchMedia("(max-width: 46rem)").matches) more.open = false;
    if (!one("#records")) return;
    scrolled = one("#article .text")?.scrollTop ?? 0;
    settle(false);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
