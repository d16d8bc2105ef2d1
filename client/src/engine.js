// The only module that talks to the form engine. The rest of the client sees interviews, pages and plain question objects.
import { loadForm } from "@getodk/xforms-engine";
import { languageName, languageTag } from "./languages.js";
import { readNumber } from "./numbers.js";
import { submissionXml } from "./submission.js";

const INVISIBLE = new Set(["model-value", "attribute"]);
const TYPED_AS_TEXT = new Set(["string", "barcode", "boolean", "intent"]);
const NUMBERS = new Set(["int", "decimal"]);
const MOMENTS = { date: "date", time: "time", dateTime: "datetime-local" };

/** Opens a form definition, blank or with the files of a draft. Throws when the engine cannot read the form. */
export async function openInterview(definition, { draft = null, deviceId }) {
  const form = await loadForm(definition.xml, { fetchFormAttachment: (url) => mediaResponse(definition, url) });
  if (form.status === "failure") throw form.error;
  const watchers = new Set();
  const config = {
    stateFactory: (state) => watched(state, () => watchers.forEach((watcher) => watcher())),
    preloadProperties: { deviceID: deviceId },
    instanceAttachments: { fileNameFactory: ({ extension }) => `${crypto.randomUUID()}${extension ?? ""}` },
  };
  const instance = draft
    ? await form.restoreInstance({ data: [formData(draft.files)] }, config)
    : form.createInstance(config);
  await filesLoaded(instance.root);
  return new Interview(instance.root, definition, watchers);
}

class Interview {
  #root;
  #media;
  #watchers;
  #typed = new Map(); // what stands in a number field while it is being typed, or when it is no number
  #checked = new Set(); // questions whose problem may be shown
  #urls = new Map();
  #onAnswer = () => {};

  constructor(root, definition, watchers) {
    this.#root = root;
    this.#media = new Map(definition.media.map(({ filename, blob }) => [filename, blob]));
    this.#watchers = watchers;
  }

  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  set onAnswer(callback) {
    this.#onAnswer = callback;
  }

  get languages() {
    return this.#root.languages
      .filter(({ language }) => language)
      .map(({ language }) => ({ id: language, tag: languageTag(language), name: languageName(language) }));
  }

  get language() {
    const { language } = this.#root.currentState.activeLanguage;
    return { id: language, tag: languageTag(language), name: languageName(language) };
  }

  /** A form without translations has a single language without a name, which the engine does not let one set. */
  setLanguage(id) {
    const language = this.#root.languages.find((candidate) => candidate.language === id);
    if (language && !language.isSyntheticDefault) this.#root.setLanguage(language);
  }

