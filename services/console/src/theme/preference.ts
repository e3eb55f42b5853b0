import { storedChoice } from "../data/stored-choice.ts";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const system = matchMedia("(prefers-color-scheme: dark)");

/** The chosen theme; `auto` follows the system. before-paint.js reads the same key. */
export const themeChoice = storedChoice<Theme>("unbroken.theme", themes, "auto");

function apply(): void {
  const theme = themeChoice.get();
  const dark = theme === "dark" || (theme === "auto" && system.matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
}

export function followTheme(): void {
  themeChoice.subscribe(apply);
  system.addEventListener("change", apply);
  apply();
}

export function cycleTheme(): void {
  const at = themes.indexOf(themeChoice.get());
  themeChoice.set(themes[(at + 1) % themes.length] ?? "auto");
}
