// The pages of an open interview, with autosave, going back and forth, stopping and finishing.
import { useRef, useState } from "preact/hooks";
import { Badge } from "./badge.jsx";
import { useLanguage } from "./hooks.js";
import { focusOn, useBackButton, useSaver } from "./paging.js";
import { Question } from "./questions/question.jsx";
import { StopDialog } from "./stopping.jsx";

export function Pages({ interview, draft, definition, device, onStop, onFinished }) {
  const pages = interview.pages;
  const [at, setAt] = useState(draft?.page ?? 0);
  const [saving, setSaving] = useState(draft ? "saved" : "blank");
  const [stopping, setStopping] = useState(false);
  const [checked, setChecked] = useState(false); // "next" was pressed on a page that is not in order yet
  const page = Math.min(at, pages.length); // beyond the last page lies the end
  const place = useRef(page);
  place.current = page;
  const saver = useSaver({ interview, draft, definition, token: device.settings.token, place, setSaving });
  useBackButton(() => (place.current > 0 ? goTo(place.current - 1) : setStopping(true)));

  function goTo(next) {
    setChecked(false);
    setAt(next);
    scrollTo(0, 0);
    document.getElementById("page")?.focus({ preventScroll: true });
    if (saving !== "blank") saver.save();
  }

  function forward() {
    const wrong = interview.check(pages[page]);
    if (!wrong.length) return goTo(page + 1);
    setChecked(true);
    focusOn(wrong[0]);
  }

  async function finish() {
    const wrong = interview.pages.findIndex((candidate) => interview.problems(candidate).length > 0);
    if (wrong >= 0) {
      goTo(wrong);
      setChecked(true);
      focusOn(interview.check(interview.pages[wrong])[0]);
      return;
    }
    await saver.finish().then(onFinished, () => setSaving("failed"));
  }

  const leave = (how) => saver[how]().then(onStop, () => {
    setStopping(false);
    setSaving("failed");
  });
  return (
    <>
      <TopBar device={device} saving={saving} onStop={() => setStopping(true)} />
      <main class="screen screen-narrow stack" id="page" tabindex="-1">
        <Progress page={page} share={page < pages.length ? interview.progress(pages[page]) : 1} />
        <SavingProblem saving={saving} save={saver.save} />
        {page < pages.length
          ? <Page key={pages[page].id} interview={interview} page={pages[page]} name={definition.name} checked={checked} />
          : <End onFinish={finish} />}
        <Steps page={page} pages={pages.length} goTo={goTo} forward={forward} />
      </main>
      {stopping && (
        <StopDialog
          answered={saving !== "blank"}
          keep={() => leave("keep")}
          discard={() => leave("discard")}
          goOn={() => setStopping(false)}
        />
      )}
    </>
  );
}

function TopBar({ device, saving, onStop }) {
  const { tag, t } = useLanguage();
  return (
    <header class="bar" lang={tag}>
      <button type="button" class="button" onClick={onStop}>{t("interview.stop")}</button>
      <span class="saving" role="status">{["saving", "saved"].includes(saving) && t(`interview.${saving}`)}</span>
      <Badge outbox={device.outbox} />
    </header>
  );
}

function Progress({ page, share }) {
  const { tag, t } = useLanguage();
  const text = share < 1 ? t("interview.page", { page: page + 1 }) : t("interview.last_page");
  return (
    <div class="progress" lang={tag}>
      <progress value={share} aria-label={text} />
      <p class="muted">{text}</p>
    </div>
  );
}

function SavingProblem({ saving, save }) {
  const { tag, t } = useLanguage();
  if (saving !== "failed") return null;
  return (
    <div class="notice notice-danger stack-tight" role="alert" lang={tag}>
      <p>{t("interview.not_saved")}</p>
      <button type="button" class="button" onClick={save}>{t("interview.save_again")}</button>
    </div>
  );
}

function Page({ interview, page, name, checked }) {
  const { tag, t } = useLanguage();
  const problems = checked ? interview.problems(page).length : 0;
  return (
    <>
      <h1 class={page.title ? "" : "quiet-title"}><bdi>{page.title ?? name}</bdi></h1>
      {problems > 0 && (
        <p class="notice notice-danger" role="alert" lang={tag}>{t("interview.check", { count: problems })}</p>
      )}
      {interview.questions(page).map((question) => <Question key={question.id} question={question} />)}
    </>
  );
}

function End({ onFinish }) {
  const { tag, t } = useLanguage();
  return (
    <section class="panel stack" lang={tag}>
      <h1>{t("end.title")}</h1>
      <p>{t("end.text")}</p>
      <button type="button" class="button button-primary button-large" onClick={onFinish}>{t("end.finish")}</button>
    </section>
  );
}

function Steps({ page, pages, goTo, forward }) {
  const { tag, t } = useLanguage();
  return (
    <div class="steps" lang={tag}>
      {page > 0 && <button type="button" class="button" onClick={() => goTo(page - 1)}>{t("interview.back")}</button>}
      {page < pages && (
        <button type="button" class="button button-primary step-next" onClick={forward}>{t("interview.next")}</button>
      )}
    </div>
  );
}
