import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "@/api/problem";

export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; a daemon that restarts or is busy answers later.
      retry: (count, error) => count < 2 && [0, 502, 503].includes(problemOf(error).status),
      refetchOnWindowFocus: true,
      staleTime: 2_000,
    },
  },
});
