import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { cache } from "./cache";
import { nonce } from "./nonce";
import { router } from "./router";
import { theme, variables } from "./theme";

export function App() {
  const { t } = useTranslation();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={variables} getStyleNonce={() => nonce ?? ""}>
      <QueryClientProvider client={cache}>
        <ModalsProvider labels={{ confirm: t("action.confirm"), cancel: t("action.cancel") }}>
          <Notifications position="bottom-right" limit={4} containerWidth={420} aria-live="polite" />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
