// One or several answers out of a list: large cards, or a drop-down list when the form asks for it.
import { useLanguage } from "../hooks.js";
import { describedBy, Frame, Media } from "./frame.jsx";
import { Rich } from "./rich.jsx";

export function Choice({ question }) {
  return question.minimal ? <Menu question={question} /> : <Cards question={question} />;
}

function Cards({ question }) {
  const { t } = useLanguage();
  const { chosen, multiple, readonly, required } = question;
  const clearable = !multiple && !required && !readonly && chosen.length > 0;
  return (
    <Frame question={question} extraHint={multiple ? t("question.several") : ""}>
      <div class={question.scale ? "choices choices-scale" : "choices"}>
        {question.options.map((option) => <Card key={option.value} question={question} option={option} />)}
      </div>
      {clearable && (
        <button type="button" class="button button-quiet" onClick={() => question.set([])}>{t("question.clear")}</button>
      )}
    </Frame>
  );
}

function Card({ question, option }) {
  const { id, chosen, multiple, readonly } = question;
  const checked = chosen.includes(option.value);
  const change = () => question.set(multiple ? toggled(chosen, option.value) : [option.value]);
  return (
    <label class="choice">
      <input
        type={multiple ? "checkbox" : "radio"}
        name={id}
        value={option.value}
        checked={checked}
        disabled={readonly}
        onChange={change}
      />
      <span><Rich text={option.label} /><Media media={option.media} /></span>
    </label>
  );
}

const toggled = (values, value) =>
  values.includes(value) ? values.filter((other) => other !== value) : [...values, value];

function Menu({ question }) {
  const { t } = useLanguage();
  const { id, chosen, problem, readonly } = question;
  return (
    <Frame question={question} single>
      <select
        id={`control-${id}`}
        class="field"
        value={chosen[0] ?? ""}
        disabled={readonly}
        aria-describedby={describedBy(question)}
        aria-invalid={Boolean(problem)}
        onChange={(event) => question.set(event.currentTarget.value ? [event.currentTarget.value] : [])}
      >
        <option value="">{t("question.choose")}</option>
        {question.options.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
      </select>
    </Frame>
  );
}