  /** One page for each group or question at the top; a group that only holds groups gives one page for each of them. */
  get pages() {
    return withNotes(topPages(this.#root.currentState.children, null, isShown));
  }

  /** How far along a page is, between 0 and 1: counted over all pages, so that a skipped part does not make it go back. */
  progress(page) {
    const all = topPages(this.#root.currentState.children, null, hasQuestions).map(({ id }) => id);
    return Math.max(0, all.indexOf(page.id)) / all.length;
  }

  questions(page) {
    return page.nodes.filter(isShown).map((node) => this.#question(node));
  }

  /** Ids of the questions of a page that stand in the way of going on. From now on their problems are shown. */
  check(page) {
    const ids = this.problems(page);
    ids.forEach((id) => this.#checked.add(id));
    this.#changed();
    return ids;
  }

  problems(page) {
    return page.nodes.flatMap(leaves).filter((node) => this.#problem(node)).map((node) => node.nodeId);
  }

  /** The interview as OpenRosa wants it: the instance XML and its attachments. */
  async files() {
    const payload = await this.#root.prepareInstancePayload({ payloadType: "monolithic" });
    const data = payload.data[0];
    const uploads = leaves(this.#root).filter((node) => node.nodeType === "upload");
    for (const { currentState } of uploads) {
      // The engine leaves out files of a restored draft that were not touched again: put them back.
      const { value: file, instanceValue: name } = currentState;
      if (file && !data.has(name)) data.set(name, file, name);
    }
    // And it keeps naming a restored file that has since been taken away.
    const gone = uploads.filter(({ currentState: { value, instanceValue } }) => !value && instanceValue);
    return submissionXml(data, gone.map((node) => node.currentState.reference));
  }

  close() {
    this.#watchers.clear();
    this.#urls.forEach((url) => URL.revokeObjectURL(url));
  }

  #changed() {
    this.#watchers.forEach((watcher) => watcher());
  }

  #answer(node, write) {
    write();
    this.#changed();
    this.#onAnswer(node.nodeId);
  }

  #problem(node) {
    if (node.currentState.readonly) return null;
    if (this.#typed.has(node.nodeId) && !readNumber(this.#typed.get(node.nodeId), node.valueType).valid) {
      return { code: node.valueType === "int" ? "whole_number" : "number", text: null };
    }
    const violation = node.validationState.violation;
    return violation && { code: violation.condition, text: violation.message?.asString || null };
  }

  #url(blob) {
    if (!this.#urls.has(blob)) this.#urls.set(blob, URL.createObjectURL(blob));
    return this.#urls.get(blob);
  }

  #pictures(label) {
    const file = (source) => source && this.#media.get(fileName(source));
    const [image, audio, video] = [label?.imageSource, label?.audioSource, label?.videoSource].map(file);
    return { image: image && this.#url(image), audio: audio && this.#url(audio), video: video && this.#url(video) };
  }

  #question(node) {
    const { label, hint, required, readonly, reference } = node.currentState;
    const common = {
      id: node.nodeId,
      reference,
      label: label?.asString ?? "",
      hint: hint?.asString ?? "",
      media: this.#pictures(label),
      required,
      readonly,
      problem: this.#checked.has(node.nodeId) ? this.#problem(node) : null,
    };
    return { ...common, ...this.#control(node) };
  }

  #control(node) {
    switch (node.nodeType) {
      case "note": return { kind: "note" };
      case "group": return { kind: "group", questions: this.#inside(node) };
      case "repeat-range:controlled":
      case "repeat-range:uncontrolled": return this.#repeat(node);
      case "select": return this.#choice(node);
      case "input": return this.#input(node);
      case "range": return this.#range(node);
      case "rank": return this.#rank(node);
      case "trigger": return this.#simple(node, "acknowledge", node.currentState.value === true);
      case "upload": return this.#upload(node);
      default: return { kind: "unsupported" };
    }
  }

  #inside(node) {
    return node.currentState.children.filter(isShown).map((child) => this.#question(child));
  }

  #repeat(node) {
    const open = node.nodeType === "repeat-range:uncontrolled";
    const entries = node.currentState.children.map((entry, index) => ({
      id: entry.nodeId,
      questions: this.#inside(entry),
      remove: open ? () => this.#answer(node, () => node.removeInstances(index, 1)) : null,
    }));
    return { kind: "repeat", entries, add: open ? () => this.#answer(node, () => node.addInstances()) : null };
  }

  #choice(node) {
    const multiple = node.selectType === "select";
    return {
      kind: "choice",
      multiple,
      minimal: !multiple && Boolean(node.appearances?.minimal),
      options: this.#options(node),
      chosen: node.currentState.value,
      set: (values) => {
        if (values.length) this.#checked.add(node.nodeId);
        this.#answer(node, () => (multiple ? node.selectValues(values) : node.selectValue(values[0] ?? null)));
      },
    };
  }

  #options(node) {
    return node.currentState.valueOptions.map(({ value, label }) => ({
      value,
      label: label.asString || value,
      media: this.#pictures(label),
    }));
  }

  #rank(node) {
    const options = this.#options(node);
    const chosen = node.currentState.value;
    const inOrder = chosen.length ? chosen.map((value) => options.find((option) => option.value === value)) : options;
    return {
      kind: "rank",
      options: inOrder.filter(Boolean),
      answered: chosen.length > 0,
      set: (values) => this.#answer(node, () => node.setValues(values)),
    };
  }

  #input(node) {
    if (NUMBERS.has(node.valueType)) return this.#number(node);
    const value = node.currentState.value;
    if (node.valueType in MOMENTS) {
      return {
        ...this.#simple(node, "moment", momentText(node.valueType, value), (text) => momentValue(node.valueType, text)),
        type: MOMENTS[node.valueType],
      };
    }
    if (!TYPED_AS_TEXT.has(node.valueType)) return { kind: "unsupported" };
    const multiline = Boolean(node.appearances?.multiline);
    return { ...this.#simple(node, "text", value ?? ""), multiline, rows: node.nodeOptions?.rows ?? 4 };
  }

  #simple(node, kind, value, converted = (next) => next) {
    return {
      kind,
      value,
      set: (next) => this.#answer(node, () => node.setValue(converted(next))),
      leave: () => this.#leave(node),
    };
  }

