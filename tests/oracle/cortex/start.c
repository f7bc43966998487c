/* What a Cortex-M4 begins with: the stack's end, and a start that switches the floating-point unit on. */
#include <stdint.h>

extern void _start(void);

void start(void) {
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
    __asm__ volatile("dsb\nisb");
    _start();
}

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t stack;
    void (*reset)(void);
} vectors = {0x203FF000, start};
