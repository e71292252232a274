import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

/** A search that runs while one types. */
export function SearchBox({ value, onChange, label, labelled = false }: { value: string; onChange: (text: string) => void; label: string; labelled?: boolean }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, 200);
  return (
    <TextInput
      type="search"
      label={labelled ? label : undefined}
      aria-label={labelled ? undefined : label}
      placeholder={labelled ? undefined : label}
      value={text}
      leftSection={<IconSearch size={16} aria-hidden />}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
      rightSection={
        text && (
          <CloseButton
            size="sm"
            aria-label={t("action.clear")}
            onClick={() => {
              setText("");
              onChange("");
            }}
          />
        )
      }
      style={{ flex: "1 1 240px", maxWidth: 420 }}
    />
  );
}
