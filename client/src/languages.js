// Language tags: which one a form's language carries, and which way it is written.
const RIGHT_TO_LEFT = new Set(
  ["ar", "arc", "ckb", "dv", "fa", "he", "nqo", "ps", "rhg", "sd", "syr", "ug", "ur", "yi"],
);
const RIGHT_TO_LEFT_SCRIPTS = new Set(["arab", "hebr", "thaa", "syrc", "nkoo"]);

/** "العربية (ar)" → "ar". Null when the form does not say. */
export const languageTag = (label) => /\(([A-Za-z]{2,3}(?:-[\w-]+)?)\)\s*$/.exec(label)?.[1] ?? null;

/** "العربية (ar)" → "العربية". */
export const languageName = (label) => label.replace(/\s*\([^()]*\)\s*$/, "") || label;

/** From the tag alone, never from the first letters of a text. */
export function direction(tag) {
  const [language, script = ""] = tag.toLowerCase().split("-");
  // "ku-Arab" is Kurdish in Arabic letters, "ug-Latn" Uyghur in Latin ones
  if (script.length === 4) return RIGHT_TO_LEFT_SCRIPTS.has(script) ? "rtl" : "ltr";
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}
