import { useSyncExternalStore } from "react";
import { storedChoice } from "../data/stored-choice.ts";
import { en } from "./en.ts";
import { zh, type Messages } from "./zh.ts";

export const languages = ["zh", "en"] as const;
export type Language = (typeof languages)[number];

export const dictionaries: Readonly<Record<Language, Messages>> = { zh, en };

/** The chosen language; that of the browser until somebody chooses. before-paint.js reads the same key. */
export const languageChoice = storedChoice<Language>(
  "unbroken.language",
  languages,
  preferredOf(typeof navigator === "undefined" ? [] : navigator.languages),
);

/** The first of the reader's languages that the console speaks; English if none. */
export function preferredOf(tags: readonly string[]): Language {
  for (const tag of tags) {
    const known = languages.find((language) => tag.toLowerCase().startsWith(language));
    if (known !== undefined) return known;
  }
  return "en";
}

export function useLanguage(): Language {
  return useSyncExternalStore(languageChoice.subscribe, languageChoice.get);
}

export function useMessages(): Messages {
  return dictionaries[useLanguage()];
}

export function toggleLanguage(): void {
  languageChoice.set(languageChoice.get() === "zh" ? "en" : "zh");
}

export function followLanguage(): void {
  const apply = () => {
    document.documentElement.lang = languageChoice.get() === "zh" ? "zh-CN" : "en";
  };
  languageChoice.subscribe(apply);
  apply();
}
