import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import type { TollAccount } from "@/api/planning";
import { useMay } from "@/app/session";
import { tellProblem } from "@/kind/use-undo";

/** Lets somebody whom a guard has blocked call the outside again. */
export function TollRelease({ account }: { account: TollAccount }) {
  const { t } = useTranslation();
  const may = useMay();
  const cache = useQueryClient();
  const release = useMutation({
    mutationFn: () => post("/toll-guards/release", { [account.kind]: account.id }),
    onError: (error) => tellProblem(error),
    onSettled: () => cache.invalidateQueries({ queryKey: ["toll"] }),
  });
  if (!may("toll_guard:write")) return null;
  return (
    <Button size="xs" variant="default" style={{ flexShrink: 0 }} loading={release.isPending} onClick={() => release.mutate()} aria-label={t("toll.releaseOf", { name: account.label })}>
      {t("toll.release")}
    </Button>
  );
}
