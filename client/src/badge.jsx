// How many finished interviews are still only on this device: visible on every screen.
import { useLanguage } from "./hooks.js";
import { ago } from "./i18n.js";

export function Badge({ outbox }) {
  const { tag, t } = useLanguage();
  if (!outbox.length) return <span class="badge badge-calm">{t("badge.none")}</span>;
  const count = outbox.length;
  return <span class="badge">{t("badge.oldest", { count, ago: ago(tag, outbox[0].finishedAt) })}</span>;
}
