// SPDX-License-Identifier: Apache-2.0
// The tracer's signals while its program runs. It shares the program's process group, so what the
// terminal sends (Ctrl-C, Ctrl-\, Ctrl-Z, hang-up) reaches the program by itself and must not end
// the tracer. What somebody sends to the tracer alone is meant for the program.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <map>
#include <optional>

#include "tracer/collect/group_witness.h"
#include "tracer/collect/launch.h"

namespace wireseam {

// One at a time: a signal handler reaches only what is static.
class ProgramSignals {
 public:
  // What is sent to the tracer is for the program, if the tracer is its parent.
  explicit ProgramSignals(const Program& program);

  // Puts everything back.
  ~ProgramSignals();
  ProgramSignals(const ProgramSignals&) = delete;
  ProgramSignals& operator=(const ProgramSignals&) = delete;

  // Decides about the signals that came: what was sent to the tracer alone is sent to the program.
  void pass_on_noted();

  // To be called before the program's pid is free again. From now on signals mean the tracer.
  void program_ended();

  // The tracer is to end though others are still traced: by a second Ctrl-C, since the first one
  // went to them too, or by any other signal that ends a program.
  bool asked_once() const;
  bool asked_to_end() const;

  // The terminal stopped the program: stops the tracer with the same signal, so that the shell sees
  // its job stopped. Returns when the tracer is continued; the program then is, too.
  void stop_like(const Program& program, int signal_number);

 private:
  using Handler = void (*)(int, siginfo_t*, void*);

  void handle(int signal_number, Handler handler);  // null: it is ignored
  int times_to_us_alone(int signal_number);

  std::optional<GroupWitness> witness_;
  std::map<int, struct sigaction> previous_;
  sigset_t previous_mask_;
};

}  // namespace wireseam
