// Keeps the draft of an open interview: after every answer, one writing at a time, and never after the end.
import { discardDraft, finish, saveDraft } from "./store.js";

/** `describe()` gives what is stored beside the answers; `report("saving" | "saved" | "failed")` is told of every step. */
export function autosave(interview, definition, describe, report) {
  let pending = false;
  let writing = null;
  let closed = null;

  const writeDraft = async () =>
    saveDraft({ ...describe(), ...(await interview.files()), savedAt: Date.now() }, definition);

  async function write() {
    while (pending && !closed) {
      pending = false;
      try {
        await writeDraft();
      } catch (error) {
        pending = true;
        console.error(error);
        report("failed");
        return;
      }
    }
    report("saved");
  }

  function save() {
    if (closed) return null;
    pending = true;
    report("saving");
    writing ??= write().finally(() => { writing = null; });
    return writing;
  }

  /** Ends the interview with `work`, once however often it is asked for. If that fails the interview stays open. */
  function close(work) {
    closed ??= (async () => {
      await writing;
      await work();
    })().catch((error) => {
      closed = null;
      throw error;
    });
    return closed;
  }

  return {
    save,
    get unsaved() { return pending || writing !== null; },
    keep: () => close(async () => { if (pending) await writeDraft(); }),
    discard: () => close(async () => discardDraft((await interview.files()).instanceId)),
    finish: () => close(async () => finish({ ...describe(), ...(await interview.files()) })),
  };
}
