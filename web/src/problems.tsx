// What was found: where, what to do, and why.

import Markdown from "markdown-to-jsx/react";
import { memo, useId, useState } from "react";
import { type Diagnostic, explain } from "streamlint";

interface Props {
  found: readonly Diagnostic[];
  /** The text that they were found in. */
  text: string;
  onShow: (diagnostic: Diagnostic) => void;
  onFix: (diagnostic: Diagnostic) => void;
  onFixAll: () => void;
}

/** More than anybody reads; a list of thousands would hold up the typing. */
const PAGE = 100;

export const Problems = memo(function Problems({ found, text, onShow, onFix, onFixAll }: Props) {
  const [shown, setShown] = useState(PAGE);
  const safe = found.filter(({ fix }) => fix?.safe).length;
  return (
    <section className="problems" aria-labelledby="problems-title">
      <div className="bar">
        <h2 id="problems-title">Problems</h2>
        <p role="status" className="counts">
          {summary(found)}
        </p>
        <button type="button" disabled={safe === 0} onClick={onFixAll}>
          Fix all safe{safe > 0 ? ` (${safe})` : ""}
        </button>
      </div>
      <ol>
        {found.slice(0, shown).map((diagnostic, at) => (
          <Problem key={`${diagnostic.rule} ${diagnostic.connectionIndex} ${diagnostic.pointer} ${at}`} {...{ diagnostic, text, onShow, onFix }} />
        ))}
      </ol>
      {found.length > shown && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, found.length - shown)} more of {found.length - shown}
        </button>
      )}
    </section>
  );
});

function Problem({ diagnostic, text, onShow, onFix }: { diagnostic: Diagnostic } & Pick<Props, "text" | "onShow" | "onFix">) {
  const [isOpen, setOpen] = useState(false);
  const page = useId();
  const { rule, severity, message, help, fix, from } = diagnostic;
  return (
    <li className={`problem ${severity}`} data-rule={rule}>
      <button type="button" className="place" onClick={() => onShow(diagnostic)}>
        <span className="severity">{severity}</span>
        <span className="message">{coded(message)}</span>
        <span className="line">line {lineOf(text, from)}</span>
      </button>
      {help && <p className="help">{coded(help)}</p>}
      <p className="actions">
        {fix && (
          <button type="button" className="fix" onClick={() => onFix(diagnostic)}>
            {coded(fix.title)}
            {!fix.safe && <span className="guess"> (a guess)</span>}
          </button>
        )}
        <button type="button" className="quiet" aria-expanded={isOpen} aria-controls={page} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Hide" : "Why?"} <span className="rule">{rule}</span>
        </button>
      </p>
      <div id={page} className="page" hidden={!isOpen}>
        {isOpen && <Markdown options={PAGES}>{explain(rule).replace(/^# .*\n/, "")}</Markdown>}
      </div>
    </li>
  );
}

const PAGES = {
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: {
    h2: { component: "h4" },
    a: { props: { target: "_blank", rel: "noreferrer" } },
    pre: { props: { tabIndex: 0 } },
  },
} as const;

/** A sentence with what stands in back ticks as code. */
function coded(sentence: string) {
  return sentence.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function summary(found: readonly Diagnostic[]): string {
  if (found.length === 0) return "Nothing found.";
  const names = { error: ["error", "errors"], warning: ["warning", "warnings"], info: ["hint", "hints"] } as const;
  return Object.entries(names)
    .map(([severity, [one, many]]) => [found.filter((diagnostic) => diagnostic.severity === severity).length, one, many] as const)
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
    .join(", ");
}
