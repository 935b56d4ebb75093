package dev.spectron.cli;

import dev.spectron.sdk.SpectronOptions;
import picocli.CommandLine.Option;

/** How a model answers. */
final class SamplingChoice {
  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of sampling and vocoder: same seed, same answer; default 0.")
  private long seed;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 for the most probable text, up to 100 for more variety; default 0.")
  private float temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Sample among the tokens that have this probability together; default 1.")
  private float topP = 1;

  @Option(
      names = "--vocoder",
      paramLabel = "NAME",
      description =
          "What makes sound of frames: of_model, the default, griffin_lim or wavefit, which needs a"
              + " model with weights for it, such as the embedded one that answers.")
  private SpectronOptions.Vocoder vocoder = SpectronOptions.Vocoder.OF_MODEL;

  @Option(
      names = "--max-speech-frames",
      paramLabel = "N",
      description = "Cut the answer off after so many frames; the model has a limit of its own.")
  private int maxSpeechFrames = Integer.MAX_VALUE;

  /**
   * The options of the SDK.
   *
   * @throws UsageException if a value is out of range
   */
  SpectronOptions options(SpectronOptions.Model model, String backend) {
    try {
      return SpectronOptions.builder()
          .model(model)
          .backend(backend)
          .vocoder(vocoder)
          .seed(seed)
          .temperature(temperature)
          .topP(topP)
          .maxSpeechFrames(maxSpeechFrames)
          .build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
