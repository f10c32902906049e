// Runs peer.js over a stack: one call a line on standard input, one result a line on standard output.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Answers calls until the input ends. `RTCPeerConnection` must be global by now. */
export const serve = async (script) => {
  (0, eval)(readFileSync(script, 'utf8'));
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
};
