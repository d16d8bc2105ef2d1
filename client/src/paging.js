// What the pages of an interview do besides being shown: saving, the device's back key, the focus.
import { useEffect, useRef } from "preact/hooks";
import { autosave } from "./autosave.js";

/** Saves after every answer, and warns before the page is closed with an answer that is not written yet. */
export function useSaver({ interview, draft, definition, token, place, setSaving }) {
  const startedAt = useRef(draft?.startedAt ?? Date.now());
  const saver = useRef(null);
  saver.current ??= autosave(interview, definition, () => ({
    formKey: definition.key,
    formName: definition.name,
    languageId: interview.language.id,
    token: draft?.token ?? token,
    startedAt: startedAt.current,
    page: place.current,
  }), setSaving);
  useEffect(() => {
    interview.onAnswer = () => saver.current.save();
    const warn = (event) => { if (saver.current.unsaved) event.preventDefault(); };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, []);
  return saver.current;
}

/** The device's own "back" turns one page back instead of leaving the interview. */
export function useBackButton(onBack) {
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => {
    const guard = () => history.pushState({ interview: true }, "");
    const back = () => {
      guard();
      latest.current();
    };
    if (!history.state?.interview) guard();
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
}

export function focusOn(id) {
  // after the problems have been drawn
  requestAnimationFrame(() => {
    const question = document.getElementById(`question-${id}`);
    question?.scrollIntoView({ block: "center" });
    question?.querySelector("input, select, textarea, button")?.focus({ preventScroll: true });
  });
}
