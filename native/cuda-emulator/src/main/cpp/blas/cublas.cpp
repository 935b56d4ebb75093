// libcublas.so.12: products of column-major matrices in float32, with operands of float32 or bfloat16.
#include <cstdint>
#include <cstring>
#include <vector>

#include "../ptx/types.h"

#define EMU_API extern "C" __attribute__((visibility("default")))

extern "C" int emuEnqueue(void* stream, void (*work)(void*), void* argument);
extern "C" void emuAccess(void* address, size_t bytes, int store);

namespace {

constexpr int kSuccess = 0, kNotInitialized = 1, kInvalidValue = 7, kExecutionFailed = 13, kNotSupported = 15;
constexpr int kFloat = 0, kBf16 = 14;

struct Handle {
  void* stream = nullptr;
};

struct Matrix {
  void* data;
  int type;
  int64_t lead;
  int64_t stride;

  size_t elementBytes() const { return type == kFloat ? 4 : 2; }
  char* at(int64_t batch, int64_t row, int64_t column) const {
    int64_t index = batch * stride + column * lead + row;
    return static_cast<char*>(data) + index * static_cast<int64_t>(elementBytes());
  }
  float read(const char* from) const {
    if (type == kFloat) {
      float value;
      std::memcpy(&value, from, sizeof value);
      return value;
    }
    uint16_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return emu::bf16ToFloat(bits);
  }
  void write(char* to, float value) const {
    uint16_t bits = emu::floatToBf16(value);
    std::memcpy(to, type == kFloat ? static_cast<void*>(&value) : static_cast<void*>(&bits), elementBytes());
  }
};

/** C = alpha·op(A)·op(B) + beta·C; op(A) is [m, k], op(B) [k, n]. */
struct Product {
  bool transposeA, transposeB;
  int64_t m, n, k;
  float alpha, beta;
  Matrix a, b, c;
  int64_t batch;

  /** The matrix row by row, each of the given depth; checked column by column as it is stored. */
  static std::vector<float> rows(const Matrix& from, bool transposed, int64_t count, int64_t depth, int64_t batch) {
    int64_t storedRows = transposed ? depth : count, storedColumns = transposed ? count : depth;
    std::vector<float> rows(static_cast<size_t>(count * depth));
    for (int64_t column = 0; column < storedColumns; column++) {
      emuAccess(from.at(batch, 0, column), static_cast<size_t>(storedRows) * from.elementBytes(), 0);
      for (int64_t row = 0; row < storedRows; row++) {
        int64_t to = transposed ? column * depth + row : row * depth + column;
        rows[static_cast<size_t>(to)] = from.read(from.at(batch, row, column));
      }
    }
    return rows;
  }

  void run() const {
    for (int64_t i = 0; i < batch; i++) {
      std::vector<float> x = rows(a, transposeA, m, k, i), y = rows(b, !transposeB, n, k, i);
      for (int64_t column = 0; column < n; column++) {
        if (beta != 0) emuAccess(c.at(i, 0, column), static_cast<size_t>(m) * c.elementBytes(), 0);
        emuAccess(c.at(i, 0, column), static_cast<size_t>(m) * c.elementBytes(), 1);
        for (int64_t row = 0; row < m; row++) {
          float sum = 0;
          for (int64_t p = 0; p < k; p++) sum += x[static_cast<size_t>(row * k + p)] * y[static_cast<size_t>(column * k + p)];
          char* to = c.at(i, row, column);
          c.write(to, alpha * sum + (beta == 0 ? 0 : beta * c.read(to)));
        }
      }
    }
  }
};

bool known(const Matrix& matrix) { return matrix.type == kFloat || matrix.type == kBf16; }

int multiply(Handle* handle, const Product& product) {
  const Product& p = product;
  if (handle == nullptr) return kNotInitialized;
  if (!known(p.a) || !known(p.b) || !known(p.c)) return kNotSupported;
  // As the library has it: both operands of one type, and no float32 operand into a bfloat16 result.
  if (p.a.type != p.b.type || (p.a.type == kFloat && p.c.type != kFloat)) return kNotSupported;
  bool fits = p.m >= 0 && p.n >= 0 && p.k >= 0 && p.a.lead >= (p.transposeA ? p.k : p.m) &&
              p.b.lead >= (p.transposeB ? p.n : p.k) && p.c.lead >= p.m;
  if (!fits) return kInvalidValue;
  if (p.m == 0 || p.n == 0 || p.batch == 0) return kSuccess;
  auto work = [](void* argument) {
    Product made = *static_cast<Product*>(argument);
    made.run();
  };
  // Not freed: a captured graph runs it again and again.
  return emuEnqueue(handle->stream, work, new Product(product)) == 0 ? kSuccess : kExecutionFailed;
}

float scalar(const void* value) {
  float read;
  std::memcpy(&read, value, sizeof read);
  return read;
}

}  // namespace

EMU_API int cublasCreate_v2(Handle** handle) { *handle = new Handle(); return kSuccess; }
EMU_API int cublasDestroy_v2(Handle* handle) { delete handle; return kSuccess; }
EMU_API int cublasSetStream_v2(Handle* handle, void* stream) { handle->stream = stream; return kSuccess; }
EMU_API int cublasSetWorkspace_v2(Handle*, void*, size_t) { return kSuccess; }
EMU_API int cublasSetMathMode(Handle*, int) { return kSuccess; }
EMU_API int cublasSetPointerMode_v2(Handle*, int mode) { return mode == 0 ? kSuccess : kNotSupported; }
EMU_API int cublasGetVersion_v2(Handle*, int* version) { *version = 120600; return kSuccess; }

EMU_API int cublasGemmStridedBatchedEx(Handle* handle, int transposeA, int transposeB, int m, int n, int k,
                                       const void* alpha, void* a, int typeA, int leadA, long long strideA,
                                       void* b, int typeB, int leadB, long long strideB, const void* beta,
                                       void* c, int typeC, int leadC, long long strideC, int batch, int, int) {
  return multiply(handle, {transposeA != 0, transposeB != 0, m, n, k, scalar(alpha), scalar(beta),
                           {a, typeA, leadA, strideA}, {b, typeB, leadB, strideB}, {c, typeC, leadC, strideC}, batch});
}

EMU_API int cublasGemmEx(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const void* alpha,
                         void* a, int typeA, int leadA, void* b, int typeB, int leadB, const void* beta, void* c,
                         int typeC, int leadC, int computeType, int algorithm) {
  return cublasGemmStridedBatchedEx(handle, transposeA, transposeB, m, n, k, alpha, a, typeA, leadA, 0, b, typeB,
                                    leadB, 0, beta, c, typeC, leadC, 0, 1, computeType, algorithm);
}

EMU_API int cublasSgemm_v2(Handle* handle, int transposeA, int transposeB, int m, int n, int k, const float* alpha,
                           void* a, int leadA, void* b, int leadB, const float* beta, void* c, int leadC) {
  return cublasGemmEx(handle, transposeA, transposeB, m, n, k, alpha, a, kFloat, leadA, b, kFloat, leadB, beta, c,
                      kFloat, leadC, 68, -1);
}
