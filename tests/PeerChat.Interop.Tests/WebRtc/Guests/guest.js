// What a page does with the stock PeerJS client; every function gives a promise that the test waits for.
let peer, conn;
const heard = [], waiting = [];
let isClosed = false;
const tell = () => waiting.splice(0).forEach((look) => look());
const until = (holds, value) =>
  new Promise((done) => {
    const look = () => (holds() ? done(value()) : waiting.push(look));
    look();
  });

function options(port) {
  return { host: "127.0.0.1", port, path: "/", secure: false, config: { iceServers: [] } };
}

function take(connection) {
  conn = connection;
  isClosed = false;
  conn.on("data", (data) => (heard.push(data), tell()));
  conn.on("close", () => ((isClosed = true), tell()));
}

window.makePeer = (id, port) =>
  new Promise((done, fail) => {
    peer = id === undefined ? new Peer(options(port)) : new Peer(id, options(port));
    peer.on("open", done);
    peer.on("error", fail);
    peer.on("connection", take);
  });
window.callPeer = (name, serialization) =>
  new Promise((done, fail) => {
    take(peer.connect(name, { serialization, reliable: true, metadata: { name: "zoe" } }));
    conn.on("open", () => done(true));
    conn.on("error", fail);
  });
window.failToCall = (name) =>
  new Promise((done) => {
    peer.on("error", (error) => done(error.type));
    peer.connect(name);
  });
window.failToClaim = (id, port) =>
  new Promise((done) => new Peer(id, options(port)).on("error", (error) => done(error.type)));
window.received = (count) => until(() => heard.length >= count, () => JSON.stringify(heard));
window.ended = () => until(() => isClosed, () => true);
window.hangUp = () => (conn.close(), true);
