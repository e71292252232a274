import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./app/app.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { firstLanguage, startTexts } from "./i18n";

const root = document.getElementById("root");
if (root) {
  await startTexts(firstLanguage());
  createRoot(root).render(<App />);
}
