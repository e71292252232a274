import { Alert, Button, List, Stack, Text } from "@mantine/core";
import type { AlertProps } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/problem";
import { Review } from "@/kind/review";

interface Props extends AlertProps {
  error: unknown;
  retry?: () => void;
}

/** A refusal in words: what, why, and each thing that is wrong. */
export function ProblemAlert({ error, retry, ...rest }: Props) {
  const { t } = useTranslation();
  const { title, detail, problems = [], findings = [], broken_scenarios } = problemOf(error).document;
  const told = new Set(findings.map((finding) => finding.sentence));
  const messages = [...new Set(problems.map((problem) => problem.message))].filter((message) => !told.has(message));
  const repeats = messages.length === 1 && messages[0] === detail;
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />} title={title} {...rest}>
      <Stack gap="xs" align="flex-start">
        {detail && detail !== title && <Text size="sm">{detail}</Text>}
        {messages.length > 0 && !repeats && (
          <List size="sm">
            {messages.map((message) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        )}
        <Review findings={findings} broken={broken_scenarios} />
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("action.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
