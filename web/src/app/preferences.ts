import { useQueryClient } from "@tanstack/react-query";
import { send } from "@/api/client";
import type { Session } from "@/api/types";
import { changeLanguage, keepLanguageHere } from "@/i18n";
import type { Language } from "@/i18n";
import { allows } from "./rights";

/** Changes the language at once, and that of the account, so that it is the same in every browser. Who may not change accounts, the
 * own one included, keeps the choice in this browser. */
export function useChooseLanguage() {
  const cache = useQueryClient();
  return (language: Language) => {
    const session = cache.getQueryData<Session>(["session"]);
    cache.setQueryData<Session>(["session"], session && { ...session, language });
    void changeLanguage(language);
    keepLanguageHere(true);
    if (!session?.account_id || !allows(session.rights, "account:write")) return;
    void send("patch", `/accounts/${session.account_id}`, { body: { language } }).then(() => keepLanguageHere(false)).catch(() => undefined);
  };
}
