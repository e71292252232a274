import { useQuery } from "@tanstack/react-query";
import { Navigate, useLocation } from "@tanstack/react-router";
import { itemQuery } from "@/api/queries";
import { useSchema } from "@/kind/schema";
import { useMay } from "./session";

/** An empty system opens on the first-run wizard, once a session: who leaves it is not sent back. */
export function SetupInvitation() {
  const { kinds } = useSchema();
  const may = useMay();
  const { pathname } = useLocation();
  const known = kinds.some((kind) => kind.name === "general");
  const general = useQuery({ ...itemQuery("general", null), enabled: known && may("general:write") });
  const empty = general.data?.item.setup_done === false;
  if (!empty || pathname !== "/" || sessionStorage.getItem("xivo.setup") === "later") return null;
  return <Navigate to="/setup" replace />;
}
