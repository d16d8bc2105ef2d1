// The start page: forms to fill, drafts to resume, and the state of sending.
import { useState } from "preact/hooks";
import { Attention } from "./attention.jsx";
import { Badge } from "./badge.jsx";
import { Dialog } from "./dialog.jsx";
import { useDocumentLanguage, useLanguage } from "./hooks.js";
import { moment } from "./i18n.js";
import { LanguageMenu, Mark } from "./notices.jsx";
import { SendingPanel } from "./panel.jsx";
import { discardDraft } from "./store.js";
import { application } from "./worker.js";

export function Home({ device, open, chooseLanguage }) {
  const { tag, t } = useLanguage();
  useDocumentLanguage(tag);
  const { campaign, device: label, simulated } = device.settings.device ?? {};
  return (
    <>
      <header class="bar">
        <p class="brand"><Mark /> Éveil</p>
        <Badge outbox={device.outbox} />
      </header>
      <main class="screen stack">
        <div>
          <h1>{campaign ?? t("home.title")}</h1>
          {label && <p class="muted">{t("home.device", { device: label })}</p>}
        </div>
        {simulated && <p class="notice">{t("home.simulated")}</p>}
        <UpdateOffer />
        <Drafts drafts={device.drafts} open={open} />
        <Forms forms={device.forms} open={open} />
        <SendingPanel device={device} />
        <Attention outbox={device.outbox} />
        <LanguageMenu chooseLanguage={chooseLanguage} />
      </main>
    </>
  );
}

function UpdateOffer() {
  const { t } = useLanguage();
  if (!application.update) return null;
  return (
    <div class="notice row">
      <p>{t("app.update")}</p>
      <button type="button" class="button" onClick={application.update}>{t("app.update_now")}</button>
    </div>
  );
}

function Forms({ forms, open }) {
  const { t } = useLanguage();
  return (
    <section class="stack-tight" aria-labelledby="forms-title">
      <h2 id="forms-title">{t("home.start")}</h2>
      {forms.length === 0 && <p class="panel">{t("home.no_forms")}</p>}
      <ul class="cards">
        {forms.map((form) => (
          <li key={form.key}>
            <button type="button" class="form-card" onClick={() => open(form.key)}>
              <bdi class="form-name">{form.name}</bdi>
              <span class="form-go">{t("home.start_form")}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Drafts({ drafts, open }) {
  const { t } = useLanguage();
  const [leaving, setLeaving] = useState(null);
  if (!drafts.length) return null;
  const discard = () => discardDraft(leaving).then(() => setLeaving(null));
  return (
    <section class="stack-tight" aria-labelledby="drafts-title">
      <h2 id="drafts-title">{t("home.drafts")}</h2>
      <ul class="cards">
        {drafts.map((draft) => (
          <Draft key={draft.instanceId} draft={draft} open={open} onDiscard={() => setLeaving(draft.instanceId)} />
        ))}
      </ul>
      {leaving && (
        <Dialog title={t("home.discard_title")} text={t("home.discard_text")} onClose={() => setLeaving(null)}>
          <button type="button" class="button button-danger" onClick={discard}>{t("home.draft_discard")}</button>
          <button type="button" class="button" onClick={() => setLeaving(null)}>{t("dialog.cancel")}</button>
        </Dialog>
      )}
    </section>
  );
}

function Draft({ draft, open, onDiscard }) {
  const { tag, t } = useLanguage();
  const times = { begun: moment(tag, draft.startedAt), saved: moment(tag, draft.savedAt) };
  return (
    <li class="panel row">
      <div>
        <p class="form-name"><bdi>{draft.formName}</bdi></p>
        <p class="muted">{t("home.draft_from", times)}</p>
      </div>
      <div class="buttons">
        <button type="button" class="button button-primary" onClick={() => open(draft.formKey, draft.instanceId)}>
          {t("home.draft_continue")}
        </button>
        <button type="button" class="button button-quiet" onClick={onDiscard}>{t("home.draft_discard")}</button>
      </div>
    </li>
  );
}
