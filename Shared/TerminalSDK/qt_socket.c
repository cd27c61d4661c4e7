/* Unix sockets and TCP for terminals, without blocking. */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "quintet_terminal.h"

qt_result qt_socket_unix(qt_socket *socket, const char *path) {
  struct sockaddr_un address;
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof address.sun_path || length >= sizeof socket->host) return QT_BAD;
  memset(socket, 0, sizeof *socket);
  memcpy(socket->host, path, length);
  socket->descriptor = -1;
  return QT_OK;
}

qt_result qt_socket_tcp(qt_socket *socket, const char *address, uint16_t port) {
  struct in6_addr parsed;
  size_t length = strlen(address);
  if (port == 0 || length >= sizeof socket->host) return QT_BAD;
  if (inet_pton(AF_INET, address, &parsed) != 1 && inet_pton(AF_INET6, address, &parsed) != 1)
    return QT_BAD;
  memset(socket, 0, sizeof *socket);
  memcpy(socket->host, address, length);
  socket->port = port;
  socket->descriptor = -1;
  return QT_OK;
}

static socklen_t address_of(const qt_socket *socket, struct sockaddr_storage *storage) {
  struct sockaddr_in *four = (struct sockaddr_in *)storage;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;
  struct sockaddr_un *local = (struct sockaddr_un *)storage;
  memset(storage, 0, sizeof *storage);
  if (socket->port == 0) {
    local->sun_family = AF_UNIX;
    memcpy(local->sun_path, socket->host, strlen(socket->host) + 1);
    return sizeof *local;
  }
  if (inet_pton(AF_INET, socket->host, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(socket->port);
    return sizeof *four;
  }
  inet_pton(AF_INET6, socket->host, &six->sin6_addr);
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(socket->port);
  return sizeof *six;
}

static int socket_connect(void *context) {
  qt_socket *socket_ = context;
  struct sockaddr_storage address;
  socklen_t size = address_of(socket_, &address);
  if (socket_->descriptor < 0) {
    int one = 1;
    socket_->descriptor = socket(address.ss_family, SOCK_STREAM, 0);
    if (socket_->descriptor < 0) return -1;
    fcntl(socket_->descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(socket_->descriptor, F_SETFL, O_NONBLOCK);
    /* A press must not wait for the acknowledgement of what went before. */
    if (socket_->port) setsockopt(socket_->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  if (connect(socket_->descriptor, (struct sockaddr *)&address, size) == 0 || errno == EISCONN) return 1;
  return errno == EINPROGRESS || errno == EALREADY || errno == EINTR ? 0 : -1;
}

static long result_of(ssize_t count) {
  if (count >= 0) return (long)count;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

static long socket_read(void *context, uint8_t *bytes, size_t size) {
  ssize_t count;
  if (size == 0) return 0;
  count = recv(((qt_socket *)context)->descriptor, bytes, size, 0);
  return count == 0 ? -1 : result_of(count);
}

static long socket_write(void *context, const uint8_t *bytes, size_t size) {
  return result_of(send(((qt_socket *)context)->descriptor, bytes, size, MSG_NOSIGNAL));
}

static void socket_close(void *context) {
  qt_socket *socket_ = context;
  if (socket_->descriptor >= 0) close(socket_->descriptor);
  socket_->descriptor = -1;
}

qt_transport qt_socket_transport(qt_socket *socket) {
  qt_transport transport = {socket, socket_connect, socket_read, socket_write, socket_close};
  return transport;
}
