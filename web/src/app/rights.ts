/** Whether a list of scopes ("user:*") has this one in it ("user:write"). A session without a list has every right. */
export function allows(rights: string[] | undefined, scope: string): boolean {
  if (!rights) return true;
  const [area, action] = scope.split(":");
  return rights.some((right) => {
    const [givenArea, givenAction = "*"] = right.split(":");
    return (givenArea === "*" || givenArea === area) && (givenAction === "*" || givenAction === action);
  });
}
