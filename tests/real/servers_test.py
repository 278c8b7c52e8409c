# SPDX-License-Identifier: Apache-2.0
"""nginx with workers that come and go, and redis under its own benchmark."""

import http.client
import re
import signal
import socket
import unittest

from real import TIME_LIMIT_S, RealTest, find, listener

NGINX_CONFIGURATION = """
daemon off;
user root;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  sendfile on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder};
    location /generation {{ return 200 {generation}; }}
    location /through/ {{ proxy_pass http://127.0.0.1:{port}/; }}
  }}
}}
"""


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIME_LIMIT_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    result = answer.status, answer.read()
    connection.close()
    return result


def get_often(port, path, times):
    """Over one connection that is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIME_LIMIT_S)
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        yield answer.status, len(answer.read())
    connection.close()


class Nginx(RealTest):
    def configure(self, run, port, generation):
        text = NGINX_CONFIGURATION.format(folder=run.folder, port=port, generation=generation)
        (run.folder / "nginx.conf").write_text(text)

    def scenario(self, run):
        (run.folder / "page").write_text("text of the page\n" * 20000)
        with listener() as socket_:
            port = socket_.getsockname()[1]
            self.configure(run, port, 1)
            # As when it takes over from an older nginx: the port is there before it is.
            nginx = run.start(find("nginx"), "-c", run.folder / "nginx.conf", "-e", "stderr",
                              pass_fds=[socket_.fileno()], env={"NGINX": f"{socket_.fileno()};"})
        seen = [get(port, "/page"), get(port, "/nothing")[0], get(port, "/through/page")]
        seen += get_often(port, "/page", 100)
        seen += [get(port, "/page")[0] for _ in range(100)]
        seen.append(run.run(find("curl"), "-s", "--noproxy", "*", f"http://127.0.0.1:{port}/page"))
        self.configure(run, port, 2)
        nginx.send_signal(signal.SIGHUP)
        while get(port, "/generation") != (200, b"2"):
            pass
        # An old worker may still take a connection, but serves one request only.
        seen += [get(port, "/page")[0] for _ in range(100)]
        nginx.send_signal(signal.SIGQUIT)
        outcome = run.finish(nginx)
        requests = (run.folder / "access.log").read_text().count("GET /page")
        return seen, outcome.status, requests

    def test_serves_reloads_and_ends_the_same(self):
        calls = self.check_same(self.scenario, "accept4", "connect", "recv", "writev", "sendfile",
                                "epoll_wait")
        self.assertGreater(calls["accept4"], 100)


class Redis(RealTest):
    def scenario(self, run):
        with listener() as chosen:
            port = chosen.getsockname()[1]
        server = run.start(find("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save",
                           "", "--daemonize", "no", "--dir", run.folder)
        while "Ready to accept" not in (line := server.stdout.readline()):
            self.assertNotEqual(line, "", "redis-server did not start")
        benchmark = run.run(find("redis-benchmark"), "-p", port, "-n", "2000", "-c", "10", "-t",
                            "set,get,lpush", "--csv")
        with socket.create_connection(("127.0.0.1", port), TIME_LIMIT_S) as client:
            client.sendall(b"PING\r\nDBSIZE\r\nLLEN mylist\r\nSHUTDOWN NOSAVE\r\n")
            answers = client.makefile("rb").read()
        return (benchmark.status, re.findall(r'^"(\w+)"', benchmark.stdout, re.MULTILINE), answers,
                run.finish(server).status)

    def test_under_its_benchmark_answers_the_same(self):
        calls = self.check_same(self.scenario, "accept4", "connect", "epoll_wait", "read", "write")
        self.assertGreater(calls["write"], 3 * 2000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
