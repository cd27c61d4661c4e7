/* The SDK against a server in memory, over a link that breaks at random: nothing that must not be lost
 * is lost, nothing is applied twice, and nothing is ever allocated. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quintet/terminal/v1/terminal.pb-c.h"
#include "quintet_terminal.h"

/* ---- Allocations, by the linker's --wrap ---- */

static int allocations;
static int is_counting;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *place, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *place, size_t size);

void *__wrap_malloc(size_t size) {
  allocations += is_counting;
  return __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size) {
  allocations += is_counting;
  return __real_calloc(count, size);
}
void *__wrap_realloc(void *place, size_t size) {
  allocations += is_counting;
  return __real_realloc(place, size);
}

static int failures;

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      failures++; \
    } \
  } while (0)

/* ---- A link, and the server behind it ---- */

enum { ROOM = 1 << 16, MOST = 4096 };

typedef struct pipe_end {
  uint8_t bytes[ROOM];
  size_t size;
} pipe_end;

static struct {
  pipe_end up, down;
  int is_up;          /* whether the link is connected */
  int refuses;        /* connections */
  int greeted;
  uint64_t last;      /* as the server has it */
  uint64_t applied[MOST];
  double latitudes[MOST];
  size_t applied_count, presses, steps, positions, repeats, hellos;
  uint64_t acknowledged_by_hello;
  int64_t last_time;
  int silent;         /* takes, and says nothing */
  const char *refusal;
  uint32_t random;
} server;

static uint32_t any(uint32_t below) {
  server.random = server.random * 1664525u + 1013904223u;
  return (server.random >> 8) % below;
}

static int link_connect(void *context) {
  (void)context;
  if (server.refuses) return -1;
  server.is_up = 1;
  server.greeted = 0;
  server.up.size = server.down.size = 0;
  return 1;
}

static size_t least(size_t left, size_t right) { return left < right ? left : right; }

static long link_read(void *context, uint8_t *bytes, size_t size) {
  size_t count;
  (void)context;
  if (!server.is_up) return -1;
  /* In pieces of any size, as networks do. */
  count = least(least(size, server.down.size), 1 + any(40));
  memcpy(bytes, server.down.bytes, count);
  memmove(server.down.bytes, server.down.bytes + count, server.down.size - count);
  server.down.size -= count;
  return (long)count;
}

static long link_write(void *context, const uint8_t *bytes, size_t size) {
  size_t count;
  (void)context;
  if (!server.is_up) return -1;
  count = least(least(size, ROOM - server.up.size), any(60));
  memcpy(server.up.bytes + server.up.size, bytes, count);
  server.up.size += count;
  return (long)count;
}

static void link_close(void *context) {
  (void)context;
  server.is_up = 0;
}

static void answer(Quintet__Terminal__V1__ServerFrame *frame) {
  size_t size = quintet__terminal__v1__server_frame__get_packed_size(frame);
  uint8_t *out = server.down.bytes + server.down.size;
  CHECK(server.down.size + size + 4 <= ROOM);
  for (int place = 0; place < 4; place++) out[place] = (uint8_t)(size >> (24 - 8 * place));
  quintet__terminal__v1__server_frame__pack(frame, out + 4);
  server.down.size += size + 4;
}

static void refuse(const char *reason, uint64_t sequence) {
  Quintet__Terminal__V1__Problem problem = QUINTET__TERMINAL__V1__PROBLEM__INIT;
  Quintet__Terminal__V1__ServerFrame frame = QUINTET__TERMINAL__V1__SERVER_FRAME__INIT;
  problem.reason = (char *)reason;
  problem.sequence = sequence;
  frame.frame_case = QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_PROBLEM;
  frame.problem = &problem;
  answer(&frame);
}

