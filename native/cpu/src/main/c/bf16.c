/*
 * Products of activations rounded to bf16 with weights packed as BF16 (core/packing/Bf16Panels): a
 * line holds two steps in depth of sixteen columns, which is what the dot product of pairs takes.
 *
 * A tile is up to ROWS rows by two panels: 24 accumulators, two lines of weights, one pair of
 * activations in all lanes. A sum runs through the depth in order, so that it does not depend on the
 * tile that it is in.
 */
#include "rows.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

enum { ROWS = 12, PANELS = 2 };

/* y += x · weights for `count` rows and `panels` panels, both constants once inlined. */
INLINE TARGET void tile(const int count, const int panels, const uint8_t *panel, long panel_bytes,
                        const uint16_t *x, const rows *shape, float *y, long stride,
                        const __mmask16 *mask) {
  __m512 sum[ROWS][PANELS];
  for (int r = 0; r < count; r++)
    for (int p = 0; p < panels; p++)
      sum[r][p] = _mm512_maskz_loadu_ps(mask[p], y + r * stride + p * WIDTH);
  for (int t = 0; t < shape->taps; t++) {
    const uint16_t *own = x + t * shape->tap;
    for (int k = 0; k < shape->run; k += 2, panel += LINE) {
      __m512bh w[PANELS];
      for (int p = 0; p < panels; p++)
        w[p] = (__m512bh)_mm512_loadu_si512(panel + p * panel_bytes);
      for (int r = 0; r < count; r++) {
        const __m512bh pair =
            (__m512bh)_mm512_set1_epi32(*(const int32_t *)(own + r * shape->row + k));
        for (int p = 0; p < panels; p++) sum[r][p] = _mm512_dpbf16_ps(sum[r][p], w[p], pair);
      }
    }
  }
  for (int r = 0; r < count; r++)
    for (int p = 0; p < panels; p++)
      _mm512_mask_storeu_ps(y + r * stride + p * WIDTH, mask[p], sum[r][p]);
}

#define TILE(count)                                                                        \
  case count:                                                                              \
    if (panels == PANELS) tile(count, PANELS, panel, panel_bytes, x, shape, y, stride, mask); \
    else tile(count, 1, panel, panel_bytes, x, shape, y, stride, mask);                    \
    break;

static TARGET void any_tile(int count, int panels, const uint8_t *panel, long panel_bytes,
                            const uint16_t *x, const rows *shape, float *y, long stride,
                            const __mmask16 *mask) {
  switch (count) {
    TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
    TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)
  }
}

/* Whether the processor has what TARGET says. */
EXPORT int spectron_has_bf16(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

/* to[at + i] = the nearest bf16 of x[from + i], ties to even. */
EXPORT TARGET void spectron_to_bf16(const float *x, long from, long length, uint16_t *to, long at) {
  x += from;
  to += at;
  for (long i = 0; i < length; i += WIDTH) {
    const __mmask16 mask = lanes(0, length - i < WIDTH ? (int)(length - i) : WIDTH);
    const __m256bh y = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, x + i));
    _mm256_mask_storeu_epi16(to + i, mask, (__m256i)y);
  }
}

/* y[to + row·stride + column] += the product of a row and a column of the panels `from` bytes on.
 * The first row starts at x[first]; `run` is even. */
EXPORT void spectron_bf16(const uint8_t *weights, long from, int columns, const uint16_t *x,
                          long first, long row, int count, int taps, long tap, int run, float *y,
                          long to, long stride) {
  const uint8_t *const panel = weights + from;
  const long panel_bytes = (long)taps * run / 2 * LINE;
  x += first;
  y += to;
  const rows shape = {row, taps, tap, run};
  const int panels = (columns + WIDTH - 1) / WIDTH;
  for (int p = 0; p < panels; p += PANELS) {
    const __mmask16 mask[PANELS] = {lanes(p, columns), p + 1 < panels ? lanes(p + 1, columns) : 0};
    const int wide = panels - p < PANELS ? panels - p : PANELS;
    for (int r = 0; r < count; r += ROWS)
      any_tile(count - r < ROWS ? count - r : ROWS, wide, panel + p * panel_bytes, panel_bytes,
               x + r * row, &shape, y + r * stride + (long)p * WIDTH, stride, mask);
  }
}
