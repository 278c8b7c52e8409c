# SPDX-License-Identifier: Apache-2.0
"""What can't be traced is said, and runs all the same."""

import os
import shutil
import unittest

from tracing import HELLO, PYTHON, TestCase, python, run, trace

THREE = "int main(void) { return 3; }"
# The note that Go's linker leaves.
GO_BUILD_ID = """
__asm__(".section .note.go.buildid, \\"a\\", @note\\n.long 4, 4, 4\\n.asciz \\"Go\\\\0\\"\\n"
        ".ascii \\"1234\\"\\n.text");
"""
SOCKETS = """
#include <stdlib.h>
#include <sys/socket.h>
int main(int argc, char** argv) {
  int pair[2];
  char* bytes = malloc(8);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  send(pair[0], "hello", 5, 0);
  return recv(pair[1], bytes, 8, 0) == 5 ? 3 : 1;
}
"""
STARTS_IT = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"


class UntraceableTest(TestCase):
    def assert_told(self, result, program, reason):
        self.assertEqual(result.returncode, 3)
        lines = [line for line in result.stderr.decode().splitlines() if "wireseam: " in line]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(f"'{program}'", lines[0])
        self.assertIn(reason, lines[0])
        self.assertIn("strace", lines[0])

    def test_an_io_uring_whose_work_is_not_seen(self):
        program = self.compiled("""
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
  struct io_uring_params params = {0};
  return syscall(SYS_io_uring_setup, 1, &params) < 0 ? 77 : 3;
}
""")
        result = trace(program)
        if result.returncode == 77:
            self.skipTest("the kernel makes no io_uring")
        self.assertEqual(result.stderr.count(b"has set up an io_uring"), 1, result.stderr)

    def test_a_program_with_liburing(self):
        library = self.compiled("int none(void) { return 0; }", "-shared", "-fPIC")
        folder = os.path.dirname(library)
        os.rename(library, f"{folder}/liburing.so.2")
        program = self.compiled("int none(void); int main(void) { return none() + 3; }",
                                f"-L{folder}", "-l:liburing.so.2", f"-Wl,-rpath,{folder}")
        result = trace(program)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr.count(b"has loaded liburing"), 1, result.stderr)

    def test_libraries_that_are_loaded_past_us_by_the_callers_own_search_path(self):
        library = self.compiled("int none(void) { return 0; }", "-shared", "-fPIC")
        for how in ("dlopen(name, RTLD_NOW | RTLD_DEEPBIND)",
                    "dlmopen(LM_ID_NEWLM, name, RTLD_NOW)"):
            program = self.compiled(f"""
#define _GNU_SOURCE
#include <dlfcn.h>
int main(void) {{
  const char* name = "program";
  return {how} != 0 && {how} != 0 ? 3 : 1;
}}
""", "-ldl", f"-Wl,--enable-new-dtags,-rpath,{os.path.dirname(library)}")
            with self.subTest(how):
                result = trace(program)
                self.assertEqual(result.returncode, 3)
                told = b"loads a library whose calls pass by the shim"
                self.assertEqual(result.stderr.count(told), 1, result.stderr)

    def test_a_static_program(self):
        program = self.compiled(THREE, "-static")
        self.assert_told(trace(program), program, "statically linked")

    def test_a_static_program_at_free_addresses(self):
        program = self.compiled(THREE, "-static-pie")
        self.assert_told(trace(program), program, "statically linked")

    def test_a_static_program_deep_in_the_tree(self):
        program = self.compiled(
            "#include <unistd.h>\nint main(void) { sleep(1); return 3; }", "-static")
        result = trace("-e", "trace=socket", "sh", "-c", f"(exec {program}); exit $?")
        self.assert_told(result, program, "statically linked")

    def test_a_static_program_that_ends_at_once_deep_in_the_tree(self):
        program = self.compiled(THREE, "-static")
        self.assert_told(
            trace("-e", "trace=none", *python(STARTS_IT, program)), program, "statically linked")

    def test_a_static_program_is_named_however_it_is_started(self):
        program = self.compiled(THREE, "-static")
        folder, name = os.path.split(program)
        environment = {**os.environ, "PATH": f"/nonexistent:{folder}:{os.environ['PATH']}"}
        for start in (f"os.posix_spawn('{program}', ['x'], os.environ)",
                      f"os.posix_spawnp('{name}', ['x'], os.environ)",
                      f"os.fork() or os.execvp('{name}', ['x'])",
                      f"os.fork() or os.execve(os.open('{program}', 0), ['x'], os.environ)",
                      f"os.fork() or os.execl('{folder}/../{os.path.basename(folder)}/{name}', 'x')"):
            with self.subTest(start=start):
                result = trace("-e", "trace=none", *python(
                    f"import os, sys\n{start}\nsys.exit(os.waitstatus_to_exitcode(os.wait()[1]))"),
                    env=environment)
                self.assertEqual(result.returncode, 3)
                said = [line for line in result.stderr.decode().splitlines() if "wireseam:" in line]
                self.assertEqual(len(said), 1, said)
                self.assertIn("is statically linked", said[0])

    def test_a_script_of_a_static_interpreter_that_ends_at_once(self):
        program = self.compiled(THREE, "-static")
        script = self.temporary_folder() / "script"
        script.write_text(f"#! {program} -x\n")
        script.chmod(0o755)
        self.assert_told(trace("-e", "trace=none", "sh", "-c", f"{script}; exit $?"), str(script),
                         "statically linked")

    def test_an_exec_that_fails_says_nothing(self):
        program = self.compiled(THREE, "-static")
        os.chmod(program, 0o644)
        result = trace("-e", "trace=none", "sh", "-c", f"{program}; exit 5")
        self.assertEqual(result.returncode, 5)
        self.assertNotIn(b"wireseam:", result.stderr)

    def test_a_program_of_go(self):
        program = self.compiled(THREE + GO_BUILD_ID)
        self.assert_told(trace(program), program, "is a Go program")

    def test_a_program_of_go_deep_in_the_tree(self):
        program = self.compiled(THREE + GO_BUILD_ID, "-pie", "-fPIE", "-s")
        self.assert_told(trace("-e", "trace=none", "sh", "-c", f"{program}; exit $?"), program,
                         "is a Go program")

    def test_a_real_program_of_go_that_is_linked_dynamically(self):
        if not shutil.which("go"):
            self.skipTest("needs go")
        folder = self.temporary_folder()
        (folder / "main.go").write_text(
            'package main\nimport ("net"; "os")\n'
            'func main() { net.Listen("tcp", "127.0.0.1:0"); os.Exit(3) }\n')
        program = str(folder / "program")
        built = run("go", "build", "-ldflags=-buildid=", "-o", program, folder / "main.go",
                    env={**os.environ, "CGO_ENABLED": "1", "GOCACHE": str(folder / "cache"),
                         "GOFLAGS": "-mod=mod"})
        if built.returncode != 0:
            self.skipTest(f"go build: {built.stderr.decode()[:200]}")
        self.assert_told(trace(program), program, "is a Go program")

    def test_a_program_of_another_architecture(self):
        program = self.compiled(THREE, "-m32", "-nostdlib", "-e", "main")
        result = trace(program)
        self.assertIn(f"'{program}' is built for another architecture (i386)",
                      result.stderr.decode())
        self.assertNotIn("ld.so", result.stderr.decode())

    def test_a_program_of_another_architecture_deep_in_the_tree(self):
        program = self.compiled(
            "#include <unistd.h>\nint main(void) { sleep(1); return 3; }", "-m32")
        if run(program).returncode != 3:
            self.skipTest("programs for i386 don't run here")
        result = trace("-e", "trace=socket", *python(STARTS_IT, program))
        self.assert_told(result, program, "built for another architecture (i386)")
        self.assertNotIn("ld.so", result.stderr.decode())

    def test_a_script_whose_interpreter_is_static(self):
        program = self.compiled(THREE, "-static")
        script = self.temporary_folder() / "script"
        script.write_text(f"#!{program}\n")
        script.chmod(0o755)
        self.assert_told(trace(str(script)), program, "statically linked")

    def test_a_setuid_program(self):
        if os.geteuid() != 0:
            self.skipTest("only root may give files away")
        program = self.compiled(THREE)
        os.chmod(os.path.dirname(program), 0o755)
        os.chown(program, 1, 1)
        os.chmod(program, 0o4755)
        self.assert_told(trace(program), program, "gains privileges")

    def test_a_program_with_file_capabilities(self):
        if os.geteuid() != 0 or not shutil.which("setcap"):
            self.skipTest("needs root and setcap")
        program = self.compiled(THREE)
        os.chmod(os.path.dirname(program), 0o755)
        run("setcap", "cap_net_raw+ep", program)
        self.assert_told(trace("-u", "nobody", program), program, "gains privileges")


