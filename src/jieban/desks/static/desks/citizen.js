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
