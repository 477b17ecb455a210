"""RabbitMQ and Redis of this run alone: own ports, own folder, own Erlang names; ended by their process ids."""

import os
import signal
import socket
import subprocess
import time

RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
READY_WITHIN_S = 90
ENDS_WITHIN_S = 15


class Parts:
    def __init__(self, folder):
        self.folder = folder
        self.broker_port, self.store_port, self._names_port, self._dist_port = free_ports(4)
        self._started = []

    def start(self):
        # Erlang's register of names would otherwise outlive the run, or be the one of the machine's own RabbitMQ.
        names = {"ERL_EPMD_PORT": str(self._names_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        self._spawn("epmd", ["epmd"], names)
        await_port(self._names_port)
        self._spawn("redis", self._redis_command(), {})
        self._spawn("rabbitmq", [RABBITMQ], {**names, **self._rabbitmq_environment()})
        await_port(self.store_port)
        await_port(self.broker_port)

    def stop(self):
        for child in reversed(self._started):
            end(child)

    def _redis_command(self):
        where = ["--bind", "127.0.0.1", "--port", str(self.store_port), "--dir", self.folder]
        # It is never killed here: what it writes to disk would only slow it.
        return ["redis-server", *where, "--save", "", "--appendonly", "no"]

    def _rabbitmq_environment(self):
        inside = lambda name: os.path.join(self.folder, name)
        for name in ("rabbitmq-env.conf", "enabled_plugins"):
            with open(inside(name), "w") as file:
                file.write("[]." if name == "enabled_plugins" else "")
        with open(inside("rabbitmq.conf"), "w") as file:
            file.write(f"listeners.tcp.local = 127.0.0.1:{self.broker_port}\n")
        return {
            # The Erlang cookie is made there.
            "HOME": self.folder,
            "RABBITMQ_NODENAME": f"peer{os.getpid()}@localhost",
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONF_ENV_FILE": inside("rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": inside("rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": inside("enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": inside("mnesia"),
            "RABBITMQ_LOG_BASE": self.folder,
            "RABBITMQ_PID_FILE": inside("rabbitmq.pid"),
        }

    def _spawn(self, name, command, environment):
        with open(os.path.join(self.folder, f"{name}.out"), "w") as out:
            child = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._started.append(child)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def await_port(port):
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port} after {READY_WITHIN_S} s")


def end(child):
    """SIGTERM to the process and all that it started, then SIGKILL. Each has a group of its own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(ENDS_WITHIN_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
