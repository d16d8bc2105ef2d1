// The state of sending: what waits, since when, when the server last answered, and "send now".
import { useEffect, useState } from "preact/hooks";
import { useLanguage } from "./hooks.js";
import { ago } from "./i18n.js";
import { contact, contactServer } from "./sending.js";
import { application } from "./worker.js";

export function SendingPanel({ device }) {
  const { t } = useLanguage();
  const waiting = device.outbox.filter((record) => record.state === "waiting");
  const trouble = troubleToTell(waiting.length);
  return (
    <section class="panel stack-tight" aria-labelledby="sending-title">
      <h2 id="sending-title">{t("home.waiting_title")}</h2>
      {trouble && <p class="notice" role="alert">{t(`problem.${trouble}`)}</p>}
      <Waiting waiting={waiting} />
      <Facts settings={device.settings} waiting={waiting.length} />
      <button type="button" class="button button-primary" disabled={contact.busy} onClick={contactServer}>
        {t(contact.busy ? "home.sending" : "home.send")}
      </button>
    </section>
  );
}

/** Being without a network is no trouble as long as nothing waits. */
function troubleToTell(waiting) {
  if (contact.busy || (contact.problem === "network" && !waiting)) return null;
  return contact.problem;
}

function Waiting({ waiting }) {
  const { tag, t } = useLanguage();
  if (!waiting.length) return <p class="figure" role="status">{t("home.nothing_waiting")}</p>;
  return (
    <div role="status">
      <p class="figure">{t("home.waiting", { count: waiting.length })}</p>
      <p>{t("home.oldest", { ago: ago(tag, waiting[0].finishedAt) })}</p>
    </div>
  );
}

function Facts({ settings, waiting }) {
  const { tag, t } = useLanguage();
  const persisted = usePersisted();
  const { lastContact, sent } = settings;
  return (
    <ul class="facts">
      <li class={navigator.onLine ? "fact-good" : "fact-off"}>{t(navigator.onLine ? "home.online" : "home.offline")}</li>
      <li>{lastContact ? t("home.last_contact", { ago: ago(tag, lastContact) }) : t("home.no_contact")}</li>
      {sent > 0 && <li>{t("home.sent", { count: sent })}</li>}
      <Readiness />
      {waiting > 0 && persisted === false && <li class="fact-warn">{t("home.at_risk")}</li>}
    </ul>
  );
}

function Readiness() {
  const { t } = useLanguage();
  if (!application.offlineCapable) return <li class="fact-warn">{t("home.no_offline")}</li>;
  if (application.ready) return <li class="fact-good">{t("home.ready")}</li>;
  return navigator.onLine && <li class="fact-warn">{t("home.not_ready")}</li>;
}

/** Whether the browser has promised not to clear our storage by itself; null while unknown. */
function usePersisted() {
  const [persisted, setPersisted] = useState(null);
  useEffect(() => { navigator.storage?.persisted?.().then(setPersisted); }, []);
  return persisted;
}
