// wire: two network namespaces joined by a wire that is as bad as you ask for, where the kernel has no netem.
//
//   cc -O2 -o wire wire.c
//   wire NS_A NS_B DEVICE [delay=MS] [jitter=MS] [loss=PERCENT] [reorder=PERCENT] [rate=MBIT] [queue=MS] [seed=N]
//
// A TAP device called DEVICE appears in each namespace; what one end sends comes out of the other after delay ± jitter (evenly
// spread, so frames overtake each other), unless it is lost. `reorder` percent of the frames do not wait at all. `rate` limits each
// direction, and a frame that would wait longer than `queue` (50 ms) for its turn is dropped. Each direction is treated alike.
// Addresses are the caller's to set. Says "ready", and what it did when it is terminated. Root only.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

// Frames wait in a wheel of short slots, first in first out within a slot: no sorting, and the same cost for each frame.
#define SLOT_NS 10000L
#define SLOTS 65536L
#define MAX_FRAME 2048
#define MAX_WAITING 60000

struct frame {
    struct frame *next;
    long length;
    unsigned char bytes[MAX_FRAME];
};

struct direction {
    int from, to;
    struct frame *first[SLOTS], *last[SLOTS];
    long done;       // the last slot that was emptied
    long waiting;
    long line_free;  // when the line has sent what was given to it
    unsigned long carried, lost, dropped;
};

static struct {
    double delay, jitter, loss, reorder, rate, queue;
    unsigned long seed;
} want = {.queue = 50, .seed = 1};

static volatile sig_atomic_t leaving;
static struct frame *unused;
static struct direction both[2];

static void leave(int signal) { (void)signal; leaving = 1; }

static void fail(const char *what) {
    fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

// splitmix64: evenly spread from 0 to 1.
static double chance(void) {
    unsigned long z = (want.seed += 0x9E3779B97F4A7C15UL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

static int tap_in(const char *namespace, const char *device) {
    char path[128];
    snprintf(path, sizeof path, "/run/netns/%s", namespace);
    int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there = open(path, O_RDONLY | O_CLOEXEC);
    if (there < 0 || setns(there, CLONE_NEWNET) != 0)
        fail(path);
    int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    strncpy(request.ifr_name, device, IFNAMSIZ - 1);
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0)
        fail(device);
    if (setns(home, CLONE_NEWNET) != 0)
        fail("back to where we came from");
    close(home);
    close(there);
    return tap;
}

static struct frame *take(void) {
    struct frame *frame = unused;
    if (frame)
        unused = frame->next;
    else if (!(frame = malloc(sizeof *frame)))
        fail("memory");
    return frame;
}

static void give_back(struct frame *frame) {
    frame->next = unused;
    unused = frame;
}

// Whether the frame goes on the wire, and when it comes out.
static int admit(struct direction *way, long length, long time, long *due) {
    if (way->waiting >= MAX_WAITING) {
        way->dropped++;
        return 0;
    }
    if (chance() * 100 < want.loss) {
        way->lost++;
        return 0;
    }
    long sent = time;
    if (want.rate > 0) {
        if (way->line_free < time)
            way->line_free = time;
        if (way->line_free - time > (long)(want.queue * 1e6)) {
            way->dropped++;
            return 0;
        }
        sent = way->line_free += (long)((double)length * 8000 / want.rate);
    }
    double wait = chance() * 100 < want.reorder ? 0 : want.delay + want.jitter * (2 * chance() - 1);
    *due = sent + (wait > 0 ? (long)(wait * 1e6) : 0);
    return 1;
}

static void receive(struct direction *way, long time) {
    for (int i = 0; i < 128; i++) {
        struct frame *frame = take();
        frame->length = read(way->from, frame->bytes, MAX_FRAME);
        long due;
        if (frame->length <= 0) {
            give_back(frame);
            return;
        }
        if (!admit(way, frame->length, time, &due)) {
            give_back(frame);
            continue;
        }
        long slot = due / SLOT_NS;
        if (slot <= way->done)
            slot = way->done + 1;
        if (slot >= way->done + SLOTS)
            slot = way->done + SLOTS - 1;
        slot %= SLOTS;
        frame->next = NULL;
        if (way->last[slot])
            way->last[slot]->next = frame;
        else
            way->first[slot] = frame;
        way->last[slot] = frame;
        way->waiting++;
    }
}

static void deliver(struct direction *way, long time) {
    long until = time / SLOT_NS;
    if (way->waiting == 0)
        way->done = until;
    while (way->done < until) {
        long slot = ++way->done % SLOTS;
        struct frame *frame = way->first[slot];
        way->first[slot] = way->last[slot] = NULL;
        while (frame) {
            struct frame *next = frame->next;
            if (write(way->to, frame->bytes, (size_t)frame->length) == frame->length)
                way->carried++;
            else
                way->dropped++;
            way->waiting--;
            give_back(frame);
            frame = next;
        }
    }
}

// How long nothing is due.
static long idle(const struct direction *way, long time) {
    if (way->waiting == 0)
        return 100000000L;
    for (long slot = way->done + 1; slot < way->done + SLOTS; slot++)
        if (way->first[slot % SLOTS])
            return slot * SLOT_NS > time ? slot * SLOT_NS - time : 0;
    return 0;
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: wire NS_A NS_B DEVICE [delay=MS] [jitter=MS] [loss=PERCENT] [reorder=PERCENT] [rate=MBIT] [queue=MS] [seed=N]\n");
        return 2;
    }
    for (int i = 4; i < count; i++)
        if (sscanf(words[i], "delay=%lf", &want.delay) + sscanf(words[i], "jitter=%lf", &want.jitter) + sscanf(words[i], "loss=%lf", &want.loss)
            + sscanf(words[i], "reorder=%lf", &want.reorder) + sscanf(words[i], "rate=%lf", &want.rate) + sscanf(words[i], "queue=%lf", &want.queue)
            + sscanf(words[i], "seed=%lu", &want.seed) != 1) {
            fprintf(stderr, "wire: %s is no setting\n", words[i]);
            return 2;
        }
    int a = tap_in(words[1], words[3]), b = tap_in(words[2], words[3]);
    both[0].from = both[1].to = a;
    both[0].to = both[1].from = b;
    both[0].done = both[1].done = now() / SLOT_NS;
    struct sigaction action = {.sa_handler = leave};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1000);
    puts("ready");
    fflush(stdout);
    while (!leaving) {
        long time = now(), wait = 100000000L;
        for (int i = 0; i < 2; i++) {
            receive(&both[i], time);
            deliver(&both[i], time);
            long rest = idle(&both[i], time);
            wait = rest < wait ? rest : wait;
        }
        struct pollfd polled[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
        struct timespec limit = {.tv_nsec = wait};
        ppoll(polled, 2, &limit, NULL);
    }
    for (int i = 0; i < 2; i++)
        printf("%s: carried %lu, lost %lu, dropped %lu\n", i ? "b to a" : "a to b", both[i].carried, both[i].lost, both[i].dropped);
    return 0;
}
