package dev.spectron.training.speaker;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.Scope;
import dev.spectron.core.backend.WeightData;
import dev.spectron.core.bundle.ModelBundle;
import dev.spectron.core.layer.WeightScope;
import dev.spectron.core.layer.WeightSource;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.core.tensor.Lengths;
import dev.spectron.core.tensor.Shape;
import dev.spectron.core.tensor.Tensor;
import java.nio.file.Path;

/**
 * A trained speaker encoder on a back end. Used by one thread at a time, as long as the back end is
 * open.
 */
public final class SpeakerModel implements SpeakerEmbedder {
  private static final String EMBEDDED = "dev/spectron/training/speaker/mini";
  static final String STAGE = "speaker";

  /** Longer speech is embedded in pieces, as the work of pooling grows with the square. */
  private static final double MOST_SECONDS = 20;

  private final Backend backend;
  private final SpeakerEncoder encoder;
  private final SpeakerFeatures features;
  private final int embeddingDim;

  SpeakerModel(Backend backend, SpeakerEncoder encoder, SpeakerConfig config) {
    this.backend = backend;
    this.encoder = encoder;
    this.features = new SpeakerFeatures(config.features());
    this.embeddingDim = config.embeddingDim();
  }

  /** The encoder that comes with this module. */
  public static SpeakerModel mini(Backend backend) {
    try (ModelBundle bundle =
        ModelBundle.openResources(SpeakerModel.class.getClassLoader(), EMBEDDED)) {
      return load(backend, bundle);
    }
  }

  /**
   * An encoder in a folder, as {@link SpeakerExport} writes one.
   *
   * @throws dev.spectron.core.error.BundleException if a file is missing or malformed
   */
  public static SpeakerModel open(Backend backend, Path folder) {
    try (ModelBundle bundle = ModelBundle.open(folder)) {
      return load(backend, bundle);
    }
  }

  private static SpeakerModel load(Backend backend, ModelBundle bundle) {
    SpeakerConfig config = bundle.config(STAGE, SpeakerConfig.class);
    SpeakerEncoder encoder = SpeakerEncoder.load(config, WeightScope.of(backend, copies(bundle)));
    bundle.requireAllRead();
    return new SpeakerModel(backend, encoder, config);
  }

  /** Back ends may keep a view of what they are given, and the bundle is closed after loading. */
  private static WeightSource copies(ModelBundle bundle) {
    WeightSource stored = bundle.weights(STAGE);
    return (path, shape, init) ->
        WeightData.of(path, shape, stored.read(path, shape, init).toFloats());
  }

  /**
   * Embeds one utterance; of a long one, the mean over pieces.
   *
   * @return {@code [embedding_dim]}, of length 1
   */
  @Override
  public float[] embed(Waveform speech) {
    LogMel whole = features.speech(speech);
    int most = (int) (MOST_SECONDS * whole.spec().frameRate());
    int pieces = Math.ceilDiv(whole.time(), most);
    double[] sum = new double[embeddingDim];
    for (int piece = 0; piece < pieces; piece++) {
      int from = (int) ((long) whole.time() * piece / pieces);
      int to = (int) ((long) whole.time() * (piece + 1) / pieces);
      float[] one = embed(whole.slice(from, to));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += one[i];
      }
    }
    return unit(sum);
  }

  private float[] embed(LogMel piece) {
    Shape shape = Shape.of(1, piece.time(), piece.spec().nMels());
    try (Scope _ = backend.openScope()) {
      Tensor frames = backend.upload(SpeakerFeatures.centred(piece), shape);
      return backend.download(encoder.forward(backend, frames, Lengths.full(1, piece.time())));
    }
  }

  private static float[] unit(double[] vector) {
    double square = 0;
    for (double value : vector) {
      square += value * value;
    }
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return unit;
  }
}
