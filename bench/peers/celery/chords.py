"""A chord of seven calls and the callback that joins them, as a Celery application.

Environment: BROKER_PORT, STORE_PORT, SETTING (default or late), RESULTS (folder of the two files below).
"""

import os
import random
import sqlite3
import time

from celery import Celery, chord

ASKS = 7
FOLDER = os.environ["RESULTS"]
#: One line for each call that begins and ends: "begin|end pid row ask".
CALLS = os.path.join(FOLDER, "calls.txt")
#: One record for each callback that ran. No key: what fires twice stands there twice.
ROWS = os.path.join(FOLDER, "rows.sqlite")

app = Celery(
    "chords",
    broker=f"amqp://guest:guest@127.0.0.1:{os.environ['BROKER_PORT']}//",
    backend=f"redis://127.0.0.1:{os.environ['STORE_PORT']}/0",
)
app.conf.update(
    # Callbacks need not wait behind every call that was handed in before them.
    task_routes={"chords.join": {"queue": "rows"}, "chords.call": {"queue": "calls"}},
    broker_connection_retry_on_startup=True,
)
if os.environ["SETTING"] == "late":
    # What the documentation names against lost workers, each at its safest.
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_transport_options={"confirm_publish": True},
    )


@app.task(name="chords.call")
def call(row, ask, seconds):
    """A provider that answers after so many seconds. The same answer each time: a second one changes nothing."""
    _note("begin", row, ask)
    time.sleep(seconds)
    _note("end", row, ask)
    return {"ask": ask, "number": row * ASKS + ask}


@app.task(name="chords.join")
def join(answers, row):
    with _rows() as database:
        database.execute(
            "INSERT INTO fired VALUES (?, ?, ?)",
            (row, len({answer["ask"] for answer in answers}), time.time()),
        )
    database.close()


def hand_in(row, seconds):
    """One chord: `seconds` has the duration of each of its calls."""
    chord(call.s(row, ask, seconds[ask]) for ask in range(ASKS))(join.s(row))


def durations(seed, rows):
    """50 to 200 ms for each call of each row, the same for the same seed."""
    pick = random.Random(f"durations {seed}")
    return [[pick.uniform(0.05, 0.2) for _ in range(ASKS)] for _ in range(rows)]


def create_rows():
    with _rows() as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE fired (row integer, asks integer, at real)")
    database.close()


def _rows():
    return sqlite3.connect(ROWS, timeout=30)


def _note(what, row, ask):
    # One write in append mode is whole, whoever is killed beside it.
    line = f"{what} {os.getpid()} {row} {ask}\n".encode()
    file = os.open(CALLS, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line)
    os.close(file)
