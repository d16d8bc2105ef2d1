// Starts the collection client.
import { render } from "preact";
import { App } from "./app.jsx";
import { askForPersistence, takeKeyFromAddress } from "./enrolment.js";
import { spoken } from "./i18n.js";
import { keepInContact } from "./sending.js";
import { openStore, setting } from "./store.js";
import { registerServiceWorker } from "./worker.js";

const root = document.getElementById("app");

async function start() {
  await openStore();
  await takeKeyFromAddress();
  addEventListener("hashchange", () => location.reload());
  const language = spoken(await setting("language"), ...navigator.languages);
  render(<App startLanguage={language} />, root);
  registerServiceWorker();
  keepInContact();
  askForPersistence();
}

start().catch((error) => {
  console.error(error);
  render(<App startLanguage={spoken(...navigator.languages)} broken />, root);
});
