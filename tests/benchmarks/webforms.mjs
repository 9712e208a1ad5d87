// Fills a form in with ODK Web Forms: webforms.mjs FORM OPS OUT.
//
// Node has no DOM, so jsdom gives one. OPS has one answer per line, "reference TAB value". Prints a
// line of figures in microseconds, as FormBench.java does.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><html><body></body></html>', { url: 'http://localhost/' });
globalThis.window = window;
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis) && !name.startsWith('_')) globalThis[name] = window[name];
}
for (const name of ['File', 'Blob', 'FormData', 'Event', 'Node', 'Element']) {
  if (window[name]) globalThis[name] = window[name];
}
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = new URL('.', import.meta.url).pathname;
const { createInstance } = await import('@getodk/xforms-engine');

const [form, ops, out] = process.argv.slice(2);
const xml = readFileSync(form, 'utf8');
let before = performance.now();
const { root } = await createInstance(xml, { instance: { stateFactory: (state) => state } });
const micro = (start) => ((performance.now() - start) * 1000).toFixed(1);
console.log(`load ${micro(before)}`);
const answers = readFileSync(ops, 'utf8').split('\n').filter(Boolean).map((l) => l.split('\t'));
const byReference = new Map();
const ranges = new Map();
const plain = (reference) => reference.replace(/\[1\]/g, '');
const walk = (node) => {
  const reference = plain(node.currentState.reference);
  (node.nodeType.startsWith('repeat-range') ? ranges : byReference).set(reference, node);
  for (const child of node.currentState.children ?? []) walk(child);
};
walk(root);
const times = [];
const added = [];
const cascades = [];
for (const [reference, value] of answers) {
  if (reference.startsWith('+')) {
    const range = ranges.get(plain(reference.slice(1).replace(/\[\d+\]$/, '')));
    before = performance.now();
    range.addInstances(range.currentState.children.length - 1);
    added.push(micro(before));
    walk(range.currentState.children.at(-1));
    continue;
  }
  if (reference.startsWith('~')) {
    const turned = byReference.get(plain(reference.slice(1)));
    const turns = value.split(' ');
    for (let turn = 0; turn < 30; turn++) {
      before = performance.now();
      turned.setValue(BigInt(turns[turn % turns.length]));
      cascades.push(micro(before));
    }
    continue;
  }
  const node = byReference.get(plain(reference));
  if (!node) throw new Error(`no ${reference}`);
  before = performance.now();
  if (node.nodeType === 'select') node.selectValues(value.split(' '));
  else if (typeof node.currentState.value === 'bigint' || node.valueType === 'int') node.setValue(BigInt(value));
  else if (node.valueType === 'decimal') node.setValue(Number(value));
  else node.setValue(value);
  times.push(micro(before));
}
console.log(`answer ${times.join(' ')}`);
console.log(`add ${added.join(' ')}`);
console.log(`cascade ${cascades.join(' ')}`);
const payload = await root.prepareInstancePayload();
for (const data of payload.data) {
  for (const [key, file] of data.entries()) {
    if (key === 'xml_submission_file') {
      const reader = new window.FileReader();
      const text = await new Promise((done) => {
        reader.onload = () => done(reader.result);
        reader.readAsText(file);
      });
      writeFileSync(out, text);
    }
  }
}
console.log('end');
process.exit(0);
