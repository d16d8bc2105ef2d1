// Beside htmx on the page of a guided question: says what is not saved yet, tries again when the network failed,
// and lets a save that is under way finish before the next one.

const RETRY_AFTER = 10_000; // milliseconds
const LARGEST_KEPT_ALIVE = 60_000; // letters; browsers refuse 64 KiB

const form = document.querySelector("#answer-form");
const saved = document.querySelector("#saved");
let changes = 0; // counted, to know whether the last one was sent
let sent = 0;
let underWay = 0;
let pressed = null; // a button that waits for a save under way

function say(sentence) {
  saved.querySelectorAll("p").forEach((paragraph) => paragraph.remove());
  const paragraph = document.createElement("p");
  paragraph.textContent = sentence;
  saved.append(paragraph);
}

function showLocalTime() {
  for (const time of saved.querySelectorAll("time")) {
    const format = { dateStyle: "medium", timeStyle: "short" };
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, format);
  }
}

function pressAgain() {
  if (underWay || !pressed) return;
  const button = pressed;
  pressed = null;
  form.requestSubmit(button);
}

form.addEventListener("input", () => {
  changes += 1;
  if (changes === sent + 1) say(saved.dataset.waiting);
});

form.addEventListener("htmx:before:request", (event) => {
  const request = event.detail.ctx.request;
  underWay += 1;
  sent = changes;
  // a request that waited for another one must build on the version which that one made
  request.body.set("version", form.elements.version.value);
  // whoever leaves the page by a link takes nothing along
  request.keepalive = String(request.body).length < LARGEST_KEPT_ALIVE;
});

form.addEventListener("htmx:after:swap", showLocalTime);

form.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx.response.status;
  if (status !== 409) say(status < 500 ? saved.dataset.expired : saved.dataset.failed);
});

form.addEventListener("htmx:error", () => {
  sent = changes - 1;
  say(saved.dataset.failed);
  setTimeout(() => form.dispatchEvent(new Event("change")), RETRY_AFTER);
});

form.addEventListener("htmx:finally:request", () => {
  underWay -= 1;
  setTimeout(pressAgain); // after htmx has started the request that waited, if there is one
});

form.addEventListener("submit", (event) => {
  sent = changes;
  if (underWay) {
    event.preventDefault();
    pressed = event.submitter;
  }
});

window.addEventListener("beforeunload", (event) => {
  if (sent !== changes) event.preventDefault();
});

showLocalTime();
