// Sends a large file ahead of its form, in pieces (tus 1.0.0), so that a line that
// breaks, or a page that is closed, costs no more than what was on its way. Where that
// cannot be done, the form sends the file itself, as it does without this script.
const form = document.querySelector("form[data-uploads]");
const box = form && form.querySelector("[data-sending]");

const small = 256 << 10; // bytes that one request takes well, also on a bad line
const least = 64 << 10; // of a piece
const most = 1 << 20;
const patience = 120_000; // milliseconds for a piece
const tries = 40; // without anything arriving

const passing = [400, 404, 408, 409, 500, 502, 503, 504]; // answers after which it can go on

// ask makes a request of the protocol; no answer is null.
async function ask(method, address, headers, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(address, { method, body, headers: { "Tus-Resumable": "1.0.0", ...headers }, signal: stop.signal });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// rest waits a while, or until the line is back.
function rest(failed) {
  return new Promise((go) => {
    setTimeout(go, Math.min(500 * 2 ** failed, 30_000));
    addEventListener("online", go, { once: true });
  });
}

// show says how much of a file has arrived, in one of the texts of the page.
function show(text, done, total) {
  const mega = (bytes) => (bytes / 1e6).toFixed(1);
  box.hidden = false;
  box.querySelector("[role=status]").textContent = text.replace("{done}", mega(done)).replace("{total}", mega(total));
  const bar = box.querySelector("progress");
  bar.max = total;
  bar.value = done;
}

// The address of an upload is remembered for when the page is opened again.
const remembered = (file) => ["upload", file.name, file.size, file.lastModified].join(":");

function begin(file) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  return ask("POST", form.dataset.uploads, {
    "Upload-Length": file.size, "Upload-Metadata": "filename " + name, "Idempotency-Key": form.elements.key.value + file.size,
  });
}

function append(file, address, offset, piece) {
  const headers = { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
  return ask("PATCH", address, headers, file.slice(offset, offset + piece));
}

// send returns the ID of the upload, or nothing when too little arrives. What cannot
// be sent so at all is an error.
async function send(file) {
  let address = localStorage.getItem(remembered(file));
  let known = false; // how much has arrived
  let offset = 0;
  let piece = most;
  for (let failed = 0; !known || offset < file.size; ) {
    show(failed ? box.dataset.waiting : box.dataset.sending, offset, file.size);
    const beginning = !address;
    const answer = await (beginning ? begin(file) : known ? append(file, address, offset, piece) : ask("HEAD", address));
    if (answer && answer.ok) {
      if (beginning) {
        address = answer.headers.get("Location");
        localStorage.setItem(remembered(file), address);
      }
      const arrived = Number(answer.headers.get("Upload-Offset"));
      if (arrived > offset) failed = 0;
      if (known) piece = Math.min(2 * piece, most);
      [known, offset] = [true, arrived];
      continue;
    }
    const status = answer ? answer.status : 0;
    if (status === 401) {
      location.assign("/imports/new"); // to sign in again; what has arrived is remembered
      return new Promise(() => {});
    }
    if (status && (beginning ? status < 500 : !passing.includes(status))) throw new Error(status);
    if (++failed > tries) return "";
    [known, piece] = [false, Math.max(piece / 2, least)];
    if (status === 404) {
      [address, offset] = ["", 0];
      continue;
    }
    show(box.dataset.waiting, offset, file.size);
    await rest(failed);
  }
  return address.split("/").pop();
}

if (form) {
  const { file, upload } = form.elements;
  const button = form.querySelector("button");
  addEventListener("pageshow", () => {
    // after going back, too
    upload.value = "";
    file.disabled = button.disabled = false;
    box.hidden = true;
  });
  form.addEventListener("submit", async (event) => {
    const chosen = file.files[0];
    if (!chosen || chosen.size <= small) return;
    event.preventDefault();
    button.disabled = true;
    try {
      upload.value = await send(chosen);
      if (!upload.value) {
        box.querySelector("[role=status]").textContent = box.dataset.failed;
        button.disabled = false;
        return;
      }
      file.disabled = true;
    } catch {
      upload.value = "";
    }
    form.submit();
  });
}
