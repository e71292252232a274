import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ListSearch } from "@/app/router";

export const PAGE_SIZE = 50;

/** The state of a list, kept in the page's address. */
export function useListState(fallbackOrder?: string) {
  const search = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const set = (change: Partial<ListSearch>) => {
    const next = { ...search, ...change };
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== "" && value !== false));
    void navigate({ to: ".", search: kept as never, replace: true });
  };
  const page = Number(search.page ?? 1) || 1;
  return {
    search,
    set,
    page,
    q: search.q === undefined ? "" : String(search.q),
    order: search.order ?? fallbackOrder,
    direction: search.direction ?? "asc",
    query: {
      search: search.q === undefined ? undefined : String(search.q),
      order: search.order ?? fallbackOrder,
      direction: search.order || fallbackOrder ? (search.direction ?? "asc") : undefined,
      limit: PAGE_SIZE,
      offset: (page - 1) * PAGE_SIZE,
    },
  };
}
