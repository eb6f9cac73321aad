// The icon of a severity, which differs by shape as well as by color.

import type { Severity } from "streamlint";

const SHAPES: Record<Severity | "good", string> = {
  error: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM5.5 5.5l5 5m0-5-5 5",
  warning: "M8 2 1.5 13.5h13L8 2Zm0 4.5V10m0 1.6v.4",
  info: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 7.5V11m0-6.5v.4",
  good: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM5 8.2l2.2 2.2L11 6",
};

export function Sign({ of }: { of: Severity | "good" }) {
  return (
    <svg className={`sign ${of}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[of]} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
