#include "server/http/address_reach.h"

/* In the order of preference: the first that holds the address tells. IPv4 is written as its mapping. */
#define V4(a, b, c, d)                                                                                       \
    {                                                                                                        \
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d                                                 \
    }
#define V4_BITS(length) (96 + (length))
#define V6(a, b, c, d)                                                                                       \
    {                                                                                                        \
        (a) >> 8, (a)&0xFF, (b) >> 8, (b)&0xFF, (c) >> 8, (c)&0xFF, (d) >> 8, (d)&0xFF                       \
    }

static const struct {
    unsigned char net[16];
    unsigned bits;
    enum address_reach reach;
} ranges[] = {
    {V4(0, 0, 0, 0), V4_BITS(8), ADDRESS_NEVER},        /* "this network": Linux takes it for itself */
    {V4(10, 0, 0, 0), V4_BITS(8), ADDRESS_PRIVATE},     /* RFC 1918 */
    {V4(100, 64, 0, 0), V4_BITS(10), ADDRESS_PRIVATE},  /* shared address space, RFC 6598 */
    {V4(127, 0, 0, 0), V4_BITS(8), ADDRESS_PRIVATE},    /* loopback */
    {V4(169, 254, 0, 0), V4_BITS(16), ADDRESS_PRIVATE}, /* link-local, and the metadata of clouds */
    {V4(172, 16, 0, 0), V4_BITS(12), ADDRESS_PRIVATE},  /* RFC 1918 */
    {V4(192, 0, 0, 0), V4_BITS(24), ADDRESS_PRIVATE},   /* IETF protocol assignments */
    {V4(192, 0, 2, 0), V4_BITS(24), ADDRESS_PRIVATE},   /* documentation */
    {V4(192, 88, 99, 0), V4_BITS(24), ADDRESS_PRIVATE}, /* 6to4 relays, RFC 7526 */
    {V4(192, 168, 0, 0), V4_BITS(16), ADDRESS_PRIVATE}, /* RFC 1918 */
    {V4(198, 18, 0, 0), V4_BITS(15), ADDRESS_PRIVATE},  /* benchmarking, RFC 2544 */
    {V4(198, 51, 100, 0), V4_BITS(24), ADDRESS_PRIVATE},
    {V4(203, 0, 113, 0), V4_BITS(24), ADDRESS_PRIVATE},
    {V4(224, 0, 0, 0), V4_BITS(4), ADDRESS_NEVER}, /* multicast */
    {V4(240, 0, 0, 0), V4_BITS(4), ADDRESS_NEVER}, /* reserved, and broadcast */
    {V4(0, 0, 0, 0), V4_BITS(0), ADDRESS_PUBLIC},
    {V6(0, 0, 0, 0), 128, ADDRESS_NEVER},            /* :: */
    {V6(0xFF00, 0, 0, 0), 8, ADDRESS_NEVER},         /* multicast */
    {V6(0x2001, 0, 0, 0), 23, ADDRESS_PRIVATE},      /* IETF protocol assignments, Teredo, ORCHID */
    {V6(0x2001, 0x0DB8, 0, 0), 32, ADDRESS_PRIVATE}, /* documentation */
    {V6(0x2002, 0, 0, 0), 16, ADDRESS_PRIVATE},      /* 6to4: an IPv4 address within */
    {V6(0x3FFF, 0, 0, 0), 20, ADDRESS_PRIVATE},      /* documentation, RFC 9637 */
    {V6(0x2000, 0, 0, 0), 3, ADDRESS_PUBLIC},        /* all global unicast that was ever given out */
    {V6(0, 0, 0, 0), 0, ADDRESS_PRIVATE}, /* the rest: ::1, fc00::/7, fe80::/10, 64:ff9b::/96 … */
};

static bool lies_within(const unsigned char *address, const unsigned char *net, unsigned bits)
{
    unsigned i = 0;
    for (; bits >= 8; bits -= 8, i++)
        if (address[i] != net[i])
            return false;
    return bits == 0 || ((address[i] ^ net[i]) >> (8 - bits)) == 0;
}

enum address_reach address_reach(const struct address *a)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (lies_within(a->b, ranges[i].net, ranges[i].bits))
            return ranges[i].reach;
    return ADDRESS_NEVER;
}
