import {
  IconAdjustments, IconBuilding, IconChecklist, IconClockHour4, IconDeviceLandlinePhone, IconGauge,
  IconAlarm, IconArrowBarRight, IconArrowBarToRight, IconHash, IconHistory, IconKey, IconListNumbers, IconLock, IconNumbers, IconPhoneCall, IconPuzzle,
  IconMap2, IconRoute, IconServer2, IconShieldCheck, IconShieldX, IconStethoscope, IconTestPipe,
  IconUserCog, IconUsers, IconUsersGroup, IconMailbox,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { placeOf } from "@/kind/values";
import { useSchema } from "@/kind/schema";
import { useMay } from "./session";

export interface Place {
  href: string;
  title: string;
  icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
}

export interface PlaceGroup {
  title: string;
  places: Place[];
}

const ICONS: Record<string, Place["icon"]> = {
  user: IconUsers, line: IconDeviceLandlinePhone, extension: IconNumbers, voicemail: IconMailbox, context: IconListNumbers,
  feature_code: IconHash, incoming_route: IconArrowBarToRight, outgoing_route: IconArrowBarRight, trunk: IconServer2,
  schedule: IconAlarm, call_permission: IconLock, toll_guard: IconShieldCheck, scenario: IconTestPipe, general: IconAdjustments, account: IconUserCog, role: IconUsersGroup, tenant: IconBuilding,
};
const OWN_PAGES = new Set(["user", "line"]);
const TELEPHONY = ["user", "line", "extension", "voicemail", "feature_code"];
const ROUTING = ["incoming_route", "outgoing_route", "trunk", "schedule", "call_permission", "toll_guard", "context"];
const ADMINISTRATION = ["general", "account", "role", "tenant"];

/** Every page that the account may open, by group. A kind that nobody has placed by hand comes after the telephony. */
export function usePlaces(): PlaceGroup[] {
  const { t } = useTranslation();
  const { kinds } = useSchema();
  const may = useMay();
  const kindPlaces = (names: string[]) =>
    names.flatMap((name): Place[] => {
      const kind = kinds.find((each) => each.name === name);
      if (!kind || !may(`${name}:read`)) return [];
      const href = OWN_PAGES.has(name) ? `/${kind.plural}` : `/config/${placeOf(kind)}`;
      return [{ href, title: kind.singleton ? kind.title : kind.plural_title, icon: ICONS[name] ?? IconPuzzle }];
    });
  const place = (scope: string, href: string, title: string, icon: Place["icon"]): Place[] =>
    scope === "" || may(scope) ? [{ href, title, icon }] : [];
  const placed = new Set([...TELEPHONY, ...ROUTING, "scenario", ...ADMINISTRATION]);
  const others = kinds.map((kind) => kind.name).filter((name) => !placed.has(name));
  const groups: PlaceGroup[] = [
    {
      title: t("nav.overview"),
      places: [
        ...place("", "/", t("nav.dashboard"), IconGauge),
        ...place("call:read", "/calls", t("nav.calls"), IconPhoneCall),
        ...place("record:read", "/call-records", t("nav.records"), IconClockHour4),
      ],
    },
    { title: t("nav.telephony"), places: [...kindPlaces(TELEPHONY), ...kindPlaces(others)] },
    {
      title: t("nav.routing"),
      places: [
        ...kindPlaces(ROUTING),
        ...place("context:read", "/numbering-map", t("nav.map"), IconMap2),
        ...kindPlaces(["scenario"]),
        ...place("context:read", "/simulator", t("nav.simulator"), IconRoute),
        ...place("context:read", "/findings", t("nav.findings"), IconStethoscope),
      ],
    },
    {
      title: t("nav.administration"),
      places: [
        ...kindPlaces(ADMINISTRATION),
        ...place("token:write", "/tokens", t("nav.tokens"), IconKey),
      ],
    },
    {
      title: t("nav.watch"),
      places: [
        ...place("history:read", "/revisions", t("nav.revisions"), IconHistory),
        ...place("audit:read", "/audit", t("nav.audit"), IconChecklist),
        ...place("ban:read", "/bans", t("nav.bans"), IconShieldX),
      ],
    },
  ];
  return groups.filter((group) => group.places.length > 0);
}

