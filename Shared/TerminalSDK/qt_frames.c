/* Packing needs no memory but the terminal's buffer, unpacking none but its arena: protobuf-c is given
 * an allocator that hands out the arena from its beginning, and takes nothing back. */
#include "qt_frames.h"

#include <string.h>

#include "quintet/terminal/v1/terminal.pb-c.h"

static int write_frame(qt_terminal *terminal, Quintet__Terminal__V1__TerminalFrame *frame) {
  size_t size = quintet__terminal__v1__terminal_frame__get_packed_size(frame);
  if (size > QT_FRAME_LIMIT) return 0;
  for (int place = 0; place < 4; place++) terminal->out[place] = (uint8_t)(size >> (24 - 8 * place));
  quintet__terminal__v1__terminal_frame__pack(frame, terminal->out + 4);
  terminal->out_size = size + 4;
  terminal->out_sent = 0;
  return 1;
}

int qt_write_hello(qt_terminal *terminal) {
  Quintet__Terminal__V1__Hello hello = QUINTET__TERMINAL__V1__HELLO__INIT;
  Quintet__Terminal__V1__TerminalFrame frame = QUINTET__TERMINAL__V1__TERMINAL_FRAME__INIT;
  /* Only read; protobuf-c knows no const. */
  hello.terminal_code = (char *)terminal->config.code;
  hello.token = (char *)terminal->config.token;
  hello.protocol_version = 1;
  hello.acknowledged_sequence = terminal->acknowledged;
  frame.frame_case = QUINTET__TERMINAL__V1__TERMINAL_FRAME__FRAME_HELLO;
  frame.hello = &hello;
  return write_frame(terminal, &frame);
}

int qt_write_report(qt_terminal *terminal, const qt_report *queued, int64_t unix_ms) {
  Quintet__Type__V1__GeoPoint point = QUINTET__TYPE__V1__GEO_POINT__INIT;
  Quintet__Terminal__V1__Position position = QUINTET__TERMINAL__V1__POSITION__INIT;
  Quintet__Terminal__V1__StepTaken step = QUINTET__TERMINAL__V1__STEP_TAKEN__INIT;
  Quintet__Terminal__V1__ButtonPress press = QUINTET__TERMINAL__V1__BUTTON_PRESS__INIT;
  Quintet__Terminal__V1__UnitStatus status = QUINTET__TERMINAL__V1__UNIT_STATUS__INIT;
  Quintet__Terminal__V1__Report report = QUINTET__TERMINAL__V1__REPORT__INIT;
  Quintet__Terminal__V1__TerminalFrame frame = QUINTET__TERMINAL__V1__TERMINAL_FRAME__INIT;
  report.sequence = queued->sequence;
  report.time_ms = unix_ms;
  switch (queued->kind) {
    case QT_KIND_POSITION:
      point.latitude = queued->of.position.latitude;
      point.longitude = queued->of.position.longitude;
      point.datum = (Quintet__Type__V1__Datum)queued->of.position.datum;
      position.point = &point;
      position.speed_mps = queued->of.position.speed_mps;
      position.heading_deg = queued->of.position.heading_deg;
      report.content_case = QUINTET__TERMINAL__V1__REPORT__CONTENT_POSITION;
      report.position = &position;
      break;
    case QT_KIND_STEP:
      step.assignment_id = (char *)queued->of.step.assignment_id;
      step.step = (Quintet__Terminal__V1__Step)queued->of.step.step;
      report.content_case = QUINTET__TERMINAL__V1__REPORT__CONTENT_STEP;
      report.step = &step;
      break;
    case QT_KIND_STATUS:
      status.availability = (Quintet__Terminal__V1__Availability)queued->of.status.availability;
      status.condition = (Quintet__Terminal__V1__Condition)queued->of.status.condition;
      report.content_case = QUINTET__TERMINAL__V1__REPORT__CONTENT_STATUS;
      report.status = &status;
      break;
    default:
      report.content_case = QUINTET__TERMINAL__V1__REPORT__CONTENT_PRESS;
      report.press = &press;
  }
  frame.frame_case = QUINTET__TERMINAL__V1__TERMINAL_FRAME__FRAME_REPORT;
  frame.report = &report;
  return write_frame(terminal, &frame);
}

int qt_write_ping(qt_terminal *terminal, uint64_t number) {
  Quintet__Terminal__V1__Ping ping = QUINTET__TERMINAL__V1__PING__INIT;
  Quintet__Terminal__V1__TerminalFrame frame = QUINTET__TERMINAL__V1__TERMINAL_FRAME__INIT;
  ping.number = number;
  frame.frame_case = QUINTET__TERMINAL__V1__TERMINAL_FRAME__FRAME_PING;
  frame.ping = &ping;
  return write_frame(terminal, &frame);
}

static void *take_from_arena(void *data, size_t size) {
  qt_terminal *terminal = data;
  size_t needed = (size + 15) & ~(size_t)15;
  if (size > QT_ARENA_SIZE || needed > QT_ARENA_SIZE - terminal->arena_used) return NULL;
  void *place = terminal->arena.bytes + terminal->arena_used;
  terminal->arena_used += needed;
  return place;
}

static void give_nothing_back(void *data, void *place) {
  (void)data;
  (void)place;
}

int qt_read_frame(qt_terminal *terminal, const uint8_t *bytes, size_t size, qt_heard *heard) {
  ProtobufCAllocator arena = {take_from_arena, give_nothing_back, terminal};
  Quintet__Terminal__V1__ServerFrame *frame;
  memset(heard, 0, sizeof *heard);
  terminal->arena_used = 0;
  frame = quintet__terminal__v1__server_frame__unpack(&arena, size, bytes);
  if (frame == NULL) return 0;
  switch (frame->frame_case) {
    case QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_WELCOME:
      heard->kind = QT_WELCOME;
      heard->sequence = frame->welcome->last_sequence;
      heard->server_time_ms = frame->welcome->server_time_ms;
      heard->report_limit = frame->welcome->report_limit;
      heard->silence_limit_s = frame->welcome->silence_limit_s;
      break;
    case QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_ACK:
      heard->kind = QT_ACK;
      heard->sequence = frame->ack->sequence;
      break;
    case QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_PROBLEM:
      heard->kind = QT_PROBLEM;
      heard->problem.sequence = frame->problem->sequence;
      heard->problem.reason = frame->problem->reason;
      heard->problem.field = frame->problem->field;
      heard->problem.message = frame->problem->message;
      break;
    case QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_ORDER:
      heard->kind = QT_ORDER;
      heard->order.assignment_id = frame->order->assignment_id;
      heard->order.incident_id = frame->order->incident_id;
      heard->order.state = (qt_order_state)frame->order->state;
      break;
    case QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_PING:
      heard->kind = QT_PONG;
      break;
    default:
      /* A newer server's: passed over. */
      heard->kind = QT_NOTHING;
  }
  return 1;
}
