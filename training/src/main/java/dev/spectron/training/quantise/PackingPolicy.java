package dev.spectron.training.quantise;

import dev.spectron.core.packing.Packing;
import dev.spectron.core.tensor.Shape;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which weight is packed how: matrices, and convolutions in time of whole blocks of channels.
 * Vectors and small weights are always left as they are: they weigh nothing, and a vector in
 * disguise, such as an attention bias, has no rows to share a scale.
 *
 * @param name as a user calls it
 * @param rules the first that fits decides; where none does, the tensor is left as it is
 */
public record PackingPolicy(String name, List<Rule> rules) {
  private static final long SMALLEST = 16_384;
  private static final int SHORTEST_ROW = 64;

  /** Channels that share a scale, so that no block spans two taps. */
  private static final int BLOCK = 32;

  /** Copies the rules. */
  public PackingPolicy {
    rules = List.copyOf(rules);
  }

  /**
   * Part of a policy.
   *
   * @param path fits whole paths, such as {@code lm.layers.3.attention.query.weight}
   * @param packing of what fits
   */
  public record Rule(Pattern path, Packing packing) {
    static Rule of(String path, Packing packing) {
      return new Rule(Pattern.compile(path), packing);
    }
  }

  /**
   * All matrices as bf16 in panels: nothing is lost that bf16 does not lose, and none is packed at
   * load.
   */
  public static PackingPolicy bf16() {
    return new PackingPolicy("bf16", List.of(Rule.of(".*", Packing.BF16)));
  }

  /** 8 bits, but for the nets, which frames pass on their way in and out. */
  public static PackingPolicy int8() {
    return new PackingPolicy(
        "int8", List.of(Rule.of("nets\\..*", Packing.BF16), Rule.of(".*", Packing.INT8)));
  }

  /**
   * 4 bits in the layers of the decoder, of which every step reads all; 8 in embedding, head and
   * encoder, which are read once an answer or are more sensitive.
   */
  public static PackingPolicy int4() {
    return new PackingPolicy(
        "int4",
        List.of(
            Rule.of("nets\\..*", Packing.BF16),
            Rule.of("lm\\.layers\\..*", Packing.INT4),
            Rule.of(".*", Packing.INT8)));
  }

  /**
   * How a tensor is packed.
   *
   * @param path with its stage in front
   */
  public Packing of(String path, Shape shape) {
    if (!fits(shape)) {
      return Packing.ROWS;
    }
    return rules.stream()
        .filter(rule -> rule.path.matcher(path).matches())
        .map(Rule::packing)
        .findFirst()
        .orElse(Packing.ROWS);
  }

  private static boolean fits(Shape shape) {
    boolean matrix = shape.rank() == 2;
    boolean convolution = shape.rank() == 3 && shape.size(1) % BLOCK == 0;
    return (matrix || convolution)
        && shape.elements() >= SMALLEST
        && Packing.depth(shape) >= SHORTEST_ROW;
  }
}
