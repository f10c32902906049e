// One side of a measured pair: commands a line on standard input, answers a line on standard output.
// usage: node peer.mjs node-datachannel|wrtc|werift
// The commands and answers are those of StackPeer.cs; every stack does the same with them.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import './core.js';

const stack = process.argv[2];
const say = (line) => process.stdout.write(`${line}\n`);

// Each adapter: create(isOfferer) begins, signal(object) takes what the other side said; channel has send, buffered, onLow.
const adapters = {
  async 'node-datachannel'() {
    const { default: ndc } = await import('node-datachannel');
    return {
      create(isOfferer, ready) {
        const pc = new ndc.PeerConnection('peer', { iceServers: [] });
        pc.onLocalDescription((sdp, type) => say(`signal ${JSON.stringify({ type, sdp })}`));
        pc.onLocalCandidate((candidate, mid) => say(`signal ${JSON.stringify({ candidate, mid })}`));
        const adopt = (dc) => {
          const channel = {
            send: (data) => (typeof data === 'string' ? dc.sendMessage(data) : dc.sendMessageBinary(Buffer.from(data))),
            buffered: () => dc.bufferedAmount(),
            close: () => pc.close(),
          };
          dc.setBufferedAmountLowThreshold(benchLow);
          dc.onBufferedAmountLow(() => channel.onLow?.());
          dc.onMessage((data) => channel.onMessage(data));
          let told = false;
          const open = () => {
            if (!told) {
              told = true;
              ready(channel);
            }
          };
          dc.onOpen(open);
          if (dc.isOpen()) open();
        };
        if (isOfferer) adopt(pc.createDataChannel('bench'));
        else pc.onDataChannel(adopt);
        return {
          signal: (s) => (s.sdp ? pc.setRemoteDescription(s.sdp, s.type) : pc.addRemoteCandidate(s.candidate, s.mid)),
          close: () => pc.close(),
        };
      },
    };
  },
  async wrtc() {
    return benchStandard(createRequire(import.meta.url)('@roamhq/wrtc').RTCPeerConnection, say);
  },
  async werift() {
    const werift = await import('werift');
    return benchStandard(
      class extends werift.RTCPeerConnection {
        constructor() {
          super({ iceServers: [], iceUseIpv6: false });
        }
      },
      say,
      (data) => (typeof data === 'string' ? data : Buffer.from(data)),
    );
  },
};

const adapter = await adapters[stack]();
const handle = benchPeer({ say, create: adapter.create, pollsLow: stack !== 'node-datachannel' });
for await (const line of createInterface({ input: process.stdin })) handle(line);
process.exit(0);
