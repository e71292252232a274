import { Navigate, useLocation } from "@tanstack/react-router";
import { problemOf } from "@/api/problem";
import { PageSkeleton } from "@/components/page-skeleton";
import { ProblemAlert } from "@/components/problem-alert";
import { SchemaGate } from "@/kind/schema";
import { SessionGate } from "./session";
import { Shell } from "./shell";
import { SignInAgain } from "./sign-in-again";

/** Everything behind the sign-in. */
export function Inside() {
  const { href } = useLocation();
  return (
    <SessionGate
      loading={<PageSkeleton />}
      otherwise={(error) =>
        problemOf(error).status === 401 ? (
          <Navigate to="/login" search={href === "/" ? {} : { to: href }} replace />
        ) : (
          <ProblemAlert error={error} m="xl" retry={() => location.reload()} />
        )
      }
    >
      <SchemaGate>
        <Shell />
        <SignInAgain />
      </SchemaGate>
    </SessionGate>
  );
}
