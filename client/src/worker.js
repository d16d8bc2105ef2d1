// The service worker: keeps the application itself on the device, and says when a new version waits.
import { registerSW } from "virtual:pwa-register";
import { announceChange } from "./bus.js";

/** `ready`: the page opens without a network. `update`: call it to change over to the version that waits. */
export const application = { offlineCapable: "serviceWorker" in navigator, ready: false, update: null };

export function registerServiceWorker() {
  if (!application.offlineCapable) return;
  const update = registerSW({
    onNeedRefresh() {
      application.update = () => update(true);
      announceChange();
    },
  });
  navigator.serviceWorker.ready.then(loadEngine).then(() => {
    application.ready = true;
    announceChange();
  }, () => {}); // the network went away: the start page says that the device is not ready yet
}

/** This page may have been opened before the service worker: then only what it has loaded itself works offline. */
const loadEngine = () => import("./engine.js");
