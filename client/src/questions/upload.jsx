// Pictures, sounds and other files.
import { useState } from "preact/hooks";
import { useLanguage } from "../hooks.js";
import { describedBy, Frame } from "./frame.jsx";

const KNOWN = new Set(["image", "audio", "video"]);

export function Upload({ question }) {
  const { t } = useLanguage();
  const [failed, setFailed] = useState(false);
  const kind = KNOWN.has(question.mediaType) ? question.mediaType : "other";
  const choose = (event) => {
    const [file] = event.currentTarget.files;
    if (file) inMemory(file).then(question.set).then(() => setFailed(false), () => setFailed(true));
  };
  return (
    <Frame question={question}>
      {question.file && <Attached question={question} />}
      {failed && <p class="problem" role="alert">{t("question.file_failed")}</p>}
      <div class="buttons">
        <label class="button">
          <input
            class="visually-hidden"
            type="file"
            accept={question.accept}
            disabled={question.readonly}
            aria-describedby={describedBy(question)}
            onChange={choose}
          />
          {t(`question.file_${kind}`)}
        </label>
        {question.file && !question.readonly && (
          <button type="button" class="button button-quiet" onClick={() => question.set(null)}>
            {t("question.remove")}
          </button>
        )}
      </div>
    </Frame>
  );
}

/** A copy that stays readable when the original is moved or deleted before the interview ends. */
const inMemory = async (file) => new File([await file.arrayBuffer()], file.name, { type: file.type });

function Attached({ question }) {
  const { t } = useLanguage();
  const { url, type, size } = question.file;
  return (
    <div class="attached">
      {type.startsWith("image/") && <img class="picture" src={url} alt={t("question.file_preview")} />}
      {type.startsWith("audio/") && <audio controls src={url} />}
      {type.startsWith("video/") && <video class="picture" controls src={url} />}
      <p class="muted">{t("question.file_size", { kilobytes: Math.ceil(size / 1024) })}</p>
    </div>
  );
}
