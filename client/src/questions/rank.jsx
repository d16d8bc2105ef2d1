// Putting answers in order, with buttons that work for fingers, keyboards and screen readers alike.
import { useLanguage } from "../hooks.js";
import { Frame } from "./frame.jsx";
import { Rich } from "./rich.jsx";

export function Rank({ question }) {
  const { t } = useLanguage();
  const values = question.options.map((option) => option.value);
  return (
    <Frame question={question} extraHint={t("question.rank_hint")}>
      <ol class="rank">
        {question.options.map((option, index) => (
          <li key={option.value} class="rank-item">
            <span><Rich text={option.label} /></span>
            <Move sign="↑" name={t("question.rank_up", { label: option.label })} off={index === 0}
              move={() => question.set(swapped(values, index - 1))} />
            <Move sign="↓" name={t("question.rank_down", { label: option.label })} off={index === values.length - 1}
              move={() => question.set(swapped(values, index))} />
          </li>
        ))}
      </ol>
      {!question.answered && (
        <button type="button" class="button" onClick={() => question.set(values)}>{t("question.rank_keep")}</button>
      )}
    </Frame>
  );
}

function Move({ sign, name, off, move }) {
  return <button type="button" class="button button-square" aria-label={name} disabled={off} onClick={move}>{sign}</button>;
}

function swapped(values, index) {
  const next = [...values];
  [next[index], next[index + 1]] = [next[index + 1], next[index]];
  return next;
}
