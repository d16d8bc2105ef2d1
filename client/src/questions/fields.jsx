// Answers that are typed: text, numbers, dates and times.
import { useLanguage } from "../hooks.js";
import { describedBy, Frame } from "./frame.jsx";

const common = (question, extraHint) => ({
  id: `control-${question.id}`,
  class: "field",
  value: question.value,
  readOnly: question.readonly,
  "aria-describedby": describedBy(question, extraHint),
  "aria-invalid": Boolean(question.problem),
  "aria-required": question.required,
  onInput: (event) => question.set(event.currentTarget.value),
  onBlur: question.leave,
});

export function TextField({ question }) {
  return (
    <Frame question={question} single>
      {question.multiline
        ? <textarea {...common(question)} rows={question.rows} />
        : <input type="text" autocomplete="off" {...common(question)} />}
    </Frame>
  );
}

export function NumberField({ question }) {
  const { t } = useLanguage();
  const { least, most } = question;
  const extraHint = least === undefined ? "" : t("question.between", { least, most });
  return (
    <Frame question={question} single extraHint={extraHint}>
      <input
        type="text"
        inputmode={question.whole ? "numeric" : "decimal"}
        autocomplete="off"
        {...common(question, extraHint)}
        class="field field-short"
      />
    </Frame>
  );
}

export function Moment({ question }) {
  return (
    <Frame question={question} single>
      <input type={question.type} {...common(question)} class="field field-short" />
    </Frame>
  );
}
