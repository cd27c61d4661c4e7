/* 求助报警柱示例: a pillar whose button is a line on standard input. Each line is a press; at the end
 * of the input it stays until all presses are durable, and leaves with 0. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "example.h"

static qt_terminal terminal;
static qt_report queue[16];

int main(int count, char **words) {
  example_options options;
  qt_socket socket;
  qt_config config;
  int is_over = 0;
  if (!example_read(count, words, &options) || !example_socket(&options, &socket)) return 2;
  example_config(&options, &socket, &config);
  config.queue = queue;
  config.queue_size = sizeof queue / sizeof *queue;
  if (qt_open(&terminal, &config) != QT_OK) return 2;
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  while (!is_over || qt_waiting(&terminal) > 0) {
    char buttons[64];
    int wait = qt_step(&terminal, example_now());
    /* A descriptor below 0 is passed over. */
    struct pollfd either[2] = {{is_over ? -1 : STDIN_FILENO, POLLIN, 0}, {socket.descriptor, POLLIN, 0}};
    poll(either, 2, wait);
    if (is_over) continue;
    ssize_t got = read(STDIN_FILENO, buttons, sizeof buttons);
    if (got == 0) is_over = 1;
    for (ssize_t at = 0; at < got; at++) {
      if (buttons[at] != '\n') continue;
      qt_result result = qt_report_press(&terminal, example_now());
      printf("%s\n", result == QT_OK ? "pressed" : "full");
      fflush(stdout);
    }
  }
  printf("durable %llu\n", (unsigned long long)qt_count(&terminal).acknowledged);
  qt_close(&terminal);
  return options.refusals ? 1 : 0;
}
