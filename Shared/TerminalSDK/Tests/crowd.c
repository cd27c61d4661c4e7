/* Many terminals in one process, for load tests: each reports so many positions, one after another
 * at a pace, and leaves when they are durable.
 *
 *   crowd SOCKET FILE FIXES PACE-MS    FILE: a line for each terminal, its code and its token */
#define _DEFAULT_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../Examples/example.h"

typedef struct member {
  qt_terminal terminal;
  qt_report queue[32];
  qt_socket socket;
  char code[80];
  char token[1024];
  int fixes;
  uint64_t due;
} member;

static int refusals;

static void on_problem(void *user, const qt_problem *problem) {
  (void)user;
  if (refusals++ < 5) fprintf(stderr, "refused %s %s\n", problem->reason, problem->message);
}

int main(int count, char **words) {
  static char line[2048];
  member *members = NULL;
  struct pollfd *either;
  size_t size = 0;
  unsigned long long durable = 0, dropped = 0, connections = 0;
  FILE *file;
  int fixes, pace, live = 1;
  uint64_t began = example_now();
  if (count != 5 || !(file = fopen(words[2], "r"))) return 2;
  fixes = atoi(words[3]);
  pace = atoi(words[4]);
  while (fgets(line, sizeof line, file)) {
    members = realloc(members, (size + 1) * sizeof *members);
    memset(members + size, 0, sizeof *members);
    if (sscanf(line, "%79s %1023s", members[size].code, members[size].token) == 2) size++;
  }
  fclose(file);
  either = calloc(size, sizeof *either);
  /* Only now do they stay where they are. */
  for (size_t index = 0; index < size; index++) {
    member *one = members + index;
    qt_config config;
    memset(&config, 0, sizeof config);
    qt_socket_unix(&one->socket, words[1]);
    config.code = one->code;
    config.token = one->token;
    config.queue = one->queue;
    config.queue_size = 32;
    config.transport = qt_socket_transport(&one->socket);
    config.seed = (uint32_t)index + 1;
    config.on_problem = on_problem;
    if (qt_open(&one->terminal, &config) != QT_OK) return 2;
    one->due = began + index % (size_t)pace;
  }
  while (live) {
    int wait = 1000;
    uint64_t now = example_now();
    live = 0;
    for (size_t index = 0; index < size; index++) {
      member *one = members + index;
      int until;
      if (one->fixes < fixes && now >= one->due) {
        qt_position position = {28.0 + 0.00001 * one->fixes, 120.6, QT_WGS84, 5, 0};
        qt_report_position(&one->terminal, &position, now, 0);
        one->fixes++;
        one->due += (uint64_t)pace;
      }
      until = qt_step(&one->terminal, now);
      if (one->fixes < fixes && one->due > now && (uint64_t)until > one->due - now)
        until = (int)(one->due - now);
      if (until < wait) wait = until;
      if (one->fixes < fixes || qt_waiting(&one->terminal) > 0) live = 1;
      either[index] = (struct pollfd){one->socket.descriptor, POLLIN, 0};
    }
    if (live) poll(either, size, wait);
  }
  for (size_t index = 0; index < size; index++) {
    qt_counts counts = qt_count(&members[index].terminal);
    durable += counts.acknowledged;
    dropped += counts.dropped_positions;
    connections += counts.connections;
    qt_close(&members[index].terminal);
  }
  printf(
    "terminals %zu durable %llu dropped %llu connections %llu refused %d ms %llu\n", size, durable,
    dropped, connections, refusals, (unsigned long long)(example_now() - began));
  free(members);
  free(either);
  return refusals ? 1 : 0;
}
