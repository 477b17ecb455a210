"""300 chords of seven calls, workers killed three times. See README.md beside this file.

Prints one JSON line for each setting, the last one as the last line.
"""

import argparse
import json
import os
import random
import secrets
import signal
import sqlite3
import sys
import tempfile
import time
from importlib import import_module

from parts import Parts
from workers import Workers

WORKERS = 2
#: So long without a call or a callback: what has not fired by then never will.
QUIET_S = 60
#: First calls of a run begin within this.
BEGINS_WITHIN_S = 120
#: After the row that marks its moment a kill falls up to so much later, so that it may fall anywhere in a call.
LATER_S = 0.3
LOOK_EVERY_S = 0.02


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    options = read_options()
    settings = ["default", "late"] if options.setting == "both" else [options.setting]
    for setting in settings:
        code = run_apart(options, setting)
        if code != 0:
            sys.exit(code)


def run_apart(options, setting):
    """In a process for each setting, since an application reads its configuration once. Returns the exit code."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        os._exit(run_guarded(options, setting))
    # Ctrl-C reaches both: this one waits until the other has ended what it started.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    _, status = os.waitpid(pid, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return os.waitstatus_to_exitcode(status)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--chords", type=int, default=300)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--setting", choices=["default", "late", "both"], default="both")
    parser.add_argument("--concurrency", type=int, default=2, help="processes of each of the two workers")
    return parser.parse_args()


def run_guarded(options, setting):
    try:
        with tempfile.TemporaryDirectory(prefix="assay-celery-") as folder:
            print(json.dumps(run(options, setting, folder)), flush=True)
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        say(f"{type(error).__name__}: {error}")
        return 1


def run(options, setting, folder):
    parts = Parts(folder)
    workers = Workers(WORKERS, options.concurrency, folder)
    os.environ.update(
        BROKER_PORT=str(parts.broker_port),
        STORE_PORT=str(parts.store_port),
        SETTING=setting,
        RESULTS=folder,
    )
    say(f"celery, {setting}: {options.chords} chords, {options.kills} kills, --seed {options.seed}")
    try:
        parts.start()
        return KillTest(options, setting, workers).run()
    finally:
        workers.stop()
        parts.stop()


class KillTest:
    def __init__(self, options, setting, workers):
        self.options = options
        self.setting = setting
        self.workers = workers
        self.chords = import_module("chords")
        self.killed_in_flight = []

    def run(self):
        self.chords.create_rows()
        for index in range(WORKERS):
            self.workers.start(index)
        began = time.time()
        for row, seconds in enumerate(self.chords.durations(self.options.seed, self.options.chords)):
            self.chords.hand_in(row, seconds)
        say(f"handed in within {time.time() - began:.1f} s")
        self._kills()
        self._until_quiet()
        return self._result(began)

    def _kills(self):
        pick = random.Random(f"kills {self.options.seed}")
        step = 0.6 / self.options.kills
        for index in range(self.options.kills):
            share = 0.2 + step * (index + 0.7 * pick.random())
            victim, later = pick.randrange(WORKERS), LATER_S * pick.random()
            if not self._await_share(share):
                say(f"no progress before {share:.0%}")
                return
            time.sleep(later)
            pids = self.workers.kill(victim)
            self.workers.start(victim)
            lost = in_flight(self._calls(), pids)
            self.killed_in_flight.append(lost)
            share = self._fired() / self.options.chords
            say(f"kill -9 of worker {victim} at {share:.0%}, {len(lost)} calls in flight")

    def _await_share(self, share):
        return self._watch(lambda: self._fired() >= share * self.options.chords, LOOK_EVERY_S)

    def _until_quiet(self):
        if not self._watch(lambda: self._missing() == 0, 0.5):
            say(f"{QUIET_S} s without a call or a callback; messages left: {self._left()}")

    def _watch(self, reached, every):
        """False: nothing went on for `QUIET_S` and it was not reached."""
        seen, since, patience = None, time.monotonic(), BEGINS_WITHIN_S
        while not reached():
            now = (self._fired(), os.path.exists(self.chords.CALLS) and os.path.getsize(self.chords.CALLS))
            if now != seen:
                since, patience = time.monotonic(), QUIET_S if now[1] else BEGINS_WITHIN_S
            elif time.monotonic() - since > patience:
                return False
            seen = now
            time.sleep(every)
        return True

    def _result(self, began):
        rows = self._rows("SELECT row, count(*), min(asks), max(at) FROM fired GROUP BY row")
        calls = self._calls()
        begun = [tuple(line[2:]) for line in calls if line[0] == "begin"]
        answered = {tuple(line[2:]) for line in calls if line[0] == "end"}
        missing = set(range(self.options.chords)) - {row for row, *_ in rows}
        whole = {row for row in missing if all((str(row), str(ask)) in answered for ask in range(self.chords.ASKS))}
        hit = {int(row) for lost in self.killed_in_flight for row, _ in lost}
        last = max((at for *_, at in rows), default=began)
        return {
            "bench": "celery",
            "chords": self.options.chords,
            "kills": len(self.killed_in_flight),
            "neverFired": len(missing),
            "firedTwice": sum(1 for _, count, *_ in rows if count > 1),
            "seconds": round(last - began, 1),
            "setting": self.setting,
            "seed": self.options.seed,
            "incomplete": sum(1 for _, _, asks, _ in rows if asks < self.chords.ASKS),
            # Calls in flight at each kill, and chords that they belong to.
            "inFlight": [len(lost) for lost in self.killed_in_flight],
            "chordsHit": len(hit),
            "neverFiredAndHit": len(missing & hit),
            # Of those that never fired: chords that miss a call's answer, and chords that have all seven.
            "missesCall": len(missing - whole),
            "missesJoin": len(whole),
            "callsTwice": len(begun) - len(set(begun)),
        }

    def _fired(self):
        return self._rows("SELECT count(DISTINCT row) FROM fired")[0][0]

    def _missing(self):
        return self.options.chords - self._fired()

    def _rows(self, query):
        database = sqlite3.connect(self.chords.ROWS, timeout=30)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def _calls(self):
        with open(self.chords.CALLS) as file:
            return [line.split() for line in file]

    def _left(self):
        """Messages that wait in the two queues."""
        with self.chords.app.connection_for_read() as connection:
            channel = connection.default_channel
            return {
                queue: channel.queue_declare(queue, passive=True).message_count for queue in ("calls", "rows")
            }


def in_flight(calls, pids):
    """Row and ask of each call that these processes had begun and not ended."""
    of_them = [line for line in calls if int(line[1]) in pids]
    ended = {tuple(line[1:]) for line in of_them if line[0] == "end"}
    return [tuple(line[2:]) for line in of_them if line[0] == "begin" and tuple(line[1:]) not in ended]


if __name__ == "__main__":
    main()
