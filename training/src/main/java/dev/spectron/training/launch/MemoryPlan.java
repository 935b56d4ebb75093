package dev.spectron.training.launch;

import dev.spectron.core.layer.ParameterCount;
import dev.spectron.spokenlm.SpokenLanguageModel;
import dev.spectron.spokenlm.SpokenLmConfig;
import java.util.Locale;

/**
 * What a model takes on each rank whatever the batch: float32 parameters and gradients whole, the
 * two moments of AdamW in shares (stage 1 of Rajbhandari et al. 2020, arXiv 1910.02054: {@code 4P +
 * 4P + 8P/N} bytes).
 *
 * @param parameters of the model
 * @param ranks that share the moments
 */
public record MemoryPlan(long parameters, int ranks) {
  private static final double GB = 1e9;

  /** Of sizes without weights. */
  public static MemoryPlan of(SpokenLmConfig config, int ranks) {
    long parameters =
        ParameterCount.shapes(weights -> SpokenLanguageModel.load(config, weights))
            .values()
            .stream()
            .mapToLong(shape -> shape.elements())
            .sum();
    return new MemoryPlan(parameters, ranks);
  }

  /** Bytes a rank. */
  public long bytes() {
    return 8 * parameters + 8 * Math.ceilDiv(parameters, ranks);
  }

  /** For people. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%,d parameters: %.2f GB on each of %d %s for parameters, gradients and moments (%.2f GB on"
            + " one alone); what the batch needs comes on top",
        parameters,
        bytes() / GB,
        ranks,
        ranks == 1 ? "rank" : "ranks",
        new MemoryPlan(parameters, 1).bytes() / GB);
  }
}
