"""One side of a measured pair over aiortc; the lines are those of StackPeer.cs. Needs Debian's python3-aiortc."""

import asyncio
import json
import sys
import time

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

HIGH = 1 << 20
LOW = 1 << 18


def say(line):
    print(line, flush=True)


class Peer:
    def __init__(self):
        self.connection = None
        self.channel = None
        self.received = 0
        self.pong = None
        self.text = None
        self.low = asyncio.Event()

    def adopt(self, channel):
        channel.bufferedAmountLowThreshold = LOW
        channel.on("bufferedamountlow", self.low.set)
        channel.on("message", self.take)

        def opened():
            self.channel = channel
            say("open")

        if channel.readyState == "open":
            opened()
        else:
            channel.on("open", opened)

    def take(self, data):
        if isinstance(data, str):
            if data == "end":
                self.channel.send(f"got {self.received}")
                self.received = 0
            else:
                self.text.set_result(data)
        elif len(data) != 64:
            self.received += len(data)
        elif self.pong is not None:
            self.pong.set_result(None)
        else:
            self.channel.send(data)

    async def describe(self, description):
        await self.connection.setLocalDescription(description)
        local = self.connection.localDescription  # with the candidates: aiortc does not trickle
        say("signal " + json.dumps({"type": local.type, "sdp": local.sdp}))

    async def create(self, role):
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.received = 0
        if role == "offer":
            self.adopt(self.connection.createDataChannel("bench"))
            await self.describe(await self.connection.createOffer())
        else:
            self.connection.on("datachannel", self.adopt)

    async def signal(self, text):
        signal = json.loads(text)
        if "sdp" not in signal:
            return
        await self.connection.setRemoteDescription(RTCSessionDescription(signal["sdp"], signal["type"]))
        if signal["type"] == "offer":
            await self.describe(await self.connection.createAnswer())

    async def ping(self, count):
        times = []
        for _ in range(int(count)):
            self.pong = asyncio.get_running_loop().create_future()
            start = time.perf_counter()
            self.channel.send(b"1" * 64)
            await self.pong
            times.append((time.perf_counter() - start) * 1e6)
        self.pong = None
        times = sorted(times[len(times) // 10 :])  # without the warm-up
        say(f"rtt {times[len(times) // 2]:.1f} {times[int(len(times) * 0.99)]:.1f}")

    async def bulk(self, size, total, seconds):
        message = b"2" * int(size)
        self.text = asyncio.get_running_loop().create_future()
        start = time.perf_counter()
        until = start + float(seconds)
        sent = 0
        while sent < int(total) and time.perf_counter() < until:
            while sent < int(total) and self.channel.bufferedAmount <= HIGH:
                self.channel.send(message)
                sent += len(message)
            self.low.clear()
            if self.channel.bufferedAmount > LOW:
                await self.low.wait()
        self.channel.send("end")
        got = (await self.text).split()[1]
        say(f"bulk {got} {time.perf_counter() - start}")


async def main():
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    peer = Peer()
    tasks = set()
    while line := (await reader.readline()).decode().strip():
        command, _, rest = line.partition(" ")
        if command == "create":
            await peer.create(rest)
        elif command == "signal":
            await peer.signal(rest)
        elif command in ("ping", "bulk"):
            task = asyncio.create_task(getattr(peer, command)(*rest.split()))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        elif command == "close":
            await peer.connection.close()
            say("closed")


asyncio.run(main())
