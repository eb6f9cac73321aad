// The text editor, with CodeMirror.

import { isolateHistory, undo } from "@codemirror/commands";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, previousDiagnostic } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { keymap, placeholder, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { Diagnostic, Options } from "streamlint";
import { streamlintLinter } from "streamlint/codemirror";

import { dots } from "./dots";
import { explanations } from "./explain";
import { languages, syntaxOf } from "./languages";

/** The editor's interface for the rest of the page. */
export interface Text {
  read(): string;
  /** The offset of the cursor. */
  cursor(): number;
  /** Replaces the text and keeps the cursor, as a new undo step or as part of the previous one. */
  become(text: string, isStep?: boolean): void;
  undo(): void;
  /** Scrolls to a range and selects it. */
  show(from: number, to: number): void;
}

interface Props {
  start: string;
  options: Options;
  showsSecrets: boolean;
  /** Called with the findings and the checked text, after the marks have been painted. */
  onCheck: (found: Diagnostic[], text: string) => void;
  /** Called for each change. `isAnother` means that the text was replaced, for example by pasting over all of it. */
  onChange: (text: string, isAnother: boolean) => void;
  onFixHere: () => void;
  onFixAll: () => void;
  ref: Ref<Text>;
}

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--code-word)" },
  { tag: [tags.lineComment, tags.blockComment, tags.comment], color: "var(--soft)" },
]);

/** The user event of changes by the page itself. */
const OURS = "input.fix";

const language = new Compartment();

export function Editor({ start, options, showsSecrets, ref, ...handlers }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const checks = useRef(new Compartment());
  const covers = useRef(new Compartment());
  // The editor outlives a render of the page, so it calls the latest handlers.
  const page = useRef(handlers);
  page.current = handlers;

  // The marks come first. The form and the list take longer than a frame, and would delay them.
  const waiting = useRef(0);
  const checking = (options: Options) => [
    explanations(options),
    streamlintLinter({
      ...options,
      delay: 0,
      onCheck(found) {
        const text = view.current?.state.doc.toString() ?? "";
        cancelAnimationFrame(waiting.current);
        waiting.current = requestAnimationFrame(() => setTimeout(() => page.current.onCheck(found, text)));
      },
    }),
  ];

  useEffect(() => {
    const keys = [
      { key: "Shift-F8", run: previousDiagnostic },
      { key: "Mod-.", preventDefault: true, run: () => (page.current.onFixHere(), true) },
      { key: "Shift-Mod-f", preventDefault: true, run: () => (page.current.onFixAll(), true) },
    ];
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: start,
        extensions: [
          Prec.high(keymap.of(keys)),
          basicSetup,
          language.of(languages[syntaxOf(start)]()),
          EditorState.transactionExtender.of(({ docChanged, newDoc, startState }) => {
            const syntax = syntaxOf(newDoc);
            if (!docChanged || syntax === syntaxOf(startState.doc)) return null;
            return { effects: language.reconfigure(languages[syntax]()) };
          }),
          EditorView.lineWrapping,
          placeholder("Type or paste a definition, or drop a file anywhere on this page."),
          syntaxHighlighting(colors),
          lintGutter(),
          checks.current.of(checking(options)),
          covers.current.of(showsSecrets ? [] : dots(options)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) page.current.onChange(update.state.doc.toString(), isAnother(update));
          }),
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
    () => view.current?.dispatch({ effects: covers.current.reconfigure(showsSecrets ? [] : dots(options)) }),
    [showsSecrets, words],
  );

  useImperativeHandle(ref, () => ({
    read: () => view.current?.state.doc.toString() ?? "",
    cursor: () => view.current?.state.selection.main.from ?? 0,
    become(text, isStep = true) {
      const old = view.current?.state.doc.toString() ?? "";
      const changes = difference(old, text);
      if (changes) view.current?.dispatch({ changes, userEvent: OURS, ...(isStep && { annotations: isolateHistory.of("full") }) });
    },
    undo: () => void (view.current && undo(view.current)),
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

/** Whether the full text was replaced. */
function isAnother({ transactions, startState, state }: ViewUpdate): boolean {
  if (transactions.some((transaction) => transaction.isUserEvent(OURS))) return false;
  if (state.doc.toString().trim() === "") return true;
  let kept = startState.doc.length;
  for (const { changes } of transactions) changes.iterChangedRanges((from, to) => (kept -= to - from));
  return startState.doc.length > 0 && kept <= 0;
}

/** Returns the single range in which two texts differ. */
function difference(old: string, text: string): { from: number; to: number; insert: string } | undefined {
  if (old === text) return undefined;
  let from = 0;
  while (from < old.length && old[from] === text[from]) from++;
  let same = 0;
  const most = Math.min(old.length, text.length) - from;
  while (same < most && old[old.length - 1 - same] === text[text.length - 1 - same]) same++;
  return { from, to: old.length - same, insert: text.slice(from, text.length - same) };
}
