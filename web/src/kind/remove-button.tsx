import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item, KindSpec } from "@/api/types";
import { useMay } from "@/app/session";
import { ProblemAlert } from "@/components/problem-alert";
import { ImpactOf } from "./impact";
import { useRemove } from "./use-save";
import { nameOf } from "./values";

/** Deletes an object, after asking; what it owns goes with it when the person wants so. */
export function RemoveButton({ kind, item, onRemoved }: { kind: KindSpec; item: Item; onRemoved: () => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const may = useMay();
  const owns = (kind.owned ?? []).length > 0;
  const [owned, setOwned] = useState(owns);
  const remove = useRemove(kind);
  const name = nameOf(kind, item);
  return (
    <>
      <Button variant="light" color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setOpen(true)}>
        {t("action.delete")}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t("remove.title", { kind: kind.title, name })} size="lg">
        <Stack>
          <Text>{t("remove.help")}</Text>
          {open && may("context:read") && <ImpactOf kind={kind.name} id={item.id} />}
          {owns && <Checkbox checked={owned} onChange={(event) => setOwned(event.currentTarget.checked)} label={t("remove.owned")} />}
          {remove.error && <ProblemAlert error={remove.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              {t("action.cancel")}
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ item, owned }, { onSuccess: onRemoved })}>
              {t("action.delete")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