class SanitizerTest(TestCase):
    def test_a_program_with_address_sanitizer_is_traced(self):
        program = self.compiled(SOCKETS, "-fsanitize=address")
        result = trace(program, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn(b'send(3, "hello", 5, 0)', result.stderr)

    def test_so_it_is_as_a_child(self):
        program = self.compiled(SOCKETS, "-fsanitize=address")
        result = trace(*python(STARTS_IT, program),
                       env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn(b'"hello", 5, 0)', result.stderr)


class UserTest(TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("only root may become another user")

    def test_the_program_runs_as_that_user_and_is_traced(self):
        if run("su", "nobody", "-s", "/bin/sh", "-c", f"test -x {PYTHON}").returncode != 0:
            self.skipTest(f"nobody can't execute {PYTHON}")
        result = trace("-u", "nobody", *python("import os; print(os.getresuid())" + HELLO))
        self.assertEqual(result.stdout, b"(65534, 65534, 65534)\n")
        self.assertIn(b'"hello", 5, 0)', result.stderr)

    def test_an_unknown_user_is_told(self):
        result = trace("-u", "no-such-user", "true")
        self.assertEqual(
            (result.returncode, result.stderr), (1, b"wireseam: there is no user 'no-such-user'\n"))


if __name__ == "__main__":
    unittest.main()
