/*
 * Products of 8-bit activations with weights packed as INT8 or INT4, with the dot products of bytes
 * that the Vector API of Java cannot ask for. Layouts: core/packing/Int8Panels, Int4Panels. Results
 * are those of Int8Kernel and Int4Kernel to the last bit: the sum of a block is an integer, and the
 * blocks of a row are added up in order, one fused multiply-add each.
 */
#include "rows.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

enum { BLOCK = 32, INT8_SLAB = 17 * LINE, INT4_SLAB = 9 * LINE, INT4_HEAD = 2 * LINE };

/* Activations in blocks: 32 codes, a scale, the sum of the codes, and −128 times that sum, which
 * makes up for weights stored 128 too large. */
typedef struct {
  const int8_t *codes;
  const float *scales;
  const float *sums;
  const int32_t *starts;
} blocks;

INLINE TARGET __m512i four(const int8_t *codes) {
  return _mm512_set1_epi32(*(const int32_t *)codes);
}

INLINE TARGET void add(float *y, __mmask16 mask, __m512 sum) {
  _mm512_mask_storeu_ps(y, mask, _mm512_add_ps(_mm512_maskz_loadu_ps(mask, y), sum));
}

/* Whether the processor has what TARGET says. */
EXPORT int spectron_has_vnni(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

/*
 * Rows as codes, from block `to` on: `length` floats of each, the first at `from`, `stride` apart,
 * become `count` blocks, filled up with 0. A block's scale is its largest magnitude over 127, NaN if
 * one of its numbers is.
 */
EXPORT TARGET void spectron_quantise(const float *x, long from, int rows, long stride, int length,
                                     int count, int8_t *codes, float *scales, float *sums,
                                     int32_t *starts, long to) {
  x += from;
  codes += to * BLOCK;
  scales += to;
  sums += to;
  starts += to;
  for (int r = 0; r < rows; r++, x += stride) {
    for (int b = 0; b < count; b++, codes += BLOCK) {
      const int left = length - b * BLOCK, first = left < 0 ? 0 : left, second = first - WIDTH;
      const __mmask16 low_mask = lanes(0, first), high_mask = second > 0 ? lanes(0, second) : 0;
      const __m512 low = _mm512_maskz_loadu_ps(low_mask, x + b * BLOCK);
      const __m512 high = _mm512_maskz_loadu_ps(high_mask, x + b * BLOCK + WIDTH);
      const float largest =
          _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(low), _mm512_abs_ps(high)));
      const __m512 inverse = _mm512_set1_ps(largest == 0 ? 0 : 127 / largest);
      const __m512i a = _mm512_cvtps_epi32(_mm512_mul_ps(low, inverse));
      const __m512i c = _mm512_cvtps_epi32(_mm512_mul_ps(high, inverse));
      _mm_storeu_si128((__m128i *)codes, _mm512_cvtepi32_epi8(a));
      _mm_storeu_si128((__m128i *)(codes + WIDTH), _mm512_cvtepi32_epi8(c));
      const int sum = _mm512_reduce_add_epi32(_mm512_add_epi32(a, c));
      const int strange = _mm512_cmp_ps_mask(low, high, _CMP_UNORD_Q);
      *scales++ = strange ? __builtin_nanf("") : largest / 127;
      *sums++ = (float)sum;
      *starts++ = -128 * sum;
    }
  }
}

enum { INT8_ROWS = 6, INT8_PANELS = 2, CHAINS = 2 };

/* y += x · weights for `count` rows and `panels` panels. One row alone would wait for its dot
 * products: it has two sums, added at the end. All three are constants once inlined. */
