// Sends what waits in the outbox and fetches what is new. Nothing leaves the device before the server has confirmed it.
import { announceChange } from "./bus.js";
import { DoorError, fetchDefinition, fetchDevice, fetchFormList, postInterview } from "./door.js";
import { formDefinition, mark, outbox, overview, remove, saveForms, saveSettings, setting } from "./store.js";

const FIRST_PAUSE_MS = 2_000; // a network that has just returned often fails the first attempt
const LONGEST_PAUSE_MS = 15 * 60_000;

const RECEIVED = new Set([201, 202]);
const KEPT_ASIDE = { 400: "refused", 409: "set_aside", 413: "refused", 422: "refused" };

/** `problem` is null or "network", "server", "token" or "storage": why the last contact did not succeed. */
export const contact = { busy: false, problem: null };

let failures = 0;
let timer = null;
let askedAgain = false;

export function keepInContact() {
  addEventListener("online", contactServer);
  addEventListener("offline", announceChange);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) contactServer(); });
  return contactServer();
}

/** Sends, then refreshes. At most once at a time over all tabs; asked for meanwhile, it goes round once more. */
export async function contactServer() {
  if (contact.busy) {
    askedAgain = true;
    return;
  }
  if (!(await setting("token"))) return;
  clearTimeout(timer);
  report({ busy: true });
  let problem;
  do {
    askedAgain = false;
    problem = await alone(async () => (await sendAll()) ?? (await refresh()));
  } while (askedAgain); // also after a failure: the network may have returned while that attempt was under way
  failures = problem ? failures + 1 : 0;
  report({ busy: false, problem });
  timer = setTimeout(contactServer, pause());
}

function report(news) {
  Object.assign(contact, news);
  announceChange();
}

/** Quarter of an hour when all is well; after a failure sooner, then ever later, not all tablets at the same moment. */
function pause() {
  if (!failures) return LONGEST_PAUSE_MS;
  const backedOff = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return backedOff * (0.75 + Math.random() / 2);
}

async function alone(work) {
  const guarded = () => work().catch(problemOf);
  if (!navigator.locks) return guarded();
  return navigator.locks.request("eveil-contact", { ifAvailable: true }, (lock) => (lock ? guarded() : null));
}

function problemOf(error) {
  if (error instanceof DoorError) return [401, 403].includes(error.status) ? "token" : "server";
  if (error instanceof DOMException && !["AbortError", "TimeoutError"].includes(error.name)) return "storage";
  return error instanceof TypeError || error instanceof DOMException ? "network" : "server";
}

/** One after the other, those that failed before last: a record that cannot be taken never blocks the others. */
async function sendAll() {
  if (!navigator.onLine) return "network";
  const waiting = (await outbox()).filter((record) => record.state === "waiting");
  waiting.sort((a, b) => a.tries - b.tries || a.finishedAt - b.finishedAt);
  let problem = null;
  for (const record of waiting) {
    problem = (await send(record)) ?? problem;
    if (problem === "token") break;
  }
  return problem;
}

async function send(record) {
  const tried = { tries: record.tries + 1, triedAt: Date.now() };
  try {
    const { status, message } = await post(record);
    if (status === 401 || status === 403) return "token";
    if (RECEIVED.has(status)) return await received(record);
    const state = KEPT_ASIDE[status] ?? "waiting";
    await mark(record.instanceId, { ...tried, state, message });
    return state === "waiting" ? "server" : null;
  } catch (error) {
    await mark(record.instanceId, tried);
    throw error;
  }
}

async function received(record) {
  await remove(record.instanceId);
  await saveSettings({ lastContact: Date.now() });
  return null;
}

/** A record goes in under the token it was collected with; when that one has ended, under the present one. */
async function post(record) {
  let answer;
  for (const token of new Set([record.token, await setting("token")])) {
    answer = await postInterview(record, token);
    if (answer.status !== 401 && answer.status !== 403) break;
  }
  return answer;
}

/** A person of the project looks at a refused interview: sends it once more when asked to. */
export async function sendAgain(instanceId) {
  await mark(instanceId, { state: "waiting", message: "" });
  await contactServer();
}

async function refresh() {
  const token = await setting("token");
  const device = await fetchDevice(token);
  const former = (await overview()).forms;
  const forms = [];
  let problem = null;
  for (const listed of await fetchFormList(token)) {
    try {
      forms.push({ ...((await formDefinition(listed.key)) ?? (await fetchDefinition(listed, token))), ...listed });
    } catch (error) {
      // One form that cannot be fetched now does not withhold the others: its former version stays in use.
      problem = problemOf(error);
      forms.push(...former.filter((form) => form.formId === listed.formId));
    }
  }
  await saveForms(forms);
  await saveSettings({ device, lastContact: Date.now() });
  return problem;
}
