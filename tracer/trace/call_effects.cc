// SPDX-License-Identifier: Apache-2.0
// What socket(2), accept(2), connect(2), dup(2), close(2) and their kin do to descriptors. What the
// record's identity says of a socket goes before what follows from the call's arguments.
#include "tracer/trace/call_effects.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "tracer/trace/bytes.h"
#include "tracer/trace/control_message.h"
#include "tracer/trace/movement.h"
#include "tracer/trace/socket_options.h"

namespace wireseam {
namespace {

constexpr int kTypeMask = 0xf;  // SOCK_TYPE_MASK of linux/net.h

OnExec closes_if(bool flag) { return flag ? OnExec::Close : OnExec::Keep; }

bool is_unspecified(std::span<const std::byte> address) {
  return read_at<sa_family_t>(address).value_or(AF_UNSPEC) == AF_UNSPEC;
}

std::vector<std::byte> first_bytes(std::span<const uint8_t> bytes, size_t size) {
  const auto first = std::as_bytes(bytes.first(std::min(size, bytes.size())));
  return {first.begin(), first.end()};
}

void enter(const SocketIdentity& identity, Socket& socket, SocketRegistry& registry) {
  registry.set_cookie(socket, identity.cookie);
  if (identity.inode != 0) socket.inode = identity.inode;
  if (identity.domain >= 0) socket.domain = identity.domain;
  if (identity.type >= 0) socket.type = identity.type & kTypeMask;
  if (identity.protocol >= 0) socket.protocol = identity.protocol;
  if (identity.local_size > 0) socket.local = first_bytes(identity.local, identity.local_size);
  if (identity.peer_size > 0) socket.peer = first_bytes(identity.peer, identity.peer_size);
}

// What was connected is no more, and may be connected anew: a stream counts from its own start.
void begin_association(Socket& socket) {
  ++socket.association;
  if (!socket.is_stream()) return;
  socket.sent = socket.received = 0;
  socket.exact = true;
}

bool starts_with(std::span<const std::byte> bytes, std::span<const std::byte> first) {
  return bytes.size() >= first.size() && std::ranges::equal(bytes.first(first.size()), first);
}

class CallEffects {
 public:
  CallEffects(const CallEvent& call, Descriptors& descriptors, SocketRegistry& registry,
              Socket* began_with)
      : call_(call), descriptors_(descriptors), registry_(registry), began_with_(began_with) {}

  CallSockets apply();

 private:
  int argument_at(size_t parameter) const { return static_cast<int>(call_.arguments[parameter]); }
  int result() const { return static_cast<int>(call_.result); }
  bool succeeded() const { return call_.state == CallState::Returned && !call_.failed(); }
  bool makes(int fd) const;
  std::optional<SocketIdentity> identity_of(int fd) const;
  std::vector<std::byte> destination() const;
  std::vector<std::byte> address(ParameterKind kind) const;

  bool connects() const;
  void note_association();
  void meet_sockets();
  void meet(const SocketIdentity& identity);
  bool must_be_socket() const;
  void find_socket();
  void name_socket();
  void told(std::vector<std::byte>& name);
  void connected(bool has_peer);
  void move_bytes();
  void move(const Movement& moved);

  void make_sockets();
  void make_socket(int fd, const Socket& fields, OnExec on_exec);
  void accepted();
  void make_pair();
  void link_pair();

  void change_descriptors();
  void changed_by_fcntl();
  void closed_range();
  void duplicated(int fd, OnExec on_exec);
  void passed_descriptors();
  void passed_on(int fd);

  const CallEvent& call_;
  Descriptors& descriptors_;
  SocketRegistry& registry_;
  Socket* began_with_;  // by its first descriptor; nullptr: what that names now
  CallSockets about_;
  Socket* socket_ = nullptr;  // about_.socket
};

CallSockets CallEffects::apply() {
  if (call_.info == nullptr) return {};
  if (call_.state == CallState::Returned) {
    passed_descriptors();
    note_association();
    meet_sockets();
  }
  find_socket();
  if (call_.state == CallState::Returned) {
    name_socket();
    move_bytes();
    change_descriptors();
  }
  if (succeeded()) make_sockets();
  return std::move(about_);
}

bool CallEffects::makes(int fd) const {
  if (call_.number == CallNumber::socketpair) return true;
  return call_.info->result == ResultKind::NewSocket && succeeded() && fd == result();
}

std::optional<SocketIdentity> CallEffects::identity_of(int fd) const {
  for (const Blob& blob : call_.blobs) {
    if (blob.part != BlobPart::Identity) continue;
    const auto identity = read_at<SocketIdentity>(blob.bytes);
    if (identity && identity->fd == fd) return identity;
  }
  return std::nullopt;
}

// Where a connect or a send was told to go.
std::vector<std::byte> CallEffects::destination() const {
  auto destination = address(ParameterKind::AddressIn);
  if (!destination.empty() || call_.number == CallNumber::connect) return destination;
  const auto name = call_.blobs.find(1, BlobPart::Name);
  return name ? std::vector<std::byte>(name->bytes.begin(), name->bytes.end()) : destination;
}

// What the parameter of that kind points at, if it was recorded.
std::vector<std::byte> CallEffects::address(ParameterKind kind) const {
  const auto parameters = call_.info->parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].kind != kind) continue;
    if (const auto blob = call_.blobs.find(i)) return {blob->bytes.begin(), blob->bytes.end()};
  }
  return {};
}

