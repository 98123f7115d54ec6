// What the open pages do beyond their links and forms; each of them works without.

const first = document.querySelector("[data-first]");
if (first) first.focus();

const anonymous = document.querySelector("input[name=anonymous]");
const named = document.querySelector("[data-named]");
if (anonymous && named) {
  const show = () => { named.hidden = anonymous.checked; };
  anonymous.addEventListener("change", show);
  show();
}

// Photos that would be refused are told of before they are sent.
const photos = document.querySelector("#id_photos");
if (photos) {
  const wrong = photos.parentElement.querySelector("[data-photos-wrong]");
  photos.addEventListener("change", () => {
    const files = [...photos.files];
    const many = files.length > Number(photos.dataset.most);
    const large = files.some((file) => file.size > Number(photos.dataset.mib) * 1048576);
    wrong.textContent = many ? wrong.dataset.many : large ? wrong.dataset.large : "";
    wrong.hidden = !many && !large;
    if (many || large) photos.value = "";
  });
}

// So is a number that lacks a digit: after sending, photos would have to be chosen anew. What counts is the server's word.
const lacking = document.querySelector("[data-phone-wrong]");
if (lacking) {
  const phone = lacking.parentElement.querySelector("input");
  const digits = () => phone.value.normalize("NFKC").replace(/\D/g, "").replace(/^(?:00)?86(?=1\d{10}$)/, "");
  phone.addEventListener("change", () => {
    const { length } = digits();
    const mobile = digits().startsWith("1") && length !== 11 && length >= 7 && length <= 15;
    const none = !phone.value.trim() || (!mobile && length >= 7 && length <= 15);
    lacking.textContent = none ? "" : (mobile ? lacking.dataset.mobile : lacking.dataset.digits).replace("{n}", length);
    lacking.hidden = none;
  });
}

// How much more may be written is told once it is little; a line's end is sent as two characters.
const near = 200;
for (const said of document.querySelectorAll("textarea[data-most]")) {
  const told = said.parentElement.querySelector("[data-left]");
  const tell = () => {
    const left = Number(said.dataset.most) - said.value.trim().replaceAll("\n", "\r\n").length;
    told.hidden = left > near;
    told.textContent = (left < 0 ? told.dataset.over : told.dataset.left).replace("{n}", Math.abs(left));
  };
  said.addEventListener("input", tell);
  tell();
}

// What there is already on what somebody writes: the words go to this server alone, which keeps nothing of them.
const like = document.querySelector("[data-like]");
const content = document.querySelector("[data-filing] textarea[name=content]");
if (like && content) {
  let waiting = 0;
  let asked = "";
  const ask = async () => {
    const said = content.value.trim();
    if (said.length < 6 || said === asked) return;
    asked = said;
    const body = new FormData();
    body.set("content", said);
    body.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(like.dataset.like, { method: "POST", body, credentials: "same-origin" });
      if (answer.ok && asked === said) like.innerHTML = await answer.text();
    } catch {
      // Without a connection there is nothing to offer, and the form can be filled in all the same.
    }
  };
  content.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 800);
  });
}

// A form is sent once, however often the button is touched.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The work that stands for the sum: a number whose digest begins with so many zeros. Where it can't be done, the sum stays.
const filing = document.querySelector("[data-filing]");
if (filing && globalThis.crypto && crypto.subtle) {
  const { id, bits } = filing.dataset;
  const words = new TextEncoder();
  const work = async () => {
    for (let nonce = 0; nonce < 1e9; nonce += 1) {
      const digest = new DataView(await crypto.subtle.digest("SHA-256", words.encode(`${id}:${nonce}`)));
      if (digest.getUint32(0) >>> (32 - Number(bits)) === 0) return String(nonce);
    }
    return "";
  };
  work().then((nonce) => {
    filing.querySelector("input[name=nonce]").value = nonce;
    filing.querySelector("[data-sum]").hidden = true;
  });
}
