// The whole client: the start page, and one interview at a time.
import { useState } from "preact/hooks";
import { Home } from "./home.jsx";
import { Language, languageOf, useDocumentLanguage, useOverview } from "./hooks.js";
import { InterviewScreen } from "./interview.jsx";
import { NotEnrolled, Notice } from "./notices.jsx";
import { saveSettings } from "./store.js";

export function App({ startLanguage, broken = false }) {
  const [tag, setTag] = useState(startLanguage);
  const language = languageOf(tag);
  const choose = (chosen) => {
    setTag(chosen);
    saveSettings({ language: chosen });
  };
  return (
    <Language.Provider value={language}>
      {broken ? <Notice text={language.t("app.no_storage")} /> : <Screens chooseLanguage={choose} />}
    </Language.Provider>
  );
}

function Screens({ chooseLanguage }) {
  const [interview, setInterview] = useState(null);
  const device = useOverview();
  if (!device) return null;
  if (interview) {
    const again = (formId) => {
      const form = device.forms.find((listed) => listed.formId === formId); // its newest version
      setInterview(form ? { formKey: form.key, turn: interview.turn + 1 } : null);
    };
    return (
      <InterviewScreen
        key={interview.turn}
        device={device}
        formKey={interview.formKey}
        draftId={interview.draftId}
        onNext={again}
        onHome={() => setInterview(null)}
      />
    );
  }
  const open = (formKey, draftId) => setInterview({ formKey, draftId, turn: 0 });
  return <StartPage device={device} open={open} chooseLanguage={chooseLanguage} />;
}

function StartPage({ device, open, chooseLanguage }) {
  const enrolled = device.settings.token;
  const Page = enrolled ? Home : NotEnrolled;
  return <Page device={device} open={open} chooseLanguage={chooseLanguage} />;
}