// Meeting sockets ---------------------------------------------------------------------------------

// RFC 7413: a send with MSG_FASTOPEN connects, too. One with a peer tells nobody's else.
bool CallEffects::connects() const {
  const bool goes_on = call_.errnum == EINPROGRESS || call_.errnum == EINTR;
  if (!succeeded() && (call_.state != CallState::Returned || !goes_on)) return false;
  if (call_.number == CallNumber::connect) return true;
  return (argument(call_, ParameterKind::MessageFlags).value_or(0) & MSG_FASTOPEN) != 0 &&
         !destination().empty();
}

// A socket whose connect(2) failed after all may be connected once more: it gets another port then,
// or has another peer. Asked before its new names are known.
void CallEffects::note_association() {
  Socket* known = connects() ? descriptors_.find(argument_at(0)) : nullptr;
  if (known == nullptr || known->role != SocketRole::Client || known->peer.empty()) return;
  const auto identity = identity_of(argument_at(0));
  const auto local = identity ? first_bytes(identity->local, identity->local_size) : known->local;
  const bool is_same = local.empty() || known->local.empty() || local == known->local;
  const auto peer = destination();
  if (!is_same || !starts_with(known->peer, peer)) begin_association(*known);
}

void CallEffects::meet_sockets() {
  for (const Blob& blob : call_.blobs) {
    if (blob.part != BlobPart::Identity) continue;
    const auto identity = read_at<SocketIdentity>(blob.bytes);
    if (identity && identity->fd >= 0 && !makes(identity->fd)) meet(*identity);
  }
  if (began_with_ == nullptr && must_be_socket() && descriptors_.find(argument_at(0)) == nullptr)
    descriptors_.put(argument_at(0), registry_.find_or_make(0), OnExec::Keep);
}

void CallEffects::meet(const SocketIdentity& identity) {
  Socket* known = descriptors_.find(identity.fd);
  const bool same = known != nullptr && (identity.cookie == 0 || known->cookie == 0 ||
                                         known->cookie == identity.cookie);
  if (!same) {
    auto socket = registry_.find_or_make(identity.cookie);
    known = socket.get();
    descriptors_.put(identity.fd, std::move(socket), OnExec::Keep);
  }
  enter(identity, *known, registry_);
}

// Whether the call shows its first descriptor to be a socket, though nothing told which.
bool CallEffects::must_be_socket() const {
  const auto parameters = call_.info->parameters();
  if (parameters.empty() || call_.errnum == EBADF || call_.errnum == ENOTSOCK) return false;
  if (parameters[0].name == "sockfd") return true;
  const bool copies = call_.number == CallNumber::sendfile || call_.number == CallNumber::splice;
  return !copies && parameters[0].kind == ParameterKind::Fd && movement(call_, 0).has_value();
}

void CallEffects::find_socket() {
  const auto parameters = call_.info->parameters();
  for (size_t i = 0; i < parameters.size() && socket_ == nullptr; ++i) {
    const bool is_descriptor =
        parameters[i].kind == ParameterKind::Fd || parameters[i].kind == ParameterKind::Stream;
    if (!is_descriptor) continue;
    socket_ = i == 0 && began_with_ != nullptr ? began_with_ : descriptors_.find(argument_at(i));
    if (socket_ != nullptr) about_.fd = argument_at(i);
  }
  about_.socket = socket_;
}

// Names and bytes ---------------------------------------------------------------------------------

