/* The one route table of the public listeners, and that of the management listener. */
#ifndef ONEDOOR_SERVER_ROUTES_H
#define ONEDOOR_SERVER_ROUTES_H

#include "server/http/route.h"

extern const struct route public_routes[];
extern const size_t public_route_count;
extern const struct route management_routes[];
extern const size_t management_route_count;

#endif
