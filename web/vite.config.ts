import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The running console that `npm run -w web dev` asks; `npm run demo` starts one with data. */
const consoleUrl = process.env.NEPHO_CONSOLE_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { "@nephoscope/contract": fileURLToPath(new URL("../src/contract/index.ts", import.meta.url)) },
  },
  build: {
    target: "es2022",
    // Browsers that know light-dark(), which would otherwise be replaced by something that ignores our theme switch.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    fs: { allow: [".."] },
    proxy: { "/api": { target: consoleUrl }, "/api-docs": { target: consoleUrl } },
  },
});
