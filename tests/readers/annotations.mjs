// Reads a JSON report from standard input, and writes the annotations that GitHub's own library would write for it.

import { readFileSync } from "node:fs";
import { error, notice, warning } from "@actions/core";

const report = JSON.parse(readFileSync(0, "utf8"));
for (const { path, diagnostics } of report.files) {
  for (const { rule, severity, message, help, span } of diagnostics) {
    const { start, end } = span;
    const columns = start.line === end.line ? { startColumn: start.column, endColumn: end.column } : {};
    const say = { error, warning, info: notice }[severity];
    say(help === null ? message : `${message}\n${help}`, {
      title: rule,
      file: path,
      startLine: start.line,
      endLine: end.line,
      ...columns,
    });
  }
}
