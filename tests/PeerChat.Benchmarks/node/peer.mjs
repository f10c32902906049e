// One side of a measured pair: commands a line on standard input, answers a line on standard output.
// usage: node peer.mjs node-datachannel|wrtc|werift
// The commands and answers are those of StackPeer.cs; every stack does the same with them.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const HIGH = 1 << 20;
const LOW = 1 << 18;
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
            send: (data) => (typeof data === 'string' ? dc.sendMessage(data) : dc.sendMessageBinary(data)),
            buffered: () => dc.bufferedAmount(),
            close: () => pc.close(),
          };
          dc.setBufferedAmountLowThreshold(LOW);
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
    return standard(createRequire(import.meta.url)('@roamhq/wrtc').RTCPeerConnection);
  },
  async werift() {
    const werift = await import('werift');
    return standard(
      class extends werift.RTCPeerConnection {
        constructor() {
          super({ iceServers: [], iceUseIpv6: false });
        }
      },
    );
  },
};

function standard(Connection) {
  return {
    create(isOfferer, ready) {
      const pc = new Connection({ iceServers: [] });
      const waiting = [];
      pc.onicecandidate = (e) => {
        const c = e?.candidate;
        if (c?.candidate) say(`signal ${JSON.stringify({ candidate: c.candidate, mid: c.sdpMid, index: c.sdpMLineIndex })}`);
      };
      const adopt = (dc) => {
        dc.binaryType = 'arraybuffer';
        const channel = { send: (data) => dc.send(data), buffered: () => dc.bufferedAmount, close: () => pc.close() };
        dc.bufferedAmountLowThreshold = LOW;
        dc.onbufferedamountlow = () => channel.onLow?.();
        dc.onmessage = (e) => channel.onMessage(e.data);
        if (dc.readyState === 'open') ready(channel);
        else dc.onopen = () => ready(channel);
      };
      const describe = async (type) => {
        const description = await (type === 'offer' ? pc.createOffer() : pc.createAnswer());
        await pc.setLocalDescription(description);
        say(`signal ${JSON.stringify({ type, sdp: pc.localDescription.sdp })}`);
      };
      if (isOfferer) {
        adopt(pc.createDataChannel('bench'));
        describe('offer');
      } else pc.ondatachannel = (e) => adopt(e.channel);
      const add = (s) => pc.addIceCandidate({ candidate: s.candidate, sdpMid: s.mid, sdpMLineIndex: s.index ?? 0 });
      let described = false;
      return {
        async signal(s) {
          if (!s.sdp) {
            if (described) await add(s);
            else waiting.push(s);
            return;
          }
          await pc.setRemoteDescription({ type: s.type, sdp: s.sdp });
          described = true;
          if (s.type === 'offer') await describe('answer');
          for (const one of waiting.splice(0)) await add(one);
        },
        close: () => pc.close(),
      };
    },
  };
}

const adapter = await adapters[stack]();
let connection;
let channel;
let onPong;
let onText;
let received = 0;

function ready(opened) {
  channel = opened;
  channel.onMessage = (data) => {
    if (typeof data === 'string') {
      if (data === 'end') {
        channel.send(`got ${received}`);
        received = 0;
      } else onText?.(data);
      return;
    }
    const length = data.byteLength ?? data.length;
    if (length !== 64) {
      received += length;
      return;
    }
    if (onPong) onPong();
    else channel.send(Buffer.from(data));
  };
  say('open');
}

async function ping(count) {
  const message = Buffer.alloc(64, 1);
  const times = [];
  for (let i = 0; i < count; i++) {
    const from = process.hrtime.bigint();
    const answered = new Promise((resolve) => (onPong = resolve));
    channel.send(message);
    await answered;
    times.push(Number(process.hrtime.bigint() - from) / 1e3);
  }
  onPong = undefined;
  times.splice(0, Math.floor(count / 10)); // warm-up
  times.sort((a, b) => a - b);
  say(`rtt ${times[Math.floor(times.length * 0.5)].toFixed(1)} ${times[Math.floor(times.length * 0.99)].toFixed(1)}`);
}

function poll(resolve) {
  if (channel.buffered() <= LOW) resolve();
  else setTimeout(() => poll(resolve), 1);
}

async function bulk(size, total, seconds) {
  const message = Buffer.alloc(size, 2);
  const from = process.hrtime.bigint();
  const until = from + BigInt(Math.round(seconds * 1e9));
  let sent = 0;
  while (sent < total && process.hrtime.bigint() < until) {
    while (sent < total && channel.buffered() <= HIGH) {
      channel.send(message);
      sent += size;
    }
    if (sent < total && channel.buffered() > LOW) {
      await new Promise((resolve) => {
        channel.onLow = resolve;
        if (channel.buffered() <= LOW) resolve();
        else if (stack !== 'node-datachannel') poll(resolve); // the others do not always tell
      });
    }
  }
  const answered = new Promise((resolve) => (onText = resolve));
  channel.send('end');
  const [, got] = (await answered).split(' ');
  say(`bulk ${got} ${Number(process.hrtime.bigint() - from) / 1e9}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const space = line.indexOf(' ');
  const command = space < 0 ? line : line.slice(0, space);
  const rest = space < 0 ? '' : line.slice(space + 1);
  if (command === 'create') connection = adapter.create(rest === 'offer', ready);
  else if (command === 'signal') Promise.resolve(connection.signal(JSON.parse(rest))).catch((e) => say(`error ${e}`));
  else if (command === 'ping') ping(Number(rest));
  else if (command === 'bulk') bulk(...rest.split(' ').map(Number));
  else if (command === 'close') {
    connection.close();
    say('closed');
  }
}
process.exit(0);
