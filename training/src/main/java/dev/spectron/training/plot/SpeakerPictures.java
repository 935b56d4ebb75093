package dev.spectron.training.plot;

import dev.spectron.training.run.MetricsLog;
import dev.spectron.training.speaker.SpeakerMeasurement;
import dev.spectron.training.speaker.SpeakerRun;
import dev.spectron.training.speaker.SpeakerState;
import java.nio.file.Path;
import java.util.List;

/**
 * At each checkpoint of a speaker encoder's run, draws {@code loss.png} into its folder.
 *
 * @param folder of the run
 */
public record SpeakerPictures(Path folder) implements SpeakerRun.Listener {
  @Override
  public void stepped(SpeakerState state, double loss, double accuracy) {}

  @Override
  public void saved(SpeakerState state, MetricsLog<SpeakerMeasurement> log) {
    LossCurve.write(
        folder.resolve("loss.png"),
        log,
        List.of(
            new LossCurve.Part<>("loss", SpeakerMeasurement::loss),
            new LossCurve.Part<>("share that is wrong", line -> 1 - line.accuracy())));
  }
}
