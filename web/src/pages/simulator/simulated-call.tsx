import { Badge, Group, Stack, Switch, Table, Text } from "@mantine/core";
import { IconArrowDown, IconCheck, IconFlag, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NamedObject, Simulation, SipNumbers } from "@/api/simulation";
import { Card } from "@/components/card";
import { ScrollBox } from "@/components/scroll-box";
import { ObjectLink } from "@/kind/object-link";

const COLORS: Record<Simulation["outcome"], string> = { reached: "green", feature: "green", asks_code: "blue", refused: "red", endless: "red" };

/** An imagined call: how it ends, its path from rule to rule, and what operators would be sent. */
export function SimulatedCall({ simulation }: { simulation: Simulation }) {
  const { t } = useTranslation();
  return (
    <>
      <Card>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Badge color={COLORS[simulation.outcome]} variant="light" size="lg" style={{ flexShrink: 0 }}>{t(`simulator.outcome.${simulation.outcome}`)}</Badge>
          <Text fw={600} className="wrap">{simulation.sentence}</Text>
        </Group>
      </Card>
      <Path graph={simulation.graph} />
      {simulation.sip.length > 0 && <Sip sip={simulation.sip} />}
    </>
  );
}

const MARKS = { passed: IconCheck, refused: IconX, end: IconFlag };

/** The path as a graph that runs downwards: a node a rule, what happened between two of them on the edge. */
function Path({ graph }: { graph: Simulation["graph"] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(true);
  const nodes = graph.nodes.filter((node) => all || node.state !== "refused");
  const label = (id: string) => graph.edges.find((edge) => edge.to === id)?.label ?? "";
  const refused = graph.nodes.some((node) => node.state === "refused");
  return (
    <Card title={t("simulator.path")} actions={refused && <Switch label={t("simulator.refusedToo")} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />}>
      <ol className="path" aria-label={t("simulator.path")}>
        {nodes.map((node, index) => {
          const Mark = MARKS[node.state];
          return (
            <li key={node.id}>
              {index > 0 && (
                <span className="path-edge">
                  <IconArrowDown size={16} aria-hidden />
                  {label(node.id) && <Text size="sm" c="dimmed">{label(node.id)}</Text>}
                </span>
              )}
              <div className="path-node" data-state={node.state}>
                <Mark size={18} role="img" aria-label={t(`simulator.node.${node.state}`)} />
                <Stack gap={2} style={{ minWidth: 0 }}>
                  <Text size="sm" fw={node.state === "refused" ? 400 : 600} className="wrap">{node.label}</Text>
                  <Text size="xs" c="dimmed">
                    {t(`simulator.rule.${node.kind}`, { defaultValue: node.kind })}
                    {node.object && <> · <Named object={node.object} /></>}
                  </Text>
                </Stack>
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

const Named = ({ object }: { object: NamedObject }) => <ObjectLink object={object} size="xs" />;

function Sip({ sip }: { sip: SipNumbers[] }) {
  const { t } = useTranslation();
  return (
    <Card title={t("simulator.sip")} flush>
      <ScrollBox label={t("simulator.sip")}>
        <Table className="stacking" verticalSpacing="sm" horizontalSpacing="md" aria-label={t("simulator.sip")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("simulator.trunk")}</Table.Th>
              <Table.Th scope="col">{t("simulator.sent")}</Table.Th>
              <Table.Th scope="col">{t("simulator.shown")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sip.map((each, index) => (
              <Table.Tr key={index}>
                <Table.Td data-label={t("simulator.trunk")}><ObjectLink object={{ kind: "trunk", id: each.trunk, label: each.name }} size="sm" fw={600} /></Table.Td>
                <Table.Td data-label={t("simulator.sent")}><span className="mono">{each.number}</span></Table.Td>
                <Table.Td data-label={t("simulator.shown")}>
                  {each.anonymous ? <Badge variant="light" color="gray">{t("simulator.withheld")}</Badge> : <span className="mono">{[each.caller_name, each.caller_number].filter(Boolean).join(" ") || "—"}</span>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {sip.map((each, index) => each.headers && <Headers key={index} sip={each} />)}
    </Card>
  );
}

function Headers({ sip }: { sip: SipNumbers }) {
  const { t } = useTranslation();
  return (
    <ScrollBox label={t("simulator.headers", { trunk: sip.name })}>
      <pre className="mono sip-headers">{(sip.headers ?? []).map((header) => `${header.name}: ${header.value}`).join("\n")}</pre>
    </ScrollBox>
  );
}