  #number(node) {
    const value = node.currentState.value;
    return {
      kind: "number",
      whole: node.valueType === "int",
      value: this.#typed.get(node.nodeId) ?? (value == null ? "" : String(value)),
      set: (text) => {
        this.#typed.set(node.nodeId, text);
        const number = readNumber(text, node.valueType);
        this.#answer(node, () => node.setValue(number.valid ? number.value : null));
      },
      leave: () => this.#leave(node),
    };
  }

  /** The field was left: tidy what was typed, and tell a problem now rather than at the end of the page. */
  #leave(node) {
    const typed = this.#typed.get(node.nodeId);
    if (typed !== undefined && readNumber(typed, node.valueType).valid) this.#typed.delete(node.nodeId);
    if (typed || node.currentState.instanceValue) this.#checked.add(node.nodeId);
    this.#changed();
  }

  #range(node) {
    const { start, end, step } = node.definition.bounds;
    const steps = Math.round((Number(end) - Number(start)) / Number(step));
    if (steps > 11 || steps < 1) return { ...this.#number(node), least: String(start), most: String(end) };
    const values = Array.from({ length: steps + 1 }, (_, i) => String(rounded(Number(start) + i * Number(step))));
    const value = node.currentState.value;
    return {
      kind: "choice",
      multiple: false,
      minimal: false,
      scale: true,
      options: values.map((option) => ({ value: option, label: option, media: {} })),
      chosen: value == null ? [] : [String(value)],
      set: ([chosen]) => this.#answer(node, () => node.setValue(chosen === undefined ? null : Number(chosen))),
    };
  }

  #upload(node) {
    const file = node.currentState.value;
    return {
      kind: "upload",
      accept: node.nodeOptions.media.accept,
      mediaType: node.nodeOptions.media.type,
      file: file && { url: this.#url(file), type: file.type, size: file.size },
      set: (chosen) => this.#answer(node, () => node.setValue(chosen)),
    };
  }
}

function isShown(node) {
  if (INVISIBLE.has(node.nodeType) || !node.currentState.relevant) return false;
  return node.nodeType === "group" ? node.currentState.hasRelevantBodyNodes : true;
}

function hasQuestions(node) {
  if (INVISIBLE.has(node.nodeType)) return false;
  return node.nodeType === "group" ? node.currentState.children.some(hasQuestions) : true;
}

function leaves(node) {
  if (!node.currentState.relevant || INVISIBLE.has(node.nodeType)) return [];
  return node.currentState.children ? node.currentState.children.flatMap(leaves) : [node];
}

function topPages(nodes, title, wanted) {
  return nodes.filter(wanted).flatMap((node) => {
    if (node.nodeType !== "group") return [{ id: node.nodeId, title, nodes: [node] }];
    const own = node.currentState.label?.asString || title;
    const inside = node.currentState.children.filter(wanted);
    const onlyGroups = inside.every((child) => child.nodeType === "group");
    return onlyGroups ? topPages(inside, own, wanted) : [{ id: node.nodeId, title: own, nodes: inside }];
  });
}

/** A note that stands by itself is read together with what follows it. */
function withNotes(pages) {
  const joined = [];
  let waiting = [];
  for (const page of pages) {
    const onlyNotes = page.nodes.every((node) => node.nodeType === "note");
    if (onlyNotes && !page.title) waiting.push(...page.nodes);
    else {
      joined.push({ ...page, nodes: [...waiting, ...page.nodes] });
      waiting = [];
    }
  }
  return waiting.length ? [...joined, { id: waiting[0].nodeId, title: null, nodes: waiting }] : joined;
}

function watched(state, changed) {
  return new Proxy(state, {
    set(target, key, value) {
      target[key] = value;
      changed();
      return true;
    },
  });
}

async function filesLoaded(root) {
  const loading = () => leaves(root).some((node) => node.currentState.attachmentState?.loading);
  while (loading()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function mediaResponse(definition, url) {
  const found = definition.media.find(({ filename }) => filename === fileName(url));
  return Promise.resolve(found ? new Response(found.blob) : new Response(null, { status: 404 }));
}

const fileName = (url) => decodeURIComponent(String(url).split("/").pop());

function formData(files) {
  const data = new FormData();
  files.forEach(({ field, name, type, blob }) => data.append(field, new File([blob], name, { type })));
  return data;
}

function momentText(type, value) {
  if (value == null) return "";
  const text = String(value);
  if (type === "date") return text.slice(0, 10);
  return type === "time" ? text.slice(0, 5) : text.slice(0, 16);
}

/** What a date or time field holds, as the engine takes it: moments with the time zone of the device. */
function momentValue(type, text) {
  if (text === "") return null;
  if (type === "date") return text;
  if (type === "dateTime") return new Date(text);
  const [hours, minutes] = text.split(":").map(Number);
  const time = new Date();
  time.setHours(hours, minutes, 0, 0);
  return time;
}

const rounded = (number) => Number(number.toFixed(9));
