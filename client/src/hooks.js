// What the components share: the language in force, and redrawing when something outside Preact has changed.
import { createContext } from "preact";
import { useContext, useEffect, useReducer, useState } from "preact/hooks";
import { onChange } from "./bus.js";
import { direction } from "./languages.js";
import { translator } from "./i18n.js";
import { overview } from "./store.js";

export const Language = createContext({ tag: "en", t: translator("en") });

export const useLanguage = () => useContext(Language);

export const languageOf = (tag) => ({ tag, t: translator(tag) });

/** Sets language and direction of the whole document. */
export function useDocumentLanguage(tag) {
  useEffect(() => {
    document.documentElement.lang = tag;
    document.documentElement.dir = direction(tag);
  }, [tag]);
}

/** The contents of the store, read again after every change. Null until the first reading is done. */
export function useOverview() {
  const [state, setState] = useState(null);
  useEffect(() => {
    let latest = 0;
    const read = async () => {
      const turn = ++latest;
      const fresh = await overview();
      if (turn === latest) setState(fresh);
    };
    read();
    const stop = onChange(read);
    const clock = setInterval(read, 60_000); // ages are shown in minutes
    return () => {
      stop();
      clearInterval(clock);
    };
  }, []);
  return state;
}

/** Draws again whenever the interview changes, once for all changes of one moment. */
export function useInterview(interview) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  useEffect(() => {
    let planned = false;
    return interview?.watch(() => {
      if (planned) return;
      planned = true;
      queueMicrotask(() => {
        planned = false;
        redraw();
      });
    });
  }, [interview]);
}
