import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import fr from "./fr.json";

export type Language = "fr" | "en";

const KEY = "xivo.language";

/** "fr_FR", "fr-CA" and "fr" are French; whatever else is English. */
export function languageOf(tag: string | undefined | null): Language {
  return tag?.toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** Before anybody has signed in: what was chosen in this browser, or else what the browser asks for. */
export function firstLanguage(): Language {
  return languageOf(localStorage.getItem(KEY) ?? navigator.language);
}

const HERE = "xivo.language.here";

/** Whether this browser's choice counts more than the account's. */
export function isLanguageKeptHere(): boolean {
  return localStorage.getItem(HERE) === "yes";
}

export function keepLanguageHere(yes: boolean) {
  if (yes) localStorage.setItem(HERE, "yes");
  else localStorage.removeItem(HERE);
}

export function currentLanguage(): Language {
  return languageOf(i18n.language);
}

export async function changeLanguage(language: Language) {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}

export async function startTexts(language: Language) {
  document.documentElement.lang = language;
  await i18n.use(initReactI18next).init({
    resources: { en: { translation: en }, fr: { translation: fr } },
    lng: language,
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}
