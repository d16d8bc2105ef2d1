// Leaving an interview before its end.
import { Dialog } from "./dialog.jsx";
import { useLanguage } from "./hooks.js";

export function StopDialog({ answered, keep, discard, goOn }) {
  const { t } = useLanguage();
  return (
    <Dialog title={t("stop.title")} text={t(answered ? "stop.text" : "stop.nothing")} onClose={goOn}>
      <button type="button" class="button button-primary" onClick={answered ? keep : discard}>
        {t(answered ? "stop.keep" : "interview.stop")}
      </button>
      {answered && <button type="button" class="button button-danger" onClick={discard}>{t("stop.discard")}</button>}
      <button type="button" class="button" onClick={goOn}>{t("stop.go_on")}</button>
    </Dialog>
  );
}
