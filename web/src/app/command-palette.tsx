import { Spotlight } from "@mantine/spotlight";
import { IconDeviceLandlinePhone, IconNumbers, IconSearch, IconUser } from "@tabler/icons-react";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "@/api/queries";
import type { Item } from "@/api/types";
import { useSchema } from "@/kind/schema";
import { nameOf } from "@/kind/values";
import { paletteStore, selectFirst } from "./palette-store";
import { usePlaces } from "./navigation";
import { useMay } from "./session";

const SEARCHED = [
  { kind: "user", path: "/users", icon: IconUser },
  { kind: "extension", path: "/config/extensions", icon: IconNumbers },
  { kind: "line", path: "/lines", icon: IconDeviceLandlinePhone },
];
const FOUND_MAX = 6;

/** Ctrl+K: pages, users, numbers and lines in one box. */
export function CommandPalette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const groups = usePlaces();
  const may = useMay();
  const { kinds } = useSchema();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 150);
  const searched = SEARCHED.filter(({ kind }) => may(`${kind}:read`) && kinds.some((each) => each.name === kind));
  const results = useQueries({
    queries: searched.map(({ kind }) => {
      const spec = kinds.find((each) => each.name === kind);
      return { ...listQuery(spec?.plural ?? kind, { search, limit: FOUND_MAX }), enabled: search.length > 0 };
    }),
  });
  const shown = results.map((result) => result.data?.items.map((item) => item.id).join()).join("/");
  useEffect(selectFirst, [shown]);
  const wanted = text.trim().toLowerCase();
  const places = groups.flatMap((group) => group.places).filter((place) => place.title.toLowerCase().includes(wanted));
  const go = (href: string) => () => void navigate({ href });
  const found = search === "" ? [] : searched.flatMap(({ kind, path, icon: Icon }, index) => {
    const spec = kinds.find((each) => each.name === kind);
    const items: Item[] = results[index]?.data?.items ?? [];
    if (!spec || items.length === 0) return [];
    return [
      <Spotlight.ActionsGroup key={kind} label={spec.plural_title}>
        {items.map((item) => (
          <Spotlight.Action
            key={item.id}
            label={nameOf(spec, item)}
            description={typeof item.email === "string" ? item.email : undefined}
            leftSection={<Icon size={20} aria-hidden />}
            onClick={go(`${path}/${item.id}`)}
          />
        ))}
      </Spotlight.ActionsGroup>,
    ];
  });
  return (
    <Spotlight.Root store={paletteStore} query={text} onQueryChange={setText} shortcut={["mod + K", "/"]} scrollable maxHeight={480}>
      <Spotlight.Search placeholder={t("search.placeholder")} aria-label={t("search.placeholder")} leftSection={<IconSearch size={18} aria-hidden />} />
      <Spotlight.ActionsList>
        {found}
        {places.length > 0 && (
          <Spotlight.ActionsGroup label={t("search.pages")}>
            {places.map(({ href, title, icon: Icon }) => (
              <Spotlight.Action key={href} label={title} leftSection={<Icon size={20} />} onClick={go(href)} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length === 0 && places.length === 0 && <Spotlight.Empty>{t("search.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
