/* What both examples read from the command line. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include "quintet_terminal.h"

typedef struct example_options {
  const char *code;
  const char *path;    /* of a Unix socket */
  const char *address; /* numeric, with port */
  int port;
  int fixes;
  int pace; /* milliseconds */
  double latitude, longitude;
  int refusals; /* reports or connections that were refused */
  char token[4096];
} example_options;

/* 0 after it said what is wrong. */
int example_read(int count, char **words, example_options *options);
int example_socket(const example_options *options, qt_socket *socket);
void example_config(example_options *options, qt_socket *socket, qt_config *config);
/* Milliseconds since the machine was started. */
uint64_t example_now(void);

#endif
