/* 终端: what a vehicle terminal, a handheld or an SOS pillar needs to report to Quintet, and to be told
 * of its unit's assignments. The protocol is Proto/quintet/terminal/v1/terminal.proto.
 *
 * Nothing here allocates, blocks, starts a thread or reads a clock: all memory is the caller's, and
 * everything happens inside qt_step, which the caller calls often enough with the time. A report that
 * was queued stays queued until the server has said that it is durable; where the queue is full the
 * oldest positions give way, and never a press, a step or a status.
 *
 * Not for use by two threads at once. */
#ifndef QUINTET_TERMINAL_H
#define QUINTET_TERMINAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of one frame without its length. */
#define QT_FRAME_LIMIT 4096
/* Bytes for what one frame from the server unfolds to. */
#define QT_ARENA_SIZE 16384
/* Bytes of the longest id that a report names, with its closing zero. */
#define QT_ID_SIZE 48

/* What became of a call; all that is not QT_OK is negative. */
typedef enum qt_result {
  QT_OK = 0,
  /* The queue is full of what must not be lost: nothing was queued. */
  QT_FULL = -1,
  /* An argument is not as it must be: nothing was done. */
  QT_BAD = -2
} qt_result;

/* The numbers are those of the protocol. */
typedef enum qt_datum { QT_WGS84 = 1, QT_CGCS2000 = 2, QT_GCJ02 = 3 } qt_datum;
typedef enum qt_step_kind { QT_ACKNOWLEDGE = 1, QT_DEPART = 2, QT_ARRIVE = 3, QT_CLEAR = 4 } qt_step_kind;
typedef enum qt_availability {
  QT_AVAILABLE = 1, QT_CONDITIONALLY_AVAILABLE = 2, QT_NOT_AVAILABLE = 3
} qt_availability;
typedef enum qt_condition {
  QT_NO_CONDITION = 0, QT_STAGING = 1, QT_DELAYED = 2, QT_OFF_DUTY = 3, QT_OUT_OF_SERVICE = 4
} qt_condition;
typedef enum qt_order_state {
  QT_ORDER_ASSIGNED = 1, QT_ORDER_DISPATCHED = 2, QT_ORDER_ACKNOWLEDGED = 3, QT_ORDER_EN_ROUTE = 4,
  QT_ORDER_ON_SCENE = 5, QT_ORDER_ENDED = 6
} qt_order_state;

typedef struct qt_position {
  double latitude;    /* degrees, -90 ... 90 */
  double longitude;   /* degrees, -180 ... 180 */
  qt_datum datum;
  double speed_mps;   /* metres per second, 0 ... 350 */
  double heading_deg; /* degrees from north, 0 ... 360 */
} qt_position;

/* One place of the queue. The caller gives an array of them, and reads nothing in it. */
typedef struct qt_report {
  int kind;
  uint64_t sequence; /* 0 until it was sent first */
  uint64_t queued_ms;
  int64_t unix_ms;
  union {
    qt_position position;
    struct { char assignment_id[QT_ID_SIZE]; int step; } step;
    struct { int availability, condition; } status;
  } of;
} qt_report;

/* An assignment of the unit. The texts are valid during the call. The same may come twice. */
typedef struct qt_order {
  const char *assignment_id;
  const char *incident_id;
  qt_order_state state;
} qt_order;

/* A refusal. The texts are valid during the call. */
typedef struct qt_problem {
  uint64_t sequence;   /* of the report; 0 for the connection, which the server closes */
  const char *reason;  /* such as DATUM_REQUIRED */
  const char *field;
  const char *message; /* UTF-8, Chinese first */
} qt_problem;

/* How bytes travel. qt_socket is one; a device with TLS brings its own. Nothing here may block. */
typedef struct qt_transport {
  void *context;
  /* 1 when connected, 0 while it is being tried (it is called again), -1 when it failed. */
  int (*connect)(void *context);
  /* Bytes read or written; 0 when none can be now; -1 when the connection is gone. */
  long (*read)(void *context, uint8_t *bytes, size_t size);
  long (*write)(void *context, const uint8_t *bytes, size_t size);
  void (*close)(void *context);
} qt_transport;

