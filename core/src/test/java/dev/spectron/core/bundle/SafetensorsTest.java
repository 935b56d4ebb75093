package dev.spectron.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.packing.Bf16Panels;
import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.DType;
import dev.spectron.core.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void tensorsWrittenAreReadBackWithTheirBits() {
    Path file = folder.resolve("lm.safetensors");
    float[] weight = {1, -2.5f, Float.MIN_VALUE, -0.0f, 3e38f, 1 / 3f};
    StoredTensor first = new StoredTensor("a.bias", DType.BF16, Shape.of(2), () -> floats(1, 2));
    StoredTensor second = new StoredTensor("a.weight", DType.F32, Shape.of(2, 3), () -> weight);
    StoredTensor third = new StoredTensor("scale", DType.F16, Shape.of(), () -> floats(0.5f));
    SafetensorsWriter.write(file, Map.of("step", "12"), List.of(first, second, third));
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.name()).isEqualTo("lm.safetensors");
      assertThat(tensors.metadata()).isEqualTo(Map.of("step", "12"));
      assertThat(tensors.names()).containsExactly("a.weight", "a.bias", "scale");
      WeightData found = tensors.get("a.weight", Shape.of(2, 3));
      assertThat(found.dtype()).isEqualTo(DType.F32);
      assertThat(found.toFloats()).isEqualTo(weight);
      assertThat(found.data().address() % 4).isZero();
      assertThat(tensors.get("a.bias").toFloats()).containsExactly(1, 2);
      assertThat(tensors.get("scale").shape()).isEqualTo(Shape.of());
      assertThat(tensors.get("scale").toFloats()).containsExactly(0.5f);
    }
    assertThat(folder.toFile().list()).containsExactly("lm.safetensors");
  }

  @ParameterizedTest
  @EnumSource(names = "ROWS", mode = EnumSource.Mode.EXCLUDE)
  void packedMatricesLieOnLinesAndComeBack(Packing packing) {
    Path file = folder.resolve("lm.safetensors");
    float[] values = new float[17 * 70];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 13 - 6;
    }
    WeightData matrix = WeightData.of("a", Shape.of(17, 70), values);
    StoredTensor bias = new StoredTensor("bias", DType.F32, Shape.of(1), () -> floats(7));
    SafetensorsWriter.write(file, Map.of(), List.of(bias, StoredTensor.packed(matrix, packing)));
    try (Safetensors tensors = Safetensors.open(file)) {
      WeightData found = tensors.get("a", Shape.of(17, 70));
      assertThat(found.packing()).isEqualTo(packing);
      assertThat(found.data().address() % 64).isZero();
      WeightData expected = WeightData.packed(matrix, packing);
      assertThat(found.data().mismatch(expected.data())).isEqualTo(-1);
      assertThat(StoredTensor.of(found).packing()).isEqualTo(packing);
      assertThat(tensors.get("bias").toFloats()).containsExactly(7);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT3 16 64 | a | expected a packing of [BF16, INT8, INT4], found INT3; it was written by a"
            + " later version: quantise the model again or use that version",
        "INT8 16 | a | expected packing, rows and depth as in \"INT8 1024 2048\", or rows, channels and taps, found \"INT8 16\"",
        "INT8 16 99999 99999 | a | expected packing, rows and depth",
        "INT8 16 2 2 2 | a | expected packing, rows and depth",
        "INT8 16 -64 | a | expected packing, rows and depth",
        "INT8 16 99999999999 | a | expected packing, rows and depth",
        "INT8 999999999 999999999 | a | expected ",
        "INT8 17 64 | a | expected 2176 bytes for INT8 [17, 64], found 1088",
        "INT8 16 64 | b | expected a tensor of bytes, U8 with one axis, found none",
        "INT8 16 64 | f | expected a tensor of bytes, U8 with one axis, found F32 [1]"
      })
  void aMalformedPackingIsNamed(String packing, String tensor, String message) {
    String header =
        "{\"__metadata__\":{\"packing:%s\":\"%s\"},\"a\":{\"dtype\":\"U8\",\"shape\":[1088],\"data_offsets\":[0,1088]},\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1088,1092]}}"
            .formatted(tensor, packing);
    assertThatThrownBy(() -> Safetensors.of("lm.safetensors", file(header, 1092)))
        .isInstanceOf(BundleException.class)
        .hasMessageStartingWith("lm.safetensors: packing:" + tensor + ": " + message);
  }

  @Test
  void largeTensorsAreWrittenInPieces() {
    float[] values = new float[700_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path file = folder.resolve("big.safetensors");
    SafetensorsWriter.write(
        file,
        Map.of(),
        List.of(new StoredTensor("x", DType.F32, Shape.of(values.length), () -> values)));
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.get("x").toFloats()).isEqualTo(values);
    }
  }

  @Test
  void bfloat16IsTheNearestAndTiesGoToEven() {
    assertThat(narrowed(1 + 1 / 256f)).isEqualTo(1);
    assertThat(narrowed(1 + 3 / 256f)).isEqualTo(1 + 4 / 256f);
    assertThat(narrowed(1 + 1.01f / 256f)).isEqualTo(1 + 2 / 256f);
    assertThat(narrowed(-1 - 0.99f / 256f)).isEqualTo(-1);
    assertThat(narrowed(-0.0f)).isEqualTo(-0.0f);
    assertThat(narrowed(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(narrowed(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(narrowed(Float.NaN)).isNaN();
    assertThat(narrowed(Float.intBitsToFloat(0x7F80_0001))).isNaN();
    assertThat(narrowed(Float.intBitsToFloat(0xFFFF_FFFF))).isNaN();
  }

  @Test
  void aFileOfAnIndependentWriterIsRead() throws IOException {
    byte[] bytes;
    try (InputStream in = SafetensorsTest.class.getResourceAsStream("/golden/dtypes.safetensors")) {
      bytes = in.readAllBytes();
    }
    try (Safetensors tensors = Safetensors.of("dtypes.safetensors", bytes)) {
      assertThat(tensors.metadata()).containsKeys("generator", "library", "seed");
      float[] expected = tensors.get("f64").toFloats();
      assertThat(tensors.get("f32").toFloats()).isEqualTo(expected);
      assertThat(tensors.get("f16").toFloats()).isEqualTo(expected);
      assertThat(tensors.get("bf16").toFloats()).isEqualTo(expected);
      assertThat(tensors.get("i64").shape()).isEqualTo(Shape.of(3, 2));
      assertThat(
              tensors.get("i64").data().toArray(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED))
          .containsExactly(-1, 0, 1, 2, 3, 1L << 40);
    }
  }

  @Test
  void aMissingTensorIsNamed() {
    try (Safetensors tensors = Safetensors.of("lm.safetensors", file("{}", 0))) {
      assertThatThrownBy(() -> tensors.get("layers.3.norm.weight"))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "lm.safetensors: layers.3.norm.weight: no such tensor among 0;"
                  + " config.json and lm.safetensors do not fit each other");
    }
  }

  @Test
  void anotherShapeIsNamed() {
    String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
    try (Safetensors tensors = Safetensors.of("lm.safetensors", file(header, 24))) {
      assertThatThrownBy(() -> tensors.get("x", Shape.of(3, 2)))
          .isInstanceOf(BundleException.class)
          .hasMessage(
              "lm.safetensors: x: expected shape [3, 2], found [2, 3];"
                  + " config.json and lm.safetensors do not fit each other");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | 9 | expected 8 bytes of values, found 9; bytes belong to no tensor
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | 7 | x: expected values within 7 bytes, found an end at 8; the file is cut off
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}} | 4 | x: expected 8 bytes for F32 [2], found 4
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}} | 12 | x: expected values that begin at 0, found 4; tensors leave a gap
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}} | 7 | y: expected values that begin at 4, found 3; tensors overlap
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} | 4 | y: expected values that begin at 4, found 0; tensors overlap
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}} | 9 | y: expected values that begin at 4, found 5; tensors leave a gap
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}} | 4 | x: expected data_offsets that ascend from 0, found [4, 0]
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}} | 4 | x: expected data_offsets that ascend from 0, found [-4, 0]
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[0]}} | 4 | x: expected two data_offsets, found 1
          {"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}} | 4 | x: expected two data_offsets, found 3
          {"x":{"dtype":"Q4","shape":[4],"data_offsets":[0,4]}} | 4 | x: expected a dtype of [F64, F32, F16, BF16, I64, I32, I8, U8], found Q4; convert the tensor
          {"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | 0 | x: expected sizes of 1 to 2147483647, found [0]
          {"x":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}} | 4 | x: expected sizes of 1 to 2147483647, found [-4]
          {"x":{"dtype":"U8","shape":[4294967297],"data_offsets":[0,1]}} | 1 | x: expected sizes of 1 to 2147483647, found [4294967297]
          {"x":{"dtype":"U8","shape":[2147483647,2147483647,4],"data_offsets":[0,4]}} | 4 | x: shape [2147483647, 2147483647, 4]: the element count overflows
          {"x":{"dtype":"F64","shape":[2147483647,2147483647],"data_offsets":[0,4]}} | 4 | x: shape [2147483647, 2147483647]: the byte count overflows
          {"x":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}} | 1 | x: expected at most 16 axes, found 17
          {"x":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}} | 1 | x.shape[0]: expected a whole number of 64 bits, found 1.5
          {"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}} | 1 | x.more: unknown key; expected one of dtype, shape, data_offsets
          {"x":{"shape":[1],"data_offsets":[0,1]}} | 1 | x.dtype: missing key; found shape, data_offsets
          {"x":7} | 1 | x: expected an object, found 7
          {"__metadata__":{"step":7}} | 0 | __metadata__.step: expected a string, found 7
          {"__metadata__":7} | 0 | __metadata__: expected an object, found 7
          {"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}} | 2 | line 1, column 57: expected strict JSON, found: Duplicate Object property "x"
          {"x" | 0 | line 1, column 5: expected strict JSON, found: Unexpected end-of-input within/between Object entries
          [] | 0 | byte 8: expected a header that starts with '{', found byte 91
          """)
  void headersThatContradictTheFileAreRefused(String header, int valueBytes, String message) {
    assertThatThrownBy(() -> Safetensors.of("lm.safetensors", file(header, valueBytes)))
        .isInstanceOf(BundleException.class)
        .hasMessage("lm.safetensors: " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 18446744073709551615",
    "0, 0",
    "1, 1",
    "100000001, 100000001",
    "93, 93",
    "9223372036854775807, 9223372036854775807"
  })
  void aHeaderSizeThatCannotBeIsRefused(long size, String shown) {
    byte[] bytes = new byte[100];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(size);
    assertThatThrownBy(() -> Safetensors.of("lm.safetensors", bytes))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "lm.safetensors: byte 0: expected a header size of 2 to 92, found "
                + shown
                + "; the file is cut off or no safetensors file");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("lm.safetensors"));
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            "lm.safetensors: expected a safetensors file of 10 bytes or more, found 0 bytes");
  }

  @Test
  void aMissingFileAndAFolderAreRefused() {
    Path file = folder.resolve("lm.safetensors");
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(BundleException.class)
        .hasMessage(file + ": no such file; check the path");
    assertThatThrownBy(() -> Safetensors.open(folder))
        .isInstanceOf(BundleException.class)
        .hasMessage(folder + ": expected a file; name a safetensors file");
  }

  @Test
  void aTensorThatSuppliesTooFewValuesLeavesNoFile() {
    Path file = folder.resolve("lm.safetensors");
    List<StoredTensor> tensors =
        List.of(new StoredTensor("x", DType.F32, Shape.of(3), () -> new float[2]));
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of(), tensors))
        .isInstanceOf(BundleException.class)
        .hasMessage(file + ": x: expected 3 values for shape [3], found 2");
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void twoTensorsOfOneNameAreRefused() {
    Path file = folder.resolve("lm.safetensors");
    StoredTensor tensor = new StoredTensor("x", DType.F32, Shape.of(1), () -> new float[1]);
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of(), List.of(tensor, tensor)))
        .isInstanceOf(BundleException.class)
        .hasMessage(file + ": x: expected one tensor of that name, found two");
  }

  @Test
  void integersAreNotStored() {
    assertThatThrownBy(() -> new StoredTensor("x", DType.I64, Shape.of(1), () -> new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x: expected to be stored as F32, BF16 or F16, or packed as U8, found I64");
  }

  /** A header and zeros. */
  static byte[] file(String header, int valueBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + valueBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static float narrowed(float value) {
    return Float.intBitsToFloat(Bf16Panels.bits(value) << 16);
  }

  private static float[] floats(float... values) {
    return values;
  }
}
