import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function PageSkeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <Stack p="md" role="status" aria-label={t("state.loading")}>
      <Skeleton h={34} w={260} />
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} h={40} />
      ))}
    </Stack>
  );
}
