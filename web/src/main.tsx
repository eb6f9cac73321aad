import "./style.css";

import { createRoot } from "react-dom/client";
import init from "streamlint";

import { Page } from "./page";
import { shared } from "./share";

const root = createRoot(document.getElementById("root")!);
Promise.all([shared(), init()]).then(
  ([link]) => root.render(<Page link={link} />),
  (error: unknown) => root.render(<p role="alert">This page cannot start: {String(error)}</p>),
);
// A link that is opened in the same tab may contain a different text.
addEventListener("hashchange", () => location.reload());
