// The text, in CodeMirror.

import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { placeholder } from "@codemirror/view";
import { basicSetup, EditorView } from "codemirror";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { Diagnostic, Options } from "streamlint";
import { streamlint, streamlintSecrets } from "streamlint/codemirror";

import { isJson, plain, plainSecrets } from "./plain";

/** What the rest of the page does with the text. */
export interface Text {
  read(): string;
  /** Makes the text another one, as one step that can be undone, and leaves the cursor where it was. */
  become(text: string): void;
  /** Goes to a range and marks it. */
  show(from: number, to: number): void;
}

interface Props {
  start: string;
  options: Options;
  showsSecrets: boolean;
  /** Called with what was found in which text, when the marks have been painted. */
  onCheck: (found: Diagnostic[], text: string) => void;
  ref: Ref<Text>;
}

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-word)" },
  { tag: [tags.lineComment, tags.blockComment, tags.comment], color: "var(--soft)" },
]);

const DOTS = [streamlintSecrets(), plainSecrets];
const language = new Compartment();

export function Editor({ start, options, showsSecrets, onCheck, ref }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const checks = useRef(new Compartment());
  const dots = useRef(new Compartment());
  // The editor outlives a drawing of the page, so it calls what the last one handed over.
  const told = useRef(onCheck);
  told.current = onCheck;

  // The marks come first. Form and list take longer than a frame lasts, and would hold them up.
  const waiting = useRef(0);
  const checking = (options: Options) =>
    streamlint({
      ...options,
      delay: 0,
      onCheck(found) {
        const text = view.current?.state.doc.toString() ?? "";
        cancelAnimationFrame(waiting.current);
        waiting.current = requestAnimationFrame(() => setTimeout(() => told.current(found, text)));
      },
    });

  useEffect(() => {
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: start,
        extensions: [
          basicSetup,
          language.of(isJson(start) ? json() : plain),
          EditorState.transactionExtender.of(({ docChanged, newDoc, startState }) => {
            if (!docChanged || isJson(newDoc) === isJson(startState.doc)) return null;
            return { effects: language.reconfigure(isJson(newDoc) ? json() : plain) };
          }),
          EditorView.lineWrapping,
          placeholder("Type or paste a definition, or drop a file anywhere on this page."),
          syntaxHighlighting(colors),
          lintGutter(),
          checks.current.of(checking(options)),
          dots.current.of(showsSecrets ? [] : DOTS),
          EditorView.contentAttributes.of({ "aria-label": "Definition", spellcheck: "false", autocapitalize: "off" }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  const words = JSON.stringify(options);
  useEffect(() => view.current?.dispatch({ effects: checks.current.reconfigure(checking(options)) }), [words]);
  useEffect(
    () => view.current?.dispatch({ effects: dots.current.reconfigure(showsSecrets ? [] : DOTS) }),
    [showsSecrets],
  );

  useImperativeHandle(ref, () => ({
    read: () => view.current?.state.doc.toString() ?? "",
    become(text) {
      const old = view.current?.state.doc.toString() ?? "";
      const changes = difference(old, text);
      if (changes) view.current?.dispatch({ changes, userEvent: "input.fix" });
    },
    show(from, to) {
      const end = view.current?.state.doc.length ?? 0;
      view.current?.dispatch({
        selection: { anchor: Math.min(from, end), head: Math.min(to, end) },
        effects: EditorView.scrollIntoView(Math.min(from, end), { y: "center" }),
      });
      view.current?.focus();
    },
  }));

  return <div className="editor" ref={host} />;
}

/** The one range in which two texts differ. */
function difference(old: string, text: string): { from: number; to: number; insert: string } | undefined {
  if (old === text) return undefined;
  let from = 0;
  while (from < old.length && old[from] === text[from]) from++;
  let same = 0;
  const most = Math.min(old.length, text.length) - from;
  while (same < most && old[old.length - 1 - same] === text[text.length - 1 - same]) same++;
  return { from, to: old.length - same, insert: text.slice(from, text.length - same) };
}