INLINE TARGET void int8_tile(const int count, const int panels, const int chains,
                             const uint8_t *panel, long panel_bytes, const blocks *x,
                             const rows *shape, long first, float *y, long stride,
                             const __mmask16 *mask) {
  const __m512i upper = _mm512_set1_epi32((int)0xffff0000);
  __m512 sum[INT8_ROWS][INT8_PANELS];
  for (int r = 0; r < count; r++)
    for (int p = 0; p < panels; p++) sum[r][p] = _mm512_setzero_ps();
  int k = 0;
  for (int t = 0; t < shape->taps; t++) {
    for (int b = 0; b < shape->run; b++, k++) {
      const long at = first + t * shape->tap + b;
      const uint8_t *slab = panel + (long)(k / 2) * INT8_SLAB;
      const uint8_t *line = slab + LINE + k % 2 * 8 * LINE;
      __m512i dot[CHAINS][INT8_ROWS][INT8_PANELS];
      for (int r = 0; r < count; r++) {
        for (int p = 0; p < panels; p++) {
          dot[chains - 1][r][p] = _mm512_setzero_si512();
          dot[0][r][p] = _mm512_set1_epi32(x->starts[at + r * shape->row]);
        }
      }
      for (int i = 0; i < 8; i++) {
        __m512i w[INT8_PANELS];
        for (int p = 0; p < panels; p++)
          w[p] = _mm512_loadu_si512(line + p * panel_bytes + i * LINE);
        for (int r = 0; r < count; r++) {
          const __m512i v = four(x->codes + (at + r * shape->row) * BLOCK + 4 * i);
          for (int p = 0; p < panels; p++)
            dot[i % chains][r][p] = _mm512_dpbusd_epi32(dot[i % chains][r][p], w[p], v);
        }
      }
      for (int p = 0; p < panels; p++) {
        const __m512i both = _mm512_loadu_si512(slab + p * panel_bytes);
        const __m512 scale = _mm512_castsi512_ps(
            _mm512_and_si512(k % 2 ? both : _mm512_slli_epi32(both, 16), upper));
        for (int r = 0; r < count; r++) {
          const __m512i total =
              chains == 1 ? dot[0][r][p] : _mm512_add_epi32(dot[0][r][p], dot[1][r][p]);
          const __m512 own = _mm512_set1_ps(x->scales[at + r * shape->row]);
          sum[r][p] =
              _mm512_fmadd_ps(_mm512_cvtepi32_ps(total), _mm512_mul_ps(scale, own), sum[r][p]);
        }
      }
    }
  }
  for (int r = 0; r < count; r++)
    for (int p = 0; p < panels; p++) add(y + r * stride + p * WIDTH, mask[p], sum[r][p]);
}

enum { INT4_ROWS = 8 };

/* The same for one panel of 4-bit weights, whose unit and offset stand before its slabs. */
INLINE TARGET void int4_tile(const int count, const int chains, const uint8_t *panel,
                             const blocks *x, const rows *shape, long first, float *y, long stride,
                             __mmask16 mask) {
  const __m512i low = _mm512_set1_epi8(15);
  __m512 scaled[INT4_ROWS], offset[INT4_ROWS];
  for (int r = 0; r < count; r++) scaled[r] = offset[r] = _mm512_setzero_ps();
  int k = 0;
  for (int t = 0; t < shape->taps; t++) {
    for (int b = 0; b < shape->run; b++, k++) {
      const long at = first + t * shape->tap + b;
      const uint8_t *slab = panel + INT4_HEAD + (long)(k / 2) * INT4_SLAB;
      const uint8_t *line = slab + LINE + k % 2 * 4 * LINE;
      __m512i dot[CHAINS][INT4_ROWS];
      for (int c = 0; c < chains; c++)
        for (int r = 0; r < count; r++) dot[c][r] = _mm512_setzero_si512();
      for (int i = 0; i < 4; i++) {
        const __m512i both = _mm512_loadu_si512(line + i * LINE);
        const __m512i w0 = _mm512_and_si512(both, low);
        const __m512i w1 = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);
        for (int r = 0; r < count; r++) {
          const int8_t *own = x->codes + (at + r * shape->row) * BLOCK + 8 * i;
          dot[0][r] = _mm512_dpbusd_epi32(dot[0][r], w0, four(own));
          dot[chains - 1][r] = _mm512_dpbusd_epi32(dot[chains - 1][r], w1, four(own + 4));
        }
      }
      const __m512i units = _mm512_loadu_si512(slab);
      const __m512i own = k % 2 ? units : _mm512_slli_epi32(units, 16);
      const __m512 s = _mm512_cvtepi32_ps(
          _mm512_and_si512(_mm512_srli_epi32(own, 16), _mm512_set1_epi32(255)));
      const __m512 o = _mm512_cvtepi32_ps(_mm512_srai_epi32(own, 24));
      for (int r = 0; r < count; r++) {
        const __m512i total = chains == 1 ? dot[0][r] : _mm512_add_epi32(dot[0][r], dot[1][r]);
        const __m512 scale = _mm512_set1_ps(x->scales[at + r * shape->row]);
        const __m512 codes = _mm512_set1_ps(x->sums[at + r * shape->row]);
        scaled[r] =
            _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(total), s), scale, scaled[r]);
        offset[r] = _mm512_fmadd_ps(_mm512_mul_ps(o, codes), scale, offset[r]);
      }
    }
  }
  const __m512 scale_unit = _mm512_loadu_ps(panel);
  const __m512 offset_unit = _mm512_loadu_ps(panel + LINE);
  for (int r = 0; r < count; r++)
    add(y + r * stride, mask,
        _mm512_fmadd_ps(scale_unit, scaled[r], _mm512_mul_ps(offset_unit, offset[r])));
}

