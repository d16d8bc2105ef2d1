// How the device gets its token: once, from the fragment of the address, which never reaches a server or a log.
import { saveSettings, setting } from "./store.js";

/** Reads `#key=…`, keeps the token and takes it out of the address bar. */
export async function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!key) return;
  history.replaceState(null, "", location.pathname);
  const deviceId = (await setting("deviceId")) ?? `eveil:${crypto.randomUUID()}`;
  await saveSettings({ token: key, deviceId });
}

/** Asks the browser never to clear our storage by itself. Some grant it at once, some only once the page is well used. */
export async function askForPersistence() {
  if (await setting("token")) await navigator.storage?.persist?.();
}
