import { Button, Drawer, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/problem";
import { listQuery, numbersQuery } from "@/api/queries";
import type { Item } from "@/api/types";
import { ProblemAlert } from "@/components/problem-alert";
import { useKind } from "@/kind/schema";
import { useUnsavedGuard } from "@/kind/unsaved-guard";
import { useCreate } from "@/kind/use-save";

interface Props {
  opened: boolean;
  onClose: () => void;
  onCreated: (item: Item) => void;
}

/** A user with number, phone account and voicemail in one go: what takes five screens elsewhere. */
export function CreateUser({ opened, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={t("users.create")} closeButtonProps={{ "aria-label": t("action.close") }} closeOnClickOutside={false}>
      {opened && <UserForm onClose={onClose} onCreated={onCreated} />}
    </Drawer>
  );
}

function UserForm({ onClose, onCreated }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const kind = useKind("user");
  const lineKind = useKind("line");
  const create = useCreate(kind ?? { name: "user", plural: "users", title: "", plural_title: "", fields: [] });
  const contexts = useQuery(listQuery("contexts", { limit: 200, order: "id" }));
  const internal = (contexts.data?.items ?? []).filter((context) => context.type === "internal");
  const [values, setValues] = useState({ firstname: "", lastname: "", email: "" });
  const [context, setContext] = useState<number | null>(null);
  const [number, setNumber] = useState<string | null>(null);
  const [phone, setPhone] = useState(true);
  const [voicemail, setVoicemail] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [touched, setTouched] = useState(false);
  const zone = context ?? internal[0]?.id ?? null;
  const numbers = useQuery({ ...numbersQuery(zone ?? 0, "user"), enabled: zone !== null });
  const next = numbers.data?.next ?? "";
  const exten = number ?? next;
  const saved = useRef(false);
  useUnsavedGuard(touched && !saved.current);
  useEffect(() => {
    saved.current = false;
  }, []);
  const problems = error ? problemOf(error).byField() : {};
  const taken = number !== null && numbers.data?.used.find((used) => used.exten === number);

  function set(name: keyof typeof values, text: string) {
    setTouched(true);
    setValues({ ...values, [name]: text });
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    setError(null);
    const given = Object.fromEntries(Object.entries(values).filter(([, text]) => text.trim() !== ""));
    const body: Record<string, unknown> = { ...given };
    if (exten) body.extensions = [{ exten, context: zone }];
    if (phone) body.lines = [{ context: zone }];
    if (voicemail && exten) {
      body.voicemail = { name: `${values.firstname} ${values.lastname}`.trim(), number: exten, context: zone, ...(values.email ? { email: values.email } : {}) };
    }
    try {
      const item = await create.mutateAsync(body);
      saved.current = true;
      setTouched(false);
      setTimeout(() => onCreated(item));
    } catch (refusal) {
      setError(refusal);
    }
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack>
        <Text c="dimmed">{t("users.createHelp")}</Text>
        {error !== null && <ProblemAlert error={error} />}
        <Group grow align="flex-start">
          <TextInput label={t("users.firstname")} required value={values.firstname} error={problems.firstname} onChange={(event) => set("firstname", event.currentTarget.value)} data-autofocus maxLength={128} autoComplete="off" />
          <TextInput label={t("users.lastname")} value={values.lastname} error={problems.lastname} onChange={(event) => set("lastname", event.currentTarget.value)} maxLength={128} autoComplete="off" />
        </Group>
        <TextInput label={t("users.email")} type="email" value={values.email} error={problems.email} onChange={(event) => set("email", event.currentTarget.value)} autoComplete="off" />
        <Group grow align="flex-start">
          <Select label={t("users.context")} data={internal.map((each) => ({ value: String(each.id), label: String(each.label || each.name) }))} value={zone === null ? null : String(zone)}
            onChange={(value) => { setContext(value === null ? null : Number(value)); setNumber(null); }} allowDeselect={false} description={t("users.contextHelp")} inputWrapperOrder={["label", "input", "description", "error"]} />
          <TextInput label={t("users.number")} value={exten} onChange={(event) => { setTouched(true); setNumber(event.currentTarget.value); }} inputMode="tel" autoComplete="off"
            description={taken ? undefined : number === null && next ? t("users.nextFree") : numbers.data && !next ? t("users.noFree") : t("users.numberHelp")} inputWrapperOrder={["label", "input", "description", "error"]}
            error={taken ? t("users.taken", { name: taken.name }) : problems.exten} />
        </Group>
        {lineKind && <Switch checked={phone} onChange={(event) => setPhone(event.currentTarget.checked)} label={t("users.withPhone")} description={t("users.withPhoneHelp")} />}
        <Switch checked={voicemail} onChange={(event) => setVoicemail(event.currentTarget.checked)} label={t("users.withVoicemail")} description={t("users.withVoicemailHelp")} disabled={!exten} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("action.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
