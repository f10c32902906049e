// One side of a measured pair in a headless Chromium with one page; lines go in and out by DevTools.
// usage: node --experimental-websocket chromium.mjs
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const profile = mkdtempSync(join(tmpdir(), 'peerchat-bench-'));
const browser = spawn('chromium', [
  '--headless',
  '--no-sandbox', // the sandbox refuses root, which network namespaces need
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--remote-debugging-port=0',
  `--user-data-dir=${profile}`,
]);
const address = await new Promise((resolve) => {
  createInterface({ input: browser.stderr }).on('line', (line) => {
    const found = /DevTools listening on (ws:\S+)/.exec(line);
    if (found) resolve(found[1]);
  });
});
const socket = new WebSocket(address);
await new Promise((resolve) => (socket.onopen = resolve));
const calls = new Map();
let session;
let last = 0;
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.method === 'Runtime.bindingCalled') process.stdout.write(`${message.params.payload}\n`);
  calls.get(message.id)?.(message.result);
  calls.delete(message.id);
};
const call = (method, params = {}) =>
  new Promise((resolve) => {
    calls.set(++last, resolve);
    socket.send(JSON.stringify({ id: last, method, params, sessionId: session }));
  });

const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
session = (await call('Target.attachToTarget', { targetId, flatten: true })).sessionId;
await call('Runtime.enable');
await call('Runtime.addBinding', { name: 'sayLine' });
const core = readFileSync(new URL('./core.js', import.meta.url), 'utf8');
await call('Runtime.evaluate', {
  expression: `${core}
    const adapter = benchStandard(RTCPeerConnection, sayLine);
    globalThis.handleLine = benchPeer({ say: sayLine, create: adapter.create, pollsLow: true });
    undefined`,
});
for await (const line of createInterface({ input: process.stdin })) {
  await call('Runtime.evaluate', { expression: `handleLine(${JSON.stringify(line)})` });
}
const ended = new Promise((resolve) => browser.on('exit', resolve));
session = undefined;
call('Browser.close');
await ended;
rmSync(profile, { recursive: true, force: true });
process.exit(0);
