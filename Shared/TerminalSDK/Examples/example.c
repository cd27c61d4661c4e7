/* Reading the command line, and the token from its file. */
#define _DEFAULT_SOURCE
#include "example.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int usage(const char *problem) {
  fprintf(
    stderr,
    "%s\n"
    "--code CODE --token-file FILE (--socket PATH | --address IP --port N)"
    " [--fixes N] [--pace MS] [--at LATITUDE,LONGITUDE]\n",
    problem);
  return 0;
}

static int read_token(const char *path, example_options *options) {
  FILE *file = fopen(path, "r");
  size_t size;
  if (!file) return usage("令牌文件打不开 the token file cannot be opened");
  size = fread(options->token, 1, sizeof options->token - 1, file);
  fclose(file);
  while (size > 0 && (options->token[size - 1] == '\n' || options->token[size - 1] == ' ')) size--;
  options->token[size] = 0;
  return 1;
}

int example_read(int count, char **words, example_options *options) {
  memset(options, 0, sizeof *options);
  options->fixes = 10;
  options->pace = 1000;
  options->latitude = 28.0;
  options->longitude = 120.6;
  for (int at = 1; at + 1 < count; at += 2) {
    const char *name = words[at], *value = words[at + 1];
    if (!strcmp(name, "--code")) options->code = value;
    else if (!strcmp(name, "--socket")) options->path = value;
    else if (!strcmp(name, "--address")) options->address = value;
    else if (!strcmp(name, "--port")) options->port = atoi(value);
    else if (!strcmp(name, "--fixes")) options->fixes = atoi(value);
    else if (!strcmp(name, "--pace")) options->pace = atoi(value);
    else if (!strcmp(name, "--token-file")) {
      if (!read_token(value, options)) return 0;
    } else if (!strcmp(name, "--at")) {
      char *rest;
      options->latitude = strtod(value, &rest);
      options->longitude = *rest == ',' ? strtod(rest + 1, NULL) : 0;
    } else return usage(name);
  }
  if (!options->code || !options->token[0]) return usage("缺少参数 something is missing");
  return 1;
}

int example_socket(const example_options *options, qt_socket *socket) {
  qt_result result = QT_BAD;
  if (options->path) result = qt_socket_unix(socket, options->path);
  else if (options->address) result = qt_socket_tcp(socket, options->address, (uint16_t)options->port);
  return result == QT_OK ? 1 : usage("地址有误 the address is none");
}

static void on_problem(void *user, const qt_problem *problem) {
  example_options *options = user;
  options->refusals++;
  fprintf(
    stderr, "refused %llu %s %s %s\n", (unsigned long long)problem->sequence, problem->reason,
    problem->field, problem->message);
}

void example_config(example_options *options, qt_socket *socket, qt_config *config) {
  memset(config, 0, sizeof *config);
  config->code = options->code;
  config->token = options->token;
  config->transport = qt_socket_transport(socket);
  config->seed = (uint32_t)getpid();
  config->user = options;
  config->on_problem = on_problem;
}

uint64_t example_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}
