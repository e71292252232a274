import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { problemOf } from "@/api/problem";
import { PageSkeleton } from "@/components/page-skeleton";
import { ProblemAlert } from "@/components/problem-alert";
import { SchemaGate } from "@/kind/schema";
import { SessionGate } from "./session";
import { Shell } from "./shell";
import { SignInAgain } from "./sign-in-again";

/** Goes to the sign-in once, and remembers where the person wanted to go. */
function ToSignIn() {
  const { href } = useLocation();
  const navigate = useNavigate();
  const wanted = useRef(href);
  useEffect(() => {
    void navigate({ to: "/login", search: wanted.current === "/" ? {} : { to: wanted.current }, replace: true });
  }, [navigate]);
  return <PageSkeleton />;
}

/** Everything behind the sign-in. */
export function Inside() {
  return (
    <SessionGate
      loading={<PageSkeleton />}
      otherwise={(error) =>
        problemOf(error).status === 401 ? (
          <ToSignIn />
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
