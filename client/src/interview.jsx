// One interview from the choice of its language to the thanks at its end.
import { useEffect, useState } from "preact/hooks";
import { Badge } from "./badge.jsx";
import { Language, languageOf, useDocumentLanguage, useInterview, useLanguage } from "./hooks.js";
import { spoken } from "./i18n.js";
import { direction } from "./languages.js";
import { useOpening } from "./opening.js";
import { Pages } from "./pages.jsx";
import { contactServer } from "./sending.js";

export function InterviewScreen({ device, formKey, draftId, onNext, onHome }) {
  const { t } = useLanguage();
  const opening = useOpening(formKey, draftId, device.settings.deviceId);
  if (opening.phase === "open") {
    return <OpenInterview opening={opening} device={device} onNext={onNext} onHome={onHome} />;
  }
  if (opening.phase === "loading") return <Message text={t("interview.loading")} />;
  return <Message text={t(`interview.${opening.phase}`)} onHome={onHome} />;
}

function Message({ text, onHome }) {
  const { tag, t } = useLanguage();
  useDocumentLanguage(tag);
  return (
    <main class="screen screen-narrow stack">
      <div role="status"><h1 class="quiet-title">{text}</h1></div>
      {onHome && <button type="button" class="button button-primary" onClick={onHome}>{t("done.home")}</button>}
    </main>
  );
}

function OpenInterview({ opening, device, onNext, onHome }) {
  const { interview, draft, definition } = opening;
  const { tag: own } = useLanguage();
  const [phase, setPhase] = useState(() => {
    if (draft) interview.setLanguage(draft.languageId);
    return draft || interview.languages.length < 2 ? "pages" : "language";
  });
  useInterview(interview);
  const tag = phase === "language" ? own : interview.language.tag ?? own;
  useDocumentLanguage(tag);
  const start = (id) => {
    interview.setLanguage(id);
    setPhase("pages");
  };
  const finished = () => {
    setPhase("done");
    contactServer();
  };
  return (
    <Language.Provider value={languageOf(spoken(tag, own))}>
      {phase === "language" && <ChooseLanguage interview={interview} device={device} choose={start} onHome={onHome} />}
      {phase === "pages" && (
        <Pages
          interview={interview}
          draft={draft}
          definition={definition}
          device={device}
          onStop={onHome}
          onFinished={finished}
        />
      )}
      {phase === "done" && <Done device={device} onNext={() => onNext(definition.formId)} onHome={onHome} />}
    </Language.Provider>
  );
}

function ChooseLanguage({ interview, device, choose, onHome }) {
  const { t } = useLanguage();
  return (
    <>
      <header class="bar">
        <button type="button" class="button" onClick={onHome}>{t("interview.back")}</button>
        <Badge outbox={device.outbox} />
      </header>
      <main class="screen screen-narrow stack">
        <h1>{t("interview.choose_language")}</h1>
        <ul class="languages">
          {interview.languages.map(({ id, tag, name }) => (
            <li key={id}>
              <button
                type="button"
                class="button button-large"
                lang={tag ?? undefined}
                dir={tag ? direction(tag) : "auto"}
                onClick={() => choose(id)}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}

/** Nothing of the interview can be reached from here: the device may now go to other hands. */
function Done({ device, onNext, onHome }) {
  const { tag, t } = useLanguage();
  useEffect(() => document.getElementById("done-title").focus(), []);
  return (
    <>
      <header class="bar" lang={tag}>
        <span />
        <Badge outbox={device.outbox} />
      </header>
      <main class="screen screen-narrow stack done" lang={tag}>
        <h1 id="done-title" tabindex="-1">{t("done.title")}</h1>
        <p>{t("done.text")}</p>
        <div class="buttons">
          <button type="button" class="button button-primary" onClick={onNext}>{t("done.next")}</button>
          <button type="button" class="button" onClick={onHome}>{t("done.home")}</button>
        </div>
      </main>
    </>
  );
}
