// What stands around every control: the question, its hint, its pictures, and what is wrong with the answer.
import { useLanguage } from "../hooks.js";
import { Rich } from "./rich.jsx";

/** `Tag` "fieldset" for several controls under one question, "div" for a single one. */
export function Frame({ question, single = false, extraHint = "", children }) {
  const { id, problem } = question;
  const Tag = single ? "div" : "fieldset";
  return (
    <Tag
      class={`panel question ${problem ? "question-wrong" : ""}`}
      id={`question-${id}`}
      data-reference={question.reference}
      aria-describedby={single ? undefined : describedBy(question, extraHint)}
    >
      {single
        ? <label class="question-label" for={`control-${id}`}><Label question={question} /></label>
        : <legend class="question-label"><Label question={question} /></legend>}
      {question.hint && <p class="hint" id={`hint-${id}`}><Rich text={question.hint} /></p>}
      {extraHint && <p class="hint" id={`extra-${id}`}>{extraHint}</p>}
      <Media media={question.media} />
      {children}
      {problem && <Problem id={id} problem={problem} />}
    </Tag>
  );
}

/** Ids of the texts that a screen reader reads with the control. */
export function describedBy({ id, hint, problem }, extraHint = "") {
  const ids = [hint && `hint-${id}`, extraHint && `extra-${id}`, problem && `problem-${id}`];
  return ids.filter(Boolean).join(" ") || undefined;
}

function Label({ question }) {
  return (
    <>
      <Rich text={question.label} />
      {question.required && !question.readonly && <RequiredMark />}
    </>
  );
}

function RequiredMark() {
  const { t } = useLanguage();
  return (
    <>
      <span class="required" aria-hidden="true"> *</span>
      <span class="visually-hidden"> ({t("question.mark_required")})</span>
    </>
  );
}

function Problem({ id, problem }) {
  const { t } = useLanguage();
  return <p class="problem" id={`problem-${id}`} role="alert">{problem.text ?? t(`question.${problem.code}`)}</p>;
}

export function Media({ media }) {
  return (
    <>
      {media.image && <img class="picture" src={media.image} alt="" />}
      {media.audio && <audio controls src={media.audio} />}
      {media.video && <video class="picture" controls src={media.video} />}
    </>
  );
}
