// Valid and invalid uses of the types. `tsc` checks it; it is never run.

import init, { check, checkAll, checkValue, explain, fix, reportJson, rules, schema } from "streamlint";
import type { Config, ConnectionType, Diagnostic, RuleName } from "streamlint";

await init();
await init(new URL("https://example.com/streamlint.wasm"));
await init(fetch("/streamlint.wasm"));

const found: Diagnostic[] = check("{}", { type: "Kafka", mode: "update", config: { ignore: ["missing-field"] } });
const rule: RuleName | undefined = found[0]?.rule;
const kinds: ConnectionType[] = rules().flatMap((rule) => rule.kinds);
const texts: Diagnostic[][] = checkAll([{ text: "{}", filename: "a.json" }], { config: { tenantName: "a" } });
const values: Diagnostic[] = checkValue({ type: "Sample" }, { type: "Sample" });
const fixed: { text: string; applied: number; remaining: Diagnostic[] } = fix("{}", { unsafe: true });
const page: string = explain("missing-field");
const written: string = reportJson("{}", { filename: "a.jsonc" });
const published: Record<string, unknown> = schema("connection");
export { found, rule, kinds, texts, values, fixed, page, written, published };

const strict: Config = {
  rules: { "missing-field": "warning", "overprivileged-role": "off" },
  requirePrivateNetworking: ["Kafka"],
  overrides: [{ paths: ["dev/"], workspace: "dev" }],
};
check("{}", { config: strict });
// @ts-expect-error a severity that does not exist
check("{}", { config: { rules: { "missing-field": "warn" } } });
// @ts-expect-error an override without its paths
check("{}", { config: { overrides: [{ workspace: "dev" }] } });
// @ts-expect-error a rule that does not exist
check("{}", { config: { select: ["no-such-rule"] } });
// @ts-expect-error a type that does not exist
check("{}", { type: "kafka" });
// @ts-expect-error bytes are not text
check(new Uint8Array());
// @ts-expect-error a value has no file
checkValue({}, { filename: "a.json" });
check("{}", { filename: undefined, mode: undefined, config: { select: undefined } });
// @ts-expect-error the mode is beside the config
check("{}", { config: { mode: "update" } });