static void take(const Quintet__Terminal__V1__Report *report) {
  if (report->sequence <= server.last) {
    server.repeats++;
    return;
  }
  server.last = report->sequence;
  server.last_time = report->time_ms;
  CHECK(server.applied_count < MOST);
  server.applied[server.applied_count++] = report->sequence;
  switch (report->content_case) {
    case QUINTET__TERMINAL__V1__REPORT__CONTENT_POSITION:
      server.latitudes[server.positions++] = report->position->point->latitude;
      break;
    case QUINTET__TERMINAL__V1__REPORT__CONTENT_PRESS: server.presses++; break;
    case QUINTET__TERMINAL__V1__REPORT__CONTENT_STEP: server.steps++; break;
    default: break;
  }
}

/* Takes all whole frames, and acknowledges. */
static void serve(void) {
  size_t at = 0;
  uint64_t before = server.last;
  int reported = 0;
  while (server.up.size - at >= 4) {
    const uint8_t *in = server.up.bytes + at;
    size_t size = (size_t)in[0] << 24 | (size_t)in[1] << 16 | (size_t)in[2] << 8 | in[3];
    Quintet__Terminal__V1__TerminalFrame *frame;
    CHECK(size <= QT_FRAME_LIMIT);
    if (server.up.size - at < 4 + size) break;
    frame = quintet__terminal__v1__terminal_frame__unpack(NULL, size, in + 4);
    CHECK(frame != NULL);
    if (!frame) break;
    at += 4 + size;
    if (frame->frame_case == QUINTET__TERMINAL__V1__TERMINAL_FRAME__FRAME_HELLO) {
      Quintet__Terminal__V1__Welcome welcome = QUINTET__TERMINAL__V1__WELCOME__INIT;
      Quintet__Terminal__V1__ServerFrame told = QUINTET__TERMINAL__V1__SERVER_FRAME__INIT;
      server.hellos++;
      server.acknowledged_by_hello = frame->hello->acknowledged_sequence;
      CHECK(!server.greeted);
      if (server.refusal) {
        refuse(server.refusal, 0);
      } else {
        server.greeted = 1;
        welcome.last_sequence = server.last;
        welcome.server_time_ms = 1700000000000;
        welcome.report_limit = 8;
        welcome.silence_limit_s = 90;
        told.frame_case = QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_WELCOME;
        told.welcome = &welcome;
        answer(&told);
      }
    } else if (frame->frame_case == QUINTET__TERMINAL__V1__TERMINAL_FRAME__FRAME_REPORT) {
      CHECK(server.greeted);
      take(frame->report);
      reported = 1;
    }
    quintet__terminal__v1__terminal_frame__free_unpacked(frame, NULL);
  }
  memmove(server.up.bytes, server.up.bytes + at, server.up.size - at);
  server.up.size -= at;
  if (reported && !server.silent) {
    Quintet__Terminal__V1__Ack ack = QUINTET__TERMINAL__V1__ACK__INIT;
    Quintet__Terminal__V1__ServerFrame told = QUINTET__TERMINAL__V1__SERVER_FRAME__INIT;
    CHECK(server.last >= before);
    ack.sequence = server.last;
    told.frame_case = QUINTET__TERMINAL__V1__SERVER_FRAME__FRAME_ACK;
    told.ack = &ack;
    answer(&told);
  }
}

/* ---- The terminal ---- */

static qt_terminal terminal;
static qt_report queue[16];
static int problems;
static uint64_t problem_sequence;
static char last_reason[64];

static void on_problem(void *user, const qt_problem *problem) {
  (void)user;
  problems++;
  problem_sequence = problem->sequence;
  strncpy(last_reason, problem->reason, sizeof last_reason - 1);
}

static void begin(size_t size, uint32_t seed) {
  qt_config config;
  memset(&server, 0, sizeof server);
  server.random = seed;
  memset(&config, 0, sizeof config);
  config.code = "pillar-001";
  config.token = "token";
  config.queue = queue;
  config.queue_size = size;
  config.transport = (qt_transport){NULL, link_connect, link_read, link_write, link_close};
  config.seed = seed;
  config.on_problem = on_problem;
  problems = 0;
  CHECK(qt_open(&terminal, &config) == QT_OK);
}

