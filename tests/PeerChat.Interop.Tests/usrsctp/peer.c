// One association of usrsctp, its packets in UDP datagrams on loopback (RFC 6951). Commands on standard input, events on standard output.
//   usage: peer UDP_PORT_OF_THE_OTHER [interleave]
//   commands: listen | connect | send STREAM PPID SIZE UNORDERED POLICY VALUE | reset STREAM | shutdown | abort
//   events: port N | listening | up FEATURES | message STREAM PPID SIZE right|wrong ordered|unordered | reset incoming|outgoing|refused STREAM… | lost | ended
#include <arpa/inet.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usrsctp.h>

enum {
  SCTP_PORT = 5000,
  MAX_STREAMS = 1024,
  MAX_MESSAGE = 4 * 1024 * 1024,
  MAX_DATAGRAM = 65536,
  BUFFER = 16 * 1024 * 1024,
  INTERLEAVING_SUPPORTED = 0x1206 // SCTP_INTERLEAVING_SUPPORTED, which usrsctp.h leaves out
};

// A message that has come in part; with interleaving there is one of each kind on each stream.
struct partial {
  unsigned char *bytes;
  size_t length;
};

static int udp;
static struct socket *sctp;
static struct sockaddr_conn peer;
static struct partial partials[MAX_STREAMS][2];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  flockfile(stdout);
  vprintf(format, arguments);
  putchar('\n');
  fflush(stdout);
  funlockfile(stdout);
  va_end(arguments);
}

// The same as MessagePattern.cs makes.
static unsigned char pattern(size_t i, size_t size) { return (unsigned char)(i * 31 + size + (i >> 8)); }

static const char *judge(const unsigned char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != pattern(i, size)) return "wrong";
  }
  return "right";
}

static int transmit(void *address, void *packet, size_t length, uint8_t tos, uint8_t set_df) {
  (void)address, (void)tos, (void)set_df;
  send(udp, packet, length, 0); // a datagram that finds nobody is lost, as in any network
  return 0;
}

static void *receive(void *nothing) {
  static unsigned char datagram[MAX_DATAGRAM];
  (void)nothing;
  for (;;) {
    ssize_t length = recv(udp, datagram, sizeof datagram, 0);
    if (length > 0) usrsctp_conninput(&udp, datagram, (size_t)length, 0);
  }
  return NULL;
}

static void take_reset(const struct sctp_stream_reset_event *event) {
  char line[MAX_DATAGRAM] = "reset";
  size_t end = strlen(line);
  const char *kind = event->strreset_flags & (SCTP_STREAM_RESET_DENIED | SCTP_STREAM_RESET_FAILED) ? "refused"
                     : event->strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN                       ? "incoming"
                                                                                                    : "outgoing";
  end += (size_t)snprintf(line + end, sizeof line - end, " %s", kind);
  size_t count = (event->strreset_length - sizeof *event) / sizeof event->strreset_stream_list[0];
  for (size_t i = 0; i < count && end < sizeof line - 8; i++) {
    end += (size_t)snprintf(line + end, sizeof line - end, " %u", event->strreset_stream_list[i]);
  }
  say("%s", line);
}

static void take_change(const struct sctp_assoc_change *change) {
  char features[256] = "";
  size_t end = 0;
  size_t count = change->sac_length - sizeof *change;
  switch (change->sac_state) {
  case SCTP_COMM_UP:
    for (size_t i = 0; i < count && i < 32; i++) {
      end += (size_t)snprintf(features + end, sizeof features - end, " %u", change->sac_info[i]);
    }
    say("up%s", features);
    break;
  case SCTP_COMM_LOST:
  case SCTP_CANT_STR_ASSOC:
    say("lost");
    break;
  case SCTP_SHUTDOWN_COMP:
    say("ended");
    break;
  default:
    say("change %u", change->sac_state);
  }
}

static int take(struct socket *socket, union sctp_sockstore address, void *data, size_t length, struct sctp_rcvinfo info,
                int flags, void *nothing) {
  (void)socket, (void)address, (void)nothing;
  if (data == NULL) return 1;
  if (flags & MSG_NOTIFICATION) {
    const union sctp_notification *event = data;
    if (event->sn_header.sn_type == SCTP_ASSOC_CHANGE) take_change(&event->sn_assoc_change);
    if (event->sn_header.sn_type == SCTP_STREAM_RESET_EVENT) take_reset(&event->sn_strreset_event);
    if (event->sn_header.sn_type == SCTP_PARTIAL_DELIVERY_EVENT) {
      struct partial *partial = &partials[event->sn_pdapi_event.pdapi_stream % MAX_STREAMS][0];
      partial[0].length = partial[1].length = 0; // what came of it is to be forgotten
    }
  } else {
    int unordered = (info.rcv_flags & SCTP_UNORDERED) != 0;
    struct partial *partial = &partials[info.rcv_sid % MAX_STREAMS][unordered];
    if (partial->bytes == NULL && (partial->bytes = malloc(MAX_MESSAGE)) == NULL) fail("malloc");
    if (partial->length + length <= MAX_MESSAGE) memcpy(partial->bytes + partial->length, data, length);
    partial->length += length;
    if (flags & MSG_EOR) {
      say("message %u %u %zu %s %s", info.rcv_sid, ntohl(info.rcv_ppid), partial->length,
          partial->length <= MAX_MESSAGE ? judge(partial->bytes, partial->length) : "long",
          unordered ? "unordered" : "ordered");
      partial->length = 0;
    }
  }
  free(data);
  return 1;
}

