// Whoever signs out leaves nothing of what they typed in this browser: on every page from which one can sign out.
"use strict";

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[action='/account/logout/']")) return;
  for (const kept of [localStorage, sessionStorage]) {
    for (const name of Object.keys(kept)) if (name.startsWith("jieban:")) kept.removeItem(name);
  }
});
