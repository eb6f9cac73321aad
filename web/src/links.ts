// Addresses outside of the page. The project owns nothing but its repository, so all of them lead there, unless the page is
// part of the documentation's site: then `make site` has written into it where that is.

import { license, repository, version } from "streamlint/package.json";

export const VERSION = version;
export const LICENSE = license;
export const REPOSITORY = repository.url.replace(/^git\+|\.git$/g, "");

/** A file of the repository, as it is in this version. */
const file = (path: string) => `${REPOSITORY}/blob/v${VERSION}/${path}`;

const site = document.querySelector<HTMLLinkElement>("link[rel=help]")?.href;
const page = (path: string, source: string) => (site ? new URL(path, site).href : file(source));

export const LINKS = {
  Documentation: page("index.html", "README.md"),
  Rules: page("rules/index.html", "docs/rules.md"),
  GitHub: REPOSITORY,
};