void CallEffects::name_socket() {
  const bool connects = this->connects();
  if (socket_ == nullptr || (!succeeded() && !connects)) return;
  const auto identity = identity_of(about_.fd);
  const bool has_local = identity && identity->local_size > 0;
  const bool has_peer = identity && identity->peer_size > 0;
  if (connects) connected(has_peer);
  if (call_.number == CallNumber::setsockopt) note_option(call_, socket_->options);
  if (call_.number == CallNumber::listen) socket_->role = SocketRole::Listener;
  if (call_.number == CallNumber::bind && !has_local)
    socket_->local = address(ParameterKind::AddressIn);
  if (call_.number == CallNumber::getsockname) told(socket_->local);
  if (call_.number == CallNumber::getpeername) told(socket_->peer);
}

// The name that the call got, unless the program gave it too little room.
void CallEffects::told(std::vector<std::byte>& name) {
  const auto address_size = call_.blobs.find(2);
  auto address = this->address(ParameterKind::AddressOut);
  const auto size = address_size ? read_at<uint32_t>(address_size->bytes) : std::nullopt;
  if (!address.empty() && address.size() >= size.value_or(0)) name = std::move(address);
}

void CallEffects::connected(bool has_peer) {
  auto peer = destination();
  if (peer.empty()) return;
  if (!is_unspecified(peer)) {
    socket_->role = SocketRole::Client;
    if (!has_peer) socket_->peer = std::move(peer);
    return;
  }
  // connect(2): AF_UNSPEC dissolves the association.
  socket_->role = SocketRole::Unknown;
  socket_->peer.clear();
  begin_association(*socket_);
}

void CallEffects::move_bytes() {
  if (socket_ == nullptr) return;
  const auto parameters = call_.info->parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].kind != ParameterKind::Fd || argument_at(i) != about_.fd) continue;
    if (const auto moved = movement(call_, i)) return move(*moved);
  }
}

void CallEffects::move(const Movement& moved) {
  uint64_t& count = moved.way == Way::Sent ? socket_->sent : socket_->received;
  const uint64_t bytes = socket_->is_stream() ? moved.bytes : moved.arrived;
  const uint64_t begin = count;
  count += std::min(bytes, UINT64_MAX - count);
  socket_->exact = socket_->exact && moved.certain;
  about_.transfer = Transfer{
      .way = moved.way, .bytes = count - begin, .range = std::nullopt, .urgent = moved.urgent};
  if (socket_->is_stream()) about_.transfer->range = ByteRange{begin, count};
}

// Making sockets ----------------------------------------------------------------------------------

void CallEffects::make_sockets() {
  if (call_.number == CallNumber::socketpair) return make_pair();
  if (call_.number != CallNumber::socket) return accepted();
  Socket fields;
  fields.domain = argument_at(0);
  fields.type = argument_at(1) & kTypeMask;
  fields.protocol = argument_at(2);
  make_socket(result(), fields, closes_if((argument_at(1) & SOCK_CLOEXEC) != 0));
}

void CallEffects::make_pair() {
  const auto pair = call_.blobs.find(3);
  Socket fields;
  fields.domain = argument_at(0);
  fields.type = argument_at(1) & kTypeMask;
  fields.protocol = argument_at(2);
  for (size_t i = 0; pair && i < 2; ++i)
    if (const auto fd = read_at<int>(pair->bytes, i * sizeof(int)))
      make_socket(*fd, fields, closes_if((argument_at(1) & SOCK_CLOEXEC) != 0));
  link_pair();
}

// Each end of a pair knows the other.
void CallEffects::link_pair() {
  if (about_.made.size() != 2) return;
  Socket* first = descriptors_.find(about_.made[0].fd);
  Socket* second = descriptors_.find(about_.made[1].fd);
  if (first == nullptr || second == nullptr) return;
  first->peer_inode = second->inode;
  second->peer_inode = first->inode;
}

void CallEffects::accepted() {
  if (call_.info->result != ResultKind::NewSocket) return;
  Socket fields;
  fields.role = SocketRole::Server;
  fields.peer = address(ParameterKind::AddressOut);
  if (socket_ != nullptr) {
    socket_->role = SocketRole::Listener;
    fields.domain = socket_->domain;
    fields.type = socket_->type;
    fields.protocol = socket_->protocol;
    fields.options = socket_->options;
  }
  const uint64_t flags = argument(call_, ParameterKind::SocketFlags).value_or(0);
  make_socket(result(), fields, closes_if((flags & SOCK_CLOEXEC) != 0));
}

