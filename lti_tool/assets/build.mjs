// Bundles css/, js/ and the icons into ../static under content-hashed names, with a manifest.json that maps
// logical names to them: {"app.css": "app-XXXXXXXX.css", ...}. Run by `npm run build`.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { icons } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const packages = join(here, "node_modules");
const font = "@fontsource-variable/atkinson-hyperlegible-next";

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const manifest = {
  ...(await bundle()),
  "icons.svg": await hashed("icons.svg", await sprite()),
  "mark.svg": await hashed("mark.svg", await readFile(join(here, "mark.svg"), "utf8")),
  "icon.png": await hashed("icon.png", await readFile(join(here, "icon.png"))),
  "licences.txt": await hashed("licences.txt", await licences()),
};
await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + "\n");

/** Bundle the style sheet and the scripts; return their part of the manifest, the font for preloading included. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [
      "css/app.css",
      ...["app", "storage", "video", "picker", "closing", "painter"].map((name) => `js/${name}.js`),
    ],
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "dataurl" },
    metafile: true,
    logLevel: "warning",
  });
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint) names[basename(output.entryPoint)] = basename(path);
    else if (path.includes("latin-wght-normal")) names["font.woff2"] = basename(path);
  }
  return names;
}

/** Return one SVG file with a <symbol> for each Lucide icon in icons.mjs and for Klimop's own leaf. */
async function sprite() {
  const symbols = icons.map(async (name) => {
    const svg = await readFile(join(packages, "lucide-static", "icons", `${name}.svg`), "utf8");
    return symbol(name, svg, 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"');
  });
  const mark = (await readFile(join(here, "mark.svg"), "utf8")).replace(/ fill="#[0-9a-f]+"/, "");
  symbols.push(symbol("klimop", mark, ""));
  // The blade is the mark's first outline; the cuts of its veins follow.
  symbols.push(symbol("leaf", mark.replace(/Z[^"]*"/, 'Z"'), ""));
  return `<svg xmlns="http://www.w3.org/2000/svg">${(await Promise.all(symbols)).join("")}</svg>\n`;
}

function symbol(id, svg, paint) {
  const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
  const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replaceAll(/\s+/g, " ").trim();
  return `<symbol id="${id}" viewBox="${viewBox}" ${paint}>${shapes}</symbol>`;
}

/** Return the notices that the licences of the shipped font and icons ask to keep with them. */
async function licences() {
  const texts = [font, "lucide-static"].map(
    async (name) => `${name}\n\n${await readFile(join(packages, name, "LICENSE"), "utf8")}`,
  );
  return (await Promise.all(texts)).join(`\n${"=".repeat(80)}\n\n`);
}

/** Write `content` under a name that changes with it, and return that name. */
async function hashed(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const file = name.replace(/(\.\w+)$/, `-${digest}$1`);
  await writeFile(join(out, file), content);
  return file;
}
