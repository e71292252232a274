import { allows } from "@/app/rights";

/** The scopes without those that another one in the list includes already. */
export function withoutRepeats(scopes: string[]): string[] {
  return scopes.filter((scope) => !allows(scopes.filter((other) => other !== scope), scope));
}
