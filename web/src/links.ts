// Addresses outside of the page. The project owns nothing but its repository, so all of them lead there.

import { license, repository, version } from "streamlint/package.json";

export const VERSION = version;
export const LICENSE = license;
export const REPOSITORY = repository.url.replace(/^git\+|\.git$/g, "");

/** A file of the repository, as it is in this version. */
const file = (path: string) => `${REPOSITORY}/blob/v${VERSION}/${path}`;

export const LINKS = {
  Documentation: file("README.md"),
  Rules: file("docs/rules.md"),
  GitHub: REPOSITORY,
};
