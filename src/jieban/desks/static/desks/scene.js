// Photos from the place: kept on the telephone, in the browser's database, until the server has said that it has them.
"use strict";

(() => {
  const page = document.querySelector("[data-scene]");
  const account = (page || document.querySelector("[data-photos-of]") || { dataset: {} }).dataset;
  const owner = account.account || account.photosOf;
  if (!owner || !window.indexedDB) return;
  const RETRY = 20000;

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("jieban-photos", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  // What is written counts once the transaction has ended: before that a full telephone may still refuse it.
  const within = async (mode, work) => {
    const base = await opened;
    return new Promise((resolve, reject) => {
      const transaction = base.transaction("photos", mode);
      const asked = work(transaction.objectStore("photos"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  const keep = (photo) => within("readwrite", (store) => store.put(photo));
  const drop = (id) => within("readwrite", (store) => store.delete(id));
  const kept = async () => (await within("readonly", (store) => store.getAll())).filter((each) => each.account === owner);

  const tell = (...said) => {
    const told = page && page.querySelector("[data-told]");
    if (!told) return;
    told.replaceChildren(...said);
    told.hidden = !told.textContent;
  };
  const here = (photo) => Boolean(page) && photo.number === page.dataset.number && String(photo.handling) === page.dataset.handling;
  // Of this page, how many photos of each kind have arrived since it was opened.
  const arrived = new Map();
  const tellArrived = (photo, at) => {
    if (!here(photo)) return;
    const side = page.querySelector(`[data-kind="${CSS.escape(photo.kind)}"] h2`);
    if (!side) return;
    arrived.set(side.textContent, (arrived.get(side.textContent) || 0) + 1);
    const pieces = [...arrived].map(([kind, n]) => word("pieces").replace("{kind}", kind).replace("{n}", n));
    const moment = document.createElement("span");
    moment.className = "unbroken";
    moment.textContent = at;
    const [before, after] = word("arrived").replace("{what}", pieces.join("、")).split("{at}");
    tell(before, moment, after);
  };
  const shown = new Map();
  const say = (photo, text, refused) => {
    if (!here(photo)) return;
    const list = page.querySelector(`[data-kind="${CSS.escape(photo.kind)}"] [data-taken]`);
    if (!list) return;
    let line = shown.get(photo.id);
    if (!line) {
      line = document.createElement("li");
      const frame = document.createElement("span");
      frame.className = "shot";
      const picture = document.createElement("img");
      picture.src = URL.createObjectURL(photo.blob);
      picture.alt = "";
      frame.append(picture);
      const words = document.createElement("span");
      words.className = "small quiet";
      line.append(frame, words);
      list.prepend(line);
      shown.set(photo.id, line);
    }
    line.querySelector("span.small").textContent = text;
    line.classList.toggle("refused", Boolean(refused));
    line.querySelector("span.small").classList.toggle("quiet", !refused);
    if (refused && !line.querySelector("button")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = page.dataset.drop;
      button.addEventListener("click", async () => {
        await drop(photo.id);
        line.remove();
        shown.delete(photo.id);
      });
      line.append(button);
    }
  };
  const word = (name) => (page ? page.dataset[name] : "");
  // What has arrived can be taken back at once: one sees that it is the wrong one when one sees it.
  const offer = (photo, address) => {
    const line = shown.get(photo.id);
    if (!line || !address) return;
    const link = document.createElement("a");
    link.className = "small take-back";
    link.href = `${address}?back=${encodeURIComponent(word("back"))}`;
    link.textContent = word("away");
    link.setAttribute("aria-label", `${word("away")}${line.closest("[data-kind]").querySelector("h2").textContent}`);
    line.append(link);
  };

  const send = async (photo) => {
    const form = new FormData();
    form.append("kind", photo.kind);
    form.append("handling", photo.handling);
    form.append("files", photo.blob, photo.name);
    const token = document.querySelector("meta[name=csrf-token]");
    return fetch(`/desk/orders/${encodeURIComponent(photo.number)}/attach/`, {
      method: "POST",
      body: form,
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token ? token.content : "" },
    });
  };

  const refuse = async (photo, text) => {
    photo.refused = text;
    await keep(photo);
    say(photo, text, true);
  };

  // One photo after the other; the first that finds no way ends the round, the rest wait for the next.
  const round = async () => {
    for (const photo of await kept()) {
      if (photo.refused) continue;
      say(photo, word("sending"));
      let answer;
      try {
        answer = await send(photo);
      } catch {
        say(photo, word("waiting"));
        tell(word("offline"));
        return;
      }
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        say(photo, word("waiting"));
        tell(word("again"));
        return;
      }
      if (answer.status >= 500) {
        say(photo, word("waiting"));
        return;
      }
      const told = await answer.json().catch(() => null);
      const file = told && told.files && told.files[0];
      if (file && file.kept) {
        await drop(photo.id);
        say(photo, `${word("sent")} ${file.at}`);
        offer(photo, file.withdraw);
        tell("");
        tellArrived(photo, file.at);
      } else if (file && file.again) {
        say(photo, word("waiting"));
        return;
      } else {
        await refuse(photo, file ? `${file.what}${file.fix}` : String(answer.status));
      }
    }
  };
  let running = false;
  let again = false;
  const flush = async () => {
    // What is taken while a round is under way goes in the next.
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        // Another page of ours may be sending the same: one at a time.
        if (navigator.locks) await navigator.locks.request("jieban-photos", { ifAvailable: true }, (lock) => (lock ? round() : null));
        else await round();
      }
    } finally {
      running = false;
    }
  };

  const take = async (input) => {
    const kind = input.closest("[data-kind]").dataset.kind;
    const files = [...input.files];
    for (const file of files) {
      const photo = {
        account: owner,
        number: page.dataset.number,
        handling: page.dataset.handling,
        kind,
        name: file.name || "photo",
        // A copy in memory: the telephone may take the camera's own file away before it is sent.
        blob: new Blob([await file.arrayBuffer()], { type: file.type }),
        refused: "",
      };
      try {
        photo.id = await keep(photo);
        say(photo, word("waiting"));
      } catch {
        tell(word("full"));
      }
    }
    input.value = "";
    flush();
  };
  document.addEventListener("change", (event) => {
    const input = event.target.closest("[data-take]");
    if (input && page) take(input);
  });
  // Where the signal is weak, somebody is quicker than this script.
  for (const input of page ? page.querySelectorAll("[data-take]") : []) if (input.files.length) take(input);

  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(flush, RETRY);
  kept().then((photos) => {
    for (const photo of photos) say(photo, photo.refused || word("waiting"), Boolean(photo.refused));
    return flush();
  });
})();
