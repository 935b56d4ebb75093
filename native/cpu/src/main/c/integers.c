/*
 * Products of 8-bit activations with weights packed as INT8 or INT4, with the dot products of bytes
 * that the Vector API of Java cannot ask for. Layouts: core/packing/Int8Panels, Int4Panels. Results
 * are those of Int8Kernel and Int4Kernel to the last bit: the sum of a block is an integer, and the
 * blocks of a row are added up in order, one fused multiply-add each.
 *
 * A tile is ROWS rows by one panel of sixteen columns: its accumulators and the line of weights stay
 * in registers, and a line serves all rows.
 */
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define EXPORT __attribute__((visibility("default")))

enum { LINE = 64, SLAB = 64, INT8_SLAB = 17 * LINE, INT4_SLAB = 9 * LINE, INT4_HEAD = 2 * LINE };

/* Whether the processor has what TARGET says. */
EXPORT int spectron_supported(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vnni");
}

static inline TARGET __m512i four(const int8_t *codes) {
  return _mm512_set1_epi32(*(const int32_t *)codes);
}

/* bf16 scales of a block: the lower or upper halves of a line. */
static inline TARGET __m512 scales8(const uint8_t *slab, int half) {
  __m512i both = _mm512_loadu_si512(slab);
  return _mm512_castsi512_ps(half ? _mm512_and_si512(both, _mm512_set1_epi32(0xffff0000))
                                  : _mm512_slli_epi32(both, 16));
}

/* One or two rows alone would wait for their dot products: each has two sums, added at the end. */
#define CHAINS(ROWS) (ROWS <= 2 ? 2 : 1)
#define TOTAL(ROWS, dot, r) (CHAINS(ROWS) == 2 ? _mm512_add_epi32(dot[0][r], dot[CHAINS(ROWS) - 1][r]) : dot[0][r])

#define INT8_ROWS(ROWS)                                                                            \
  static TARGET void int8_##ROWS(const uint8_t *panel, int slabs, const int8_t *codes,             \
                                 const float *scales, const float *sums, float *y, long stride) {  \
    const long depth = (long)slabs * SLAB, blocks = 2L * slabs;                                    \
    __m512 sum[ROWS];                                                                              \
    for (int r = 0; r < ROWS; r++) sum[r] = _mm512_setzero_ps();                                   \
    for (int slab = 0; slab < slabs; slab++, panel += INT8_SLAB) {                                 \
      for (int half = 0; half < 2; half++) {                                                       \
        const long block = 2L * slab + half;                                                       \
        const uint8_t *line = panel + LINE + half * 8 * LINE;                                      \
        const int8_t *x = codes + block * 32;                                                      \
        __m512i dot[CHAINS(ROWS)][ROWS];                                                           \
        for (int r = 0; r < ROWS; r++) {                                                           \
          dot[CHAINS(ROWS) - 1][r] = _mm512_setzero_si512();                                       \
          dot[0][r] = _mm512_set1_epi32(-128 * (int)sums[r * blocks + block]);                     \
        }                                                                                          \
        for (int i = 0; i < 8; i++) {                                                              \
          const int c = i % CHAINS(ROWS);                                                          \
          const __m512i w = _mm512_loadu_si512(line + i * LINE);                                   \
          for (int r = 0; r < ROWS; r++)                                                           \
            dot[c][r] = _mm512_dpbusd_epi32(dot[c][r], w, four(x + r * depth + 4 * i));            \
        }                                                                                          \
        const __m512 scale = scales8(panel, half);                                                 \
        for (int r = 0; r < ROWS; r++)                                                             \
          sum[r] = _mm512_fmadd_ps(                                                                \
              _mm512_cvtepi32_ps(TOTAL(ROWS, dot, r)),                                             \
              _mm512_mul_ps(scale, _mm512_set1_ps(scales[r * blocks + block])), sum[r]);           \
      }                                                                                            \
    }                                                                                              \
    for (int r = 0; r < ROWS; r++) _mm512_storeu_ps(y + r * stride, sum[r]);                       \
  }

INT8_ROWS(1)
INT8_ROWS(2)
INT8_ROWS(4)
INT8_ROWS(8)

