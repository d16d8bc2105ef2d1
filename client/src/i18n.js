// Whole sentences in the languages of the interface. A catalogue entry is a sentence, or one for each plural category.
import ar from "./i18n/ar.json";
import en from "./i18n/en.json";
import es from "./i18n/es.json";
import fr from "./i18n/fr.json";

const CATALOGUES = { en, fr, es, ar };

export const INTERFACE_LANGUAGES = [
  { tag: "en", name: "English" },
  { tag: "fr", name: "Français" },
  { tag: "es", name: "Español" },
  { tag: "ar", name: "العربية" },
];

/** The first of these tags that the interface speaks. */
export function spoken(...tags) {
  const known = tags.filter(Boolean).map((tag) => tag.split("-")[0].toLowerCase()).find((tag) => tag in CATALOGUES);
  return known ?? "en";
}

/** `t(key, values)`; `count` among the values chooses the plural form. */
export function translator(tag) {
  const plural = new Intl.PluralRules(tag);
  const number = new Intl.NumberFormat(tag);
  return (key, values = {}) => {
    const entry = CATALOGUES[tag][key];
    const sentence = typeof entry === "string" ? entry : entry[plural.select(values.count)];
    return sentence.replace(/\{(\w+)\}/g, (_, name) => {
      return typeof values[name] === "number" ? number.format(values[name]) : values[name];
    });
  };
}

const STEPS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];

/** "2 hours ago"; in the first minute "just now". */
export function ago(tag, moment) {
  const passed = Date.now() - moment;
  const step = STEPS.find(([, length]) => passed >= length);
  if (!step) return CATALOGUES[tag]["time.now"];
  const [unit, length] = step;
  return new Intl.RelativeTimeFormat(tag, { numeric: "always" }).format(-Math.floor(passed / length), unit);
}

export const moment = (tag, time) =>
  new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }).format(time);
