// pump: the limit of this design. IP packets between a TUN device and a TCP connection, with the kernel's offloads, and nothing
// else: no encryption, no muxing, no routing, one thread for each direction.
//
//   cc -O2 -pthread -o pump pump.c
//   pump DEVICE listen ADDRESS PORT | pump DEVICE connect ADDRESS PORT
//
// Each packet travels as u32 length (big-endian, of what follows) | virtio net header | packet. Says "ready" when it is connected.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 10
#define MAX_PACKET (HEADER + 65535)
#define BUFFER (1 << 20)

static int tun, wire;

static void fail(const char *what) {
    fprintf(stderr, "pump: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int connect_or_accept(int listens, const char *address, int port) {
    struct sockaddr_in end = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (inet_pton(AF_INET, address, &end.sin_addr) != 1)
        fail(address);
    int one = 1, link = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(link, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (listens) {
        if (bind(link, (struct sockaddr *)&end, sizeof end) != 0 || listen(link, 1) != 0)
            fail("listen");
        link = accept(link, NULL, NULL);
        if (link < 0)
            fail("accept");
    } else {
        while (connect(link, (struct sockaddr *)&end, sizeof end) != 0) {
            if (errno != ECONNREFUSED)
                fail("connect");
            usleep(10000);
            close(link);
            link = socket(AF_INET, SOCK_STREAM, 0);
        }
    }
    setsockopt(link, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return link;
}

static void *out(void *unused) {
    unsigned char *buffer = malloc(4 + MAX_PACKET);
    for (;;) {
        ssize_t length = read(tun, buffer + 4, MAX_PACKET);
        if (length < 0)
            fail("read from the device");
        unsigned int header = htonl((unsigned int)length);
        memcpy(buffer, &header, 4);
        for (ssize_t sent = 0; sent < length + 4;) {
            ssize_t more = send(wire, buffer + sent, (size_t)(length + 4 - sent), MSG_NOSIGNAL);
            if (more < 0)
                exit(0);
            sent += more;
        }
    }
    return unused;
}

static void in(void) {
    unsigned char *buffer = malloc(BUFFER);
    size_t begin = 0, end = 0;
    for (;;) {
        unsigned int length = 0;
        if (end - begin >= 4) {
            memcpy(&length, buffer + begin, 4);
            length = ntohl(length);
            if (length > MAX_PACKET)
                fail("length");
        }
        if (end - begin < 4 || end - begin < 4 + (size_t)length) {
            if (BUFFER - begin < 4 + MAX_PACKET) {
                memmove(buffer, buffer + begin, end - begin);
                end -= begin;
                begin = 0;
            }
            ssize_t more = recv(wire, buffer + end, BUFFER - end, 0);
            if (more <= 0)
                exit(0);
            end += (size_t)more;
            continue;
        }
        // EIO: the device is not up yet.
        if (write(tun, buffer + begin + 4, length) < 0 && errno != EINVAL && errno != EIO)
            fail("write to the device");
        begin += 4 + length;
        if (begin == end)
            begin = end = 0;
    }
}

int main(int count, char **words) {
    if (count != 5) {
        fprintf(stderr, "usage: pump DEVICE listen|connect ADDRESS PORT\n");
        return 2;
    }
    tun = open("/dev/net/tun", O_RDWR);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR};
    strncpy(request.ifr_name, words[1], IFNAMSIZ - 1);
    if (tun < 0 || ioctl(tun, TUNSETIFF, &request) != 0)
        fail(words[1]);
    if (ioctl(tun, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) != 0)
        fail("offload");
    wire = connect_or_accept(strcmp(words[2], "listen") == 0, words[3], atoi(words[4]));
    puts("ready");
    fflush(stdout);
    pthread_t thread;
    pthread_create(&thread, NULL, out, NULL);
    in();
}
