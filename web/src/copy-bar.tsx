// The bar with copies in other formats, a link, and the text itself.

interface Props {
  names: string[];
  /** The reason why nothing can be copied, if so. */
  why: string | undefined;
  isBlank: boolean;
  /** The number of connections to copy. */
  count: number;
  /** Whether all connections are copied, instead of the one in the form. */
  isOfAll: boolean;
  /** The last action of the page, also for screen readers. */
  status: string;
  onOfAll: (isOfAll: boolean) => void;
  onCopy: (name: string) => void;
  onShare: () => void;
  onDownload: () => void;
}

export function CopyBar({ names, why, isBlank, count, isOfAll, status, onOfAll, onCopy, onShare, onDownload }: Props) {
  return (
    <div className="copies">
      <div className="bar">
        <span id="copies">Copy as</span>
        <div role="group" aria-labelledby="copies">
          {names.map((name) => (
            <button key={name} type="button" disabled={why !== undefined} aria-describedby={why ? "why" : undefined} onClick={() => onCopy(name)}>
              {name}
            </button>
          ))}
        </div>
        <div role="group" aria-label="The text" className="ends">
          <button type="button" disabled={isBlank} onClick={onShare}>
            Copy link
          </button>
          <button type="button" disabled={isBlank} onClick={onDownload}>
            Download
          </button>
        </div>
      </div>
      <div className="below">
        <p className="status">
          <span role="status">{status}</span>
          {status === "" && why && <span id="why">{why}</span>}
        </p>
        {count > 1 && (
          <label>
            <input type="checkbox" checked={isOfAll} onChange={({ target }) => onOfAll(target.checked)} /> Copy all {count} connections
          </label>
        )}
      </div>
    </div>
  );
}
