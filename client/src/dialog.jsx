// A question that has to be answered before anything else.
import { useEffect, useRef } from "preact/hooks";

export function Dialog({ title, text, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="dialog-title" aria-describedby="dialog-text" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      <p id="dialog-text">{text}</p>
      <div class="dialog-buttons">{children}</div>
    </dialog>
  );
}
