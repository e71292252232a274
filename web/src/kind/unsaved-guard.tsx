import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Asks before what was typed is thrown away: by a link, "back", or closing the window. */
export function useUnsavedGuard(dirty: boolean) {
  const { t } = useTranslation();
  useBlocker({
    disabled: !dirty,
    enableBeforeUnload: dirty,
    shouldBlockFn: () =>
      new Promise<boolean>((resolve) => {
        modals.openConfirmModal({
          title: t("unsaved.title"),
          children: <Text size="sm">{t("unsaved.help")}</Text>,
          labels: { confirm: t("unsaved.leave"), cancel: t("unsaved.stay") },
          confirmProps: { color: "red" },
          onConfirm: () => resolve(false),
          onCancel: () => resolve(true),
          onClose: () => resolve(true),
        });
      }),
  });
}
