// Tells the screens that something stored has changed.
const bus = new EventTarget();

export const announceChange = () => bus.dispatchEvent(new Event("change"));

export function onChange(listener) {
  bus.addEventListener("change", listener);
  return () => bus.removeEventListener("change", listener);
}
