/*
 * What the products share: how a row of activations is read, and how tiles cover a result.
 *
 * A row of the left-hand side is `taps` runs of `run` units, `tap` units apart, and the next row
 * starts `row` units on; rows may overlap. So a convolution reads its input where it lies: a plain
 * product has one tap. A unit is a block of 32 steps for integers, one step for bf16.
 */
#ifndef SPECTRON_ROWS_H
#define SPECTRON_ROWS_H

#include <immintrin.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

enum { LINE = 64, WIDTH = 16 };

typedef struct {
  long row;
  int taps;
  long tap;
  int run;
} rows;

/* The columns of panel `panel` that exist. */
INLINE __mmask16 lanes(int panel, int columns) {
  const int left = columns - panel * WIDTH;
  return left >= WIDTH ? 0xffff : (__mmask16)((1u << left) - 1);
}

#endif
