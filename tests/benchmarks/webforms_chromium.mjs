// Fills a form in with ODK Web Forms in Chromium: webforms_chromium.mjs CHROMIUM FORM OPS OUT.
//
// The engine and a page are served on this machine only; a headless browser of its own, with an
// empty profile, opens the page and sends back what it measured. See webforms_fill.mjs for OPS and
// what is printed.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_MS = 540_000;
const [chromium, form, ops, out] = process.argv.slice(2);
const page = `
  import { createInstance } from '@getodk/xforms-engine';
  import { fill } from './webforms_fill.mjs';
  const text = async (name) => (await fetch(name)).text();
  let sent;
  try {
    sent = await fill(createInstance, await text('/form'), await text('/ops'));
  } catch (problem) {
    sent = { problem: String(problem) };
  }
  await fetch('/done', { method: 'POST', body: JSON.stringify(sent) });
`;
const made = await build({
  stdin: { contents: page, resolveDir: process.cwd(), loader: 'js' },
  bundle: true,
  format: 'esm',
  write: false,
  conditions: ['browser'],
  external: ['node:*', 'fs', 'fs/promises', 'path', 'module', 'url'],
  logLevel: 'error',
});
const files = {
  '/': ['text/html', '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'],
  '/page.js': ['text/javascript', made.outputFiles[0].contents],
  '/form': ['text/plain', readFileSync(form)],
  '/ops': ['text/plain', readFileSync(ops)],
};
const profile = mkdtempSync(join(tmpdir(), 'webforms-'));
let stop = async () => {};
const done = await new Promise((resolve) => {
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      const pieces = [];
      request.on('data', (piece) => pieces.push(piece));
      request.on('end', () => {
        response.end();
        resolve(JSON.parse(Buffer.concat(pieces).toString('utf8')));
      });
      return;
    }
    const file = files[request.url];
    response.writeHead(file ? 200 : 404, { 'content-type': `${file?.[0] ?? 'text/plain'}; charset=utf-8` });
    response.end(file?.[1] ?? '');
  });
  server.listen(0, '127.0.0.1', () => {
    const browser = spawn(
      chromium,
      [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--disable-extensions', '--disable-dev-shm-usage', '--no-proxy-server',
        `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`,
      ],
      { stdio: 'ignore', detached: true },
    );
    stop = () => new Promise((stopped) => {
      browser.removeAllListeners('exit');
      browser.on('exit', stopped);
      process.kill(-browser.pid, 'SIGKILL');
    });
    browser.on('error', (problem) => resolve({ problem: String(problem) }));
    browser.on('exit', (code) => resolve({ problem: `the browser ended with ${code}` }));
  });
  setTimeout(() => resolve({ problem: `no answer within ${LIMIT_MS / 1000} s` }), LIMIT_MS).unref();
});
await stop();
rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
if (done.problem) {
  console.error(done.problem);
  process.exit(1);
}
for (const line of done.lines) console.log(line);
writeFileSync(out, done.instance);
console.log('end');
process.exit(0);
