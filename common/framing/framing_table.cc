// SPDX-License-Identifier: Apache-2.0
// The framings, one row each. What is special about a protocol stands in its row, never in code.
// docs/framing.md says what the parameters mean.
#include <cstdint>

#include "common/framing/framing.h"
#include "common/framing/json_header.h"

namespace wireseam {
namespace {

using enum ShapeKind;
using enum ByteOrder;
using enum Signedness;

constexpr uint64_t kMiB = 1 << 20;

consteval Delimiter ends_with(std::string_view bytes) {
  Delimiter delimiter;
  for (const char c : bytes) delimiter.bytes[delimiter.size++] = c;
  return delimiter;
}

// Shapes that several protocols open with.
constexpr Shape kOneByte = {.kind = Fixed, .max = 1};
constexpr Shape kHttpHead = {.kind = Delimited, .max = 64 * 1024, .end = ends_with("\r\n\r\n")};

constexpr ByteCheck kTlsBytes[] = {{0, 1, 0x14, 0x18}, {1, 1, 3, 3}, {2, 1, 0, 4}};
constexpr Shape kTlsRecord = {.kind = LengthField,
                              .offset = 3,
                              .width = 2,
                              .min = 5,
                              .max = 5 + 16384 + 2048,
                              .checks = kTlsBytes};

constexpr Shape kPostgresUntyped = {
    .kind = LengthField, .width = 4, .adjust = -4, .sign = Signed, .min = 8, .max = 10000};
constexpr Opening kPostgresOpenings[] = {
    {Place::Start, 0, "\x16\x03", &kTlsRecord, Place::Encrypted},
    {Place::Encrypted, 0, "", &kTlsRecord, Place::Encrypted},
    {Place::Start, 0, {"\0\0\0\x08\x04\xd2\x16\x2f", 8}, &kPostgresUntyped, Place::Start},
    {Place::Start, 0, {"\0\0\0\x08\x04\xd2\x16\x30", 8}, &kPostgresUntyped, Place::Start},
    {Place::Start, 0, "S", &kOneByte, Place::Start},
    {Place::Start, 0, "N", &kOneByte, Place::Start},
    {Place::Start, 4, {"\0\3\0", 3}, &kPostgresUntyped, Place::Middle},
    {Place::Start, 0, {"\0", 1}, &kPostgresUntyped, Place::Middle},
};

constexpr Opening kMysqlOpenings[] = {
    {Place::Start, 0, {"\x20\0\0\x01", 4}, nullptr, Place::Encrypted},
    {Place::Start, 3, {"\0", 1}, nullptr, Place::Second},
    {Place::Second, 0, "\x16\x03", &kTlsRecord, Place::Encrypted},
    {Place::Encrypted, 0, "", &kTlsRecord, Place::Encrypted},
};

constexpr std::string_view kHttp2PrefaceText = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr Shape kHttp2Preface = {.kind = Fixed, .max = kHttp2PrefaceText.size()};
constexpr Opening kHttp2Openings[] = {
    {Place::Start, 0, kHttp2PrefaceText, &kHttp2Preface, Place::Middle},
    {Place::Start, 0, "GET ", &kHttpHead, Place::Start},
    {Place::Start, 0, "HTTP/1.1 101", &kHttpHead, Place::Start},
};

constexpr Shape kAmqpPreface = {.kind = Fixed, .max = 8};
constexpr Opening kAmqpOpenings[] = {{Place::Start, 0, "AMQP", &kAmqpPreface, Place::Middle}};

constexpr ByteCheck kMongodbBytes[] = {{13, 1, 0, 7}, {14, 2, 0, 0}};
constexpr ByteCheck kPostgresBytes[] = {{0, 1, '1', 'z'}};
constexpr ByteCheck kHttp2Bytes[] = {{5, 1, 0, 0x7f}};
constexpr ByteCheck kAmqpBytes[] = {{0, 1, 1, 8}};
constexpr ByteCheck kMqttBytes[] = {{0, 1, 0x10, 0xff}};
constexpr ByteCheck kSmbBytes[] = {{0, 1, 0, 0}};
constexpr ByteCheck kTdsBytes[] = {{0, 1, 1, 0x18}};
constexpr ByteCheck kCqlBytes[] = {{4, 1, 0, 0x10}};
constexpr ByteCheck kOpenflowBytes[] = {{0, 1, 1, 6}};
constexpr ByteCheck kModbusBytes[] = {{2, 2, 0, 0}};
constexpr ByteCheck kSomeipBytes[] = {{12, 1, 1, 1}};
constexpr ByteCheck kTpktBytes[] = {{0, 1, 3, 3}};
constexpr ByteCheck kBgpBytes[] = {{0, 16, 0xff, 0xff}, {18, 1, 1, 5}};
constexpr ByteCheck kDiameterBytes[] = {{0, 1, 1, 1}};

constexpr uint16_t kTlsPorts[] = {443, 636, 853, 993, 995, 6697, 8443};
constexpr uint16_t kPostgresPorts[] = {5432, 6432};
constexpr uint16_t kMysqlPorts[] = {3306};
constexpr uint16_t kMongodbPorts[] = {27017};
constexpr uint16_t kKafkaPorts[] = {9092};
constexpr uint16_t kDnsPorts[] = {53};
constexpr uint16_t kAmqpPorts[] = {5672};
constexpr uint16_t kThriftPorts[] = {9090};
constexpr uint16_t kMqttPorts[] = {1883};
constexpr uint16_t kSmbPorts[] = {445};
constexpr uint16_t kTdsPorts[] = {1433};
constexpr uint16_t kCqlPorts[] = {9042};
constexpr uint16_t kOpenflowPorts[] = {6633, 6653};
constexpr uint16_t kSmppPorts[] = {2775};
constexpr uint16_t kModbusPorts[] = {502};
constexpr uint16_t kSomeipPorts[] = {30490};
constexpr uint16_t kTpktPorts[] = {102, 3389};
constexpr uint16_t kBgpPorts[] = {179};
constexpr uint16_t kDiameterPorts[] = {3868};
constexpr uint16_t kGitPorts[] = {9418};
constexpr uint16_t kOncrpcPorts[] = {111, 2049};

constexpr Framing kFramings[] = {
    {.name = "raw",
     .summary = "no frames: each read is what it is",
     .tuning = Tuning::None,
     .shape = {.max = UINT64_MAX}},
    {.name = "len32le",
     .summary = "int32 little-endian length, body",
     .shape = {.kind = LengthField,
               .width = 4,
               .order = Little,
               .sign = Signed,
               .max = 4 + uint64_t{INT32_MAX}}},
    {.name = "json-header",
     .summary = "int32 little-endian size of a JSON header, the header, body of total_size bytes",
     .shape = {.kind = JsonHeader, .min = 4, .max = 4 + kMaxJsonHeaderSize + kMaxTotalSize},
     .spoken_by = SpokenBy::Either},
    {.name = "lf",
     .summary = "any length field, as Netty's LengthFieldBasedFrameDecoder has it",
     .tuning = Tuning::All,
     .shape = {.kind = LengthField, .max = 16 * kMiB}},
    {.name = "line",
     .summary = "newline-delimited (LF or CR LF)",
     .tuning = Tuning::All,
     .shape = {.kind = Delimited,
               .max = kMiB,
               .end = {.bytes = {'\n'}, .size = 1, .drops_cr = true}}},
    {.name = "varint",
     .summary = "varint length, body: protobuf's delimited messages",
     .tuning = Tuning::All,
     .shape = {.kind = Varint, .width = 5, .max = 5 + uint64_t{INT32_MAX}}},
    {.name = "fixed",
     .summary = "records of one size",
     .tuning = Tuning::All,
     .shape = {.kind = Fixed}},
    {.name = "tls",
     .summary = "TLS records (RFC 8446, 5.1)",
     .shape = kTlsRecord,
     .ports = kTlsPorts},
    {.name = "postgres",
     .summary = "PostgreSQL 3.0 messages (type, int32 length with itself)",
     .shape = {.kind = LengthField,
               .offset = 1,
               .width = 4,
               .adjust = -4,
               .sign = Signed,
               .min = 5,
               .max = 1 + 1024 * kMiB,
               .checks = kPostgresBytes},
     .openings = kPostgresOpenings,
     .ports = kPostgresPorts},
    {.name = "mysql",
     .summary = "MySQL and MariaDB packets (3-byte length, sequence number)",
     .shape = {.kind = LengthField,
               .width = 3,
               .adjust = 1,
               .order = Little,
               .strip = 4,
               .min = 4,
               .max = 4 + 0xffffff},
     .openings = kMysqlOpenings,
     .ports = kMysqlPorts},
    {.name = "mongodb",
     .summary = "MongoDB messages (int32 length with its 16-byte header)",
     .shape = {.kind = LengthField,
               .width = 4,
               .adjust = -4,
               .order = Little,
               .sign = Signed,
               .strip = 16,
               .min = 16,
               .max = 48'000'000,
               .checks = kMongodbBytes},
     .ports = kMongodbPorts},
    {.name = "kafka",
     .summary = "Kafka requests and responses",
     .shape = {.kind = LengthField, .width = 4, .sign = Signed, .min = 8, .max = 4 + 100 * kMiB},
     .ports = kKafkaPorts},
    {.name = "http2",
     .summary = "HTTP/2 frames (RFC 9113, 4.1), after the client's preface",
     .shape = {.kind = LengthField,
               .width = 3,
               .adjust = 6,
               .strip = 9,
               .min = 9,
               .max = 9 + 0xffffff,
               .checks = kHttp2Bytes},
     .openings = kHttp2Openings},
    {.name = "dns",
     .summary = "DNS messages over TCP (RFC 1035, 4.2.2)",
     .shape = {.kind = LengthField, .width = 2, .min = 14, .max = 2 + 0xffff},
     .ports = kDnsPorts},
    {.name = "amqp",
     .summary = "AMQP 0-9-1 frames, after the protocol header",
     .shape = {.kind = LengthField,
               .offset = 3,
               .width = 4,
               .adjust = 1,
               .trailer = 1,
               .min = 8,
               .max = 128 * kMiB,
               .checks = kAmqpBytes},
     .openings = kAmqpOpenings,
     .ports = kAmqpPorts},
    {.name = "thrift",
     .summary = "Thrift's framed transport",
     .shape = {.kind = LengthField, .width = 4, .sign = Signed, .min = 5, .max = 4 + 16'384'000},
     .ports = kThriftPorts},
    {.name = "mqtt",
     .summary = "MQTT control packets (3.1.1 and 5.0, 2.1)",
     .shape = {.kind = Varint,
               .offset = 1,
               .width = 4,
               .min = 2,
               .max = 5 + 268'435'455,
               .checks = kMqttBytes},
     .ports = kMqttPorts},
    {.name = "smb",
     .summary = "SMB over TCP, port 445 (MS-SMB2, 2.1)",
     .shape = {.kind = LengthField,
               .offset = 1,
               .width = 3,
               .min = 4,
               .max = 4 + 0xffffff,
               .checks = kSmbBytes},
     .ports = kSmbPorts},
    {.name = "tds",
     .summary = "SQL Server's TDS packets (MS-TDS, 2.2.3)",
     .shape = {.kind = LengthField,
               .offset = 2,
               .width = 2,
               .adjust = -4,
               .strip = 8,
               .min = 8,
               .max = 32767,
               .checks = kTdsBytes},
     .ports = kTdsPorts},
    {.name = "cql",
     .summary = "Cassandra's native protocol, versions 3 and 4",
     .shape = {.kind = LengthField,
               .offset = 5,
               .width = 4,
               .sign = Signed,
               .min = 9,
               .max = 9 + 256 * kMiB,
               .checks = kCqlBytes},
     .ports = kCqlPorts},
    {.name = "openflow",
     .summary = "OpenFlow messages",
     .shape = {.kind = LengthField,
               .offset = 2,
               .width = 2,
               .adjust = -4,
               .strip = 8,
               .min = 8,
               .max = 0xffff,
               .checks = kOpenflowBytes},
     .ports = kOpenflowPorts},
    {.name = "smpp",
     .summary = "SMPP 3.4 PDUs",
     .shape = {.kind = LengthField, .width = 4, .adjust = -4, .strip = 16, .min = 16, .max = kMiB},
     .ports = kSmppPorts},
    {.name = "modbus",
     .summary = "Modbus/TCP",
     .shape = {.kind = LengthField,
               .offset = 4,
               .width = 2,
               .strip = 7,
               .min = 8,
               .max = 260,
               .checks = kModbusBytes},
     .ports = kModbusPorts},
    {.name = "someip",
     .summary = "SOME/IP messages",
     .shape = {.kind = LengthField,
               .offset = 4,
               .width = 4,
               .strip = 16,
               .min = 16,
               .max = 16 * kMiB,
               .checks = kSomeipBytes},
     .ports = kSomeipPorts},
    {.name = "tpkt",
     .summary = "TPKT (RFC 1006): RDP, H.323, S7",
     .shape = {.kind = LengthField,
               .offset = 2,
               .width = 2,
               .adjust = -4,
               .min = 7,
               .max = 0xffff,
               .checks = kTpktBytes},
     .ports = kTpktPorts},
    {.name = "bgp",
     .summary = "BGP-4 messages (RFC 4271, 4.1; RFC 8654)",
     .shape = {.kind = LengthField,
               .offset = 16,
               .width = 2,
               .adjust = -18,
               .strip = 19,
               .min = 19,
               .max = 0xffff,
               .checks = kBgpBytes},
     .ports = kBgpPorts},
    {.name = "diameter",
     .summary = "Diameter messages (RFC 6733, 3)",
     .shape = {.kind = LengthField,
               .offset = 1,
               .width = 3,
               .adjust = -4,
               .strip = 20,
               .min = 20,
               .max = 0xffffff,
               .checks = kDiameterBytes},
     .ports = kDiameterPorts},
    {.name = "git",
     .summary = "git's pkt-lines (gitprotocol-common(5))",
     .shape = {.kind = LengthField,
               .width = 4,
               .adjust = -4,
               .digits = Digits::Hex,
               .bare_up_to = 2,
               .min = 4,
               .max = 65520},
     .ports = kGitPorts},
    {.name = "oncrpc",
     .summary = "ONC RPC fragments (RFC 5531, 11): NFS",
     .shape = {.kind = LengthField, .width = 4, .mask = 0x7fffffff, .min = 4, .max = 16 * kMiB},
     .ports = kOncrpcPorts},
};

}  // namespace

std::span<const Framing> all_framings() { return kFramings; }

}  // namespace wireseam
