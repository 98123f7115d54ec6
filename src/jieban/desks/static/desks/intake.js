// The screen of a call: what is looked up while one types, the keys, and the draft that outlives a lost connection.
"use strict";

(() => {
  const drafts = window.jiebanDrafts("call");
  const by = (id) => document.getElementById(id);
  const form = () => by("call-form");
  const account = () => by("call").dataset.account;
  const field = (name) => form().elements.namedItem(name);
  const UNTAKEN = "jieban-call-untaken";
  const STARTING = new Set(["channel", "urgency", "course"]);
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "form_id", "step"]);

  // ---- What is looked up: which field makes which panel stale, and after how long a rest.
  const PANELS = {
    caller: { rest: 250, of: new Set(["phone", "anonymous", "confidential", "request_type"]) },
    preview: {
      rest: 350,
      of: new Set(["content", "summary", "address", "topic", "place", "request_type", "urgency", "channel"]),
    },
    similar: { rest: 500, of: new Set(["content", "summary", "topic", "place"]) },
    articles: { rest: 450, of: new Set(["content", "summary", "topic"]) },
  };
  const waiting = {};

  function stale(panel, rest) {
    clearTimeout(waiting[panel]);
    waiting[panel] = setTimeout(() => by(panel) && window.htmx.trigger(by(panel), "stale"), rest);
  }

  function changed(name) {
    for (const [panel, { rest, of }] of Object.entries(PANELS)) if (of.has(name)) stale(panel, rest);
  }

  // ---- The draft.
  const tell = (what) => { by("kept").textContent = what ? by("kept").dataset[what] : ""; };

  function values() {
    const said = {};
    for (const [name, value] of new FormData(form())) if (!NOT_KEPT.has(name)) said[name] = value;
    return said;
  }

  const filled = (said) => Object.entries(said).some(([name, value]) => value && !STARTING.has(name));

  function keep() {
    const said = values();
    const id = field("form_id").value;
    if (!filled(said)) drafts.drop(account(), id);
    tell(!filled(said) ? "" : drafts.keep(account(), id, said) ? "kept" : "full");
  }

  function fill(id, said) {
    field("form_id").value = id;
    for (const control of form().elements) {
      if (!control.name || NOT_KEPT.has(control.name) || control.type === "submit") continue;
      if (control.type === "radio") control.checked = said[control.name] === control.value;
      else if (control.type === "checkbox") control.checked = control.name in said;
      else control.value = said[control.name] || "";
      if (control.tagName === "SELECT") control.dispatchEvent(new Event("set"));
    }
    showLink();
    for (const panel of Object.keys(PANELS)) stale(panel, 0);
  }

  function take(id) {
    const draft = drafts.of(account(), id);
    if (!draft) return false;
    fill(id, draft.values);
    drafts.be(id);
    tell("back");
    offer();
    return true;
  }

  // Other drafts of this account: of a tab that was closed, or of a call that had to wait.
  function offer() {
    const place = by("drafts");
    const others = drafts.others(account(), field("form_id").value);
    place.hidden = !others.length;
    const said = document.createElement("strong");
    said.textContent = place.dataset.said;
    const rows = others.slice(0, 3).map((each) => {
      const row = document.createElement("div");
      row.className = "draft";
      const what = document.createElement("span");
      const text = each.values.content || each.values.summary || "";
      const when = new Date(each.at).toTimeString().slice(0, 5);
      what.textContent = `${when} ${each.values.phone || each.values.name || place.dataset.nobody} ${text.slice(0, 16)}`;
      row.append(what, button(place.dataset.take, () => { take(each.id); field("phone").focus(); }));
      row.append(button(place.dataset.drop, () => { drafts.drop(account(), each.id); offer(); }));
      return row;
    });
    place.replaceChildren(said, ...rows);
  }

  function button(name, done) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "small";
    made.textContent = name;
    made.addEventListener("click", done);
    return made;
  }

  // ---- The link to an earlier order, and the suggestions.
  function showLink() {
    by("repeat").hidden = !field("repeat_of").value;
    by("repeat-number").textContent = field("repeat_of").value;
  }

  function link(number, why) {
    field("repeat_of").value = number;
    field("repeat_by").value = why;
    showLink();
    keep();
  }

  function pick(name, value) {
    const select = field(name);
    select.value = value;
    select.dispatchEvent(new Event("set"));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function useHints() {
    for (const name of ["topic", "place"]) {
      const [hint, ...others] = document.querySelectorAll(`[data-pick="${name}"]`);
      // Of two places of one name somebody has to choose.
      if (hint && !field(name).value && !(name === "place" && others.length)) pick(name, hint.dataset.value);
    }
  }

  // ---- Keys.
  let last = null;

  function course(value) {
    const asked = form().querySelector(`input[name=course][value=${value}]`);
    const back = asked.checked;
    (back ? form().querySelector("input[name=course]") : asked).checked = true;
    asked.dispatchEvent(new Event("change", { bubbles: true }));
    const fold = form().querySelector(`.when-${value}`);
    if (back) return;
    fold.querySelector("textarea, input:not([hidden])").focus({ preventScroll: true });
    fold.scrollIntoView({ block: "end" });
  }

  function closeOrder() {
    by("order").replaceChildren();
    (last && last.isConnected ? last : field("phone")).focus();
  }

  // The one that is looked at; else an earlier order of the caller that reads alike, one that reads alike, the latest.
  function toLink() {
    const row = document.activeElement.closest("#caller li, #similar li");
    if (row) return row.querySelector("[data-link]");
    const own = [...by("caller").querySelectorAll("[data-link]")];
    const reads = (each) => by("similar").querySelector(`[href="/desk/orders/${each.dataset.link}/"]`);
    return own.find(reads) || by("similar").querySelector("[data-link]") || own[0];
  }

  function toggleLink() {
    const one = toLink();
    if (field("repeat_of").value) link("", "");
    else if (one) link(one.dataset.link, one.dataset.by);
  }

  const KEYS = {
    F2: () => { keep(); window.htmx.ajax("GET", "/desk/intake/", { target: "#call", swap: "outerHTML" }); },
    F3: () => field("content").focus(),
    F4: () => by("id_topic").focus(),
    F6: useHints,
    F7: toggleLink,
    F8: () => course("answer"),
    F9: () => course("refuse"),
    F10: () => {
      const first = document.querySelector("[data-beside]");
      if (first) first.focus();
    },
  };

  function stops() {
    const seen = new Set();
    return [...form().querySelectorAll("input, select, textarea, #record")].filter((each) => {
      if (each.type === "hidden" || each.hidden || !each.checkVisibility()) return false;
      if (each.type !== "radio") return true;
      const group = [...form().querySelectorAll(`input[name=${each.name}]`)];
      const stop = group.find((one) => one.checked) || group[0];
      if (seen.has(each.name) || each !== stop) return false;
      seen.add(each.name);
      return true;
    });
  }

  function onward(from) {
    const all = stops();
    const next = all[all.indexOf(from) + 1];
    if (next) next.focus();
  }

  function onKey(event) {
    if (event.isComposing || !form()) return;
    const at = document.activeElement;
    if (event.key === "Enter" && event.ctrlKey && !(at && at.closest("form"))) form().requestSubmit();
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key in KEYS) {
      event.preventDefault();
      KEYS[event.key]();
    } else if (event.key === "Escape") {
      if (by("order").childElementCount) closeOrder();
      else if (!at || !at.closest("#call-form")) (last && last.isConnected ? last : field("phone")).focus();
    } else if (at && at.form === form()) {
      inForm(event, at);
    } else if (at && at.matches("[data-beside], [data-link]") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const rows = [...document.querySelectorAll("[data-beside]")].filter((each) => each.checkVisibility());
      const row = at.closest("li").querySelector("[data-beside]");
      const next = rows[rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
      event.preventDefault();
      if (next) next.focus();
    }
  }

  function inForm(event, at) {
    if (event.key === "Enter" && at.tagName === "INPUT") {
      event.preventDefault();
      onward(at.type === "radio" ? stops().find((each) => each.name === at.name) : at);
    } else if (at.type === "radio" && /^[1-9]$/.test(event.key)) {
      const chosen = form().querySelectorAll(`input[name=${at.name}]`)[Number(event.key) - 1];
      if (!chosen) return;
      chosen.checked = true;
      chosen.focus();
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // ---- A form that has come: the page's own, or the one after a call.
  function begin(fresh) {
    const call = by("call");
    call.classList.add("scripted");
    if (call.dataset.recorded) drafts.drop(account(), call.dataset.recorded);
    drafts.tidy(account());
    const here = drafts.here();
    const back = fresh && here && take(here);
    if (!back) drafts.be(field("form_id").value);
    if (back && sessionStorage.getItem(UNTAKEN)) notice("untaken");
    sessionStorage.removeItem(UNTAKEN);
    offer();
    const wrong = form().querySelector("[aria-invalid]:not([hidden])");
    const first = wrong && wrong.tagName === "FIELDSET" ? wrong.querySelector("input") : wrong;
    (first || field("phone")).focus();
  }

  document.addEventListener("DOMContentLoaded", () => begin(true));
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt.id === "call") begin(false); });
  document.addEventListener("keydown", onKey);
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      if (!event.target.name || event.target.form !== form()) return;
      changed(event.target.name);
      keep();
    });
  }
  // An article that is cited makes the call one that is answered at the desk.
  document.addEventListener("jieban:cited", (event) => {
    if (event.target !== form()) return;
    if (!form().querySelector("input[name=course][value=answer]").checked) course("answer");
    keep();
  });
  document.addEventListener("jieban:uncited", (event) => { if (event.target === form()) keep(); });
  document.addEventListener("focusin", (event) => { if (event.target.form === form()) last = event.target; });
  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-pick], [data-link], #repeat button, #close-order");
    if (!at) return;
    event.preventDefault();
    if (at.dataset.pick) pick(at.dataset.pick, at.dataset.value);
    else if (at.dataset.link) link(at.dataset.link, at.dataset.by);
    else if (at.id === "close-order") closeOrder();
    else link("", "");
  });

  // ---- What goes wrong on the way: the form stays as it is.
  const notice = (id) => { for (const each of ["lost", "stale", "untaken"]) by(each).hidden = each !== id; };
  // The page opens anew or leads to the sign-in, and comes back: then it is to say that nothing was recorded.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.target === form() && event.detail.xhr.status === 401) sessionStorage.setItem(UNTAKEN, "1");
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form()) return;
    notice("");
    // Pressed once too often: the number of the last call must stay on the screen.
    if (!filled(values())) {
      event.preventDefault();
      tell("empty");
    }
  });
  document.addEventListener("htmx:sendError", (event) => { if (event.target === form()) notice("lost"); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "call" || event.detail.xhr.responseText.includes('id="call-form"')) return;
    event.detail.shouldSwap = false;
    notice("stale");
  });
})();
