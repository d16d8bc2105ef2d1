// The instance XML of an interview: its id, and names of files that are no longer there.
const XML_FIELD = "xml_submission_file";

/** The files of a payload in the form they are stored and sent; `gone` are references of attachments to blank. */
export async function submissionXml(data, gone) {
  const xml = await data.get(XML_FIELD).text();
  const document = new DOMParser().parseFromString(xml, "text/xml");
  gone.forEach((reference) => blank(document, reference));
  const text = gone.length ? new XMLSerializer().serializeToString(document) : xml;
  const instance = { field: XML_FIELD, name: XML_FIELD, type: "text/xml", blob: new Blob([text], { type: "text/xml" }) };
  const others = [...data].filter(([field]) => field !== XML_FIELD);
  const attachments = others.map(([field, file]) => ({ field, name: file.name, type: file.type, blob: file }));
  return { instanceId: instanceId(document), files: [instance, ...attachments] };
}

function instanceId(document) {
  const id = document.getElementsByTagNameNS("*", "instanceID")[0]?.textContent.trim();
  if (!id) throw new Error("The form gives its interviews no instance id.");
  return id;
}

function blank(document, reference) {
  const steps = reference.split("/").filter(Boolean).map((step) => {
    const [, name, position] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step);
    return { name: name.split(":").pop(), position: Number(position ?? 1) };
  });
  const [, ...below] = steps;
  const found = below.reduce((element, { name, position }) => {
    return element && [...element.children].filter((child) => child.localName === name)[position - 1];
  }, document.documentElement);
  if (found) found.textContent = "";
}
