import { useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { API } from "./client";

interface Event {
  cursor: number;
  topic?: "call" | "registration" | "configuration" | "guard";
  type: string;
}

const QUERIES: Record<string, string[]> = {
  call: ["calls", "records"],
  registration: ["registrations"],
  configuration: ["config", "registrations", "trunks"],
  guard: ["toll"],
};
const GATHER_MS = 250;
const RETRY_MS = [500, 1000, 2000, 5000, 10_000];
/** Without a socket the page asks by itself. */
const POLL_MS = 5_000;

let connected = false;
const listeners = new Set<() => void>();

function say(state: boolean) {
  if (connected === state) return;
  connected = state;
  for (const listener of listeners) listener();
}

/** Whether live pages hear of changes at once. */
export function useConnected(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => connected);
}

/** Keeps what is on the screen true: every event makes the queries that it concerns ask again, at most four times a second. */
class EventStream {
  private socket: WebSocket | null = null;
  private cursor: number | null = null;
  private attempt = 0;
  private closed = false;
  private waiting = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly poll: ReturnType<typeof setInterval>;

  constructor(private readonly cache: QueryClient) {
    this.open();
    this.poll = setInterval(() => {
      if (!connected) this.refresh(["calls", "registrations"]);
    }, POLL_MS);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    clearInterval(this.poll);
    this.socket?.close();
    say(false);
  }

  private open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = this.cursor === null ? "" : `?cursor=${this.cursor}`;
    this.socket = new WebSocket(`${scheme}://${location.host}${API}/events${query}`);
    this.socket.onmessage = (message: MessageEvent<string>) => this.hear(JSON.parse(message.data) as Event);
    this.socket.onclose = () => {
      say(false);
      if (this.closed) return;
      const wait = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)];
      this.retry = setTimeout(() => this.open(), wait);
    };
  }

  private hear(event: Event) {
    this.attempt = 0;
    say(true);
    // What changed between the page's first questions and this moment was told to nobody.
    const first = this.cursor === null;
    if (typeof event.cursor === "number") this.cursor = event.cursor;
    if (event.type === "resync" || first) this.refresh(Object.values(QUERIES).flat());
    if (event.topic) this.refresh(QUERIES[event.topic] ?? []);
  }

  private refresh(keys: string[]) {
    for (const key of keys) this.waiting.add(key);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const key of this.waiting) void this.cache.invalidateQueries({ queryKey: [key] });
      this.waiting.clear();
    }, GATHER_MS);
  }
}

export function useEventStream() {
  const cache = useQueryClient();
  useEffect(() => {
    const stream = new EventStream(cache);
    return () => stream.close();
  }, [cache]);
}
