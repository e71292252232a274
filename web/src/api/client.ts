import createClient from "openapi-fetch";
import i18n from "i18next";
import { Problem } from "./problem";
import type { ProblemDocument } from "./problem";
import type { paths } from "./generated/schema";

export const API = "/api/v1";

type Method = "get" | "post" | "put" | "patch" | "delete";

export interface Request {
  query?: Record<string, unknown>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  etag: string | null;
}

let csrf = "";
let onExpired: () => void = () => undefined;

/** The token that requests which change something carry, beside the cookie. */
export function rememberCsrf(token: string | null | undefined) {
  csrf = token ?? "";
}

/** Who is told that the session has ended. */
export function whenExpired(listener: () => void) {
  onExpired = listener;
}

export const client = createClient<paths>({ baseUrl: API, credentials: "same-origin" });

client.use({
  onRequest({ request }) {
    request.headers.set("Accept-Language", i18n.language || "en");
    if (request.method !== "GET" && csrf) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
});

function refusalOf(error: unknown, response: Response): Problem {
  const document = (typeof error === "object" && error !== null ? error : {}) as Partial<ProblemDocument>;
  return new Problem({
    ...document,
    type: document.type ?? "urn:xivo:problem:http",
    title: document.title ?? i18n.t("error.http", { status: response.status }),
    status: response.status,
  });
}

/**
 * One request whose path is made at run time, as those of declared kinds are. Paths that are known when this is written
 * use `client` itself, whose types come from OpenAPI.
 * Errors  a Problem, status 0 when the daemon cannot be reached.
 */
export async function send<T>(method: Method, path: string, request: Request = {}): Promise<Answer<T>> {
  const query = Object.fromEntries(Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined && value !== ""));
  let result: { data?: unknown; error?: unknown; response: Response };
  try {
    result = await (client.request as unknown as (m: string, p: string, init: object) => Promise<typeof result>)(method, path, {
      params: { query },
      body: request.body,
      headers: request.headers,
      signal: request.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const text = i18n.t("error.unreachable");
    throw new Problem({ type: "urn:xivo:problem:unreachable", title: text, detail: i18n.t("error.unreachableHelp"), status: 0 });
  }
  if (!result.response.ok) {
    const problem = refusalOf(result.error, result.response);
    if (problem.status === 401 && problem.rule === "unauthenticated" && path !== "/session") onExpired();
    throw problem;
  }
  return { data: result.data as T, etag: result.response.headers.get("ETag") };
}

export const get = async <T>(path: string, query?: Record<string, unknown>, signal?: AbortSignal) =>
  (await send<T>("get", path, { query, signal })).data;
export const post = async <T>(path: string, body?: unknown, query?: Record<string, unknown>) =>
  (await send<T>("post", path, { body, query })).data;
export const put = async <T>(path: string, body?: unknown) => (await send<T>("put", path, { body })).data;
export const remove = async <T>(path: string, query?: Record<string, unknown>) => (await send<T>("delete", path, { query })).data;
