// Chooses the control of a question. A kind that the client does not know is said aloud, never left out.
import { useLanguage } from "../hooks.js";
import { Choice } from "./choice.jsx";
import { Frame, Media } from "./frame.jsx";
import { Moment, NumberField, TextField } from "./fields.jsx";
import { Rank } from "./rank.jsx";
import { Repeat } from "./repeat.jsx";
import { Rich } from "./rich.jsx";
import { Upload } from "./upload.jsx";

const CONTROLS = {
  acknowledge: Acknowledge,
  choice: Choice,
  group: Group,
  moment: Moment,
  note: Note,
  number: NumberField,
  rank: Rank,
  repeat: Repeat,
  text: TextField,
  unsupported: Unsupported,
  upload: Upload,
};

export function Question({ question }) {
  const Control = CONTROLS[question.kind];
  return <Control question={question} />;
}

function Note({ question }) {
  return (
    <div class="panel note" data-reference={question.reference}>
      <p><Rich text={question.label} /></p>
      {question.hint && <p class="hint"><Rich text={question.hint} /></p>}
      <Media media={question.media} />
    </div>
  );
}

function Group({ question }) {
  return (
    <section class="stack" data-reference={question.reference}>
      {question.label && <h2><Rich text={question.label} /></h2>}
      {question.questions.map((inner) => <Question key={inner.id} question={inner} />)}
    </section>
  );
}

function Acknowledge({ question }) {
  const { t } = useLanguage();
  return (
    <Frame question={question}>
      <label class="choice">
        <input
          type="checkbox"
          checked={question.value}
          disabled={question.readonly}
          onChange={(event) => question.set(event.currentTarget.checked)}
        />
        <span>{t("question.acknowledge")}</span>
      </label>
    </Frame>
  );
}

function Unsupported({ question }) {
  const { t } = useLanguage();
  return (
    <div class="panel question" data-reference={question.reference} id={`question-${question.id}`}>
      <p class="question-label"><Rich text={question.label} /></p>
      <p class="problem" role="alert">{t("question.unsupported")}</p>
    </div>
  );
}
