// usage: node werift.mjs peer.js
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as werift from 'werift';
import { serve } from './calls.mjs';

// Without a STUN server of its own choice it asks a public one, even with an empty list. This one tells it, on loopback, where
// it asked from (RFC 8489: a success response with XOR-MAPPED-ADDRESS).
const stun = createSocket('udp4', (request, from) => {
  const response = Buffer.alloc(32);
  response.writeUInt16BE(0x0101, 0);
  response.writeUInt16BE(12, 2);
  request.copy(response, 4, 4, 20);
  response.writeUInt16BE(0x0020, 20);
  response.writeUInt16BE(8, 22);
  response.writeUInt16BE(1, 24);
  response.writeUInt16BE(from.port ^ 0x2112, 26);
  from.address.split('.').forEach((part, i) => { response[28 + i] = Number(part) ^ request[4 + i]; });
  stun.send(response, from.port, from.address);
});
stun.bind(0, '127.0.0.1');
await once(stun, 'listening');

globalThis.asMessage = (bytes) => Buffer.from(bytes);
globalThis.RTCPeerConnection = class extends werift.RTCPeerConnection {
  constructor() {
    super({ iceServers: [{ urls: `stun:127.0.0.1:${stun.address().port}` }] });
    this.iceGatheringStateChange.subscribe(() => this.onicegatheringstatechange?.());
    this.connectionStateChange.subscribe(() => this.onconnectionstatechange?.());
  }
};
await serve(process.argv[2]);
