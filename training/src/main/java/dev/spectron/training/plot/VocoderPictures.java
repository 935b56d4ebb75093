package dev.spectron.training.plot;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.WavFile;
import dev.spectron.training.run.MetricsLog;
import dev.spectron.training.vocoder.VocoderLosses;
import dev.spectron.training.vocoder.VocoderMeasurement;
import dev.spectron.training.vocoder.VocoderRun;
import dev.spectron.training.vocoder.VocoderState;
import dev.spectron.training.vocoder.VocoderTrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * At each checkpoint of a vocoder's run, draws {@code loss.png} and {@code spectrogram.png} and
 * writes {@code sample-N.wav}, beside {@code sample-N-target.wav}, into its folder.
 *
 * @param folder of the run
 */
public record VocoderPictures(Path folder) implements VocoderRun.Listener {
  private static final int HEARD = 3;

  private static final List<Part> PARTS =
      List.of(
          new Part("convergence", VocoderLosses::convergence),
          new Part("log magnitude", VocoderLosses::magnitude),
          new Part("log-mel", VocoderLosses::logMel),
          new Part("adversarial", VocoderLosses::adversarial),
          new Part("feature matching", VocoderLosses::featureMatching),
          new Part("discriminator", VocoderLosses::discriminator));

  private record Part(String name, ToDoubleFunction<VocoderLosses> of) {}

  @Override
  public void stepped(VocoderState state, VocoderTrainer.StepReport report) {}

  @Override
  public void saved(
      VocoderState state, List<VocoderRun.Sample> samples, MetricsLog<VocoderMeasurement> log) {
    LossCurve.write(folder.resolve("loss.png"), series(log));
    List<SpectrogramPanel> panels = new ArrayList<>();
    for (int i = 0; i < Math.min(HEARD, samples.size()); i++) {
      VocoderRun.Sample sample = samples.get(i);
      LogMelExtractor extractor = new LogMelExtractor(sample.logMel().spec());
      WavFile.write(folder.resolve("sample-%d.wav".formatted(i)), sample.made());
      WavFile.write(folder.resolve("sample-%d-target.wav".formatted(i)), sample.speech());
      panels.add(
          SpectrogramPanel.of(
              "sample " + i, "step " + state.steps(), extractor.extract(sample.made())));
      panels.add(SpectrogramPanel.of("target " + i, "", sample.logMel()));
    }
    SpectrogramImage.write(folder.resolve("spectrogram.png"), panels);
  }

  private static List<LossCurve.Series<VocoderMeasurement>> series(
      MetricsLog<VocoderMeasurement> log) {
    List<VocoderMeasurement> train = of("train", log);
    List<VocoderMeasurement> development = of("development", log);
    List<LossCurve.Series<VocoderMeasurement>> series = new ArrayList<>();
    for (Part part : PARTS) {
      ToDoubleFunction<VocoderMeasurement> value = line -> part.of.applyAsDouble(line.losses());
      series.add(new LossCurve.Series<>(part.name, train, value, false));
      series.add(new LossCurve.Series<>(part.name + ", development", development, value, true));
    }
    return series;
  }

  private static List<VocoderMeasurement> of(String set, MetricsLog<VocoderMeasurement> log) {
    return log.entries().stream().filter(line -> line.set().equals(set)).toList();
  }
}
