// Finished interviews that the server did not take as they are. They stay on the device until a person has looked.
import { useLanguage } from "./hooks.js";
import { moment } from "./i18n.js";
import { contact, sendAgain } from "./sending.js";

export function Attention({ outbox }) {
  const { t } = useLanguage();
  const records = outbox.filter((record) => record.state !== "waiting");
  if (!records.length) return null;
  return (
    <section class="stack-tight" aria-labelledby="attention-title">
      <h2 id="attention-title">{t("attention.title")}</h2>
      <ul class="cards">
        {records.map((record) => <Kept key={record.instanceId} record={record} />)}
      </ul>
    </section>
  );
}

function Kept({ record }) {
  const { tag, t } = useLanguage();
  return (
    <li class="panel panel-warn stack-tight">
      <p class="form-name"><bdi>{record.formName}</bdi></p>
      <p class="muted">{t("attention.finished", { when: moment(tag, record.finishedAt) })}</p>
      <p>{t(`attention.${record.state}`)}</p>
      {record.message && <p>{t("attention.message", { message: `\u2068${record.message}\u2069` })}</p>}
      {record.state === "refused" && (
        <p>
          <button type="button" class="button" disabled={contact.busy} onClick={() => sendAgain(record.instanceId)}>
            {t("attention.again")}
          </button>
        </p>
      )}
    </li>
  );
}
