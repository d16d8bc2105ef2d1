// Beside htmx on the page of a guided question: says what is not saved yet, and tries again when the network failed.

const RETRY_AFTER = 10_000; // milliseconds

const form = document.querySelector("#answer-form");
const saved = document.querySelector("#saved");
let changedAt = 0; // counts changes, to know whether the last one was sent
let sentAt = 0;

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

form.addEventListener("input", () => {
  changedAt += 1;
  if (changedAt === sentAt + 1) say(saved.dataset.waiting);
});

form.addEventListener("htmx:before:request", (event) => {
  sentAt = changedAt;
  // a request that waited for another one must build on the version which that one made
  event.detail.ctx.request.body.set("version", form.elements.version.value);
});

form.addEventListener("htmx:after:swap", showLocalTime);

form.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx.response.status;
  if (status !== 409) say(status < 500 ? saved.dataset.expired : saved.dataset.failed);
});

form.addEventListener("htmx:error", () => {
  sentAt = changedAt - 1;
  say(saved.dataset.failed);
  setTimeout(() => form.dispatchEvent(new Event("change")), RETRY_AFTER);
});

form.addEventListener("submit", () => {
  sentAt = changedAt;
});

window.addEventListener("beforeunload", (event) => {
  if (sentAt !== changedAt) event.preventDefault();
});

showLocalTime();
