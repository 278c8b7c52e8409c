// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/comparison_json.h"

#include "common/json_writer.h"
#include "common/utc_time.h"
#include "tracer/compare/source_lines.h"

namespace wireseam {
namespace {

constexpr int kVersion = 1;

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Same:
      return "same";
    case Verdict::Different:
      return "different";
    case Verdict::InsideLibc:
      return "inside_libc";
    case Verdict::OutOfSight:
      return "out_of_sight";
    case Verdict::Unexplained:
      return "unexplained";
  }
  return {};
}

class JsonLines {
 public:
  std::string take() { return std::move(lines_); }

  void row(const ThreadComparison& thread, const ComparedRow& row) {
    begin("pair");
    out_.key("pid").number(thread.pid);
    out_.key("tid").number(thread.tid);
    out_.key("process_name").string(thread.program);
    if (row.operation) operation(thread.kernel.operations[*row.operation]);
    if (row.libc) libc(thread.libc.calls[*row.libc]);
    syscalls(thread, row);
    out_.key("verdict").string(name_of(row.verdict));
    out_.key("difference").string(row.words);
    end();
  }

  void totals(const Comparison& comparison) {
    begin("totals");
    out_.key("pairs").number(comparison.totals.pairs);
    out_.key("differing").number(comparison.totals.differing);
    out_.key("inside_libc").number(comparison.totals.inside_libc);
    out_.key("out_of_sight").number(comparison.totals.out_of_sight);
    out_.key("unexplained").number(comparison.totals.unexplained);
    out_.key("lost").number(comparison.lost);
    end();
  }

 private:
  void begin(std::string_view type) {
    out_.begin_object();
    out_.key("version").number(kVersion);
    out_.key("type").string(type);
  }

  void end() {
    out_.end_object();
    lines_ += '\n';
  }

  void libc(const ComparedCall& made) {
    out_.key("libc");
    call(made, made.info->name);
  }

  void syscalls(const ThreadComparison& thread, const ComparedRow& row) {
    out_.key("syscalls");
    const JsonArray array(out_);
    for (const size_t index : row.syscalls) {
      const ComparedCall& syscall = thread.kernel.calls[index];
      call(syscall, std::string_view(syscall.text).substr(0, syscall.text.find('(')));
    }
  }

  void call(const ComparedCall& call, std::string_view name) {
    const JsonObject object(out_);
    out_.key("name").string(name);
    out_.key("text").string(call.text);
    std::string time;
    clock_.append(time, call.start_ns);
    out_.key("time").string(time);
  }

  void operation(const Operation& operation) {
    out_.key("operation");
    const JsonObject object(out_);
    out_.key("file").string(operation.file);
    out_.key("line").number(operation.line);
    out_.key("called").string(operation.name);
    const std::string source = sources_.line(operation.file, operation.line);
    if (!source.empty()) out_.key("source").string(source);
  }

  std::string lines_;
  JsonWriter out_{lines_};
  SourceLines sources_;
  UtcTime clock_;
};

}  // namespace

std::string comparison_json(const Comparison& comparison, const ComparisonStyle& style) {
  JsonLines lines;
  for (const ThreadComparison& thread : comparison.threads)
    for (const ComparedRow& row : thread.rows)
      if (style.rows == RowChoice::All || row.verdict != Verdict::Same) lines.row(thread, row);
  lines.totals(comparison);
  return lines.take();
}

}  // namespace wireseam
