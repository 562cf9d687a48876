// flows: UDP packets of many flows, at a rate.
//
//   cc -O2 -o flows flows.c
//   flows send SOURCE DESTINATION PORT FLOWS PACKETS RATE BYTES    sends PACKETS, RATE of them a second, the flows in turn
//   flows receive ADDRESS PORT                                     says "ready", and at SIGTERM how many came
//
// A flow is a source port and one of DESTINATION's ports from PORT on: SOURCE_PORTS flows for each. They are sent through a raw
// socket, as a hundred thousand sockets would be measured with what they send.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SOURCE_PORTS 25000
#define FIRST_SOURCE_PORT 20000
#define PORTS 4
#define TURN_NS 1000000L
#define RECEIVE_BUFFER (4 << 20)
#define MAX_BYTES 1400

static volatile sig_atomic_t ended;

static void end(int signal) {
    (void)signal;
    ended = 1;
}

static void fail(const char *what) {
    fprintf(stderr, "flows: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct in_addr address_of(const char *text) {
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1)
        fail(text);
    return address;
}

static int send_flows(char **words) {
    struct in_addr source = address_of(words[0]), destination = address_of(words[1]);
    long port = atol(words[2]), flows = atol(words[3]), packets = atol(words[4]), rate = atol(words[5]), bytes = atol(words[6]);
    if (flows < 1 || flows > SOURCE_PORTS * PORTS || rate < 1 || bytes < 0 || bytes > MAX_BYTES) {
        fprintf(stderr, "flows: 1 to %d flows, at least 1 packet a second, at most %d bytes\n", SOURCE_PORTS * PORTS, MAX_BYTES);
        return 2;
    }
    struct {
        struct iphdr ip;
        struct udphdr udp;
        unsigned char body[MAX_BYTES];
    } packet = {.ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .saddr = source.s_addr, .daddr = destination.s_addr}};
    size_t length = sizeof packet.ip + sizeof packet.udp + (size_t)bytes;
    packet.ip.tot_len = htons((unsigned short)length);
    packet.udp.len = htons((unsigned short)(sizeof packet.udp + (size_t)bytes)); // No checksum: IPv4 allows that.
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = destination};
    int raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    if (raw < 0)
        fail("raw socket");

    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long sent = 0; sent < packets;) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        long due = (long)(((double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9) * (double)rate);
        for (; sent < due && sent < packets; sent++) {
            long flow = sent % flows;
            packet.udp.source = htons((unsigned short)(FIRST_SOURCE_PORT + flow % SOURCE_PORTS));
            packet.udp.dest = htons((unsigned short)(port + flow / SOURCE_PORTS));
            if (sendto(raw, &packet, length, 0, (struct sockaddr *)&to, sizeof to) < 0 && errno != ENOBUFS)
                fail("send");
        }
        nanosleep(&(struct timespec){.tv_nsec = TURN_NS}, NULL);
    }
    printf("sent %ld\n", packets);
    return 0;
}

static int receive_flows(char **words) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = address_of(words[0])};
    struct pollfd sockets[PORTS];
    int buffer = RECEIVE_BUFFER;
    for (int i = 0; i < PORTS; i++) {
        own.sin_port = htons((unsigned short)(atoi(words[1]) + i));
        sockets[i] = (struct pollfd){.fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN};
        setsockopt(sockets[i].fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
        if (bind(sockets[i].fd, (struct sockaddr *)&own, sizeof own) != 0)
            fail("bind");
    }
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = end}, NULL);
    puts("ready");
    fflush(stdout);
    long received = 0;
    char body[MAX_BYTES];
    while (!ended && poll(sockets, PORTS, 100) >= 0)
        for (int i = 0; i < PORTS; i++)
            while (recv(sockets[i].fd, body, sizeof body, MSG_DONTWAIT) >= 0)
                received++;
    printf("received %ld\n", received);
    return 0;
}

int main(int count, char **words) {
    if (count == 9 && strcmp(words[1], "send") == 0)
        return send_flows(words + 2);
    if (count == 4 && strcmp(words[1], "receive") == 0)
        return receive_flows(words + 2);
    fprintf(stderr, "usage: flows send SOURCE DESTINATION PORT FLOWS PACKETS RATE BYTES | flows receive ADDRESS PORT\n");
    return 2;
}
