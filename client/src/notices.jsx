// Screens and boxes that only say something.
import { direction } from "./languages.js";
import { useDocumentLanguage, useLanguage } from "./hooks.js";
import { INTERFACE_LANGUAGES } from "./i18n.js";

export function Notice({ text }) {
  const { tag } = useLanguage();
  useDocumentLanguage(tag);
  return (
    <main class="screen screen-narrow">
      <h1 class="brand"><Mark /> Éveil</h1>
      <p class="panel" role="alert">{text}</p>
    </main>
  );
}

export const Mark = () => <img class="mark" src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="28" height="28" />;

/** The device has no token yet: what it is, and what to do. */
export function NotEnrolled({ device, chooseLanguage }) {
  const { tag, t } = useLanguage();
  useDocumentLanguage(tag);
  const kept = device.outbox.length + device.drafts.length > 0;
  return (
    <main class="screen screen-narrow stack">
      <p class="brand"><Mark /> Éveil</p>
      <section class="panel stack">
        <h1>{t("enrol.title")}</h1>
        <p>{t("enrol.how")}</p>
        {kept && <p class="notice">{t("enrol.kept")}</p>}
        <p><a class="button button-primary" href="/">{t("enrol.sign_in")}</a></p>
      </section>
      <LanguageMenu chooseLanguage={chooseLanguage} />
    </main>
  );
}

export function LanguageMenu({ chooseLanguage }) {
  const { tag, t } = useLanguage();
  return (
    <nav class="language-menu" aria-label={t("app.language")}>
      {INTERFACE_LANGUAGES.map((language) => (
        <button
          type="button"
          key={language.tag}
          class="button button-quiet"
          lang={language.tag}
          dir={direction(language.tag)}
          aria-pressed={language.tag === tag}
          onClick={() => chooseLanguage(language.tag)}
        >
          {language.name}
        </button>
      ))}
    </nav>
  );
}
