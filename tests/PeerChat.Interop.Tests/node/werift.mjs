// Runs peer.js over werift: one call a line on standard input, one result a line on standard output.
// usage: node werift.mjs peer.js
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as werift from 'werift';

globalThis.asMessage = (bytes) => Buffer.from(bytes);
globalThis.RTCPeerConnection = class extends werift.RTCPeerConnection {
  constructor() {
    super({ iceServers: [] }); // nothing leaves the machine
    this.iceGatheringStateChange.subscribe(() => this.onicegatheringstatechange?.());
    this.connectionStateChange.subscribe(() => this.onconnectionstatechange?.());
  }
};
(0, eval)(readFileSync(process.argv[2], 'utf8'));

for await (const line of createInterface({ input: process.stdin })) {
  const { name, values } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await globalThis.peerTest[name](...values)) ?? null };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
