import { Button, Drawer, Group, List, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { trunkTemplatesQuery } from "@/api/planning";
import type { TrunkTemplate } from "@/api/planning";
import type { Item, KindSpec } from "@/api/types";
import { Loaded } from "@/components/loaded";
import { KindForm } from "@/kind/kind-form";
import { useCreate } from "@/kind/use-save";
import type { Values } from "@/kind/values";

interface Props {
  kind: KindSpec;
  opened: boolean;
  onClose: () => void;
  onCreated: (item: Item) => void;
}

/** A new trunk: whose operator first, then what only the customer knows. */
export function CreateTrunk({ kind, opened, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  // Undefined: not chosen yet. Null: without a template.
  const [template, setTemplate] = useState<TrunkTemplate | null | undefined>(undefined);
  const close = () => {
    setTemplate(undefined);
    onClose();
  };
  return (
    <Drawer opened={opened} onClose={close} position="right" size="lg" title={t("create.title", { kind: kind.title })}
      closeButtonProps={{ "aria-label": t("action.close") }} closeOnClickOutside={false}>
      {template === undefined ? (
        <ChooseTemplate onChoose={setTemplate} onClose={close} />
      ) : (
        <FilledForm kind={kind} template={template} onClose={close} onCreated={onCreated} />
      )}
    </Drawer>
  );
}

function ChooseTemplate({ onChoose, onClose }: { onChoose: (template: TrunkTemplate | null) => void; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(trunkTemplatesQuery(i18n.language));
  const [name, setName] = useState<string | null>(null);
  return (
    <Loaded query={query}>
      {({ items }) => {
        const chosen = items.find((each) => each.name === name);
        return (
          <Stack>
            <Select
              label={t("trunks.operator")}
              description={t("trunks.operatorHelp")}
              placeholder={t("form.search")}
              data={[...items].sort((a, b) => a.title.localeCompare(b.title)).map((each) => ({ value: each.name, label: each.country ? `${each.title} (${each.country})` : each.title }))}
              value={name}
              onChange={setName}
              searchable
              data-autofocus
              nothingFoundMessage={t("search.nothing")}
            />
            {chosen && <Text>{chosen.help}</Text>}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>{t("action.cancel")}</Button>
              <Button variant="default" onClick={() => onChoose(null)}>{t("trunks.without")}</Button>
              <Button disabled={!chosen} onClick={() => chosen && onChoose(chosen)}>{t("action.next")}</Button>
            </Group>
          </Stack>
        );
      }}
    </Loaded>
  );
}

function FilledForm({ kind, template, onClose, onCreated }: { kind: KindSpec; template: TrunkTemplate | null; onClose: () => void; onCreated: (item: Item) => void }) {
  const { t } = useTranslation();
  const create = useCreate(kind);
  const [error, setError] = useState<unknown>(null);
  const initial = useMemo<Values>(() => (template ? { name: template.name, label: template.title, ...template.fields } : {}), [template]);
  const asked = kind.fields.filter((field) => template?.ask.includes(field.name));

  async function save(fields: Values) {
    setError(null);
    try {
      // What the template says is sent also where it is what an empty form would say.
      const item = await create.mutateAsync({ ...template?.fields, ...fields });
      queueMicrotask(() => onCreated(item));
      return true;
    } catch (refusal) {
      setError(refusal);
      return false;
    }
  }

  return (
    <Stack>
      {template && <Text>{template.help}</Text>}
      {asked.length > 0 && (
        <div>
          <Text size="sm" fw={600}>{t("trunks.ask")}</Text>
          <List size="sm">{asked.map((field) => <List.Item key={field.name}>{field.title}</List.Item>)}</List>
        </div>
      )}
      <KindForm kind={kind} flat initial={initial} error={error} onSave={save} buttons={({ busy }) => (
        <>
          <Button variant="default" onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="submit" loading={busy}>{t("action.create")}</Button>
        </>
      )} />
    </Stack>
  );
}
