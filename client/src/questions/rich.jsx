// Text of a form. Only **bold** and line breaks are understood; nothing is ever taken as HTML.
export function Rich({ text }) {
  return text.trim().split(/\r?\n/).map((line, index) => (
    <>
      {index > 0 && <br />}
      {line.split("**").map((part, position) => (position % 2 ? <strong>{part}</strong> : part))}
    </>
  ));
}
