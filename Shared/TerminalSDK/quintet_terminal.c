/* The queue and the course of a connection. A report gets its sequence when it is sent first, and
 * leaves the queue when the server has named that sequence or a later one; a new connection begins
 * with what the server knows, and sends again all that it does not. */
#include "quintet_terminal.h"

#include <string.h>

#include "qt_frames.h"

enum { RESTING, CONNECTING, GREETING, OPEN };

/* Milliseconds. */
enum { FIRST_BACKOFF = 250, LAST_BACKOFF = 30000, REFUSED_BACKOFF = 5000, PATIENCE = 15000, IDLE = 20000 };

qt_result qt_open(qt_terminal *terminal, const qt_config *config) {
  if (!terminal || !config || !config->code || !config->code[0] || !config->token || !config->queue
      || config->queue_size < 2 || !config->transport.connect || !config->transport.read
      || !config->transport.write || !config->transport.close)
    return QT_BAD;
  /* With room for the numbers and the tags. */
  if (strlen(config->code) + strlen(config->token) > QT_FRAME_LIMIT - 64) return QT_BAD;
  memset(terminal, 0, sizeof *terminal);
  terminal->config = *config;
  terminal->next_sequence = 1;
  terminal->random = config->seed ? config->seed : 1;
  terminal->backoff_ms = FIRST_BACKOFF;
  return QT_OK;
}

qt_result qt_set_token(qt_terminal *terminal, const char *token) {
  if (!token || strlen(terminal->config.code) + strlen(token) > QT_FRAME_LIMIT - 64) return QT_BAD;
  terminal->config.token = token;
  return QT_OK;
}

/* Marsaglia's xorshift: enough to spread devices over time. */
static uint32_t any(qt_terminal *terminal, uint32_t below) {
  uint32_t x = terminal->random;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  terminal->random = x;
  return x % (below ? below : 1);
}

static void hang_up(qt_terminal *terminal) {
  if (terminal->state != RESTING) terminal->config.transport.close(terminal->config.transport.context);
  terminal->state = RESTING;
  terminal->next = 0;
  terminal->in_size = terminal->out_size = terminal->out_sent = 0;
  terminal->is_asking = 0;
}

/* Hangs up, and tries again after half to all of the back-off, which doubles. */
static void try_later(qt_terminal *terminal, uint64_t now_ms) {
  hang_up(terminal);
  terminal->retry_ms = now_ms + terminal->backoff_ms / 2 + any(terminal, terminal->backoff_ms / 2);
  terminal->backoff_ms *= 2;
  if (terminal->backoff_ms > LAST_BACKOFF) terminal->backoff_ms = LAST_BACKOFF;
}

void qt_close(qt_terminal *terminal) { hang_up(terminal); }

/* ---- The queue, oldest first ---- */

static void remove_at(qt_terminal *terminal, size_t index) {
  qt_report *queue = terminal->config.queue;
  memmove(queue + index, queue + index + 1, (terminal->count - index - 1) * sizeof *queue);
  terminal->count--;
  if (index < terminal->next) terminal->next--;
}

static qt_result enqueue(qt_terminal *terminal, const qt_report *report) {
  qt_report *queue = terminal->config.queue;
  if (terminal->count == terminal->config.queue_size) {
    size_t oldest = 0;
    while (oldest < terminal->count && queue[oldest].kind != QT_KIND_POSITION) oldest++;
    if (oldest == terminal->count) {
      if (report->kind == QT_KIND_POSITION) terminal->counts.dropped_positions++;
      return QT_FULL;
    }
    /* Its sequence, if it has one, stays unused: gaps are allowed. */
    remove_at(terminal, oldest);
    terminal->counts.dropped_positions++;
  }
  queue[terminal->count++] = *report;
  return QT_OK;
}

static void acknowledge(qt_terminal *terminal, uint64_t sequence) {
  size_t done = 0;
  while (done < terminal->count && terminal->config.queue[done].sequence != 0
         && terminal->config.queue[done].sequence <= sequence)
    done++;
  if (done) {
    memmove(
      terminal->config.queue, terminal->config.queue + done,
      (terminal->count - done) * sizeof *terminal->config.queue);
    terminal->count -= done;
    terminal->next = terminal->next > done ? terminal->next - done : 0;
    terminal->counts.acknowledged += done;
  }
  if (sequence > terminal->acknowledged) terminal->acknowledged = sequence;
}

