import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Loaded } from "@/api/queries";
import type { Item, KindSpec } from "@/api/types";
import { useMay } from "@/app/session";
import { ConflictDialog } from "./conflict-dialog";
import type { Clash } from "./conflict-dialog";
import { KindForm } from "./kind-form";
import { useChange } from "./use-save";
import { placeOf } from "./values";
import type { Values } from "./values";

/** The form of an object that exists: saves what was changed, and settles conflicts with who was quicker. */
export function ObjectEditor({ kind, loaded, id, without }: { kind: KindSpec; loaded: Loaded; id: number | null; without?: string[] }) {
  const { t } = useTranslation();
  const may = useMay();
  const cache = useQueryClient();
  const change = useChange(kind);
  const [error, setError] = useState<unknown>(null);
  const [clash, setClash] = useState<Clash | null>(null);
  // What the form was filled with: the base of a change, also when the object has moved on under it.
  const [base, setBase] = useState(loaded);
  const [dirtySince, setDirtySince] = useState(false);
  if (!dirtySince && base !== loaded) setBase(loaded);
  const writable = may(`${kind.name}:write`);

  async function save(fields: Values, etag = base.etag): Promise<boolean> {
    setError(null);
    if (Object.keys(fields).length === 0) return true;
    try {
      const saved = await change.mutateAsync({ id, fields, etag });
      setBase({ item: saved.data, etag: saved.etag });
      return true;
    } catch (refusal) {
      const problem = problemOf(refusal);
      if (problem.stale) {
        const path = id === null ? `/${placeOf(kind)}` : `/${kind.plural}/${id}`;
        const now = await send<Item>("get", path).catch(() => null);
        if (now) {
          setClash({ other: problem.document.other, before: base.item, now: now.data, etag: now.etag, mine: fields });
          return false;
        }
      }
      setError(refusal);
      return false;
    }
  }

  async function resolve(fields: Values, { now, etag }: Clash) {
    setClash(null);
    if (await save(fields, etag)) {
      if (Object.keys(fields).length === 0) setBase({ item: now, etag });
      await cache.invalidateQueries({ queryKey: ["config", placeOf(kind)] });
      setVersion((version) => version + 1);
    }
  }
  const [version, setVersion] = useState(0);

  return (
    <>
      <KindForm
        key={version}
        kind={kind}
        item={base.item}
        without={without}
        disabled={!writable}
        error={error}
        onSave={save}
        buttons={({ dirty, busy, reset }) => {
          if (dirty !== dirtySince) queueMicrotask(() => setDirtySince(dirty));
          if (!writable) return <Text c="dimmed" size="sm">{t("form.readOnly")}</Text>;
          return (
            <>
              {dirty && (
                <Text size="sm" c="dimmed" role="status">
                  {t("form.unsaved")}
                </Text>
              )}
              <Button variant="default" disabled={!dirty || busy} onClick={() => { setError(null); reset(); }}>
                {t("action.discard")}
              </Button>
              <Button type="submit" disabled={!dirty} loading={busy}>
                {t("action.save")}
              </Button>
            </>
          );
        }}
      />
      <ConflictDialog kind={kind} clash={clash} onClose={() => setClash(null)} onResolve={(fields, each) => void resolve(fields, each)} />
    </>
  );
}
