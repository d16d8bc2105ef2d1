// A part of the form that is filled several times.
import { useState } from "preact/hooks";
import { Dialog } from "../dialog.jsx";
import { useLanguage } from "../hooks.js";
import { Question } from "./question.jsx";
import { Rich } from "./rich.jsx";

export function Repeat({ question }) {
  const { t } = useLanguage();
  return (
    <section class="stack" id={`question-${question.id}`} data-reference={question.reference}>
      {question.entries.map((entry, index) => (
        <Entry key={entry.id} entry={entry} label={question.label} number={index + 1} />
      ))}
      {question.add && <button type="button" class="button" onClick={question.add}>{t("question.add")}</button>}
    </section>
  );
}

function Entry({ entry, label, number }) {
  const { t } = useLanguage();
  const [removing, setRemoving] = useState(false);
  return (
    <section class="entry stack">
      <div class="row">
        <h2><Rich text={label} /> <bdi>{number}</bdi></h2>
        {entry.remove && (
          <button type="button" class="button button-quiet" onClick={() => setRemoving(true)}>{t("question.remove")}</button>
        )}
      </div>
      {entry.questions.map((inner) => <Question key={inner.id} question={inner} />)}
      {removing && (
        <Dialog title={t("question.remove_title")} text={t("question.remove_text")} onClose={() => setRemoving(false)}>
          <button type="button" class="button button-danger" onClick={entry.remove}>{t("question.remove")}</button>
          <button type="button" class="button" onClick={() => setRemoving(false)}>{t("dialog.cancel")}</button>
        </Dialog>
      )}
    </section>
  );
}
