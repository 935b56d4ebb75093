package dev.spectron.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ScriptCall;
import dev.spectron.core.error.BackendException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The operations DJL lacks or splits too finely, as methods of one TorchScript module. libtorch
 * compiles TorchScript itself, so a source text packed the way {@code torch.jit.save} packs a
 * module is all it takes; no Python runs.
 */
final class TorchScript {
  private static final List<String> SOURCES =
      List.of("operations.py", "attention.py", "training.py");
  private static final String CLASS =
      "class Operations(Module):\n  __parameters__ = []\n  __buffers__ = []\n";
  // Pickles: an instance of __torch__.Operations without attributes, and an empty tuple of
  // constants.
  private static final byte[] INSTANCE =
      pickle("8002635f5f746f7263685f5f0a4f7065726174696f6e730a710029817d28756271012e");
  private static final byte[] CONSTANTS = pickle("8002292e");

  private final PtSymbolBlock module;

  private TorchScript(PtSymbolBlock module) {
    this.module = module;
  }

  /** Compiles the module; it is freed with {@code manager}. */
  static TorchScript load(NDManager manager) {
    try {
      return new TorchScript(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive()), false, false));
    } catch (IOException | EngineException e) {
      throw new BackendException(
          "djl: the TorchScript operations do not compile: "
              + e.getMessage()
              + "; check the libtorch version",
          e);
    }
  }

  /**
   * Calls a method that returns a tensor.
   *
   * @param owner takes the result
   * @param gradients whether to record the call for a backward pass
   * @param arguments arrays, lists of arrays, booleans, integers, floating-point numbers, strings,
   *     {@code long[]}
   */
  NDArray call(NDManager owner, boolean gradients, String method, Object... arguments) {
    return evaluate(method, gradients, arguments, result -> result.toTensor((PtNDManager) owner));
  }

  /** Calls a method that returns a list of tensors, as {@link #call}. */
  List<NDArray> callForList(
      NDManager owner, boolean gradients, String method, Object... arguments) {
    return evaluate(
        method, gradients, arguments, result -> List.of(result.toTensorArray((PtNDManager) owner)));
  }

  /** Calls a method for its effect, without recording gradients. */
  void run(String method, Object... arguments) {
    evaluate(method, false, arguments, result -> method);
  }

  private <T> T evaluate(
      String method, boolean gradients, Object[] arguments, Function<IValue, T> unpack) {
    boolean before = JniUtils.isGradMode();
    IValue[] values = new IValue[arguments.length];
    try {
      JniUtils.setGradMode(gradients);
      // Per thread: run as written. The optimiser would specialise a method to the shapes and
      // gradients it saw first, and again for each new mixture.
      JniUtils.setGraphExecutorOptimize(false);
      for (int i = 0; i < values.length; i++) {
        values[i] = value(arguments[i]);
      }
      try (IValue result = ScriptCall.run(module, method, values)) {
        return unpack.apply(result);
      }
    } catch (EngineException e) {
      throw new BackendException("djl: " + method + ": " + e.getMessage(), e);
    } finally {
      JniUtils.setGradMode(before);
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    return switch (argument) {
      case PtNDArray array -> IValue.from(array);
      case Boolean flag -> IValue.from(flag);
      case Integer number -> IValue.from(number.longValue());
      case Float number -> IValue.from(number.doubleValue());
      case Double number -> IValue.from(number);
      case String text -> IValue.from(text);
      case long[] numbers -> IValue.listFrom(numbers);
      case List<?> arrays -> IValue.listFrom(arrays.toArray(PtNDArray[]::new));
      default ->
          throw new IllegalArgumentException(
              "djl: expected tensors and weights of this back end, found " + argument);
    };
  }

  private static byte[] archive() throws IOException {
    StringBuilder code = new StringBuilder(CLASS);
    for (String source : SOURCES) {
      code.append(read(source)).append('\n');
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "data.pkl", INSTANCE);
      put(zip, "code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", CONSTANTS);
      put(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
      put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  /** libtorch maps the entries, so they are stored, not compressed. */
  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("operations/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static String read(String source) throws IOException {
    try (InputStream in = TorchScript.class.getResourceAsStream(source)) {
      if (in == null) {
        throw new BackendException(
            "djl: " + source + ": not on the class path; rebuild native/djl");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] pickle(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