#define INT8_TILE(count, chains)                                                                \
  case count:                                                                                   \
    if (panels == 1)                                                                            \
      int8_tile(count, 1, chains, panel, panel_bytes, x, shape, first, y, stride, mask);        \
    else                                                                                        \
      int8_tile(count, 2, 1, panel, panel_bytes, x, shape, first, y, stride, mask);             \
    break;

static TARGET void any_int8_tile(int count, int panels, const uint8_t *panel, long panel_bytes,
                                 const blocks *x, const rows *shape, long first, float *y,
                                 long stride, const __mmask16 *mask) {
  switch (count) {
    INT8_TILE(1, 2) INT8_TILE(2, 2) INT8_TILE(3, 1) INT8_TILE(4, 1) INT8_TILE(5, 1) INT8_TILE(6, 1)
  }
}

#define INT4_TILE(count, chains)                                            \
  case count:                                                               \
    int4_tile(count, chains, panel, x, shape, first, y, stride, mask);      \
    break;

static TARGET void any_int4_tile(int count, const uint8_t *panel, const blocks *x,
                                 const rows *shape, long first, float *y, long stride,
                                 __mmask16 mask) {
  switch (count) {
    INT4_TILE(1, 2) INT4_TILE(2, 2) INT4_TILE(3, 1) INT4_TILE(4, 1)
    INT4_TILE(5, 1) INT4_TILE(6, 1) INT4_TILE(7, 1) INT4_TILE(8, 1)
  }
}

/* y[to + row·stride + column] += the product of a row and a column of the panels `from` bytes on. The
 * first row starts at block `first`. One row reads the weights of
 * one panel after the other as they lie in memory; several share two panels that stay in the cache. */
EXPORT void spectron_int8(const uint8_t *weights, long from, int columns, const int8_t *codes,
                          const float *scales, const float *sums, const int32_t *starts, long first,
                          long row, int count, int taps, long tap, int run, float *y, long to,
                          long stride) {
  const uint8_t *const panel = weights + from;
  y += to;
  const rows shape = {row, taps, tap, run};
  const blocks x = {codes, scales, sums, starts};
  const long panel_bytes = (long)((taps * run + 1) / 2) * INT8_SLAB;
  const int panels = (columns + WIDTH - 1) / WIDTH, most = count == 1 ? 1 : INT8_PANELS;
  for (int p = 0; p < panels; p += most) {
    const __mmask16 mask[INT8_PANELS] = {lanes(p, columns),
                                         p + 1 < panels ? lanes(p + 1, columns) : 0};
    for (int r = 0; r < count; r += INT8_ROWS)
      any_int8_tile(count - r < INT8_ROWS ? count - r : INT8_ROWS,
                    panels - p < most ? panels - p : most, panel + p * panel_bytes, panel_bytes, &x,
                    &shape, first + r * row, y + r * stride + (long)p * WIDTH, stride, mask);
  }
}

EXPORT void spectron_int4(const uint8_t *weights, long from, int columns, const int8_t *codes,
                          const float *scales, const float *sums, const int32_t *starts, long first,
                          long row, int count, int taps, long tap, int run, float *y, long to,
                          long stride) {
  const uint8_t *const panel = weights + from;
  y += to;
  const rows shape = {row, taps, tap, run};
  const blocks x = {codes, scales, sums, starts};
  const long panel_bytes = INT4_HEAD + (long)((taps * run + 1) / 2) * INT4_SLAB;
  for (int p = 0; p * WIDTH < columns; p++)
    for (int r = 0; r < count; r += INT4_ROWS)
      any_int4_tile(count - r < INT4_ROWS ? count - r : INT4_ROWS, panel + p * panel_bytes, &x,
                    &shape, first + r * row, y + r * stride + (long)p * WIDTH, stride,
                    lanes(p, columns));
}
