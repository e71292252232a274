import { Button, Drawer, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item, KindSpec } from "@/api/types";
import { KindForm } from "./kind-form";
import { useCreate } from "./use-save";
import type { Values } from "./values";

interface Props {
  kind: KindSpec;
  opened: boolean;
  onClose: () => void;
  onCreated: (item: Item) => void;
}

/** A new object of any kind. */
export function CreateDrawer({ kind, opened, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  const create = useCreate(kind);
  const [error, setError] = useState<unknown>(null);

  async function save(fields: Values) {
    setError(null);
    try {
      const item = await create.mutateAsync(fields);
      queueMicrotask(() => onCreated(item));
      return true;
    } catch (refusal) {
      setError(refusal);
      return false;
    }
  }

  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={t("create.title", { kind: kind.title })}
      closeButtonProps={{ "aria-label": t("action.close") }} closeOnClickOutside={false}>
      {kind.help && <Text c="dimmed" mb="md">{kind.help}</Text>}
      <KindForm
        kind={kind}
        flat
        error={error}
        onSave={save}
        buttons={({ busy }) => (
          <>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("action.create")}
            </Button>
          </>
        )}
      />
    </Drawer>
  );
}
