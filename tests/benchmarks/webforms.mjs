// Fills a form in with ODK Web Forms under Node: webforms.mjs FORM OPS OUT.
//
// Node has no DOM, so jsdom gives one. See webforms_fill.mjs for OPS and what is printed.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';
import { fill } from './webforms_fill.mjs';

const { window } = new JSDOM('<!doctype html><html><body></body></html>', { url: 'http://localhost/' });
globalThis.window = window;
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis) && !name.startsWith('_')) globalThis[name] = window[name];
}
for (const name of ['File', 'Blob', 'FormData', 'Event', 'Node', 'Element', 'FileReader']) {
  if (window[name]) globalThis[name] = window[name];
}
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = new URL('.', import.meta.url).pathname;
const { createInstance } = await import('@getodk/xforms-engine');

const [form, ops, out] = process.argv.slice(2);
const { lines, instance } = await fill(createInstance, readFileSync(form, 'utf8'), readFileSync(ops, 'utf8'));
for (const line of lines) console.log(line);
writeFileSync(out, instance);
console.log('end');
process.exit(0);
