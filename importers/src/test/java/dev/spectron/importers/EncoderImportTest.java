package dev.spectron.importers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.conformer.ConformerEncoder;
import dev.spectron.conformer.EncoderStates;
import dev.spectron.core.backend.AttentionMask;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Backends;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Imported speech encoders against transformers, block by block. */
class EncoderImportTest {
  @TempDir Path folder;

  static Stream<Arguments> encoders() {
    return HubFixture.names(name -> name.matches("(w2v|fastconformer).*")).stream()
        .filter(name -> !name.contains("features"))
        .flatMap(name -> Stream.of("reference", "cpu").map(back -> Arguments.of(name, back)));
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void statesAreThoseOfTransformers(String name, String backEnd) {
    try (HubFixture fixture = HubFixture.open(name);
        Backend backend = Backends.open(backEnd)) {
      Path bundle = folder.resolve("bundle");
      EncoderImport.write(fixture.folder(), bundle, ImportOptions.named(name));
      try (ModelBundle opened = ModelBundle.open(bundle)) {
        ConformerEncoder encoder =
            ConformerEncoder.load(
                opened.config("conformer", ConformerConfig.class),
                WeightScope.of(backend, opened.weights("conformer")));
        opened.requireAllRead();
        List<String> cases =
            Stream.of("batch.", "single.", "long.")
                .filter(c -> fixture.has(c + "input_features") || fixture.has(c + "input_values"))
                .toList();
        assertThat(cases).isNotEmpty();
        for (String prefix : cases) {
          try (Scope _ = backend.openScope()) {
            assertStates(fixture, prefix, backend, encoder);
          }
        }
      }
    }
  }

  private static void assertStates(
      HubFixture fixture, String prefix, Backend backend, ConformerEncoder encoder) {
    ConformerConfig config = encoder.config();
    Given given = given(fixture, prefix, backend, config);
    AttentionMask full = new AttentionMask.Full();
    EncoderStates first = encoder.subsampling().forward(backend, given.x, given.lengths);
    Lengths valid = first.lengths();
    Tensor x = first.states();
    assertRows(fixture, prefix + "hidden.0", backend, x, valid);
    for (int i = 0; i < encoder.blocks().size(); i++) {
      x = encoder.blocks().get(i).forward(backend, x, full, valid);
      assertRows(fixture, prefix + "hidden." + (i + 1), backend, x, valid);
    }
    EncoderStates states = encoder.encode(backend, given.x, given.lengths);
    if (config.adapter() > 0) {
      // The library lets a masked frame of the second row through its strided convolutions.
      Lengths firstRow = Lengths.of(new int[] {states.lengths().at(0), 0});
      assertRows(fixture, prefix + "adapter", backend, states.states(), firstRow);
    } else {
      assertThat(states.lengths()).isEqualTo(valid);
      assertRows(fixture, prefix + "last_hidden_state", backend, states.states(), valid);
    }
  }

  /** Features and their valid frames. */
  private record Given(Tensor x, Lengths lengths) {}

  private static Given given(
      HubFixture fixture, String prefix, Backend backend, ConformerConfig config) {
    if (fixture.has(prefix + "input_values")) {
      // The library's convolution module does not mask, so that a padded row cannot be compared.
      Shape shape = fixture.data(prefix + "input_values").shape();
      float[] row = Arrays.copyOf(fixture.floats(prefix + "input_values"), shape.size(1));
      Tensor x = backend.upload(row, Shape.of(1, row.length, 1));
      return new Given(x, Lengths.full(x));
    }
    Shape shape = fixture.data(prefix + "input_features").shape();
    int stack = config.input().stack();
    Tensor x =
        backend.upload(
            fixture.floats(prefix + "input_features"),
            Shape.of(shape.size(0), shape.size(1) * stack, config.nMels()));
    if (!fixture.has(prefix + "attention_mask")) {
      return new Given(x, Lengths.full(x));
    }
    int[] mask = fixture.integers(prefix + "attention_mask");
    int[] lengths = new int[shape.size(0)];
    for (int i = 0; i < mask.length; i++) {
      lengths[i / shape.size(1)] += mask[i] * stack;
    }
    return new Given(x, Lengths.of(lengths));
  }

  private static void assertRows(
      HubFixture fixture, String name, Backend backend, Tensor x, Lengths valid) {
    float[] found = backend.download(x);
    float[] wanted = fixture.floats(name);
    int row = x.shape().size(1) * x.shape().size(2);
    int frame = x.shape().size(2);
    assertThat(fixture.data(name).shape().size(1)).as(name).isEqualTo(x.shape().size(1));
    for (int i = 0; i < valid.batch(); i++) {
      if (valid.at(i) > 0) {
        int from = i * row;
        int to = from + valid.at(i) * frame;
        fixture.assertClose(
            name, Arrays.copyOfRange(wanted, from, to), Arrays.copyOfRange(found, from, to));
      }
    }
  }
}
