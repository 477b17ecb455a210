"""Celery workers with their pools, each in a process group of its own."""

import os
import signal
import subprocess
import sys

from parts import end

HERE = os.path.dirname(os.path.abspath(__file__))


class Workers:
    def __init__(self, count, concurrency, log_folder):
        self.count = count
        self._concurrency = concurrency
        self._log_folder = log_folder
        self._running = {}

    def start(self, index):
        name = f"worker{index}@%h"
        options = ["--concurrency", str(self._concurrency), "--queues", "calls,rows", "--hostname", name]
        with open(os.path.join(self._log_folder, f"worker{index}.log"), "a") as log:
            self._running[index] = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "chords", "worker", "--loglevel", "INFO", *options],
                cwd=HERE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, index):
        """SIGKILL to the worker and its pool in one instant, as when its container or machine goes. Resolves to its pids."""
        child = self._running[index]
        pids = group_of(child.pid)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return pids

    def stop(self):
        for child in self._running.values():
            end(child)


def group_of(leader):
    """Pids of every process of the group that `leader` leads."""
    pids = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(name)) == leader:
                pids.append(int(name))
        except ProcessLookupError:
            pass
    return pids
