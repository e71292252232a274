import { ActionIcon, Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconRoute, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { TRUNK_STATES, USER_STATES } from "@/api/simulation";
import { ReferenceInput } from "@/kind/reference-input";
import { assumptionsOf, callerOf, textOfAssumptions, textOfCaller } from "./question";
import type { SimulatorSearch } from "./question";

type Side = "user" | "trunk";

interface Row {
  key: number;
  side: Side;
  id: number | null;
  state: string;
}

const ASSUMPTIONS_MAX = 20;

/** Who calls which number, when, and what is supposed meanwhile. */
export function QuestionForm({ search, onAsk }: { search: SimulatorSearch; onAsk: (search: SimulatorSearch) => void }) {
  const { t } = useTranslation();
  const caller = callerOf(search.from);
  const [side, setSide] = useState<Side>(caller.trunk !== undefined ? "trunk" : "user");
  const [user, setUser] = useState<number | null>(caller.user ?? null);
  const [trunk, setTrunk] = useState<number | null>(caller.trunk ?? null);
  const [number, setNumber] = useState(caller.number);
  const [dialled, setDialled] = useState(search.to ?? "");
  const [at, setAt] = useState(search.at ?? "");
  const [rows, setRows] = useState<Row[]>(() =>
    assumptionsOf(search.assume).map((each, index) => ({ key: index, side: each.user !== undefined ? "user" : "trunk", id: each.user ?? each.trunk ?? null, state: each.state })));
  const [missing, setMissing] = useState(false);
  const change = (key: number, part: Partial<Row>) => setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));

  function submit(event: FormEvent) {
    event.preventDefault();
    const from = textOfCaller(side === "user" ? { user: user ?? undefined, number: "" } : { trunk: trunk ?? undefined, number: number.trim() });
    setMissing(from === undefined);
    if (from === undefined || !dialled.trim()) return;
    const assumed = rows.filter((row) => row.id !== null).map((row) => ({ [row.side]: row.id, state: row.state }));
    onAsk({ from, to: dialled.trim(), at: at || undefined, assume: textOfAssumptions(assumed) });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <SegmentedControl aria-label={t("simulator.from")} value={side} onChange={(next) => setSide(next as Side)} fullWidth
          data={[{ value: "user", label: t("simulator.fromUser") }, { value: "trunk", label: t("simulator.fromOutside") }]} />
        {side === "user" ? (
          <ReferenceInput field={referenceTo("user", t("simulator.caller"))} value={user} onChange={(next) => setUser(next as number | null)} error={missing ? t("simulator.needsCaller") : undefined} />
        ) : (
          <>
            <ReferenceInput field={referenceTo("trunk", t("simulator.trunk"))} value={trunk} onChange={(next) => setTrunk(next as number | null)} error={missing ? t("simulator.needsCaller") : undefined} />
            <TextInput label={t("simulator.callerNumber")} value={number} onChange={(event) => setNumber(event.currentTarget.value)} maxLength={64} inputMode="tel" />
          </>
        )}
        <TextInput label={t("simulator.dialled")} value={dialled} onChange={(event) => setDialled(event.currentTarget.value)} required maxLength={64} inputMode="tel" autoComplete="off" />
        <TextInput type="datetime-local" label={t("simulator.at")} description={t("simulator.atHelp")} value={at} onChange={(event) => setAt(event.currentTarget.value.slice(0, 16))} />
        <Stack gap="xs" component="fieldset" p={0} m={0} style={{ border: 0 }}>
          <Text component="legend" size="sm" fw={500} mb={4}>{t("simulator.suppose")}</Text>
          {rows.map((row) => <AssumptionRow key={row.key} row={row} onChange={(part) => change(row.key, part)} onRemove={() => setRows(rows.filter((each) => each !== row))} />)}
          <Group gap="xs">
            {(["user", "trunk"] as const).map((each) => (
              <Button key={each} size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} disabled={rows.length >= ASSUMPTIONS_MAX}
                onClick={() => setRows([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, side: each, id: null, state: each === "user" ? "busy" : "down" }])}>
                {t(`simulator.assume.${each}`)}
              </Button>
            ))}
          </Group>
        </Stack>
        <Button type="submit" leftSection={<IconRoute size={16} aria-hidden />}>{t("simulator.ask")}</Button>
      </Stack>
    </form>
  );
}

const referenceTo = (kind: Side, title: string) => ({ name: kind, type: "reference" as const, reference: kind, title, help: "", required: true });

function AssumptionRow({ row, onChange, onRemove }: { row: Row; onChange: (part: Partial<Row>) => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const states: readonly string[] = row.side === "user" ? USER_STATES : TRUNK_STATES;
  return (
    <Group gap="xs" className="row-card">
      <div style={{ flex: "1 1 100%", minWidth: 0 }}>
        <ReferenceInput bare field={referenceTo(row.side, t(`simulator.who.${row.side}`))} value={row.id} onChange={(next) => onChange({ id: next as number | null })} />
      </div>
      <Select aria-label={t("simulator.state")} value={row.state} onChange={(state) => onChange({ state: state ?? row.state })} allowDeselect={false} style={{ flex: 1 }}
        data={states.map((value) => ({ value, label: t(`simulator.states.${value}`) }))} />
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("action.delete")} onClick={onRemove}><IconX size={16} /></ActionIcon>
    </Group>
  );
}
