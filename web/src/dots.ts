// Dots over possible secrets, from the core's mask, in every syntax. Only the display changes: the cursor and copying
// still use the text.

import { type ChangeSet, type EditorState, type Extension, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { Options } from "streamlint";

import { type Range, secrets } from "./core";

/** The longest text, in UTF-16 code units, whose dots are updated with each keystroke. */
const AT_ONCE = 50_000;

/** Milliseconds of rest before the dots of a longer text are updated. Until then all inserted text is covered. */
const REST = 150;

const dot = Decoration.mark({ class: "cm-streamlint-secret" });
const theme = EditorView.baseTheme({ ".cm-streamlint-secret, .cm-streamlint-secret *": { "-webkit-text-security": "disc" } });
const refresh = StateEffect.define<null>();

export function dots(options: Options): Extension {
  const fresh = (doc: Text) => secrets(doc.toString(), options);
  const field = StateField.define<readonly Range[]>({
    create: ({ doc }) => fresh(doc).ranges,
    update(old, { docChanged, changes, newDoc, effects }) {
      if (effects.some((effect) => effect.is(refresh))) return fresh(newDoc).ranges;
      if (!docChanged) return old;
      const kept = old.map(({ from, to }) => ({ from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) }));
      if (newDoc.length > AT_ONCE) return united([...kept, ...changed(changes)]);
      const { isDamaged, ranges } = fresh(newDoc);
      // After a syntax error nearly everything would be covered, and dots would flicker while the user types.
      return isDamaged ? united([...kept, ...inserted(ranges, changes, newDoc)]) : ranges;
    },
    provide: (field) =>
      EditorView.decorations.from(field, (ranges) => Decoration.set(ranges.filter(({ from, to }) => from < to).map(({ from, to }) => dot.range(from, to)))),
  });
  return [field, theme, later];
}

/** Updates the dots of a long text after a pause. */
const later = ViewPlugin.fromClass(
  class {
    timer = 0;
    constructor(private view: EditorView) {}
    update({ docChanged, state }: ViewUpdate) {
      if (!docChanged) return;
      clearTimeout(this.timer);
      if (isLong(state)) this.timer = window.setTimeout(() => this.view.dispatch({ effects: refresh.of(null) }), REST);
    }
    destroy() {
      clearTimeout(this.timer);
    }
  },
);

const isLong = ({ doc }: EditorState) => doc.length > AT_ONCE;

function changed(changes: ChangeSet): Range[] {
  const found: Range[] = [];
  changes.iterChangedRanges((_, __, from, to) => found.push({ from, to }));
  return found;
}

/** Returns the secret ranges that overlap inserted text: all of them, or after a single key only the values. */
function inserted(ranges: readonly Range[], changes: ChangeSet, doc: Text): Range[] {
  const places = changed(changes);
  const isTyped = places.every(({ from, to }) => to - from <= 2);
  const isValue = ({ from }: Range) => /[:=]\s*["']?$/.test(doc.sliceString(doc.lineAt(from).from, from));
  return ranges.filter((range) => places.some(({ from, to }) => range.from <= to && from <= range.to) && (!isTyped || isValue(range)));
}

/** Sorts ranges, and merges those that touch. */
function united(ranges: Range[]): Range[] {
  const sorted = ranges.sort((one, other) => one.from - other.from);
  const found: Range[] = [];
  for (const { from, to } of sorted) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}
