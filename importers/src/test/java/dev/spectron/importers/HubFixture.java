package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A tiny random checkpoint in the layout of Hugging Face transformers 5.18.0, and what that library
 * computes from it on PyTorch 2.13.0 in float32. The folders under {@code hub} are some of a set;
 * {@code -Dspectron.fixtures=DIR} tests a whole one.
 */
final class HubFixture implements AutoCloseable {
  private final Path folder;
  private final Safetensors expected;

  private HubFixture(Path folder) {
    this.folder = folder;
    this.expected = Safetensors.open(folder.resolve("expected.safetensors"));
  }

  /** Folders of a kind, by name. */
  static List<String> names(Predicate<String> kind) {
    try (Stream<Path> folders = Files.list(root())) {
      List<String> names =
          folders
              .filter(Files::isDirectory)
              .map(path -> path.getFileName().toString())
              .filter(kind)
              .sorted()
              .toList();
      assertThat(names).isNotEmpty();
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HubFixture open(String name) {
    return new HubFixture(folder(name));
  }

  /** One of the folders beside this test, also where a whole set is tested. */
  static HubFixture packaged(String name) {
    return new HubFixture(packaged().resolve(name));
  }

  static Path folder(String name) {
    return root().resolve(name);
  }

  private static Path root() {
    String whole = System.getProperty("spectron.fixtures");
    if (whole != null) {
      return Path.of(whole);
    }
    return packaged();
  }

  private static Path packaged() {
    URL found = HubFixture.class.getResource("/hub");
    assertThat(found).isNotNull();
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("fixtures: expected a path, found " + found, e);
    }
  }

  Path folder() {
    return folder;
  }

  boolean has(String name) {
    return expected.names().contains(name);
  }

  WeightData data(String name) {
    return expected.get(name);
  }

  float[] floats(String name) {
    return expected.get(name).toFloats();
  }

  int[] integers(String name) {
    WeightData data = expected.get(name);
    ByteBuffer bytes = data.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int[] values = new int[data.shape().arrayLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.dtype().bytes() == 8 ? (int) bytes.getLong() : bytes.get();
    }
    return values;
  }

  /** Asserts that max|found − expected| is at most 1e-5 of max|expected|. */
  void assertClose(String name, float[] found) {
    assertClose(name, floats(name), found);
  }

  void assertClose(String name, float[] wanted, float[] found) {
    assertThat(found).as(name).hasSameSizeAs(wanted);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      double error = Math.abs((double) wanted[i] - found[i]);
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    assertThat(worst / largest)
        .as("relative error of %s of %s", name, folder.getFileName())
        .isLessThanOrEqualTo(Double.parseDouble(System.getProperty("spectron.tolerance", "1e-5")));
  }

  /** Rows {@code [from, to)} of a matrix. */
  static float[] rows(float[] matrix, int columns, int from, int to) {
    return Arrays.copyOfRange(matrix, from * columns, to * columns);
  }

  @Override
  public void close() {
    expected.close();
  }
}
