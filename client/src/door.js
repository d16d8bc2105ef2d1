// The one door to the server: OpenRosa with the token of this device. Cookies are never sent.
const DOOR = "/door";
const TIMEOUT_MS = 120_000;
const LIST = "http://openrosa.org/xforms/xformsList";
const MANIFEST = "http://openrosa.org/xforms/xformsManifest";

/** The door answered, but not with what was asked for. */
export class DoorError extends Error {
  constructor(response) {
    super(`The server answered ${response.status}.`);
    this.status = response.status;
  }
}

async function knock(address, token, options = {}) {
  // Addresses in the list are absolute and may name the server as it sees itself; the token stays with our own origin.
  const { pathname, search } = new URL(address, location.origin);
  return fetch(pathname + search, {
    ...options,
    headers: {
      Authorization: `Bearer ${token}`,
      "X-OpenRosa-Version": "1.0",
      "Accept-Language": document.documentElement.lang,
    },
    cache: "no-store",
    credentials: "omit",
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

async function get(address, token) {
  const response = await knock(address, token);
  if (response.status !== 200) throw new DoorError(response);
  return response;
}

export const fetchDevice = async (token) => (await get(`${DOOR}/device`, token)).json();

/** The forms of this device, each with a `key` that changes with every change of the form. */
export async function fetchFormList(token) {
  const list = await xml(await get(`${DOOR}/formList`, token));
  return [...list.getElementsByTagNameNS(LIST, "xform")].map((form) => {
    const [formId, version, hash] = ["formID", "version", "hash"].map((name) => child(form, LIST, name));
    return {
      key: [formId, version, hash].join(" "),
      formId,
      version,
      name: child(form, LIST, "name"),
      downloadUrl: child(form, LIST, "downloadUrl"),
      manifestUrl: child(form, LIST, "manifestUrl"),
    };
  });
}

export async function fetchDefinition(form, token) {
  const definition = await (await get(form.downloadUrl, token)).text();
  return { ...form, xml: definition, media: form.manifestUrl ? await fetchMedia(form.manifestUrl, token) : [] };
}

async function fetchMedia(manifestUrl, token) {
  const manifest = await xml(await get(manifestUrl, token));
  const media = [];
  for (const file of manifest.getElementsByTagNameNS(MANIFEST, "mediaFile")) {
    const response = await get(child(file, MANIFEST, "downloadUrl"), token);
    media.push({ filename: child(file, MANIFEST, "filename"), blob: await response.blob() });
  }
  return media;
}

/** Sends one interview; answers `{status, message}`, the message being the server's own sentence. */
export async function postInterview(record, token) {
  const body = new FormData();
  record.files.forEach(({ field, name, type, blob }) => body.append(field, new File([blob], name, { type })));
  const response = await knock(`${DOOR}/submission`, token, { method: "POST", body });
  return { status: response.status, message: sentence(await response.text()) };
}

function sentence(text) {
  const document = new DOMParser().parseFromString(text, "text/xml");
  return document.getElementsByTagNameNS("*", "message")[0]?.textContent.trim() ?? "";
}

async function xml(response) {
  const document = new DOMParser().parseFromString(await response.text(), "text/xml");
  if (document.getElementsByTagName("parsererror").length) throw new Error("The server's list cannot be read.");
  return document;
}

const child = (element, namespace, name) =>
  element.getElementsByTagNameNS(namespace, name)[0]?.textContent.trim() ?? "";
