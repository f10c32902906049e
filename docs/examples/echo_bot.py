#!/usr/bin/env python3
"""A bot for PeerChat that answers every message in direct chats, once, whatever is killed in between.

    peerchat id --user echo                  # makes the bot's key pair and prints its full id
    ./echo_bot.py --user echo --accept-any   # answers until it is interrupted

It needs Python 3.9 and nothing else. docs/SCRIPTING.md describes the protocol; the three things to copy into a bot of your own are
marked with (1), (2) and (3).
"""

import argparse
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time

PROTOCOL = 1
ANSWER = "You said: "
MAX_TEXT_BYTES = 65_536  # the node refuses longer texts
MAX_WAITING_LINES = 1_024  # more stay in the pipe, where the node's log keeps them for us
REPLY_PATIENCE = 60.0  # seconds; a node that is silent for longer hangs
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds between attempts to reach a node
ASK_AGAIN = ("stopping", "storage")  # refusals that say nothing about the request itself
GIVE_UP_CODES = (2,)  # exit codes of 'peerchat rpc' that trying again does not change


class Gone(Exception):
    """The node, or the process between it and us, went away."""


class Refused(Exception):
    """The node answered with an error."""


class Connection:
    """Lines to and from the node: 'peerchat rpc', or the control socket itself."""

    def __init__(self, options):
        self._lines = queue.Queue(MAX_WAITING_LINES)
        self._events = []
        self._last_id = 0
        self._process = self._socket = None
        if options.socket:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._socket.connect(options.socket)
            except OSError as problem:
                self._socket.close()
                raise Gone(f"{options.socket}: {problem}") from problem
            self._input = self._socket.makefile("wb")
            output = self._socket.makefile("rb")
        else:
            self._process = subprocess.Popen(
                command_of(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._input, output = self._process.stdin, self._process.stdout
        threading.Thread(target=self._read, args=(output,), daemon=True).start()

    def _read(self, output):
        try:
            for line in output:
                if line.endswith(b"\n"):  # half a line is all that a killed process leaves
                    self._lines.put(line)
        except (OSError, ValueError):
            pass  # closed by us
        self._lines.put(None)

    def call(self, method, **params):
        """Asks for something and waits for the answer; events that come in between are kept in order."""
        self._last_id += 1
        request = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
        try:
            self._input.write(json.dumps(request).encode() + b"\n")
            self._input.flush()
        except (OSError, ValueError) as problem:
            raise Gone(str(problem)) from problem
        deadline = time.monotonic() + REPLY_PATIENCE
        while True:
            message = self._next(deadline)
            if message.get("id") == self._last_id and "method" not in message:
                if "error" in message:
                    error = message["error"]
                    again = error.get("data", {}).get("code") in ASK_AGAIN
                    raise (Gone if again else Refused)(error["message"])
                return message["result"]
            self._events.append(message)

    def notifications(self):
        """Yields what the node says unasked, as it comes."""
        while True:
            yield self._events.pop(0) if self._events else self._next(None)

    def _next(self, deadline):
        try:
            line = self._lines.get(timeout=None if deadline is None else max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise Gone(f"no answer within {REPLY_PATIENCE:g} s") from None
        if line is None:
            raise Gone(f"code {self._process.wait()}" if self._process else "the connection was closed")
        return json.loads(line)

    @property
    def exit_code(self):
        """How 'peerchat rpc' ended; None for a socket or while it runs."""
        return self._process.poll() if self._process else None

    def close(self):
        """Leaves. A node that runs in the process we started ends with it; any other goes on."""
        for end in (self._input, self._socket):
            try:
                if end:
                    end.close()
            except OSError:
                pass
        if self._process:
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def command_of(options):
    command = [*options.peerchat, "rpc"]
    for name in ("user", "profile"):
        if getattr(options, name):
            command += ["--" + name, getattr(options, name)]
    return command


class Cursor:
    """How far the bot has come, in a file that is replaced whole, so that no crash leaves half of it."""

    def __init__(self, path):
        self._path = path
        self.run, self.after, self.arrival = None, 0, None
        try:
            with open(path, encoding="utf-8") as file:
                saved = json.load(file)
            self.run, self.after, self.arrival = saved["run"], saved["after"], saved["arrival"]
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError) as problem:
            sys.exit(f"echo_bot: {path} is no cursor of this bot ({problem}); move it away to begin anew.")

    def save(self, run, after, arrival):
        if (run, arrival) == (self.run, self.arrival):
            return  # events without a message may come twice; that is cheaper than a write for each
        self.run, self.after, self.arrival = run, after, arrival
        unfinished = self._path + ".new"
        with open(unfinished, "w", encoding="utf-8") as file:
            json.dump({"run": run, "after": after, "arrival": arrival}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self._path)


class EchoBot:
    def __init__(self, options):
        self._options = options
        self._cursor = Cursor(options.cursor)

    def serve(self, connection):
        """Answers until the node goes away."""
        hello = connection.call("hello", protocol=PROTOCOL, kind="echo-bot")
        cursor = self._cursor
        # (1) Resume: the same run goes on with the next event; another run tells the messages that arrived since.
        start = {"run": cursor.run, "after": cursor.after, "afterArrival": cursor.arrival}
        subscribed = connection.call("subscribe", **{k: v for k, v in start.items() if v is not None})
        if cursor.arrival is None:
            # The first start of all: what was there before the bot is not its business.
            cursor.save(subscribed["run"], subscribed["after"], subscribed["arrival"])
        say(f"{hello['name']} ({hello['peerId']}) runs in process {hello['processId']}")
        in_step = subscribed["resumed"]
        for message in connection.notifications():
            if message["method"] == "closed":
                raise Gone(message["params"]["reason"])
            if message["method"] == "lost":
                in_step = False  # we were too slow; the node tells everything that counts anew
                continue
            if message["method"] != "event":
                continue  # what a later version adds
            number, event = message["params"]["number"], message["params"]["event"]
            arrival = self._handle(connection, event)
            in_step = in_step or event["event"] == "in-step"
            # (2) Only now that the answer is the node's to deliver does the bot move on. While old messages are told, the events'
            # numbers do not move, so only the arrival counts.
            cursor.save(
                subscribed["run"] if in_step else cursor.run,
                number if in_step else cursor.after,
                max(cursor.arrival, arrival),
            )
            if event["event"] == "stopped":
                raise Gone(event["failure"] or "the node was stopped")

    def _handle(self, connection, event):
        """Does what an event asks for; returns the arrival of its message, or 0."""
        kind = event["event"]
        if kind == "request-received":
            if self._options.accept_any or event["name"] in self._options.accept or event["peerId"] in self._options.accept:
                self._try(connection, "answer-request", request=event["request"], accept=True)
        elif kind == "outbox-question":
            self._try(connection, "release-outbox", chat=event["chat"], release=True)
        elif kind == "message-shown":
            message = event["message"]
            text = message["text"]
            # Another echo bot's answer is not answered: two of them would go on for ever.
            if not message["isOwn"] and message["chat"].startswith("@") and not text.startswith(ANSWER):
                # (3) The reference is made from the message: whatever was killed, asking again sends nothing twice.
                self._try(
                    connection,
                    "send-text",
                    chat=message["chat"],
                    text=shorten(ANSWER + text),
                    reference="echo-" + message["id"],
                )
            return message["arrival"]
        return 0

    @staticmethod
    def _try(connection, method, **params):
        try:
            connection.call(method, **params)
        except Refused as problem:
            say(f"{method} was refused: {problem}")  # asking again would change nothing


def shorten(text):
    data = text.encode()
    return text if len(data) <= MAX_TEXT_BYTES else data[: MAX_TEXT_BYTES - 3].decode(errors="ignore") + "…"


def say(sentence):
    # Names and texts of others reach a terminal here, so control characters stay out.
    print("echo_bot: " + "".join(c if c.isprintable() else "?" for c in sentence), file=sys.stderr, flush=True)


def read_options():
    parser = argparse.ArgumentParser(description="Answers every message in direct chats, once.")
    parser.add_argument("--user", help="the bot's name, as with peerchat")
    parser.add_argument("--profile", help="the profile's folder, as with peerchat")
    parser.add_argument("--accept", action="append", default=[], metavar="WHO", help="accept requests of this name or full id (repeatable)")
    parser.add_argument("--accept-any", action="store_true", help="accept requests of anybody")
    parser.add_argument("--cursor", default="echo_bot.cursor", metavar="FILE", help="where the bot keeps how far it has come")
    parser.add_argument("--socket", metavar="PATH", help="connect to this control socket instead of running 'peerchat rpc'")
    parser.add_argument("--peerchat", nargs="+", default=["peerchat"], metavar="WORD", help="how to start peerchat")
    return parser.parse_args()


def main():
    options = read_options()
    bot = EchoBot(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pause = FIRST_PAUSE
    while True:
        connection = None
        began = time.monotonic()
        try:
            connection = Connection(options)
            bot.serve(connection)
        except Gone as problem:
            say(f"the node is gone ({problem}); trying again")
        except Refused as problem:
            sys.exit(f"echo_bot: {problem}")
        except KeyboardInterrupt:
            return
        finally:
            if connection:
                connection.close()
        if connection and connection.exit_code in GIVE_UP_CODES:
            sys.exit(connection.exit_code)
        pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        time.sleep(pause)


if __name__ == "__main__":
    main()
