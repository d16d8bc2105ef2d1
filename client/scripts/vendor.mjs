// Copies the third-party files that the server's own pages (and the accessibility tests) need, so that nothing comes from a CDN.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const MODULES = new URL("../node_modules/", import.meta.url);
const DIST = new URL("../../static/dist/", import.meta.url);

const FILES = {
  "bootstrap/dist/css/bootstrap.min.css": "vendor/bootstrap.min.css",
  "bootstrap/dist/css/bootstrap.rtl.min.css": "vendor/bootstrap.rtl.min.css",
  "htmx.org/dist/htmx.min.js": "vendor/htmx.min.js",
  "axe-core/axe.min.js": "test/axe.min.js",
};

for (const [from, to] of Object.entries(FILES)) {
  const target = new URL(to, DIST);
  await mkdir(dirname(fileURLToPath(target)), { recursive: true });
  await copyFile(new URL(from, MODULES), target);
}
