import { allows } from "@/app/rights";

/** The scopes without those that another one in the list includes already. */
export function withoutRepeats(scopes: string[]): string[] {
  return scopes.filter((scope) => !allows(scopes.filter((other) => other !== scope), scope));
}

/** The scopes without one of them; "call:*" becomes the other actions of calls. */
export function without(scopes: string[], scope: string, actions: string[]): string[] {
  const [area] = scope.split(":");
  return scopes.flatMap((each) => {
    if (each !== `${area}:*` && each !== area) return each === scope ? [] : [each];
    return actions.map((action) => `${area}:${action}`).filter((other) => other !== scope);
  });
}
