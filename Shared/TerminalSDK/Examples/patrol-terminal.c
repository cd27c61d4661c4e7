/* 巡逻车载终端示例: drives along a line at 1 fix each --pace milliseconds, signs and takes the steps of
 * every assignment that it is told of, and leaves with 0 when --fixes positions are durable. */
#define _DEFAULT_SOURCE
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "example.h"

static qt_terminal terminal;
static qt_report queue[64];

/* The steps that follow each state of an order; the server tells when each was taken. */
static void on_order(void *user, const qt_order *order) {
  (void)user;
  printf("order %s %d\n", order->assignment_id, order->state);
  fflush(stdout);
  if (order->state == QT_ORDER_DISPATCHED)
    qt_report_step(&terminal, order->assignment_id, QT_ACKNOWLEDGE, example_now());
  else if (order->state == QT_ORDER_ACKNOWLEDGED)
    qt_report_step(&terminal, order->assignment_id, QT_DEPART, example_now());
  else if (order->state == QT_ORDER_EN_ROUTE)
    qt_report_step(&terminal, order->assignment_id, QT_ARRIVE, example_now());
  else if (order->state == QT_ORDER_ON_SCENE)
    qt_report_step(&terminal, order->assignment_id, QT_CLEAR, example_now());
}

int main(int count, char **words) {
  example_options options;
  qt_socket socket;
  qt_config config;
  qt_position position;
  int fixes = 0;
  uint64_t due;
  if (!example_read(count, words, &options) || !example_socket(&options, &socket)) return 2;
  example_config(&options, &socket, &config);
  config.queue = queue;
  config.queue_size = sizeof queue / sizeof *queue;
  config.on_order = on_order;
  if (qt_open(&terminal, &config) != QT_OK) return 2;
  qt_report_status(&terminal, QT_AVAILABLE, QT_NO_CONDITION, example_now());
  memset(&position, 0, sizeof position);
  position.latitude = options.latitude;
  position.longitude = options.longitude;
  position.datum = QT_WGS84;
  position.speed_mps = 10;
  due = example_now();
  while (fixes < options.fixes || qt_waiting(&terminal) > 0) {
    uint64_t now = example_now();
    int wait;
    if (fixes < options.fixes && now >= due) {
      qt_report_position(&terminal, &position, now, 0);
      position.latitude += 0.00001;
      due += (uint64_t)options.pace;
      fixes++;
    }
    wait = qt_step(&terminal, now);
    if (fixes < options.fixes && due > now && (uint64_t)wait > due - now) wait = (int)(due - now);
    struct pollfd readable = {socket.descriptor, POLLIN, 0};
    poll(&readable, 1, wait);
  }
  printf(
    "durable %llu dropped %llu\n", (unsigned long long)qt_count(&terminal).acknowledged,
    (unsigned long long)qt_count(&terminal).dropped_positions);
  qt_close(&terminal);
  return options.refusals ? 1 : 0;
}
