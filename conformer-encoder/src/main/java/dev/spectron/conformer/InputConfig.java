package dev.spectron.conformer;

import java.util.List;

/**
 * What stands between the features and the first block.
 *
 * @param kind which layers
 * @param stack frames that become one vector, of {@link Kind#FRAMES}; else 1
 * @param kernels taps of each convolution of {@link Kind#SAMPLES}, else none
 * @param strides input frames an output frame of each, likewise
 * @param scale factor on the result; sqrt(dModel) in some FastConformers
 */
public record InputConfig(
    Kind kind, int stack, List<Integer> kernels, List<Integer> strides, float scale) {
  /** Spectron's own, as JSON. */
  static final String ABSENT =
      "{\"kind\": \"convolutions\", \"stack\": 1, \"kernels\": [], \"strides\": [], \"scale\": 1}";

  /** Kinds of input layers. */
  public enum Kind {
    /** 3×3 convolutions of stride 2 over time and frequency, then a linear layer. */
    CONVOLUTIONS,
    /** The same, of which all but the first are depthwise and then pointwise; FastConformer. */
    DEPTHWISE_CONVOLUTIONS,
    /** Frames that follow each other, side by side; a layer norm and a linear layer. */
    FRAMES,
    /** Convolutions in time over the samples, each with layer norm and GELU; then as FRAMES. */
    SAMPLES
  }

  /** Checks the sizes. */
  public InputConfig {
    kernels = List.copyOf(kernels);
    strides = List.copyOf(strides);
    require(stack >= 1 && stack <= 64, "stack", "1 to 64", stack);
    require(
        kernels.stream().allMatch(k -> k >= 1 && k <= 1024),
        "kernels",
        "sizes of 1 to 1024",
        kernels);
    require(
        strides.size() == kernels.size() && strides.stream().allMatch(s -> s >= 1 && s <= 64),
        "strides",
        "as many sizes of 1 to 64 as kernels",
        strides);
    require(kernels.size() <= 16, "kernels", "at most 16", kernels);
    require(
        (kind == Kind.SAMPLES) == !kernels.isEmpty(),
        "kernels",
        "sizes where and only where the kind is samples",
        kernels);
    require(scale > 0 && scale < 1e4, "scale", "above 0 and below 10000", scale);
  }

  /** Spectron's own. */
  public static InputConfig convolutions() {
    return new InputConfig(Kind.CONVOLUTIONS, 1, List.of(), List.of(), 1);
  }

  /** Whether there may be so many convolutions. */
  boolean fits(int convolutions) {
    return switch (kind) {
      case CONVOLUTIONS, DEPTHWISE_CONVOLUTIONS -> convolutions >= 1 && convolutions <= 4;
      case FRAMES -> convolutions == 0;
      case SAMPLES -> convolutions == kernels.size();
    };
  }

  /** Input frames a vector. */
  int factor(int convolutions) {
    return switch (kind) {
      case CONVOLUTIONS, DEPTHWISE_CONVOLUTIONS -> 1 << convolutions;
      case FRAMES -> stack;
      case SAMPLES -> strides.stream().reduce(1, Math::multiplyExact);
    };
  }

  /** Whether vectors are made of few frames around them, so that pieces can be worked on. */
  boolean worksOnPieces() {
    return kind == Kind.CONVOLUTIONS || kind == Kind.DEPTHWISE_CONVOLUTIONS;
  }

  private static void require(boolean holds, String key, String expected, Object found) {
    ConformerConfig.require(holds, "input." + key, expected, found);
  }
}
