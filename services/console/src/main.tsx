import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "uplot/dist/uPlot.min.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/pages.css";
import "./theme/frame.css";
import "./theme/tiles.css";
import "./theme/alerts.css";
import "./theme/wall.css";
import "./theme/space.css";
import "./theme/verdict.css";
import { App } from "./app.tsx";
import { checkSession } from "./data/session.ts";
import { followLanguage } from "./i18n/language.ts";
import { followTheme } from "./theme/preference.ts";

// The list of some two hundred pieces of the font is long; the first paint does not wait for it.
void import("./theme/fonts.ts");

followTheme();
followLanguage();
void checkSession();

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root element");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
