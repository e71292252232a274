import { useQuery } from "@tanstack/react-query";
import { IconPhoneCall } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { callsQuery } from "@/api/queries";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { CallTable } from "./call-table";

/** Calls in progress: they come, move and go by themselves. */
export function CallsPage() {
  const { t } = useTranslation();
  const query = useQuery({ ...callsQuery, refetchInterval: 30_000 });
  return (
    <Page title={t("nav.calls")} help={t("calls.help")}>
      <Loaded query={query} rows={5}>
        {({ items, total }) => (
          <Card flush title={t("calls.count", { count: total })}>
            {items.length === 0 ? <Empty icon={<IconPhoneCall />} title={t("calls.none")} help={t("calls.noneHelp")} /> : <CallTable calls={items} />}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
