package dev.spectron.spokenlm;

import dev.spectron.conformer.ConformerConfig;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.bundle.BundleWriter;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.bundle.StoredTensor;
import dev.spectron.core.layer.RandomWeights;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.lm.LmConfig;
import dev.spectron.lm.Tokenizer;
import dev.spectron.lm.WordTokenizer;
import dev.spectron.nets.NetsConfig;
import dev.spectron.vocoder.Vocoder;
import dev.spectron.vocoder.VocoderConfig;
import dev.spectron.vocoder.Vocoders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An opened bundle of a spoken language model: its configuration, tokenizer and weights.
 * Thread-safe; weights are read when {@link #load} asks for them.
 */
public final class SpokenLmBundle implements AutoCloseable {
  private final String name;
  private final SpokenLmConfig config;
  private final VocoderConfig vocoder;
  private final Tokenizer tokenizer;
  private final WeightSource weights;
  private final Runnable checkAllRead;
  private final Supplier<String> fingerprint;
  private final Files files;

  private SpokenLmBundle(
      String name,
      SpokenLmConfig config,
      VocoderConfig vocoder,
      Tokenizer tokenizer,
      WeightSource weights,
      Runnable checkAllRead,
      Supplier<String> fingerprint,
      Files files) {
    this.name = name;
    this.config = config;
    this.vocoder = vocoder;
    this.tokenizer = tokenizer;
    this.weights = weights;
    this.checkAllRead = checkAllRead;
    this.fingerprint = fingerprint;
    this.files = files;
  }

  /**
   * Opens a folder.
   *
   * @throws dev.spectron.core.error.BundleException if anything is missing or malformed
   */
  public static SpokenLmBundle open(Path folder) {
    return of(ModelBundle.open(folder));
  }

  /**
   * Opens a bundle on the class path.
   *
   * @param loader finds the resources
   * @param folder their common folder, such as {@code dev/spectron/model/mini}
   * @throws dev.spectron.core.error.BundleException if anything is missing or malformed
   */
  public static SpokenLmBundle openResources(ClassLoader loader, String folder) {
    return of(ModelBundle.openResources(loader, folder));
  }

  /**
   * A named configuration with random weights, to try out a size: its answers are noise.
   *
   * @param configuration one of {@link NamedConfigs#NAMES}
   * @param seed of the weights
   */
  public static SpokenLmBundle random(String configuration, long seed) {
    SpokenLmConfig config = NamedConfigs.of(configuration);
    WordTokenizer.File words = WordTokenizer.spelling(List.of("spectron"));
    return new SpokenLmBundle(
        configuration + "-random",
        config,
        NamedConfigs.vocoder(configuration),
        Tokenizer.of("tokenizer.json", words.json()),
        new RandomWeights(seed),
        () -> {},
        () -> "seed " + seed,
        () -> {});
  }

  private static SpokenLmBundle of(ModelBundle bundle) {
    try {
      SpokenLmConfig config = config(bundle);
      VocoderConfig vocoder = bundle.config("vocoder", VocoderConfig.class);
      Tokenizer tokenizer =
          Tokenizer.of("tokenizer.json", bundle.tokenizer().getBytes(StandardCharsets.UTF_8));
      return new SpokenLmBundle(
          bundle.name(),
          config,
          vocoder,
          tokenizer,
          weights(bundle),
          bundle::requireAllRead,
          bundle::contentHash,
          bundle::close);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  /**
   * All sizes of the model in a bundle.
   *
   * @throws dev.spectron.core.error.BundleException if one is missing or they disagree
   */
  public static SpokenLmConfig config(ModelBundle bundle) {
    return new SpokenLmConfig(
        bundle.config("input_features", FeatureSpec.class),
        bundle.config("output_features", FeatureSpec.class),
        bundle.config("conformer", ConformerConfig.class),
        bundle.config("nets", NetsConfig.class),
        bundle.config("lm", LmConfig.class),
        bundle.config("decoding", DecodingConfig.class));
  }

  /**
   * All weights of a bundle: {@code lm.norm.weight} is {@code norm.weight} in the file of stage
   * {@code lm}.
   */
  public static WeightSource weights(ModelBundle bundle) {
    return (path, shape, init) -> {
      int dot = path.indexOf('.');
      WeightSource stage = bundle.weights(path.substring(0, dot));
      return stage.read(path.substring(dot + 1), shape, init).named(path);
    };
  }

  /**
   * Writes a bundle.
   *
   * @param folder where it appears; nothing may be there yet
   * @param card what is said about the model, free in form
   * @param tokenizer contents of {@code tokenizer.json}
   * @param weights tensors by stage: {@code conformer}, {@code nets}, {@code lm} and, if the
   *     vocoder has some, {@code vocoder}
   * @throws dev.spectron.core.error.BundleException if it cannot be written
   */
  public static void write(
      Path folder,
      String name,
      SpokenLmConfig config,
      VocoderConfig vocoder,
      Map<String, Object> card,
      String tokenizer,
      Map<String, List<StoredTensor>> weights) {
    try (BundleWriter writer = new BundleWriter(folder, name)) {
      writer.config("input_features", config.inputFeatures());
      writer.config("output_features", config.outputFeatures());
      writer.config("conformer", config.conformer());
      writer.config("nets", config.nets());
      writer.config("lm", config.lm());
      writer.config("decoding", config.decoding());
      writer.config("vocoder", vocoder);
      writer.card(card);
      writer.tokenizer(tokenizer);
      weights.forEach((stage, tensors) -> writer.weights(stage, Map.of(), tensors));
      writer.commit();
    }
  }

  /** What the model is called. */
  public String name() {
    return name;
  }

  /**
   * What tells this model from others: its name and a hash of its files, or the seed of random
   * weights.
   *
   * @throws dev.spectron.core.error.BundleException if a file cannot be read
   */
  public String fingerprint() {
    return name + " " + fingerprint.get();
  }

  /** All sizes. */
  public SpokenLmConfig config() {
    return config;
  }

  /** Which vocoder, and its settings. */
  public VocoderConfig vocoder() {
    return vocoder;
  }

  /**
   * Puts the weights on a back end.
   *
   * @return answers questions as long as bundle and back end are open
   * @throws dev.spectron.core.error.BundleException if a tensor is missing, left over or of another
   *     shape
   */
  public AnswerLoop load(Backend backend) {
    return load(backend, vocoder.kind());
  }

  /**
   * Puts the weights on a back end.
   *
   * @param kind the vocoder to speak through, if not the model's own choice
   * @return answers questions as long as bundle and back end are open
   * @throws dev.spectron.core.error.BundleException if a tensor is missing, left over or of another
   *     shape, or the vocoder needs weights that the bundle does not have
   */
  public AnswerLoop load(Backend backend, VocoderConfig.Kind kind) {
    WeightScope scope = WeightScope.of(backend, weights);
    SpokenLanguageModel model = SpokenLanguageModel.load(config, scope);
    Vocoder loaded =
        Vocoders.load(vocoder.with(kind), config.outputFeatures(), scope.in("vocoder"));
    checkAllRead.run();
    return new AnswerLoop(model, tokenizer, loaded);
  }

  @Override
  public void close() {
    tokenizer.close();
    files.close();
  }

  /** What the weights come from. */
  private interface Files {
    void close();
  }
}