void CallEffects::make_socket(int fd, const Socket& fields, OnExec on_exec) {
  if (fd < 0) return;
  const auto identity = identity_of(fd);
  auto socket = registry_.find_or_make(identity ? identity->cookie : 0);
  socket->domain = fields.domain;
  socket->type = fields.type;
  socket->protocol = fields.protocol;
  socket->role = fields.role;
  if (!fields.peer.empty()) socket->peer = fields.peer;
  socket->exact = true;
  socket->options = fields.options;
  if (identity) enter(*identity, *socket, registry_);
  about_.made.push_back({fd, socket.get()});
  descriptors_.put(fd, std::move(socket), on_exec);
}

// Descriptors that change hands -------------------------------------------------------------------

void CallEffects::change_descriptors() {
  // Linux frees the number even where close(2) fails.
  if (call_.info->result == ResultKind::Closed) descriptors_.close(argument_at(0));
  if (call_.number == CallNumber::freopen) descriptors_.close(argument_at(2));
  if (!succeeded()) return;
  if (call_.info->result == ResultKind::Duplicate) {
    const bool close = call_.number == CallNumber::dup3 && (argument_at(2) & O_CLOEXEC) != 0;
    duplicated(result(), closes_if(close));
  }
  if (call_.info->result == ResultKind::NewFd) descriptors_.close(result());
  if (call_.number == CallNumber::fcntl) changed_by_fcntl();
  if (call_.number == CallNumber::close_range) closed_range();
  if (call_.number == CallNumber::closefrom)
    descriptors_.close_range(static_cast<uint64_t>(std::max(argument_at(0), 0)), UINT64_MAX);
  const auto request = static_cast<uint32_t>(call_.arguments[1]);
  const auto fd = static_cast<uint32_t>(call_.arguments[0]);
  if (call_.number == CallNumber::ioctl && (request == FIOCLEX || request == FIONCLEX))
    descriptors_.set_on_exec(fd, fd, closes_if(request == FIOCLEX));
}

void CallEffects::changed_by_fcntl() {
  const auto fd = static_cast<uint32_t>(call_.arguments[0]);
  const int operation = argument_at(1);
  if (operation == F_DUPFD) duplicated(result(), OnExec::Keep);
  if (operation == F_DUPFD_CLOEXEC) duplicated(result(), OnExec::Close);
  if (operation == F_SETFD)
    descriptors_.set_on_exec(fd, fd, closes_if((argument_at(2) & FD_CLOEXEC) != 0));
}

void CallEffects::closed_range() {
  const auto first = static_cast<uint32_t>(call_.arguments[0]);
  const auto last = static_cast<uint32_t>(call_.arguments[1]);
  if ((static_cast<unsigned>(argument_at(2)) & CLOSE_RANGE_CLOEXEC) != 0)
    descriptors_.set_on_exec(first, last, OnExec::Close);
  else
    descriptors_.close_range(first, last);
}

void CallEffects::duplicated(int fd, OnExec on_exec) {
  if (fd < 0) return;
  descriptors_.duplicate(argument_at(0), fd, on_exec);
  const Socket* socket = descriptors_.find(fd);
  if (socket != nullptr && fd != argument_at(0)) about_.made.push_back({fd, socket});
}

// SCM_RIGHTS of unix(7). The numbers that were received are new, so what was known of them is over.
// Which sockets they are, their first use tells.
void CallEffects::passed_descriptors() {
  if (!succeeded()) return;
  const auto parameters = call_.info->parameters();
  if (parameters.size() < 2) return;
  const ParameterKind kind = parameters[1].kind;
  const bool sends = kind == ParameterKind::MessageIn || kind == ParameterKind::MessagesIn;
  if (!sends && kind != ParameterKind::MessageOut && kind != ParameterKind::MessagesOut) return;
  for (const Blob& blob : call_.blobs) {
    if (blob.part != BlobPart::Control) continue;
    auto rest = blob.bytes;
    while (const auto message = next_control_message(rest)) {
      if (message->level != SOL_SOCKET || message->type != SCM_RIGHTS) continue;
      for (size_t at = 0; const auto fd = read_at<int>(message->data, at); at += sizeof(int))
        sends ? passed_on(*fd) : descriptors_.close(*fd);
    }
  }
}

void CallEffects::passed_on(int fd) {
  if (const auto socket = descriptors_.share(fd)) socket->passed_on = true;
}

}  // namespace

CallSockets apply_call(const CallEvent& call, Descriptors& descriptors, SocketRegistry& registry,
                       const std::shared_ptr<Socket>& began_with) {
  return CallEffects(call, descriptors, registry, began_with.get()).apply();
}

}  // namespace wireseam