static qt_report fresh(int kind, uint64_t now_ms, int64_t unix_ms) {
  qt_report report;
  memset(&report, 0, sizeof report);
  report.kind = kind;
  report.queued_ms = now_ms;
  report.unix_ms = unix_ms;
  return report;
}

qt_result qt_report_position(
  qt_terminal *terminal, const qt_position *position, uint64_t now_ms, int64_t unix_ms) {
  qt_report report = fresh(QT_KIND_POSITION, now_ms, unix_ms);
  report.of.position = *position;
  return enqueue(terminal, &report);
}

qt_result qt_report_step(
  qt_terminal *terminal, const char *assignment_id, qt_step_kind step, uint64_t now_ms) {
  qt_report report = fresh(QT_KIND_STEP, now_ms, 0);
  if (!assignment_id || strlen(assignment_id) >= QT_ID_SIZE) return QT_BAD;
  strcpy(report.of.step.assignment_id, assignment_id);
  report.of.step.step = step;
  return enqueue(terminal, &report);
}

qt_result qt_report_press(qt_terminal *terminal, uint64_t now_ms) {
  qt_report report = fresh(QT_KIND_PRESS, now_ms, 0);
  return enqueue(terminal, &report);
}

qt_result qt_report_status(
  qt_terminal *terminal, qt_availability availability, qt_condition condition, uint64_t now_ms) {
  qt_report report = fresh(QT_KIND_STATUS, now_ms, 0);
  report.of.status.availability = availability;
  report.of.status.condition = condition;
  return enqueue(terminal, &report);
}

size_t qt_waiting(const qt_terminal *terminal) { return terminal->count; }
int qt_is_open(const qt_terminal *terminal) { return terminal->state == OPEN; }
qt_counts qt_count(const qt_terminal *terminal) { return terminal->counts; }

/* ---- What is heard ---- */

static void welcome(qt_terminal *terminal, const qt_heard *heard, uint64_t now_ms) {
  acknowledge(terminal, heard->sequence);
  if (heard->sequence >= terminal->next_sequence) terminal->next_sequence = heard->sequence + 1;
  terminal->report_limit = heard->report_limit ? heard->report_limit : 1;
  terminal->silence_ms = heard->silence_limit_s ? heard->silence_limit_s * 1000 : 3 * IDLE;
  terminal->clock_ms = heard->server_time_ms - (int64_t)now_ms;
  terminal->next = 0;
  terminal->backoff_ms = FIRST_BACKOFF;
  terminal->counts.connections++;
  terminal->state = OPEN;
}

/* 0 when the connection is not to be used any more. */
static int hear(qt_terminal *terminal, const qt_heard *heard, uint64_t now_ms) {
  switch (heard->kind) {
    case QT_WELCOME:
      if (terminal->state != GREETING) return 0;
      welcome(terminal, heard, now_ms);
      return 1;
    case QT_ACK: acknowledge(terminal, heard->sequence); return 1;
    case QT_ORDER:
      if (terminal->config.on_order) terminal->config.on_order(terminal->config.user, &heard->order);
      return 1;
    case QT_PROBLEM:
      if (terminal->config.on_problem)
        terminal->config.on_problem(terminal->config.user, &heard->problem);
      if (heard->problem.sequence) return 1;
      /* Whoever is refused is refused again: there is no hurry. */
      if (terminal->backoff_ms < REFUSED_BACKOFF) terminal->backoff_ms = REFUSED_BACKOFF;
      return 0;
    case QT_PONG: terminal->is_asking = 0; return 1;
    default: return 1;
  }
}

static int hear_frames(qt_terminal *terminal, uint64_t now_ms) {
  size_t at = 0;
  while (terminal->in_size - at >= 4) {
    const uint8_t *in = terminal->in + at;
    size_t size = (size_t)in[0] << 24 | (size_t)in[1] << 16 | (size_t)in[2] << 8 | in[3];
    qt_heard heard;
    if (size > QT_FRAME_LIMIT) return 0;
    if (terminal->in_size - at < 4 + size) break;
    if (!qt_read_frame(terminal, in + 4, size, &heard) || !hear(terminal, &heard, now_ms)) return 0;
    at += 4 + size;
  }
  memmove(terminal->in, terminal->in + at, terminal->in_size - at);
  terminal->in_size -= at;
  return 1;
}

