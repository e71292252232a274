import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect } from "react";
import type { ReactNode } from "react";
import { rememberCsrf } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { changeLanguage, currentLanguage, isLanguageKeptHere, languageOf } from "@/i18n";
import { allows } from "./rights";

const Context = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("no session here");
  return session;
}

/** Whether the signed-in account may do that ("user:write"). The daemon has the last word; this only hides buttons. */
export function useMay(): (scope: string) => boolean {
  const { rights } = useSession();
  return (scope) => allows(rights, scope);
}

/** Gives its children the session; `otherwise` is shown to who has none. */
export function SessionGate({ children, loading, otherwise }: { children: ReactNode; loading: ReactNode; otherwise: (error: unknown) => ReactNode }) {
  const { data, error, isPending } = useQuery(sessionQuery);
  rememberCsrf(data?.csrf);
  const language = data?.language;
  useEffect(() => {
    if (language && language !== "auto" && !isLanguageKeptHere() && languageOf(language) !== currentLanguage()) void changeLanguage(languageOf(language));
  }, [language]);
  if (isPending) return loading;
  if (!data) return otherwise(error);
  return <Context value={data}>{children}</Context>;
}
