// Opens an interview for a screen: definition, draft, engine, and the promise that no other window has it open.
import { useEffect, useState } from "preact/hooks";
import { draft as readDraft, formDefinition } from "./store.js";

/** `{phase: "loading" | "open" | "failed" | "elsewhere", interview, draft, definition}` */
export function useOpening(formKey, draftId, deviceId) {
  const [state, setState] = useState({ phase: "loading" });
  useEffect(() => {
    const holding = new AbortController();
    open(formKey, draftId, deviceId, holding.signal).then(setState, (error) => {
      console.error(error);
      setState({ phase: "failed" });
    });
    return () => holding.abort();
  }, []);
  return state;
}

async function open(formKey, draftId, deviceId, signal) {
  if (draftId && !(await hold(draftId, signal))) return { phase: "elsewhere" };
  // The engine is large: it is loaded only now, and the start page stays quick.
  const { openInterview } = await import("./engine.js");
  const definition = await formDefinition(formKey);
  const draft = draftId ? await readDraft(draftId) : null;
  const interview = await openInterview(definition, { draft, deviceId });
  if (!draftId) await hold((await interview.files()).instanceId, signal);
  signal.addEventListener("abort", () => interview.close());
  return { phase: "open", interview, draft, definition };
}

/** Takes the lock of an interview until the signal says otherwise. False when another window has it. */
function hold(instanceId, signal) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((answer) => {
    navigator.locks.request(`eveil-interview ${instanceId}`, { ifAvailable: true }, (lock) => {
      answer(lock !== null);
      return lock && new Promise((release) => {
        if (signal.aborted) release();
        else signal.addEventListener("abort", release);
      });
    });
  });
}
