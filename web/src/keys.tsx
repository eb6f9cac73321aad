// The keyboard shortcuts of the page, as its editor binds them.

import { Sheet } from "./sheet";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Converts the name of a key in CodeMirror to its label on the keyboard. */
const printed = (key: string) =>
  key
    .split("-")
    .map((part) => (part === "Mod" ? (isMac ? "⌘" : "Ctrl") : part))
    .join(isMac ? " " : "+");

const KEYS: [key: string, does: string][] = [
  ["F8", "Go to the next finding"],
  ["Shift-F8", "Go to the previous finding"],
  ["Mod-.", "Apply the fix at the cursor"],
  ["Mod-Shift-F", "Apply all safe fixes"],
  ["Mod-Space", "Complete a field or a value"],
  ["Mod-F", "Search in the text"],
  ["Mod-Shift-M", "List the findings in the editor"],
  ["Mod-Z", "Undo, also what the form wrote"],
  ["Esc", "Leave the editor with the next Tab"],
];

export function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title="Keyboard shortcuts" onClose={onClose}>
      <p className="about">They work while the cursor is in the definition.</p>
      <dl className="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{printed(key)}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
