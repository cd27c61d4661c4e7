// Keys of a page: none of them while somebody writes, or a dialog is open.
import { useLayoutEffect, useRef } from "./ui.js";

const WRITES = new Set(["INPUT", "TEXTAREA", "SELECT"]);
const PRESSES = new Set(["BUTTON", "A", "SUMMARY"]);

/** `{ j: () => …, Enter: () => … }`; keys with Ctrl, Alt or Meta are the browser's. */
export function useKeys(keys) {
  const latest = useRef(keys);
  latest.current = keys;
  // Before the page is painted: whoever sees it may press.
  useLayoutEffect(() => {
    const pressed = (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (document.querySelector("dialog[open]")) return;
      const { tagName, isContentEditable } = event.target;
      const isField = (WRITES.has(tagName) && !["radio", "checkbox"].includes(event.target.type))
        || isContentEditable;
      if (isField && !/^F\d+$/.test(event.key)) return;
      // Enter and Space on what has the focus do what it is for.
      if (PRESSES.has(tagName) && (event.key === "Enter" || event.key === " ")) return;
      if (event.target.closest?.(".leaflet-container") && event.key.startsWith("Arrow")) return;
      const act = latest.current[event.key] ?? latest.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
