// A notice above the form, with actions.

import { coded } from "./coded";

interface Props {
  words: string;
  /** Whether it only informs and requires no action. */
  isCalm?: boolean;
  action?: string | undefined;
  onAction?: () => void;
}

export function Notice({ words, isCalm = false, action, onAction }: Props) {
  return (
    <p className={isCalm ? "notice calm" : "notice"} role="status">
      <span>{coded(words)}</span>
      {action && (
        <button type="button" className="small" onClick={onAction}>
          {coded(action)}
        </button>
      )}
    </p>
  );
}
