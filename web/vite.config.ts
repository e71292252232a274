import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { Plugin } from "vite";

const output = resolve(import.meta.dirname, process.env.XIVO_WEB_OUT ?? "../build/web/dist");

/** The daemon sends the .gz twin of a file to whoever takes it: nothing is compressed while it serves. */
function gzipTwins(): Plugin {
  return {
    name: "gzip-twins",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(output, { recursive: true, encoding: "utf8" })) {
        const path = join(output, name);
        if (!/\.(js|css|html|svg|json)$/.test(name) || !statSync(path).isFile()) continue;
        const text = readFileSync(path);
        if (text.length > 1024) writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), gzipTwins()],
  resolve: { alias: { "@": resolve(import.meta.dirname, "src") } },
  // The daemon puts another nonce here with every answer, so that no style or script but ours runs.
  html: { cspNonce: "__CSP_NONCE__" },
  build: { outDir: output, emptyOutDir: true, chunkSizeWarningLimit: 900 },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: process.env.XIVO_API ?? "http://127.0.0.1:8080", ws: true } },
  },
});
