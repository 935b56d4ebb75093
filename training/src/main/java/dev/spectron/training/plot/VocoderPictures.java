package dev.spectron.training.plot;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.WavFile;
import dev.spectron.training.run.MetricsLog;
import dev.spectron.training.vocoder.VocoderMeasurement;
import dev.spectron.training.vocoder.VocoderRun;
import dev.spectron.training.vocoder.VocoderState;
import dev.spectron.training.vocoder.VocoderTrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * At each checkpoint of a vocoder's run, draws {@code loss.png} and {@code spectrogram.png} and
 * writes {@code sample-N.wav}, beside {@code sample-N-target.wav}, into its folder.
 *
 * @param folder of the run
 */
public record VocoderPictures(Path folder) implements VocoderRun.Listener {
  private static final int HEARD = 3;

  private static final List<LossCurve.Part<VocoderMeasurement>> PARTS =
      List.of(
          new LossCurve.Part<>("convergence", line -> line.losses().convergence()),
          new LossCurve.Part<>("log magnitude", line -> line.losses().magnitude()),
          new LossCurve.Part<>("log-mel", line -> line.losses().logMel()),
          new LossCurve.Part<>("adversarial", line -> line.losses().adversarial()),
          new LossCurve.Part<>("feature matching", line -> line.losses().featureMatching()),
          new LossCurve.Part<>("discriminator", line -> line.losses().discriminator()));

  @Override
  public void stepped(VocoderState state, VocoderTrainer.StepReport report) {}

  @Override
  public void saved(
      VocoderState state, List<VocoderRun.Sample> samples, MetricsLog<VocoderMeasurement> log) {
    LossCurve.write(folder.resolve("loss.png"), log, PARTS);
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
}
