// A dialog over the page: the page of a rule, or the list of keyboard shortcuts.

import { type ReactNode, useEffect, useId, useRef } from "react";

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

export function Sheet({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    // The dialog's own area outside of the sheet is its backdrop. The Escape key closes it natively.
    <dialog className="sheet" ref={dialog} aria-labelledby={heading} onClose={onClose} onClick={({ target }) => target === dialog.current && close()}>
      <div className="paper">
        <div className="bar">
          <h2 id={heading}>{title}</h2>
          <button type="button" onClick={close}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
