// What was found: where, what to do, and why.

import Markdown from "markdown-to-jsx/react";
import { memo, useId, useState } from "react";
import { type Diagnostic, explain, rules } from "streamlint";

import { Sign } from "./sign";

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

const RULES = rules().length;

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
        {safe > 0 && (
          <button type="button" className="main small" onClick={onFixAll}>
            Fix all safe ({safe})
          </button>
        )}
      </div>
      {found.length === 0 && text.trim() !== "" && (
        <p className="content">
          <Sign of="good" /> All {RULES} rules are content with this definition.
        </p>
      )}
      <ol>
        {found.slice(0, shown).map((diagnostic, at) => (
          <Problem key={`${diagnostic.rule} ${diagnostic.connectionIndex} ${diagnostic.pointer} ${at}`} {...{ diagnostic, text, onShow, onFix }} />
        ))}
        {found.length > shown && (
          <li>
            <button type="button" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, found.length - shown)} more of {found.length - shown}
            </button>
          </li>
        )}
      </ol>
    </section>
  );
});

function Problem({ diagnostic, text, onShow, onFix }: { diagnostic: Diagnostic } & Pick<Props, "text" | "onShow" | "onFix">) {
  const [isOpen, setOpen] = useState(false);
  const page = useId();
  const { rule, severity, message, help, fix, from } = diagnostic;
  return (
    <li className={`problem ${severity}`} data-rule={rule}>
      <Sign of={severity} />
      <div>
        <button type="button" className="place" onClick={() => onShow(diagnostic)}>
          <span className="message">
            <span className="unseen">{severity}: </span>
            {coded(message)}
          </span>
          <span className="line">line {lineOf(text, from)}</span>
        </button>
        {help && <p className="help">{coded(help)}</p>}
        <p className="actions">
          {fix && (
            <button type="button" className={fix.safe ? "fix small" : "fix guess small"} onClick={() => onFix(diagnostic)}>
              {coded(fix.title)}
              {!fix.safe && " (a guess)"}
            </button>
          )}
          <button type="button" className="quiet small" aria-expanded={isOpen} aria-controls={page} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : "Why?"} <span className="rule">{rule}</span>
          </button>
        </p>
        <div id={page} className="page" hidden={!isOpen}>
          {isOpen && <Markdown options={PAGES}>{pageOf(rule)}</Markdown>}
        </div>
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

/** The page about a rule without its title, and with words for what its examples are. */
function pageOf(rule: Diagnostic["rule"]): string {
  return explain(rule)
    .replace(/^# .*\n/, "")
    .replace(/^```(\w+) (bad|good).*$/gm, (_, language: string, is: string) => `${is === "bad" ? "It is found in" : "and not in"}\n\n\`\`\`${language}`);
}

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
