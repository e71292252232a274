import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { remove, send } from "@/api/client";
import type { Loaded } from "@/api/queries";
import type { Item, KindSpec } from "@/api/types";
import { useForce } from "./force";
import { lastRevisionOf, useUndo } from "./use-undo";
import { nameOf, placeOf } from "./values";
import type { Values } from "./values";

interface Change {
  id: number | null;
  fields: Values;
  /** As read; the change is refused when somebody was quicker. Null: whatever it is now. */
  etag: string | null;
}

/** Changes an object. What is on the screen changes at once, and back when the daemon refuses. */
export function useChange(kind: KindSpec) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const undo = useUndo();
  const force = useForce();
  return useMutation({
    mutationFn: ({ id, fields, etag }: Change) =>
      force((forced) =>
        send<Item>("patch", id === null ? `/${placeOf(kind)}` : `/${kind.plural}/${id}`, { body: fields, query: { ...forced }, headers: etag ? { "If-Match": etag } : {} })),
    onMutate: async ({ id, fields }) => {
      const key = ["config", placeOf(kind), "item", id, null];
      await cache.cancelQueries({ queryKey: ["config", placeOf(kind)] });
      const before = cache.getQueriesData({ queryKey: ["config", placeOf(kind)] });
      const shown = Object.fromEntries(Object.entries(fields).filter(([name]) => !kind.fields.some((field) => field.name === name && field.write_only)));
      cache.setQueryData<Loaded>(key, (loaded) => loaded && { ...loaded, item: { ...loaded.item, ...shown } });
      cache.setQueriesData<{ items: Item[]; total: number }>({ queryKey: ["config", kind.plural, "list"] }, (page) =>
        page && { ...page, items: page.items.map((item) => (item.id === id ? { ...item, ...shown } : item)) });
      return before;
    },
    onError: (_error, _change, before) => {
      for (const [key, data] of before ?? []) cache.setQueryData(key, data);
    },
    onSuccess: ({ data, etag }, { id }) => {
      cache.setQueryData<Loaded>(["config", placeOf(kind), "item", id, null], { item: data, etag });
      undo(t("saved.changed", { kind: kind.title, name: kind.singleton ? "" : nameOf(kind, data) }), data.revision, data);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["config"] }),
  });
}

export function useCreate(kind: KindSpec) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const undo = useUndo();
  const force = useForce();
  return useMutation({
    mutationFn: async (fields: Values) => (await force((forced) => send<Item>("post", `/${kind.plural}`, { body: fields, query: { ...forced } }))).data,
    onSuccess: (item) => undo(t("saved.created", { kind: kind.title, name: nameOf(kind, item) }), item.revision, item),
    onSettled: () => cache.invalidateQueries({ queryKey: ["config"] }),
  });
}

export function useRemove(kind: KindSpec) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const undo = useUndo();
  const force = useForce();
  return useMutation({
    mutationFn: async ({ item, owned }: { item: Item; owned?: boolean }) => {
      await force((forced) => remove(`/${kind.plural}/${item.id}`, { ...(owned ? { owned: true } : {}), ...forced }));
      return lastRevisionOf(kind.name, item.id);
    },
    onSuccess: (revision, { item }) => undo(t("saved.removed", { kind: kind.title, name: nameOf(kind, item) }), revision),
    onSettled: () => cache.invalidateQueries({ queryKey: ["config"] }),
  });
}
