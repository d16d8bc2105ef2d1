// How many finished interviews wait to be sent, and since when: visible on every screen.
import { useLanguage } from "./hooks.js";
import { ago } from "./i18n.js";

export function Badge({ outbox }) {
  const { tag, t } = useLanguage();
  const waiting = outbox.filter((record) => record.state === "waiting");
  if (!waiting.length) return <span class="badge badge-calm">{t("badge.none")}</span>;
  const since = ago(tag, waiting[0].finishedAt);
  return <span class="badge">{t("badge.waiting", { count: waiting.length, ago: since })}</span>;
}
