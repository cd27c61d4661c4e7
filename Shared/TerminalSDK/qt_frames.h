/* Between the terminal's own structs and protobuf; not for users of the SDK. */
#ifndef QT_FRAMES_H
#define QT_FRAMES_H

#include "quintet_terminal.h"

enum { QT_KIND_POSITION = 1, QT_KIND_STEP, QT_KIND_PRESS, QT_KIND_STATUS };

/* What the server said. Texts lie in the arena, and stay until the next frame is read. */
typedef struct qt_heard {
  enum { QT_NOTHING, QT_WELCOME, QT_ACK, QT_PROBLEM, QT_ORDER, QT_PONG } kind;
  uint64_t sequence; /* of a welcome or an acknowledgement */
  int64_t server_time_ms;
  uint32_t report_limit, silence_limit_s;
  qt_problem problem;
  qt_order order;
} qt_heard;

/* Each puts one frame with its length into terminal->out, which is empty. 0 when it does not fit. */
int qt_write_hello(qt_terminal *terminal);
int qt_write_report(qt_terminal *terminal, const qt_report *report, int64_t unix_ms);
int qt_write_ping(qt_terminal *terminal, uint64_t number);

/* Reads one frame without its length. 0 when it cannot be read. */
int qt_read_frame(qt_terminal *terminal, const uint8_t *bytes, size_t size, qt_heard *heard);

#endif