/* Counts what the SDK allocates, and not what the server does. */
static int step(uint64_t now) {
  int wait;
  is_counting = 1;
  wait = qt_step(&terminal, now);
  is_counting = 0;
  return wait;
}

static qt_position at(double latitude) {
  qt_position position = {latitude, 120.6, QT_WGS84, 3, 90};
  return position;
}

static void settle(uint64_t *now) {
  for (int round = 0; round < 4000 && qt_waiting(&terminal) > 0; round++) {
    *now += 50;
    step(*now);
    serve();
  }
}

static void presses_outlive_every_break(uint32_t seed) {
  uint64_t now = 1000;
  size_t pressed = 0, reported = 0;
  begin(16, seed);
  for (int round = 0; round < 3000; round++) {
    now += any(60);
    if (any(20) == 0) {
      is_counting = 1;
      if (qt_report_press(&terminal, now) == QT_OK) pressed++;
      is_counting = 0;
    }
    if (any(4) == 0) {
      qt_position position = at(reported * 0.001);
      if (qt_report_position(&terminal, &position, now, 0) == QT_OK) reported++;
    }
    step(now);
    if (any(3)) serve();
    if (any(25) == 0) server.is_up = 0;
    server.refuses = any(10) == 0;
  }
  server.refuses = 0;
  settle(&now);
  CHECK(qt_waiting(&terminal) == 0);
  CHECK(server.presses == pressed);
  CHECK(pressed > 50);
  for (size_t index = 1; index < server.applied_count; index++)
    CHECK(server.applied[index] > server.applied[index - 1]);
  for (size_t index = 1; index < server.positions; index++)
    CHECK(server.latitudes[index] > server.latitudes[index - 1]);
  /* A position that was given up may have arrived all the same, but none vanished otherwise. */
  CHECK(server.positions + qt_count(&terminal).dropped_positions >= reported);
  CHECK(qt_count(&terminal).connections > 5);
}

static void oldest_positions_give_way_first(void) {
  uint64_t now = 1000;
  begin(4, 7);
  server.refuses = 1;
  for (int index = 0; index < 3; index++) {
    qt_position position = at(index);
    CHECK(qt_report_position(&terminal, &position, now, 0) == QT_OK);
  }
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  CHECK(qt_report_step(&terminal, "asg_1", QT_ARRIVE, now) == QT_OK);
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  CHECK(qt_count(&terminal).dropped_positions == 3);
  CHECK(qt_report_press(&terminal, now) == QT_FULL);
  {
    qt_position position = at(9);
    CHECK(qt_report_position(&terminal, &position, now, 0) == QT_FULL);
  }
  server.refuses = 0;
  settle(&now);
  CHECK(server.presses == 3 && server.steps == 1 && server.positions == 0);
}

static void a_device_that_starts_again_goes_on_from_the_servers_last(void) {
  uint64_t now = 1000;
  begin(4, 9);
  server.last = 41;
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  settle(&now);
  CHECK(server.applied_count == 1 && server.applied[0] == 42);
  /* The next connection says so. */
  server.is_up = 0;
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  settle(&now);
  CHECK(server.acknowledged_by_hello == 42 && server.presses == 2);
}

static void what_was_taken_without_a_word_is_not_taken_twice(void) {
  uint64_t now = 1000;
  begin(4, 11);
  server.silent = 1;
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  for (int round = 0; round < 100; round++) {
    now += 20;
    step(now);
    serve();
  }
  CHECK(server.presses == 1 && qt_waiting(&terminal) == 1);
  /* Nobody answers: after a while it hangs up by itself, and hears that it was taken. */
  now += 20000;
  step(now);
  CHECK(!qt_is_open(&terminal));
  server.silent = 0;
  settle(&now);
  CHECK(server.presses == 1 && qt_waiting(&terminal) == 0 && server.hellos == 2);
}

