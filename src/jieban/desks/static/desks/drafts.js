// Drafts of a kind (a call's, an act's): kept in this browser while a form is filled in, so that a lost connection or a
// closed tab loses nothing, and no longer than that. `leave.js` takes all of them away at sign-out.
"use strict";

window.jiebanDrafts = (kind) => {
  const TAB = `jieban:${kind}`;
  const PREFIX = `${TAB}:`;
  const LONGEST = 12 * 60 * 60 * 1000;

  const key = (account, id) => `${PREFIX}${account}:${id}`;

  function read(name) {
    try {
      const said = JSON.parse(localStorage.getItem(name));
      return said && typeof said.at === "number" && said.values ? said : null;
    } catch {
      return null;
    }
  }

  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

  // Whoever else worked here, and whatever is older than a shift, leaves nothing behind.
  function tidy(account) {
    for (const name of names()) {
      const said = read(name);
      if (!said || !name.startsWith(key(account, "")) || Date.now() - said.at > LONGEST) localStorage.removeItem(name);
    }
  }

  function keep(account, id, values) {
    try {
      localStorage.setItem(key(account, id), JSON.stringify({ at: Date.now(), values }));
      return true;
    } catch {
      return false;
    }
  }

  return {
    tidy,
    keep,
    drop: (account, id) => localStorage.removeItem(key(account, id)),
    of: (account, id) => read(key(account, id)),
    // The other drafts of an account, the latest first.
    others: (account, id) =>
      names()
        .filter((name) => name.startsWith(key(account, "")) && name !== key(account, id))
        .map((name) => ({ id: name.slice(key(account, "").length), ...read(name) }))
        .sort((one, other) => other.at - one.at),
    // The form that this tab was at, over a reload.
    here: () => sessionStorage.getItem(TAB),
    be: (id) => sessionStorage.setItem(TAB, id),
  };
};