static void send_with(unsigned stream, unsigned ppid, size_t size, unsigned flags, unsigned policy, unsigned value) {
  struct sctp_sendv_spa how = {.sendv_flags = SCTP_SEND_SNDINFO_VALID};
  how.sendv_sndinfo.snd_sid = (uint16_t)stream;
  how.sendv_sndinfo.snd_ppid = htonl(ppid);
  how.sendv_sndinfo.snd_flags = (uint16_t)flags;
  if (policy != SCTP_PR_SCTP_NONE) {
    how.sendv_flags |= SCTP_SEND_PRINFO_VALID;
    how.sendv_prinfo.pr_policy = (uint16_t)policy;
    how.sendv_prinfo.pr_value = value;
  }
  unsigned char *bytes = malloc(size + 1);
  if (bytes == NULL) fail("malloc");
  for (size_t i = 0; i < size; i++) bytes[i] = pattern(i, size);
  if (usrsctp_sendv(sctp, bytes, size, (struct sockaddr *)&peer, 1, &how, sizeof how, SCTP_SENDV_SPA, 0) < 0) {
    say("not sent");
  }
  free(bytes);
}

static void reset(unsigned stream) {
  struct sctp_reset_streams *request = calloc(1, sizeof *request + sizeof(uint16_t));
  if (request == NULL) fail("calloc");
  request->srs_assoc_id = usrsctp_getassocid(sctp, (struct sockaddr *)&peer);
  request->srs_flags = SCTP_STREAM_RESET_OUTGOING;
  request->srs_number_streams = 1;
  request->srs_stream_list[0] = (uint16_t)stream;
  if (usrsctp_setsockopt(sctp, IPPROTO_SCTP, SCTP_RESET_STREAMS, request, sizeof *request + sizeof(uint16_t)) < 0) {
    say("not reset");
  }
  free(request);
}

static void set(int option, uint32_t value) {
  struct sctp_assoc_value setting = {.assoc_id = SCTP_FUTURE_ASSOC, .assoc_value = value};
  if (usrsctp_setsockopt(sctp, IPPROTO_SCTP, option, &setting, sizeof setting) < 0) fail("usrsctp_setsockopt");
}

static void open_udp(const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  if (udp < 0 || bind(udp, (struct sockaddr *)&address, length) < 0) fail("bind");
  if (getsockname(udp, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
  say("port %u", ntohs(address.sin_port));
  address.sin_port = htons((uint16_t)atoi(port));
  if (connect(udp, (struct sockaddr *)&address, length) < 0) fail("connect");
}

static void open_sctp(int interleaves) {
  usrsctp_init(0, transmit, NULL);
  usrsctp_sysctl_set_sctp_ecn_enable(0);
  usrsctp_sysctl_set_sctp_sendspace(BUFFER);
  usrsctp_sysctl_set_sctp_recvspace(BUFFER);
  usrsctp_sysctl_set_sctp_nr_outgoing_streams_default(MAX_STREAMS);
  usrsctp_sysctl_set_sctp_rto_min_default(200);
  usrsctp_sysctl_set_sctp_rto_initial_default(300);
  usrsctp_register_address(&udp);
  sctp = usrsctp_socket(AF_CONN, SOCK_SEQPACKET, IPPROTO_SCTP, take, NULL, 0, NULL);
  if (sctp == NULL) fail("usrsctp_socket");
  set(SCTP_ENABLE_STREAM_RESET, SCTP_ENABLE_RESET_STREAM_REQ | SCTP_ENABLE_CHANGE_ASSOC_REQ);
  if (interleaves) {
    int level = 2;
    if (usrsctp_setsockopt(sctp, IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE, &level, sizeof level) < 0) fail("interleave");
    set(INTERLEAVING_SUPPORTED, 1);
  }
  static const uint16_t events[] = {SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT, SCTP_PARTIAL_DELIVERY_EVENT};
  for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
    struct sctp_event event = {.se_assoc_id = SCTP_ALL_ASSOC, .se_type = events[i], .se_on = 1};
    if (usrsctp_setsockopt(sctp, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event) < 0) fail("event");
  }
  struct sockaddr_conn own = {.sconn_family = AF_CONN, .sconn_port = htons(SCTP_PORT), .sconn_addr = &udp};
  peer = own;
  if (usrsctp_bind(sctp, (struct sockaddr *)&own, sizeof own) < 0) fail("usrsctp_bind");
}

int main(int count, char **arguments) {
  char line[256];
  pthread_t thread;
  if (count < 2) return 2;
  open_udp(arguments[1]);
  open_sctp(count > 2);
  if (pthread_create(&thread, NULL, receive, NULL) != 0) fail("pthread_create");
  while (fgets(line, sizeof line, stdin) != NULL) {
    unsigned stream, ppid, unordered, policy, value;
    size_t size;
    if (strcmp(line, "listen\n") == 0) {
      if (usrsctp_listen(sctp, 1) < 0) fail("usrsctp_listen");
      say("listening");
    } else if (strcmp(line, "connect\n") == 0) {
      usrsctp_set_non_blocking(sctp, 1);
      usrsctp_connect(sctp, (struct sockaddr *)&peer, sizeof peer);
      usrsctp_set_non_blocking(sctp, 0);
    } else if (sscanf(line, "send %u %u %zu %u %u %u", &stream, &ppid, &size, &unordered, &policy, &value) == 6) {
      send_with(stream, ppid, size, unordered ? SCTP_UNORDERED : 0, policy, value);
    } else if (sscanf(line, "reset %u", &stream) == 1) {
      reset(stream);
    } else if (strcmp(line, "shutdown\n") == 0) {
      send_with(0, 0, 0, SCTP_EOF, SCTP_PR_SCTP_NONE, 0);
    } else if (strcmp(line, "abort\n") == 0) {
      send_with(0, 0, 0, SCTP_ABORT, SCTP_PR_SCTP_NONE, 0);
    } else {
      say("what?");
    }
  }
  _exit(0); // without waiting for an association that may still be up
}
