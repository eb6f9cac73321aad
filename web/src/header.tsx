// The header and footer of the page: title, examples, and links.

import type { ConnectionType } from "streamlint";

import { LICENSE, LINKS, VERSION } from "./links";
import type { Theme } from "./theme";

interface Props {
  types: readonly ConnectionType[];
  theme: Theme;
  showsSecrets: boolean;
  onBegin: (type: ConnectionType) => void;
  onOpen: (file: File) => void;
  onShowSecrets: (shows: boolean) => void;
  onTheme: () => void;
}

export function Header({ types, theme, showsSecrets, onBegin, onOpen, onShowSecrets, onTheme }: Props) {
  return (
    <header>
      <div className="brand">
        <h1>
          <img src="./icon.svg" alt="" width="28" height="28" /> streamlint
        </h1>
        <p>Lints MongoDB Atlas Stream Processing connections as you type. Nothing leaves this page.</p>
      </div>
      <div className="tools">
        <select aria-label="Begin with an example" value="" onChange={({ target }) => onBegin(target.value as ConnectionType)}>
          <option value="" disabled>
            Begin with an example…
          </option>
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
        <label className="file">
          Open a file
          <input
            type="file"
            accept=".json,.jsonc,.yaml,.yml,.tf,.tofu,.tfvars,.hcl,.template,.http,.rest,.md,.mdx,.sh,.bash,application/json,text/plain"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file) onOpen(file);
              target.value = "";
            }}
          />
        </label>
        <label>
          <input type="checkbox" checked={showsSecrets} onChange={({ target }) => onShowSecrets(target.checked)} /> Show secrets
        </label>
        <button type="button" onClick={onTheme}>
          Theme: {theme}
        </button>
      </div>
    </header>
  );
}

export function Footer({ onKeys }: { onKeys: () => void }) {
  return (
    <footer>
      <p>
        streamlint {VERSION} · {LICENSE}
      </p>
      <nav aria-label="streamlint">
        {Object.entries(LINKS).map(([name, address]) => (
          <a key={name} href={address} target="_blank" rel="noreferrer">
            {name}
          </a>
        ))}
        <button type="button" className="link" onClick={onKeys}>
          Keyboard shortcuts
        </button>
      </nav>
    </footer>
  );
}
