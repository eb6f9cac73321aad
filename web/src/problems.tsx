// The list of findings, with their positions, help and explanations.

import Markdown from "markdown-to-jsx/react";
import { memo, useState } from "react";
import { type Diagnostic, explain, rules } from "streamlint";

import { coded } from "./coded";
import { Sheet } from "./sheet";
import { Sign } from "./sign";

interface Props {
  found: readonly Diagnostic[];
  /** The text of the findings. */
  text: string;
  /** The number of checked parts, in words. */
  covered: string;
  /** The names of the connections, if there are several. */
  names: string[] | undefined;
  onShow: (diagnostic: Diagnostic) => void;
  onFix: (diagnostic: Diagnostic) => void;
  onFixAll: () => void;
}

/** Maximum number of listed findings: a list of thousands would slow down typing. */
const PAGE = 100;

const RULES = rules().length;

export const Problems = memo(function Problems({ found, text, covered, names, onShow, onFix, onFixAll }: Props) {
  const [shown, setShown] = useState(PAGE);
  const [explained, setExplained] = useState<Diagnostic["rule"]>();
  const isBlank = text.trim() === "";
  const safe = found.filter(({ fix }) => fix?.safe).length;
  return (
    <section className="problems" aria-labelledby="problems-title">
      <div className="bar">
        <h2 id="problems-title">Findings</h2>
        <p role="status" aria-live="polite" aria-atomic="true" className="counts">
          {isBlank ? "No text yet" : summary(found)}
        </p>
        {safe > 0 && (
          <button type="button" className="main small" onClick={onFixAll}>
            Fix all safe ({safe})
          </button>
        )}
      </div>
      <ol tabIndex={found.length > 0 ? 0 : undefined} aria-label="Findings">
        {isBlank && <li className="content blank">Findings appear here as you type.</li>}
        {found.length === 0 && !isBlank && (
          <li className="content">
            <Sign of="good" /> {RULES} rules found nothing in {covered}.
          </li>
        )}
        {found.slice(0, shown).map((diagnostic, at) => (
          <Problem
            key={`${diagnostic.rule} ${diagnostic.connectionIndex} ${diagnostic.pointer} ${at}`}
            name={diagnostic.connectionIndex === null ? undefined : names?.[diagnostic.connectionIndex]}
            onExplain={setExplained}
            {...{ diagnostic, text, onShow, onFix }}
          />
        ))}
        {found.length > shown && (
          <li>
            <button type="button" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, found.length - shown)} more of {found.length - shown}
            </button>
          </li>
        )}
      </ol>
      {explained && (
        <Sheet title={<code>{explained}</code>} onClose={() => setExplained(undefined)}>
          <div className="page">
            <Markdown options={PAGES}>{pageOf(explained)}</Markdown>
          </div>
        </Sheet>
      )}
    </section>
  );
});

interface ProblemProps extends Pick<Props, "text" | "onShow" | "onFix"> {
  diagnostic: Diagnostic;
  name: string | undefined;
  onExplain: (rule: Diagnostic["rule"]) => void;
}

function Problem({ diagnostic, text, name, onShow, onFix, onExplain }: ProblemProps) {
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
          <span className="line">
            {name !== undefined && <span className="connection">{name}</span>} line {lineOf(text, from)}
          </span>
        </button>
        <p className="advice">
          <span className="help">{help && coded(help)}</span>
          <span className="actions">
          {fix && (
            <button type="button" className={fix.safe ? "fix small" : "fix guess small"} onClick={() => onFix(diagnostic)}>
              {coded(fix.title)}
              {!fix.safe && " (a guess)"}
            </button>
          )}
          <button type="button" className="quiet small" aria-haspopup="dialog" onClick={() => onExplain(rule)}>
            Why? <span className="rule">{rule}</span>
          </button>
          </span>
        </p>
      </div>
    </li>
  );
}

const PAGES = {
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: {
    h2: { component: "h3" },
    a: { props: { target: "_blank", rel: "noreferrer" } },
    pre: { props: { tabIndex: 0 } },
  },
} as const;

/** Returns the page of a rule without its title, and with a heading for each example. */
function pageOf(rule: Diagnostic["rule"]): string {
  return explain(rule)
    .replace(/^# .*\n/, "")
    .replace(/^```(\w+) (bad|good).*$/gm, (_, language: string, is: string) => `${is === "bad" ? "With a finding:" : "Without a finding:"}\n\n\`\`\`${language}`);
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function summary(found: readonly Diagnostic[]): string {
  if (found.length === 0) return "No findings";
  const names = { error: ["error", "errors"], warning: ["warning", "warnings"], info: ["info", "infos"] } as const;
  return Object.entries(names)
    .map(([severity, [one, many]]) => [found.filter((diagnostic) => diagnostic.severity === severity).length, one, many] as const)
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
    .join(", ");
}
