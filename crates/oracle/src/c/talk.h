/* Bytes and numbers in and out of the program. */
#include "calls.h"

static unsigned char input[4096], output[4096];
static unsigned long in_at, in_end, out_at;
/* Not zero: qemu-user does not load a program whose writable part is nothing but zeros. */
static volatile unsigned long status = 1;

static ORACLE void leave(long code)
{
	for (;;)
		call(CALL_EXIT, code, 0, 0);
}

static ORACLE void flush(void)
{
	unsigned char *from = output;
	long left = out_at;

	out_at = 0;
	while (left > 0) {
		long n = call(CALL_WRITE, 1, (long)from, left);

		if (n <= 0)
			leave(2 + status);
		from += n;
		left -= n;
	}
}

static ORACLE int get(void)
{
	if (in_at == in_end) {
		long n;

		flush();
		n = call(CALL_READ, 0, (long)input, sizeof(input));
		if (n < 0)
			leave(4);
		if (n == 0)
			return -1;
		in_at = 0;
		in_end = n;
	}
	return input[in_at++];
}

static ORACLE u64 get_number(void)
{
	u64 number = 0;
	int i;

	for (i = 0; i < 8; i++) {
		int byte = get();
		if (byte < 0)
			leave(5);
		number = number << 8 | byte;
	}
	return number;
}

static ORACLE void put(unsigned char byte)
{
	if (out_at == sizeof(output))
		flush();
	output[out_at++] = byte;
}

static ORACLE void put_number(u64 number)
{
	int i;

	for (i = 0; i < 8; i++) {
		put(number >> 56);
		number <<= 8;
	}
}

static ORACLE void constant(const char *name, u64 number)
{
	int i;

	while (*name)
		put(*name++);
	put(' ');
	for (i = 0; i < 16; i++) {
		put("0123456789abcdef"[number >> 60]);
		number <<= 4;
	}
	put('\n');
}

