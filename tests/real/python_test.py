# SPDX-License-Identifier: Apache-2.0
"""Python's sockets, asyncio and http.server; curl."""

import unittest

from real import PYTHON, RealTest, find, listener

SOCKETS = """
import array, os, selectors, socket
def tcp(family, address):
    with socket.create_server((address, 0), family=family) as server:
        client = socket.create_connection(server.getsockname()[:2])
        peer, _ = server.accept()
        with client, peer:
            client.sendall(b"hello")
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            print(peer.recv(100), peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            peer.shutdown(socket.SHUT_WR)
            print(client.recv(1))
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        one.sendto(b"datagram", one.getsockname())
        print(one.recvfrom(4)[0], one.getsockname()[0])
def descriptors():
    one, two = socket.socketpair()
    with open("file", "w+") as file:
        socket.send_fds(one, [b"take it"], [file.fileno()])
        data, fds, _, _ = socket.recv_fds(two, 100, 1)
        os.write(fds[0], b"written by the other name")
        file.seek(0)
        print(data, file.read())
def errors():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        print(socket.socket().connect_ex(closed.getsockname()))
    one, two = socket.socketpair()
    two.close()
    try:
        one.send(b"x")
    except BrokenPipeError as error:
        print(error)
def ready():
    one, two = socket.socketpair()
    for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
        selector = kind()
        selector.register(one, selectors.EVENT_READ)
        print(kind.__name__, selector.select(0))
        two.send(b"x")
        print([mask for _, mask in selector.select(10)], one.recv(9))
def files():
    one, two = socket.socketpair()
    with one.makefile("w") as out, two.makefile("r") as lines:
        print("a line", file=out, flush=True)
        print(lines.readline())
tcp(socket.AF_INET, "127.0.0.1")
udp(); descriptors(); errors(); ready(); files()
"""

ASYNCIO = """
import asyncio
async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
async def talk(port, number):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for i in range(5):
        writer.write(f"client {number} line {i}\\n".encode())
        answers.append(await reader.readline())
    writer.close()
    await writer.wait_closed()
    return b"".join(answers)
async def child():
    process = await asyncio.create_subprocess_exec("cat", stdin=-1, stdout=-1)
    print(await process.communicate(b"through a child"), process.returncode)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(await asyncio.gather(*(talk(port, number) for number in range(10))))
    server.close()
    await child()
asyncio.run(main())
"""

# Takes over a listening socket, and so many requests.
HTTP_SERVER = """
import http.server, socket, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def log_date_time_string(self): return "now"
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201); self.end_headers(); self.wfile.write(body[::-1])
server = http.server.HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket.close()
server.socket = socket.socket(fileno=int(sys.argv[1]))
for _ in range(int(sys.argv[2])): server.handle_request()
"""


class Python(RealTest):
    def test_sockets_of_every_kind(self):
        self.check_same(lambda run: run.run(PYTHON, "-c", SOCKETS), "socketpair", "accept4",
                        "sendmsg", "recvmsg", "poll", "select", "epoll_wait", "sendto", "recvfrom")

    def test_asyncio_with_clients_and_a_child(self):
        self.check_same(lambda run: run.run(PYTHON, "-c", ASYNCIO),
                        "epoll_wait", "accept4", "connect", "send", "recv")


class HttpServerAndCurl(RealTest):
    def scenario(self, run):
        curl = [find("curl"), "-sS", "--noproxy", "*", "-m", "30"]
        (run.folder / "page").write_text("text of the page\n" * 5000)
        with listener() as port:
            server = run.start(PYTHON, "-c", HTTP_SERVER, port.fileno(), 3,
                               pass_fds=[port.fileno()])
            url = f"http://127.0.0.1:{port.getsockname()[1]}/"
            got = [run.run(*curl, url + "page"), run.run(*curl, "-f", url + "nothing"),
                   run.run(*curl, "-d", "data", url + "post")]
        return got, run.finish(server)

    def test_serve_the_same(self):
        calls = self.check_same(self.scenario, "accept4", "connect", "send", "recv", "poll")
        self.assertGreaterEqual(calls["connect"], 3)

    def refused(self, run):
        with listener() as port:
            address = f"127.0.0.1:{port.getsockname()[1]}"
        outcome = run.run(find("curl"), "-s", "--noproxy", "*", f"http://{address}/")
        return outcome.status, outcome.stdout

    def test_a_refused_connection_is_curl_s_own_error(self):
        self.check_same(self.refused, "connect")


if __name__ == "__main__":
    unittest.main(verbosity=2)
