// Links from the page to the repository, which is the only address that the project owns. If the page is part of the
// documentation site, they lead there: `make site` writes the address into the page.

import { license, repository, version } from "streamlint/package.json";

export const VERSION = version;
export const LICENSE = license;
export const REPOSITORY = repository.url.replace(/^git\+|\.git$/g, "");

/** Returns the URL of a file in the repository, at this version. */
const file = (path: string) => `${REPOSITORY}/blob/v${VERSION}/${path}`;

const site = document.querySelector<HTMLLinkElement>("link[rel=help]")?.href;
const page = (path: string, source: string) => (site ? new URL(path, site).href : file(source));

export const LINKS = {
  Documentation: page("index.html", "README.md"),
  Rules: page("rules/index.html", "docs/rules.md"),
  GitHub: REPOSITORY,
};
