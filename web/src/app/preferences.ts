import { useQueryClient } from "@tanstack/react-query";
import { put } from "@/api/client";
import type { Session } from "@/api/types";
import { changeLanguage } from "@/i18n";
import type { Language } from "@/i18n";

/** Changes the language at once, and that of the account, so that it is the same in every browser. */
export function useChooseLanguage() {
  const cache = useQueryClient();
  return (language: Language) => {
    cache.setQueryData<Session>(["session"], (session) => session && { ...session, language });
    void changeLanguage(language);
    // Where the account may not change itself, the choice is this browser's.
    void put("/session/language", { language }).catch(() => undefined);
  };
}
