// Everything the device keeps, in IndexedDB: settings, form definitions, drafts and the outbox.
//
// A draft is an unfinished interview; a record of the outbox a finished one. They never share a store, and an interview
// moves from one to the other in a single transaction. Only `remove` and `discardDraft` ever take an answer away.
import { openDB } from "idb";
import { announceChange } from "./bus.js";

let opened = null;

export function openStore() {
  opened ??= openDB("eveil-collection", 1, {
    upgrade(db) {
      db.createObjectStore("settings");
      db.createObjectStore("forms", { keyPath: "key" });
      db.createObjectStore("drafts", { keyPath: "instanceId" });
      db.createObjectStore("outbox", { keyPath: "instanceId" });
    },
    blocking: (_current, _blocked, event) => event.target.close(),
    terminated: () => { opened = null; },
  });
  return opened;
}

/** Runs `work(transaction)` durably: answers must be on the disk when we say that they are. */
async function transaction(stores, work) {
  const db = await openStore();
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  try {
    const result = await work(tx);
    await tx.done;
    announceChange();
    return result;
  } catch (error) {
    tx.done.catch(() => {}); // the same failure, reported once
    throw error;
  }
}

export const setting = async (name) => (await openStore()).get("settings", name);

export const saveSettings = (values) => transaction(["settings"], (tx) => putSettings(tx, values));

const putSettings = (tx, values) =>
  Promise.all(Object.entries(values).map(([name, value]) => tx.objectStore("settings").put(value, name)));

export const formDefinition = async (key) => (await openStore()).get("forms", key);

export const draft = async (instanceId) => (await openStore()).get("drafts", instanceId);

export const outbox = async () => (await openStore()).getAll("outbox");

/** What the home screen shows, in one reading. */
export async function overview() {
  const db = await openStore();
  const [keys, values, forms, drafts, records] = await Promise.all([
    db.getAllKeys("settings"), db.getAll("settings"), db.getAll("forms"), db.getAll("drafts"), db.getAll("outbox"),
  ]);
  const settings = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  return {
    settings,
    forms: forms.filter((form) => form.listed).sort((a, b) => a.position - b.position),
    drafts: drafts.sort((a, b) => b.savedAt - a.savedAt),
    outbox: records.sort((a, b) => a.finishedAt - b.finishedAt),
  };
}

/** Keeps the forms of the list; a former version stays for as long as a draft or a waiting interview needs it. */
export function saveForms(listed) {
  return transaction(["forms", "drafts", "outbox"], async (tx) => {
    const forms = tx.objectStore("forms");
    const kept = [...(await tx.objectStore("drafts").getAll()), ...(await tx.objectStore("outbox").getAll())];
    const needed = new Set(kept.map((interview) => interview.formKey));
    const current = new Set(listed.map((form) => form.key));
    for (const former of await forms.getAll()) {
      if (current.has(former.key)) continue;
      if (needed.has(former.key)) await forms.put({ ...former, listed: false });
      else await forms.delete(former.key);
    }
    await Promise.all(listed.map((form, position) => forms.put({ ...form, listed: true, position })));
  });
}

/** The draft takes its form along: a refresh may have dropped that version while the interview was open. */
export function saveDraft(interview, definition) {
  return transaction(["drafts", "forms"], async (tx) => {
    await tx.objectStore("drafts").put(interview);
    const forms = tx.objectStore("forms");
    if (!(await forms.getKey(definition.key))) await forms.put({ ...definition, listed: false });
  });
}

export const discardDraft = (instanceId) =>
  transaction(["drafts"], (tx) => tx.objectStore("drafts").delete(instanceId));

export function finish(interview) {
  return transaction(["drafts", "outbox"], async (tx) => {
    await tx.objectStore("outbox").put({ ...interview, finishedAt: Date.now(), state: "waiting", tries: 0, message: "" });
    await tx.objectStore("drafts").delete(interview.instanceId);
  });
}

/** Notes what became of a record that stays on the device. */
export function mark(instanceId, change) {
  return transaction(["outbox"], async (tx) => {
    const record = await tx.objectStore("outbox").get(instanceId);
    if (record) await tx.objectStore("outbox").put({ ...record, ...change });
  });
}

/** The server has confirmed this interview: the only reason for which a finished one leaves the device. */
export function remove(instanceId) {
  return transaction(["outbox", "settings"], async (tx) => {
    await tx.objectStore("outbox").delete(instanceId);
    const sent = (await tx.objectStore("settings").get("sent")) ?? 0;
    await putSettings(tx, { sent: sent + 1 });
  });
}
