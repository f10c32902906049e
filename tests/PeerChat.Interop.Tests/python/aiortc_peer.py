"""The counterpart of peer.js over aiortc: one call a line on standard input, one result a line on standard output."""

import asyncio
import json
import sys

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

PATIENCE = 30  # seconds; only a hang comes near it


def pattern(size):
    return bytes((i * 31 + size + (i >> 8)) & 255 for i in range(size))


def name_of(message):
    if isinstance(message, str):
        return f"text {message}"
    return f"{len(message)} {'right' if message == pattern(len(message)) else 'wrong'}"


class Entry:
    """A channel with everything that came on it."""

    def __init__(self, peer, channel):
        self.channel = channel
        self.messages = []
        self.is_closed = False
        channel.on("message", lambda message: peer.change(lambda: self.messages.append(name_of(message))))
        channel.on("open", peer.look)
        channel.on("close", lambda: peer.change(self.close))

    def close(self):
        self.is_closed = True


class Peer:
    """One connection with its channels."""

    def __init__(self):
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))  # nothing leaves the machine
        self.channels = {}
        self.news = asyncio.Event()
        self.connection.on("datachannel", self.take)

    def take(self, channel):
        self.channels[channel.label] = Entry(self, channel)
        self.look()

    def look(self):
        self.news.set()

    def change(self, do):
        do()
        self.look()

    async def until(self, condition, what):
        async def wait():
            while not condition():
                self.news.clear()
                await self.news.wait()

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except asyncio.TimeoutError:
            raise RuntimeError(f"{what} did not come") from None

    async def entry(self, label):
        await self.until(lambda: label in self.channels, f"channel {label}")
        return self.channels[label]


PEERS = {}


async def create(name, options=None):
    del options  # it sees its part in DTLS from the offer
    if name in PEERS:
        await PEERS[name].connection.close()
    PEERS[name] = Peer()


async def offer(name):
    connection = PEERS[name].connection
    await connection.setLocalDescription(await connection.createOffer())
    return connection.localDescription.sdp


async def answer(name, sdp):
    connection = PEERS[name].connection
    await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    return connection.localDescription.sdp


async def accept(name, sdp):
    await PEERS[name].connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))


async def open_channel(name, label, options):
    peer = PEERS[name]
    peer.take(
        peer.connection.createDataChannel(
            label,
            ordered=options.get("ordered", True),
            maxRetransmits=options.get("maxRetransmits"),
            maxPacketLifeTime=options.get("maxPacketLifeTime"),
            protocol=options.get("protocol", ""),
        )
    )


async def describe(name, label):
    channel = (await PEERS[name].entry(label)).channel
    numbers = ["" if each is None else str(each) for each in (channel.maxRetransmits, channel.maxPacketLifeTime)]
    return " ".join(["true" if channel.ordered else "false", *numbers, channel.protocol])


async def send(name, label, sizes):
    peer = PEERS[name]
    channel = (await peer.entry(label)).channel
    await peer.until(lambda: channel.readyState == "open", f"{label} open")
    for size in sizes:
        channel.send(size if isinstance(size, str) else pattern(size))


async def messages(name, label, count):
    peer = PEERS[name]
    entry = await peer.entry(label)
    await peer.until(lambda: len(entry.messages) >= count, f"message {count} on {label}")
    return entry.messages


async def close_channel(name, label):
    (await PEERS[name].entry(label)).channel.close()


async def closed(name, label):
    peer = PEERS[name]
    entry = await peer.entry(label)
    await peer.until(lambda: entry.is_closed or entry.channel.readyState == "closed", f"the end of {label}")
    return peer.connection.connectionState


async def close(name):
    await PEERS[name].connection.close()


CALLS = {
    "create": create,
    "offer": offer,
    "answer": answer,
    "accept": accept,
    "open": open_channel,
    "describe": describe,
    "send": send,
    "messages": messages,
    "closeChannel": close_channel,
    "closed": closed,
    "close": close,
}


async def main():
    lines = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        call = json.loads(line)
        try:
            reply = {"result": await CALLS[call["name"]](*call["values"])}
        except Exception as fault:  # the test shows it
            reply = {"error": repr(fault)}
        print(json.dumps(reply), flush=True)


asyncio.run(main())
