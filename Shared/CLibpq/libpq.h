// Where the header lies differs from system to system: pkg-config knows.
#include <libpq-fe.h>
