import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { RouteError } from "@/components/route-error";
import { NotFound } from "@/components/not-found";
import { Inside } from "./inside";

const root = createRootRoute({ component: Outlet, errorComponent: RouteError, notFoundComponent: NotFound });
const inside = createRoute({ getParentRoute: () => root, id: "inside", component: Inside });
const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === "string" && /^\/[^/\\]/.test(search.to) ? { to: search.to } : {},
  component: lazyRouteComponent(() => import("@/pages/login/login-page"), "LoginPage"),
});

/** What a list shows is in its address: it can be sent to somebody, and "back" finds it again. */
export interface ListSearch {
  q?: string;
  page?: number;
  order?: string;
  direction?: "asc" | "desc";
  create?: boolean;
  [filter: string]: string | number | boolean | undefined;
}

function listSearch(search: Record<string, unknown>): ListSearch {
  const kept: ListSearch = {};
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") kept[key] = value;
  }
  return kept;
}

const page = <P extends string>(path: P, load: Parameters<typeof lazyRouteComponent>[0], name: string) =>
  createRoute({ getParentRoute: () => inside, path, validateSearch: listSearch, component: lazyRouteComponent(load, name as never) });

const pages = [
  page("/", () => import("@/pages/dashboard/dashboard-page"), "DashboardPage"),
  page("/setup", () => import("@/pages/setup/setup-page"), "SetupPage"),
  page("/users", () => import("@/pages/users/users-page"), "UsersPage"),
  page("/users/$id", () => import("@/pages/users/user-page"), "UserPage"),
  page("/lines", () => import("@/pages/lines/lines-page"), "LinesPage"),
  page("/lines/$id", () => import("@/pages/lines/line-page"), "LinePage"),
  page("/calls", () => import("@/pages/calls/calls-page"), "CallsPage"),
  page("/call-records", () => import("@/pages/records/records-page"), "RecordsPage"),
  page("/call-records/$id", () => import("@/pages/records/record-page"), "RecordPage"),
  page("/revisions", () => import("@/pages/revisions/revisions-page"), "RevisionsPage"),
  page("/revisions/$number", () => import("@/pages/revisions/revision-page"), "RevisionPage"),
  page("/config/$plural", () => import("@/pages/kinds/kind-page"), "KindPage"),
  page("/config/$plural/$id", () => import("@/pages/kinds/object-page"), "ObjectPage"),
  page("/simulator", () => import("@/pages/simulator/simulator-page"), "SimulatorPage"),
  page("/numbering-map", () => import("@/pages/numbering/numbering-map-page"), "NumberingMapPage"),
  page("/findings", () => import("@/pages/findings/findings-page"), "FindingsPage"),
  page("/tokens", () => import("@/pages/tokens/tokens-page"), "TokensPage"),
  page("/audit", () => import("@/pages/audit/audit-page"), "AuditPage"),
  page("/bans", () => import("@/pages/bans/bans-page"), "BansPage"),
  page("/account", () => import("@/pages/account/account-page"), "AccountPage"),
];

export const router = createRouter({
  routeTree: root.addChildren([login, inside.addChildren(pages)]),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingMinMs: 0,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
