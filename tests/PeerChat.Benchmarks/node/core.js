// What every JavaScript stack of the benchmark does with the lines of StackPeer.cs; runs in Node.js and in a page.
// say: writes a line; create(isOfferer, ready): begins a connection; pollsLow: whether the stack does not always tell of low buffers.
globalThis.benchHigh = 1 << 20;
globalThis.benchLow = 1 << 18;

globalThis.benchPeer = ({ say, create, pollsLow }) => {
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
      else channel.send(new Uint8Array(data));
    };
    say('open');
  }

  async function ping(count) {
    const message = new Uint8Array(64).fill(1);
    const times = [];
    for (let i = 0; i < count; i++) {
      const from = performance.now();
      const answered = new Promise((resolve) => (onPong = resolve));
      channel.send(message);
      await answered;
      times.push((performance.now() - from) * 1e3);
    }
    onPong = undefined;
    times.splice(0, Math.floor(count / 10)); // warm-up
    times.sort((a, b) => a - b);
    say(`rtt ${times[Math.floor(times.length * 0.5)].toFixed(1)} ${times[Math.floor(times.length * 0.99)].toFixed(1)}`);
  }

  function poll(resolve) {
    if (channel.buffered() <= benchLow) resolve();
    else setTimeout(() => poll(resolve), 1);
  }

  async function bulk(size, total, seconds) {
    const message = new Uint8Array(size).fill(2);
    const from = performance.now();
    const until = from + seconds * 1e3;
    let sent = 0;
    while (sent < total && performance.now() < until) {
      while (sent < total && channel.buffered() <= benchHigh) {
        channel.send(message);
        sent += size;
      }
      if (sent < total && channel.buffered() > benchLow) {
        await new Promise((resolve) => {
          channel.onLow = resolve;
          if (channel.buffered() <= benchLow) resolve();
          else if (pollsLow) poll(resolve);
        });
      }
    }
    const answered = new Promise((resolve) => (onText = resolve));
    channel.send('end');
    const [, got] = (await answered).split(' ');
    say(`bulk ${got} ${(performance.now() - from) / 1e3}`);
  }

  return (line) => {
    const space = line.indexOf(' ');
    const command = space < 0 ? line : line.slice(0, space);
    const rest = space < 0 ? '' : line.slice(space + 1);
    if (command === 'create') connection = create(rest === 'offer', ready);
    else if (command === 'signal') Promise.resolve(connection.signal(JSON.parse(rest))).catch((e) => say(`error ${e}`));
    else if (command === 'ping') ping(Number(rest));
    else if (command === 'bulk') bulk(...rest.split(' ').map(Number));
    else if (command === 'close') {
      connection.close();
      say('closed');
    }
  };
};

// A stack with the API of browsers.
globalThis.benchStandard = (Connection, say, wrap = (data) => data) => ({
  create(isOfferer, ready) {
    const pc = new Connection({ iceServers: [] });
    const waiting = [];
    pc.onicecandidate = (e) => {
      const c = e?.candidate;
      if (c?.candidate) say(`signal ${JSON.stringify({ candidate: c.candidate, mid: c.sdpMid, index: c.sdpMLineIndex })}`);
    };
    const adopt = (dc) => {
      dc.binaryType = 'arraybuffer';
      const channel = { send: (data) => dc.send(wrap(data)), buffered: () => dc.bufferedAmount, close: () => pc.close() };
      dc.bufferedAmountLowThreshold = benchLow;
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
});
