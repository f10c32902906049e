// What the tests ask of a WebRTC stack that speaks JavaScript. Every function ends or rejects by itself within the patience.
globalThis.peerTest = (() => {
  const patience = 30000; // milliseconds; only a hang comes near it
  const peers = new Map();
  const asMessage = globalThis.asMessage ?? ((bytes) => bytes); // some stacks want a type of their own

  const patterns = new Map(); // by size: making one takes longer than sending it
  const pattern = (size) => {
    if (!patterns.has(size)) {
      patterns.set(size, Uint8Array.from({ length: size }, (_, i) => (i * 31 + size + (i >> 8)) & 255));
    }
    return patterns.get(size);
  };
  const isPattern = (bytes) => {
    const wanted = pattern(bytes.length);
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== wanted[i]) return false;
    }
    return true;
  };

  // Resolves as soon as the condition holds after an event.
  const until = (peer, condition, what) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} did not come: ${JSON.stringify(peer.log)}`)), patience);
      const look = () => {
        if (condition()) {
          clearTimeout(timer);
          peer.waiting.delete(look);
          resolve();
        }
      };
      peer.waiting.add(look);
      look();
    });
  const tell = (peer, line) => {
    peer.log.push(line);
    for (const look of [...peer.waiting]) look();
  };

  const take = (peer, channel) => {
    const entry = { channel, messages: [], isOpen: channel.readyState === 'open', isClosed: false };
    peer.channels.set(channel.label, entry);
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => { entry.isOpen = true; tell(peer, `${channel.label} open`); };
    channel.onclose = () => { entry.isClosed = true; tell(peer, `${channel.label} closed`); };
    channel.onmessage = (message) => {
      const isText = typeof message.data === 'string';
      const bytes = isText ? new TextEncoder().encode(message.data) : new Uint8Array(message.data);
      entry.messages.push(isText ? `text ${message.data}` : `${bytes.length} ${isPattern(bytes) ? 'right' : 'wrong'}`);
      for (const look of [...peer.waiting]) look();
    };
  };
  const channelOf = async (peer, label) => {
    await until(peer, () => peer.channels.has(label), `channel ${label}`);
    return peer.channels.get(label);
  };
  const gathered = async (peer) => {
    await until(peer, () => peer.connection.iceGatheringState === 'complete', 'the last candidate');
    return peer.connection.localDescription.sdp;
  };
  // After a restart the state is "complete" from before at first.
  const gatheredAnew = async (peer, describe) => {
    const isComplete = (line) => line === 'complete';
    const before = peer.log.filter(isComplete).length;
    await describe();
    await until(peer, () => peer.log.filter(isComplete).length > before, 'the last candidate of a restart');
    return peer.connection.localDescription.sdp;
  };

  return {
    create(name) { // the second argument is for stacks that have to be told their part in DTLS
      peers.get(name)?.connection.close();
      const peer = { connection: new RTCPeerConnection(), channels: new Map(), log: [], waiting: new Set() };
      peers.set(name, peer);
      peer.connection.ondatachannel = (e) => { take(peer, e.channel); tell(peer, `${e.channel.label} came`); };
      peer.connection.onicegatheringstatechange = () => tell(peer, peer.connection.iceGatheringState);
      peer.connection.onconnectionstatechange = () => tell(peer, peer.connection.connectionState);
    },
    async offer(name) {
      const peer = peers.get(name);
      await peer.connection.setLocalDescription(await peer.connection.createOffer());
      return gathered(peer);
    },
    async answer(name, sdp) {
      const peer = peers.get(name);
      await peer.connection.setRemoteDescription({ type: 'offer', sdp });
      await peer.connection.setLocalDescription(await peer.connection.createAnswer());
      return gathered(peer);
    },
    offerRestart(name) {
      const { connection } = peers.get(name);
      connection.restartIce();
      return gatheredAnew(peers.get(name), async () => connection.setLocalDescription(await connection.createOffer()));
    },
    async answerRestart(name, sdp) {
      const { connection } = peers.get(name);
      await connection.setRemoteDescription({ type: 'offer', sdp }); // takes an own offer back, if there is one
      return gatheredAnew(peers.get(name), async () => connection.setLocalDescription(await connection.createAnswer()));
    },
    state: (name) => peers.get(name).connection.connectionState,
    accept: (name, sdp) => peers.get(name).connection.setRemoteDescription({ type: 'answer', sdp }),
    addCandidate: (name, candidate) => peers.get(name).connection.addIceCandidate({ candidate, sdpMLineIndex: 0 }),
    open(name, label, options) {
      const peer = peers.get(name);
      take(peer, peer.connection.createDataChannel(label, options));
    },
    async describe(name, label) {
      const { channel } = await channelOf(peers.get(name), label);
      return [channel.ordered, channel.maxRetransmits, channel.maxPacketLifeTime, channel.protocol].join(' ');
    },
    async send(name, label, sizes) {
      const peer = peers.get(name);
      const entry = await channelOf(peer, label);
      await until(peer, () => entry.isOpen, `${label} open`);
      for (const size of sizes) entry.channel.send(typeof size === 'string' ? size : asMessage(pattern(size)));
    },
    async sendBulk(name, label, count, size) {
      const peer = peers.get(name);
      const { channel } = await channelOf(peer, label);
      const bytes = pattern(size);
      channel.bufferedAmountLowThreshold = 262144;
      for (let i = 0; i < count; i++) {
        if (channel.bufferedAmount > 1048576) {
          await new Promise((resolve) => { channel.onbufferedamountlow = resolve; });
        }
        channel.send(asMessage(bytes));
      }
    },
    async messages(name, label, count) {
      const peer = peers.get(name);
      const entry = await channelOf(peer, label);
      await until(peer, () => entry.messages.length >= count, `message ${count} on ${label}`);
      return entry.messages;
    },
    async closeChannel(name, label) { (await channelOf(peers.get(name), label)).channel.close(); },
    async closed(name, label) {
      const peer = peers.get(name);
      const entry = await channelOf(peer, label);
      await until(peer, () => entry.isClosed, `the end of ${label}`);
      return peer.connection.connectionState;
    },
    close: (name) => peers.get(name).connection.close(),
  };
})();
