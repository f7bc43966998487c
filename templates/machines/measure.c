/* Measures a predictor on a simulated machine: how long it takes, and how deep its stack is.

   measured.h has the type row_t, some rows, ROWS of them, and the function predicted, which takes one.
   With SIZES this is the smallest program that calls it; with EMPTY, too, the same without the call. */
#include "measured.h"
#include <stdint.h>

#ifdef SIZES

static volatile row_t one;
int main(void) {
#ifdef EMPTY
    sink = (int)*(volatile unsigned char *)&one;
#else
    predicted((row_t *)&one);
#endif
    for (;;) {
    }
}

#else

static void put(uint32_t value);
static uint32_t now(void);

/* the stack pointer */
#ifdef __AVR__
#include <avr/io.h>
#define stack() ((volatile unsigned char *)SP)
#else
static inline volatile unsigned char *stack(void) {
    volatile unsigned char *sp;
#ifdef __arm__
    __asm__ volatile("mov %0, sp" : "=r"(sp));
#else
    __asm__ volatile("mv %0, sp" : "=r"(sp));
#endif
    return sp;
}
#endif

__attribute__((noinline)) static void call(row_t *row) {
    predicted(row);
}

__attribute__((noinline)) static void nothing(row_t *row) {
    __asm__ volatile("" : : "r"(row) : "memory");
}

/* The bytes of stack that a call has written to: those that have lost their mark. */
#define MARK 0xA7
static uint32_t depth(row_t *row) {
    volatile unsigned char *top = stack(), *from = top - ROOM;
    for (volatile unsigned char *p = from; p < top; p++) *p = MARK;
    call(row);
    while (from < top && *from == MARK) from++;
    return (uint32_t)(top - from);
}

/* REPEAT times all rows, as a simulator's clock may be coarse. */
static uint32_t taken(void (*what)(row_t *)) {
    const uint32_t begun = now();
    for (int k = 0; k < REPEAT; k++) {
        for (int i = 0; i < ROWS; i++) what(rows + i);
    }
    return now() - begun;
}

static void measure(void) {
    const uint32_t long_time = taken(call), short_time = taken(nothing);
    uint32_t deepest = 0;
#ifdef __AVR__
    TIMSK1 = 0; /* an interrupt would write to the stack */
#endif
    for (int i = 0; i < ROWS; i++) {
        const uint32_t found = depth(rows + i);
        deepest = found > deepest ? found : deepest;
    }
    put(long_time - short_time);
    put(deepest);
}

#if defined(__AVR__)

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
static volatile uint16_t high;
ISR(TIMER1_OVF_vect) {
    high++;
}
static uint32_t now(void) {
    const uint8_t state = SREG;
    cli();
    uint16_t low = TCNT1, above = high;
    if ((TIFR1 & 1) && low < 0x8000) above++;
    SREG = state;
    return (uint32_t)above << 16 | low;
}
static void send(char sign) {
    loop_until_bit_is_set(UCSR0A, UDRE0);
    UDR0 = (uint8_t)sign;
}
static void put(uint32_t value) {
    for (int8_t shift = 28; shift >= 0; shift -= 4) send("0123456789abcdef"[value >> shift & 15]);
    send('\n');
}
int main(void) {
    UCSR0B = 1 << TXEN0;
    TIMSK1 = 1;
    TCCR1B = 1;
    sei();
    measure();
    cli();
    sleep_mode(); /* with no interrupt to wake it: the simulator ends */
    return 0;
}

#elif defined(__arm__)

static void host(int number, const void *argument) {
    register int r0 __asm__("r0") = number;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}
static void send(char sign) {
    host(3, &sign);
}
#define TIMER ((volatile uint32_t *)0x40000000) /* 25 MHz: with an instruction each ns, 40 instructions a tick */
static uint32_t now(void) {
    return ~TIMER[1] * 40u;
}
static void start(void) {
    TIMER[2] = TIMER[1] = 0xFFFFFFFFu;
    TIMER[0] = 1;
}
static void end(void) {
    host(0x18, (const void *)0x20026);
}

#else

static void send(char sign) {
    *(volatile unsigned char *)0x10000000 = (unsigned char)sign;
}
static uint32_t now(void) {
    uint32_t count;
    __asm__ volatile("csrr %0, minstret" : "=r"(count));
    return count;
}
static void start(void) {
}
static void end(void) {
    *(volatile uint32_t *)0x100000 = 0x5555;
}

#endif

#ifndef __AVR__
static void put(uint32_t value) {
    for (int shift = 28; shift >= 0; shift -= 4) send("0123456789abcdef"[value >> shift & 15]);
    send('\n');
}
int main(void) {
    start();
    measure();
    end();
    for (;;) {
    }
}
#endif

#endif

#if defined(__arm__)

int main(void);
void begin(void);
void begin(void) {
#ifdef __ARM_FP
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* the unit for floating point */
    __asm__ volatile("dsb\nisb");
#endif
    main();
}
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t stack;
    void (*reset)(void);
} vectors = {0x20100000, begin};

#elif defined(__riscv)

int main(void);
__attribute__((naked, section(".vectors"), used)) void begin(void);
__attribute__((naked, section(".vectors"), used)) void begin(void) {
    __asm__ volatile("li sp, 0x80400000\n"
#ifdef __riscv_flen
                     "li t0, 0x6000\ncsrs mstatus, t0\n"
#endif
                     "j main");
}

#endif