#define INT4_ROWS(ROWS)                                                                            \
  static TARGET void int4_##ROWS(const uint8_t *panel, int slabs, const int8_t *codes,             \
                                 const float *scales, const float *sums, float *y, long stride) {  \
    const long depth = (long)slabs * SLAB, blocks = 2L * slabs;                                    \
    const __m512i low = _mm512_set1_epi8(15);                                                      \
    const __m512 scale_unit = _mm512_loadu_ps(panel);                                              \
    const __m512 offset_unit = _mm512_loadu_ps(panel + LINE);                                      \
    __m512 scaled[ROWS], offset[ROWS];                                                             \
    for (int r = 0; r < ROWS; r++) scaled[r] = offset[r] = _mm512_setzero_ps();                    \
    panel += INT4_HEAD;                                                                            \
    for (int slab = 0; slab < slabs; slab++, panel += INT4_SLAB) {                                 \
      const __m512i units = _mm512_loadu_si512(panel);                                             \
      for (int half = 0; half < 2; half++) {                                                       \
        const long block = 2L * slab + half;                                                       \
        const uint8_t *line = panel + LINE + half * 4 * LINE;                                      \
        const int8_t *x = codes + block * 32;                                                      \
        __m512i dot[CHAINS(ROWS)][ROWS];                                                           \
        for (int c = 0; c < CHAINS(ROWS); c++)                                                     \
          for (int r = 0; r < ROWS; r++) dot[c][r] = _mm512_setzero_si512();                       \
        for (int i = 0; i < 4; i++) {                                                              \
          const __m512i both = _mm512_loadu_si512(line + i * LINE);                                \
          const __m512i w0 = _mm512_and_si512(both, low);                                          \
          const __m512i w1 = _mm512_and_si512(_mm512_srli_epi16(both, 4), low);                    \
          for (int r = 0; r < ROWS; r++) {                                                         \
            const int8_t *own = x + r * depth + 8 * i;                                             \
            const int c = CHAINS(ROWS) - 1;                                                        \
            dot[0][r] = _mm512_dpbusd_epi32(dot[0][r], w0, four(own));                             \
            dot[c][r] = _mm512_dpbusd_epi32(dot[c][r], w1, four(own + 4));                         \
          }                                                                                        \
        }                                                                                          \
        const __m512i own = half ? units : _mm512_slli_epi32(units, 16);                           \
        const __m512 s = _mm512_cvtepi32_ps(                                                       \
            _mm512_and_si512(_mm512_srli_epi32(own, 16), _mm512_set1_epi32(255)));                 \
        const __m512 o = _mm512_cvtepi32_ps(_mm512_srai_epi32(own, 24));                           \
        for (int r = 0; r < ROWS; r++) {                                                           \
          const __m512 scale = _mm512_set1_ps(scales[r * blocks + block]);                         \
          const __m512 total = _mm512_cvtepi32_ps(TOTAL(ROWS, dot, r));                            \
          scaled[r] = _mm512_fmadd_ps(_mm512_mul_ps(total, s), scale, scaled[r]);                  \
          offset[r] = _mm512_fmadd_ps(                                                             \
              _mm512_mul_ps(o, _mm512_set1_ps(sums[r * blocks + block])), scale, offset[r]);       \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
    for (int r = 0; r < ROWS; r++)                                                                 \
      _mm512_storeu_ps(y + r * stride, _mm512_fmadd_ps(scale_unit, scaled[r],                      \
                                                       _mm512_mul_ps(offset_unit, offset[r])));    \
  }

INT4_ROWS(1)
INT4_ROWS(2)
INT4_ROWS(4)
INT4_ROWS(8)

typedef void kernel(const uint8_t *, int, const int8_t *, const float *, const float *, float *,
                    long);

/* Panels outside, rows inside: a panel is read from memory once and from the cache after that. */
static void product(kernel *const by[4], const uint8_t *panel, long panel_bytes, int panels,
                    int slabs, int rows, const int8_t *codes, const float *scales,
                    const float *sums, float *y, long stride) {
  const long depth = (long)slabs * SLAB, blocks = 2L * slabs;
  for (int p = 0; p < panels; p++, panel += panel_bytes) {
    for (int row = 0; row < rows;) {
      const int power = rows - row >= 8 ? 3 : rows - row >= 4 ? 2 : rows - row >= 2 ? 1 : 0;
      by[power](panel, slabs, codes + row * depth, scales + row * blocks, sums + row * blocks,
                y + row * stride + 16L * p, stride);
      row += 1 << power;
    }
  }
}

/*
 * y[row][column] = the product of a row and a column of some panels; y has sixteen columns for each
 * panel. codes: [rows, 64 slabs]; scales and sums: [rows, 2 slabs].
 */
EXPORT void spectron_int8(const uint8_t *panel, int panels, int slabs, int rows,
                          const int8_t *codes, const float *scales, const float *sums, float *y,
                          int stride) {
  static kernel *const by[4] = {int8_1, int8_2, int8_4, int8_8};
  product(by, panel, (long)slabs * INT8_SLAB, panels, slabs, rows, codes, scales, sums, y, stride);
}

EXPORT void spectron_int4(const uint8_t *panel, int panels, int slabs, int rows,
                          const int8_t *codes, const float *scales, const float *sums, float *y,
                          int stride) {
  static kernel *const by[4] = {int4_1, int4_2, int4_4, int4_8};
  product(by, panel, INT4_HEAD + (long)slabs * INT4_SLAB, panels, slabs, rows, codes, scales, sums,
          y, stride);
}
