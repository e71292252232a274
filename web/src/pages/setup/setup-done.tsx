import { Anchor, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ScrollBox } from "@/components/scroll-box";
import { registrationsQuery } from "@/api/queries";
import { Card } from "@/components/card";
import { Page } from "@/components/page";
import type { Change } from "./plan";

/** What to type into the phones, while one watches them register. */
export function SetupDone({ changes }: { changes: Change[] }) {
  const { t } = useTranslation();
  const registrations = useQuery({ ...registrationsQuery(), refetchInterval: 3000 });
  const registered = new Set((registrations.data?.items ?? []).map((each) => each.line));
  const lines = changes.filter((change) => change.kind === "line");
  const people = new Map(changes.filter((change) => change.kind === "user").map((change) => [change.id, change.fields]));
  return (
    <Page title={t("setup.done")} help={t("setup.doneHelp")} narrow>
      <Card title={t("setup.accounts")}>
        <Stack>
          {lines.length === 0 ? (
            <Text>{t("setup.noPhones")}</Text>
          ) : (
            <>
              <Text>{t("setup.accountsHelp", { host: location.hostname })}</Text>
              <ScrollBox label={t("setup.accounts")} minWidth={480}>
                <Table aria-label={t("setup.accounts")}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">{t("users.name")}</Table.Th>
                      <Table.Th scope="col">{t("setup.account")}</Table.Th>
                      <Table.Th scope="col">{t("login.password")}</Table.Th>
                      <Table.Th scope="col">{t("lines.state")}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {lines.map((line) => {
                      const person = people.get(Number(line.fields.user));
                      const on = registered.has(String(line.fields.name));
                      return (
                        <Table.Tr key={line.id}>
                          <Table.Td>{`${String(person?.firstname ?? "")} ${String(person?.lastname ?? "")}`}</Table.Td>
                          <Table.Td>{String(line.fields.name)}</Table.Td>
                          <Table.Td><Code>{String(line.fields.secret)}</Code></Table.Td>
                          <Table.Td>{on ? t("registration.registered") : t("setup.waiting")}</Table.Td>
                        </Table.Tr>
                      );
                    })}
                  </Table.Tbody>
                </Table>
              </ScrollBox>
            </>
          )}
          <Group>
            <Button component={Link} to="/">{t("nav.dashboard")}</Button>
            <Anchor component={Link} to="/users">{t("setup.toUsers")}</Anchor>
          </Group>
        </Stack>
      </Card>
    </Page>
  );
}
