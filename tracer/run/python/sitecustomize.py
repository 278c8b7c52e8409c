# SPDX-License-Identifier: Apache-2.0
"""Tells `wireseam compare --api` what a script does with sockets.

The interpreter imports this module at its start. A profile hook sees every call; those that reach
the kernel are marked by a write to descriptor -1, before and after: the kernel refuses it, and
strace has it in its place among the thread's system calls. The script is not changed, and no
descriptor is used.
"""

import importlib.machinery
import os
import sys
import sysconfig
import threading

FOLDER = os.path.dirname(os.path.abspath(__file__))

# C functions, by their module or the type that they are a method of, that ask the kernel about
# descriptors. None: all of them.
WATCHED = {
    "_socket": None,
    "_ssl": None,
    "select": None,
    "fcntl": None,
    "_posixsubprocess": None,
    "posix": {
        "read", "write", "readv", "writev", "close", "dup", "dup2", "fork", "sendfile", "splice",
        "execv", "execve", "_exit", "posix_spawn", "posix_spawnp", "pipe", "set_blocking",
    },
}

# Whose frames are not the script's: the standard library and what is built in.
LIBRARIES = tuple(
    os.path.join(path, "") for path in {sysconfig.get_path("stdlib"), os.path.dirname(os.__file__)}
)
known_files = {}  # by name: whether it is the library's
os_write = os.write


class State(threading.local):
    operation = 0  # counts what the script's lines have called
    marked = False


state = State()


def mark(text):
    try:
        os_write(-1, text)
    except OSError:
        pass


def is_library(frame):
    name = frame.f_code.co_filename
    known = known_files.get(name)
    if known is None:
        known = known_files[name] = name.startswith((*LIBRARIES, "<frozen", FOLDER))
    return known


def is_watched(function):
    owner = getattr(function, "__self__", None)
    module = getattr(function, "__module__", None)
    if module is None and owner is not None:
        module = type(owner).__module__
    if module is None:
        module = getattr(getattr(function, "__objclass__", None), "__module__", None)
    # socket.socket is a class of the library that is made of _socket's.
    names = WATCHED.get("_socket" if module == "socket" else module, ())
    return names is None or function.__name__ in names


def method_name(frame):
    code = frame.f_code
    module = os.path.splitext(os.path.basename(code.co_filename))[0]
    return module + "." + code.co_name


def name_of(function):
    owner = getattr(function, "__self__", None)
    module = getattr(function, "__module__", None) or type(owner).__module__
    return module.lstrip("_") + "." + function.__name__


def place_of(frame, name):
    """`frame` calls `name`: the script's own line is the nearest that is no library's, and what it
    has called is what the operation is known by. In a thread of the library alone it is the line
    that asked for a socket's operation."""
    called = name
    asking = None
    while frame is not None and is_library(frame):
        file = frame.f_code.co_filename
        if asking is None and not file.endswith(os.sep + "socket.py") and not file.startswith("<"):
            asking = frame, called
        called = method_name(frame)
        frame = frame.f_back
    return asking if frame is None else (frame, called)


def begin(frame, name):
    place = place_of(frame, name)
    if place is None:
        return
    frame, called = place
    place = (state.operation, frame.f_lineno, called, frame.f_code.co_filename)
    mark(("wireseam:begin\n%d\n%d\n%s\n%s" % place).encode("utf-8", "replace"))
    state.marked = True


def end():
    if state.marked:
        state.marked = False
        mark(b"wireseam:end")


def is_constructor(frame):
    """socket.socket() reaches the kernel in a slot, which profile hooks don't see."""
    code = frame.f_code
    return code.co_name == "__init__" and code.co_filename.endswith(os.sep + "socket.py")


def count_operation(frame):
    """`frame` goes on after a call: the next one is another operation if the line is the script's."""
    if frame is not None and not is_library(frame):
        state.operation += 1


def hook(frame, event, argument):
    if event == "c_call":
        if is_watched(argument):
            begin(frame, name_of(argument))
    elif event in ("c_return", "c_exception"):
        if is_watched(argument):
            end()
            count_operation(frame)
    elif is_library(frame):
        if event == "call" and is_constructor(frame):
            begin(frame.f_back, "socket.socket")
        elif event == "return":
            if is_constructor(frame):
                end()
            count_operation(frame.f_back)


def import_original():
    """What would have been imported in place of this module."""
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != FOLDER]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


import importlib.util  # noqa: E402  pylint: disable=wrong-import-position

import_original()
threading.setprofile(hook)
sys.setprofile(hook)
