// Bundles src/*.js into the folder given as the argument. No code of the bundle is fetched, and none fetches code. Beside
// it goes first.json, what a first visit asks: the server answers that before anybody comes.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { firstQuestions } from './first.mjs';

const out = process.argv[2];
if (!out) throw new Error('say where to write: node build.mjs FOLDER');

// Mosaic's default connector loads DuckDB from a CDN; the pages ask their own server instead.
const noWasm = {
  name: 'no-wasm',
  setup(build) {
    build.onResolve({ filter: /^@duckdb\/duckdb-wasm/ }, () => ({ path: 'absent', namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export {};', loader: 'js' }));
  },
};

// The pages' Content-Security-Policy allows no style element; static/charts.css has these rules. A pattern that is not
// found stops the build: the library has changed, and its rules must be looked at again.
const STYLES = [
  [/@observablehq\/plot\/src\/plot\.js$/, /svg\.append\("style"\)\.text\(\s*`[\s\S]*?`\s*\)/],
  [/@observablehq\/plot\/src\/legends\/ramp\.js$/, /svg\.append\("style"\)\.text\(\s*`[\s\S]*?`\s*\)/],
  [/@observablehq\/plot\/src\/legends\/swatches\.js$/, /div\.insert\("style", "\*"\)\.text\(\s*`[\s\S]*?`\s*\)/],
];
const noStyles = {
  name: 'no-styles',
  setup(build) {
    for (const [filter, pattern] of STYLES) {
      build.onLoad({ filter }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!pattern.test(source)) throw new Error(`${path}: the style element is not where it was`);
        return { contents: source.replace(pattern, 'undefined'), loader: 'js' };
      });
    }
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const result = await esbuild.build({
  entryPoints: ['src/overview.js', 'src/graph.js', 'src/view.js'],
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  chunkNames: 'chunk-[hash]',
  legalComments: 'eof',
  logOverride: { 'import-is-undefined': 'silent' },
  plugins: [noWasm, noStyles],
  metafile: true,
});
const bytes = Object.fromEntries(Object.entries(result.metafile.outputs).map(([name, { bytes: size }]) => [name.split('/').pop(), size]));
await writeFile(join(out, 'bundle.json'), JSON.stringify(bytes, null, 1) + '\n');
await writeFile(join(out, 'first.json'), JSON.stringify(await firstQuestions(), null, 1) + '\n');
console.log(Object.entries(bytes).map(([name, size]) => `${name} ${(size / 1024).toFixed(0)} KiB`).join(', '));
