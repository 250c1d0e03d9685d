// Copies the browser files that the binary embeds from node_modules into dist/,
// each with its licence, so that what is served can always be attributed.
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const files = [
  ["echarts/dist/echarts.min.js", "echarts.min.js"],
  ["echarts/LICENSE", "echarts.LICENSE.txt"],
  ["echarts/NOTICE", "echarts.NOTICE.txt"],
  ["zrender/LICENSE", "zrender.LICENSE.txt"],
];

mkdirSync(join(here, "dist"), { recursive: true });
for (const [from, to] of files) {
  copyFileSync(join(here, "node_modules", from), join(here, "dist", to));
}