static int read_all(qt_terminal *terminal, uint64_t now_ms) {
  const qt_transport *transport = &terminal->config.transport;
  for (;;) {
    long got = transport->read(
      transport->context, terminal->in + terminal->in_size, sizeof terminal->in - terminal->in_size);
    if (got < 0) return 0;
    if (got == 0) return 1;
    terminal->in_size += (size_t)got;
    terminal->heard_ms = now_ms;
    if (!hear_frames(terminal, now_ms)) return 0;
  }
}

/* ---- What is said ---- */

/* Fills the buffer with the next thing to say; 0 when there is none. */
static int next_frame(qt_terminal *terminal, uint64_t now_ms) {
  if (terminal->state != OPEN) return 0;
  if (terminal->next < terminal->count && terminal->next < terminal->report_limit) {
    qt_report *report = terminal->config.queue + terminal->next;
    int64_t unix_ms = report->unix_ms;
    if (!unix_ms) unix_ms = terminal->clock_ms + (int64_t)report->queued_ms;
    if (!report->sequence) report->sequence = terminal->next_sequence++;
    terminal->next++;
    /* The longest report has some hundred bytes. */
    return qt_write_report(terminal, report, unix_ms);
  }
  if (!terminal->is_asking && now_ms - terminal->said_ms >= IDLE) {
    terminal->is_asking = 1;
    return qt_write_ping(terminal, now_ms);
  }
  return 0;
}

/* Whether an answer is to come. */
static int waits(const qt_terminal *terminal) {
  if (terminal->state == OPEN) return terminal->next > 0 || terminal->is_asking;
  return terminal->state != RESTING;
}

static int write_all(qt_terminal *terminal, uint64_t now_ms) {
  const qt_transport *transport = &terminal->config.transport;
  for (;;) {
    if (terminal->out_sent == terminal->out_size) {
      int waited = waits(terminal);
      terminal->out_size = terminal->out_sent = 0;
      if (!next_frame(terminal, now_ms)) return 1;
      /* Patience begins with the first word that wants an answer. */
      if (!waited) terminal->heard_ms = now_ms;
    }
    long put = transport->write(
      transport->context, terminal->out + terminal->out_sent,
      terminal->out_size - terminal->out_sent);
    if (put < 0) return 0;
    if (put == 0) return 1;
    terminal->said_ms = now_ms;
    terminal->out_sent += (size_t)put;
  }
}

static void connect_now(qt_terminal *terminal, uint64_t now_ms) {
  const qt_transport *transport = &terminal->config.transport;
  int result;
  if (terminal->state == RESTING) {
    terminal->state = CONNECTING;
    terminal->heard_ms = terminal->said_ms = now_ms;
  }
  result = transport->connect(transport->context);
  if (result < 0) {
    try_later(terminal, now_ms);
  } else if (result > 0) {
    terminal->state = GREETING;
    terminal->heard_ms = terminal->said_ms = now_ms;
    if (!qt_write_hello(terminal)) try_later(terminal, now_ms);
  }
}

int qt_step(qt_terminal *terminal, uint64_t now_ms) {
  if (terminal->state == RESTING && now_ms < terminal->retry_ms)
    return (int)(terminal->retry_ms - now_ms);
  if (terminal->state == RESTING || terminal->state == CONNECTING) connect_now(terminal, now_ms);
  if (terminal->state == GREETING || terminal->state == OPEN) {
    if (!read_all(terminal, now_ms) || !write_all(terminal, now_ms)) try_later(terminal, now_ms);
  }
  if (waits(terminal) && now_ms - terminal->heard_ms >= PATIENCE) try_later(terminal, now_ms);
  if (terminal->state == RESTING)
    return terminal->retry_ms > now_ms ? (int)(terminal->retry_ms - now_ms) : 0;
  return terminal->state == CONNECTING ? 50 : 1000;
}
