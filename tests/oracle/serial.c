/* serial ELF TEXT: runs a program of an ATmega328P, sends it the text, and prints what it answers.

   The sign 4 waits for two seconds and resets the board; 5 changes the first byte of its EEPROM before that. */
#include <simavr/avr_eeprom.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <stdio.h>
#include <string.h>

static void received(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    (void)param;
    putchar((int)value);
}

int main(int count, char **words) {
    elf_firmware_t firmware;
    memset(&firmware, 0, sizeof firmware);
    if (count != 3 || elf_read_firmware(words[1], &firmware)) return 2;
    avr_t *avr = avr_make_mcu_by_name("atmega328p");
    avr_init(avr);
    avr->frequency = 16000000;
    avr_load_firmware(avr, &firmware);
    uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)AVR_UART_FLAG_STDIO;
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), received, NULL);
    avr_irq_t *in = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    const size_t length = strlen(words[2]);
    const avr_cycle_count_t between = 20000, begin = 1600000, wait = 32000000; /* 1.25 ms, 0.1 s, 2 s */
    avr_cycle_count_t next = begin;
    size_t sent = 0;
    while (sent < length || avr->cycle < next + 800 * between) {
        const int state = avr_run(avr);
        if (state == cpu_Done || state == cpu_Crashed) return 3;
        if (sent == length || avr->cycle < next) continue;
        const uint8_t sign = (uint8_t)words[2][sent++];
        if (sign == 5) {
            uint8_t first;
            avr_eeprom_desc_t at = {.ee = &first, .offset = 0, .size = 1};
            avr_ioctl(avr, AVR_IOCTL_EEPROM_GET, &at);
            first ^= 1;
            avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &at);
        } else if (sign == 4) {
            avr_reset(avr);
            next = avr->cycle + begin;
        } else {
            avr_raise_irq(in, sign);
            next += between;
        }
        if (sent < length && (words[2][sent] == 4 || words[2][sent] == 5)) next += wait;
    }
    return 0;
}
