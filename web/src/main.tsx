import "./style.css";

import { createRoot } from "react-dom/client";
import init from "streamlint";

import { Page } from "./page";

const root = createRoot(document.getElementById("root")!);
init().then(
  () => root.render(<Page />),
  (error: unknown) => root.render(<p role="alert">This page cannot start: {String(error)}</p>),
);