typedef struct qt_config {
  const char *code;      /* as registered; kept, not copied */
  const char *token;     /* kept, not copied; may be replaced by qt_set_token */
  qt_report *queue;      /* the caller's memory */
  size_t queue_size;     /* reports, at least 2 */
  qt_transport transport;
  uint32_t seed;         /* any; other devices should have another, so that not all come back at once */
  void *user;            /* handed to the two functions, which may be NULL */
  void (*on_order)(void *user, const qt_order *order);
  void (*on_problem)(void *user, const qt_problem *problem);
} qt_config;

/* What has happened, for a display or a log. */
typedef struct qt_counts {
  uint64_t acknowledged;      /* reports that are durable, or were refused */
  uint64_t dropped_positions; /* gave way in a full queue */
  uint64_t connections;       /* that were welcomed */
} qt_counts;

/* One terminal. The caller gives the memory, and reads nothing in it. */
typedef struct qt_terminal {
  qt_config config;
  qt_counts counts;
  int state;
  size_t count;           /* reports queued */
  size_t next;            /* of them, those sent on this connection */
  uint64_t next_sequence;
  uint64_t acknowledged;  /* the last sequence that the server acknowledged */
  uint32_t report_limit;
  uint32_t silence_ms;
  uint32_t random;
  uint32_t backoff_ms;
  uint64_t retry_ms;      /* when to try again */
  uint64_t heard_ms, said_ms;
  int64_t clock_ms;       /* the server's time less the caller's */
  int is_asking;          /* a ping is on its way */
  size_t in_size, out_size, out_sent;
  uint8_t in[QT_FRAME_LIMIT + 4];
  uint8_t out[QT_FRAME_LIMIT + 4];
  union { uint8_t bytes[QT_ARENA_SIZE]; uint64_t align; double align_too; } arena;
  size_t arena_used;
} qt_terminal;

/* Makes a terminal ready; nothing is sent before the first qt_step. QT_BAD for what is missing, or too
 * long for a frame. */
qt_result qt_open(qt_terminal *terminal, const qt_config *config);
/* Closes the connection. Reports that wait are lost with the caller's memory. */
void qt_close(qt_terminal *terminal);
/* A fresh token, from the next connection on. */
qt_result qt_set_token(qt_terminal *terminal, const char *token);

/* Does what can be done now, without waiting.
 *
 * now_ms: milliseconds of a clock that never goes back, from any beginning.
 * Returns the milliseconds after which to call it again at the latest; call it earlier when the
 * transport can be read or written, and after queueing. */
int qt_step(qt_terminal *terminal, uint64_t now_ms);

/* Queue reports. now_ms as for qt_step: when it happened. unix_ms: the same in milliseconds since 1970
 * where the device knows it (from its satellites), else 0: the server's clock is used. */
qt_result qt_report_position(
  qt_terminal *terminal, const qt_position *position, uint64_t now_ms, int64_t unix_ms);
qt_result qt_report_step(
  qt_terminal *terminal, const char *assignment_id, qt_step_kind step, uint64_t now_ms);
qt_result qt_report_press(qt_terminal *terminal, uint64_t now_ms);
qt_result qt_report_status(
  qt_terminal *terminal, qt_availability availability, qt_condition condition, uint64_t now_ms);

/* Reports that are not known to be durable. */
size_t qt_waiting(const qt_terminal *terminal);
int qt_is_open(const qt_terminal *terminal);
qt_counts qt_count(const qt_terminal *terminal);

/* A Unix socket, or TCP to a numeric address: names are looked up by nobody here. */
typedef struct qt_socket {
  char host[108];
  uint16_t port; /* 0 for a Unix socket */
  int descriptor; /* for poll(); -1 when there is none */
} qt_socket;

/* QT_BAD for a path or an address that is none. */
qt_result qt_socket_unix(qt_socket *socket, const char *path);
qt_result qt_socket_tcp(qt_socket *socket, const char *address, uint16_t port);
/* The socket must live as long as the terminal. */
qt_transport qt_socket_transport(qt_socket *socket);

#ifdef __cplusplus
}
#endif
#endif