static void times_are_the_servers(void) {
  uint64_t now = 1000;
  begin(4, 13);
  server.refuses = 1;
  CHECK(qt_report_press(&terminal, 1000) == QT_OK);
  step(now);
  now = 61000;
  server.refuses = 0;
  settle(&now);
  /* It was pressed a minute before the server said what time it was, and the link took a moment. */
  CHECK(server.last_time <= 1700000000000 - 59000 && server.last_time > 1700000000000 - 70000);
}

static void who_is_refused_waits(void) {
  uint64_t now = 1000;
  begin(4, 15);
  server.refusal = "TOKEN_EXPIRED";
  CHECK(qt_report_press(&terminal, now) == QT_OK);
  for (int round = 0; round < 200; round++) {
    now += 10;
    step(now);
    serve();
  }
  CHECK(problems == 1 && problem_sequence == 0 && !strcmp(last_reason, "TOKEN_EXPIRED"));
  CHECK(step(now) >= 500);
  server.refusal = NULL;
  CHECK(qt_set_token(&terminal, "another") == QT_OK);
  settle(&now);
  CHECK(server.presses == 1);
}

/* Frames that are no frames end the connection, and never write beyond anything. */
static void garbage_is_no_danger(uint32_t seed) {
  uint64_t now = 1000;
  begin(8, seed);
  for (int round = 0; round < 4000; round++) {
    now += 200;
    step(now);
    serve();
    if (server.is_up && any(3) == 0) {
      size_t size = any(QT_FRAME_LIMIT + 200);
      if (server.down.size + size + 4 <= ROOM) {
        uint8_t *out = server.down.bytes + server.down.size;
        for (int place = 0; place < 4; place++) out[place] = (uint8_t)(size >> (24 - 8 * place));
        for (size_t index = 0; index < size; index++) out[4 + index] = (uint8_t)any(256);
        server.down.size += size + 4;
      }
    }
    if (any(10) == 0) qt_report_press(&terminal, now);
  }
  qt_close(&terminal);
  CHECK(server.hellos > 10);
}

static void what_does_not_fit_is_refused_at_once(void) {
  static char token[5000];
  qt_config config;
  qt_socket socket;
  begin(4, 17);
  memset(token, 'x', sizeof token - 1);
  config = terminal.config;
  config.token = token;
  CHECK(qt_open(&terminal, &config) == QT_BAD);
  begin(4, 17);
  CHECK(qt_report_step(&terminal, token, QT_ARRIVE, 0) == QT_BAD);
  CHECK(qt_report_step(&terminal, NULL, QT_ARRIVE, 0) == QT_BAD);
  CHECK(qt_socket_tcp(&socket, "example.org", 7450) == QT_BAD);
  CHECK(qt_socket_unix(&socket, token) == QT_BAD);
  CHECK(qt_socket_tcp(&socket, "127.0.0.1", 7450) == QT_OK);
}

int main(void) {
  for (uint32_t seed = 1; seed <= 40; seed++) presses_outlive_every_break(seed * 7919);
  oldest_positions_give_way_first();
  a_device_that_starts_again_goes_on_from_the_servers_last();
  what_was_taken_without_a_word_is_not_taken_twice();
  times_are_the_servers();
  who_is_refused_waits();
  for (uint32_t seed = 1; seed <= 5; seed++) garbage_is_no_danger(seed * 104729);
  what_does_not_fit_is_refused_at_once();
  CHECK(allocations == 0);
  /* That the count can count. */
  is_counting = 1;
  free(__wrap_malloc(1));
  is_counting = 0;
  CHECK(allocations == 1);
  printf("%s\n", failures ? "FAILED" : "ok");
  return failures ? 1 : 0;
}
