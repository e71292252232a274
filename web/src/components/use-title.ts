import { useEffect } from "react";

export function useTitle(title: string) {
  useEffect(() => {
    document.title = title === "XiVO" ? title : `${title} · XiVO`;
  }, [title]);
}
