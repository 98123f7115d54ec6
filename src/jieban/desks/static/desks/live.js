// What pages ask for again and again: only while somebody looks, farther apart while the server is away (and said so),
// and never at the price of what is half typed when a sign-in ends.
"use strict";

(() => {
  const WAITS = [5, 10, 20, 40, 80, 160];
  const TYPED = "jieban:typed";
  const KEEPS = 12 * 60 * 60 * 1000;
  let failed = 0;
  let notBefore = 0;
  let timer = 0;

  const polls = (element) => Boolean(element && element.matches && element.matches("[data-live], [hx-trigger^='every']"));
  const now = () => document.body.dispatchEvent(new CustomEvent("live-now"));
  const banner = (shown) => {
    const away = document.getElementById("away");
    if (away) away.hidden = !shown;
  };

  const away = () => {
    const wait = WAITS[Math.min(failed, WAITS.length - 1)] * 1000;
    failed += 1;
    notBefore = Date.now() + wait;
    clearTimeout(timer);
    timer = setTimeout(retry, wait);
    banner(true);
  };
  const retry = () => {
    notBefore = 0;
    if (!document.hidden) now();
  };
  const back = () => {
    failed = 0;
    notBefore = 0;
    clearTimeout(timer);
    banner(false);
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!polls(event.detail.elt)) return;
    if (document.hidden || Date.now() < notBefore) event.preventDefault();
  });
  // The order that the page has open, whose form, and as of which event.
  const opened = () => {
    const order = document.querySelector("[data-order]");
    const form = document.querySelector("form[data-act]");
    const said = {};
    if (order || form) said.open = order ? order.dataset.order : form.getAttribute("action").split("/")[3];
    if (order && order.dataset.seen) said.seen = order.dataset.seen;
    if (form) said.doing = form.dataset.act;
    return said;
  };
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.matches("[data-live]")) Object.assign(event.detail.parameters, opened());
  });
  // While the answer was under way one may have gone on to another order, or to where a piece of it has no place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, parameters } = event.detail.requestConfig;
    if (!elt.matches("[data-live]") || event.detail.xhr.status !== 200) return;
    const now = opened();
    const same = ["open", "seen"].every((name) => (parameters[name] || "") === (now[name] || ""));
    const answer = document.createElement("template");
    answer.innerHTML = event.detail.serverResponse;
    const astray = [...answer.content.querySelectorAll("[hx-swap-oob][id]")].filter(
      (piece) => !document.getElementById(piece.id) || (piece.id === "present" && !same),
    );
    if (!astray.length) return;
    for (const piece of astray) piece.remove();
    event.detail.serverResponse = answer.innerHTML;
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, away);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!polls(event.detail.requestConfig.elt) || event.detail.xhr.status < 400) return;
    event.detail.shouldSwap = false; // the page of a fault is none of a list
    event.detail.isError = false;
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const status = event.detail.xhr.status;
    if ((status >= 502 && status !== 507) || (polls(event.detail.elt) && status >= 500)) away();
    else back();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() >= notBefore) now();
  });
  addEventListener("online", retry);
  addEventListener("offline", () => banner(true));

  // What is typed in forms: kept in this tab when the sign-in ended, and put back after signing in again as the same
  // person. A form whose script keeps drafts of its own is left to that.
  const plain = (field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type);
  const changed = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected && (option.selected || option.defaultSelected));
    return field.value !== field.defaultValue;
  };
  const forms = () => [...document.querySelectorAll("main form[method=post]")].filter((form) => !form.closest("#call"));
  const values = (form) =>
    [...form.elements].filter((field) => plain(field) || field.name === "seen" || field.name === "handling").map((field) => ({
      name: field.name,
      value: field.value,
      checked: Boolean(field.checked),
      chosen: field.options ? [...field.options].filter((option) => option.selected).map((option) => option.value) : null,
    }));

  // `pending`: sent, and not known yet whether it was taken; what the next page is, tells.
  const keep = (pending) => {
    sessionStorage.removeItem(TYPED);
    const kept = forms().filter((form) => [...form.elements].some((field) => plain(field) && changed(field)));
    if (!kept.length) return;
    const said = { account: document.body.dataset.account, at: Date.now(), path: location.pathname, pending };
    said.forms = kept.map((form) => ({ action: form.getAttribute("action") || "", act: form.dataset.act || "", values: values(form) }));
    try {
      sessionStorage.setItem(TYPED, JSON.stringify(said));
    } catch {
      // No room for it: the sign-in goes on all the same.
    }
  };

  const fill = (form, fields) => {
    const taken = new Set();
    for (const said of fields) {
      const field = [...form.elements].find((each) => each.name === said.name && !taken.has(each) && (!["checkbox", "radio"].includes(each.type) || each.value === said.value));
      if (!field) continue;
      taken.add(field);
      if (field.options) for (const option of field.options) option.selected = said.chosen.includes(option.value);
      else if (field.type === "checkbox" || field.type === "radio") field.checked = said.checked;
      else field.value = said.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  // A form that gives way to another, or to another order, is found as it was left when it is opened again: whoever
  // replies goes to fetch a photo first. On this page only, and not after it was given up or sent.
  const left = new Map();
  const keyOf = (form) => `${form.getAttribute("action")} ${form.elements.handling ? form.elements.handling.value : ""}`;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.verb !== "get") return;
    for (const form of event.detail.target.querySelectorAll("form[data-act]")) {
      if ([...form.elements].some((field) => plain(field) && changed(field))) left.set(keyOf(form), values(form));
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "act" || event.detail.requestConfig.verb !== "get") return;
    for (const form of event.detail.target.querySelectorAll("form[data-act]")) {
      // What is seen is what the form says now: others may have done something meanwhile.
      if (left.has(keyOf(form))) fill(form, left.get(keyOf(form)).filter((field) => field.name !== "seen"));
      left.delete(keyOf(form));
    }
  });

  // Whoever comes back has to know that what stands there was not taken.
  const tell = (form) => {
    if (form.querySelector("[data-held]")) return;
    const told = document.createElement("p");
    told.className = "notice";
    told.dataset.held = "";
    told.setAttribute("role", "status");
    told.textContent = "刚才的没有提交。您写的已放回原处，请看一遍再提交。";
    form.prepend(told);
  };

  const find = (said) => forms().find((form) => (form.getAttribute("action") || "") === said.action && (form.dataset.act || "") === said.act);
  const open = (said) => {
    const handling = said.values.find((field) => field.name === "handling");
    const address = said.action + (handling ? `?handling=${encodeURIComponent(handling.value)}` : "");
    htmx.ajax("GET", address, { target: "#act" }).then(() => {
      const form = find(said);
      if (!form) return;
      fill(form, said.values);
      tell(form);
    });
  };
  const restore = () => {
    const text = sessionStorage.getItem(TYPED);
    const again = document.querySelector("[data-again] [data-onward]");
    if (!text) {
      if (again) location.replace(again.href);
      return;
    }
    const said = JSON.parse(text);
    if (again || document.querySelector("[data-untaken]")) {
      sessionStorage.setItem(TYPED, JSON.stringify({ ...said, pending: false }));
      if (again) location.replace(again.href);
      return;
    }
    if (!document.body.dataset.account) return;
    sessionStorage.removeItem(TYPED);
    if (said.pending) return;
    if (said.account !== document.body.dataset.account || Date.now() - said.at > KEEPS || said.path !== location.pathname) return;
    for (const each of said.forms) {
      const form = find(each);
      if (form) {
        fill(form, each.values);
        tell(form);
      } else if (each.act && document.getElementById("act")) open(each);
    }
  };

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    const to = event.detail.xhr.getResponseHeader("HX-Redirect");
    if (!to) return;
    event.preventDefault();
    keep(false);
    location.assign(to);
  });
  // A form without htmx leaves with its page: should nobody be signed in any more, the answer says so.
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.matches("main form[method=post]")) keep(true);
  });
  restore();
})();
