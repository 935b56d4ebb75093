package dev.spectron.training.vocoder;

import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.run.Checkpoint;
import dev.spectron.training.run.MetricsLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A vocoder's training run in a folder: {@code metrics.jsonl} and checkpoints. Run again on the
 * same folder, it goes on from the newest checkpoint.
 */
public final class VocoderRun {
  private static final int REPORT_STEPS = 10;

  private final VocoderRecipe recipe;
  private final Path folder;
  private final Listener listener;

  /** Hears how a run goes; called on the training thread. */
  public interface Listener {
    /** A step was taken. */
    void stepped(VocoderState state, VocoderTrainer.StepReport report);

    /** A checkpoint was written, and some clips synthesized. */
    void saved(VocoderState state, List<Sample> samples, MetricsLog<VocoderMeasurement> log);
  }

  /**
   * A clip of the development set.
   *
   * @param speech what was recorded
   * @param made what the vocoder makes of its spectrogram
   * @param logMel the spectrogram
   */
  public record Sample(Waveform speech, Waveform made, LogMel logMel) {}

  /**
   * A run.
   *
   * @param folder made if missing; holds at most one run
   */
  public VocoderRun(VocoderRecipe recipe, Path folder, Listener listener) {
    this.recipe = recipe;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Trains to the end of the recipe.
   *
   * @param corpus a rendered corpus
   */
  public void run(Path corpus) {
    try (Corpus opened = Corpus.open(corpus)) {
      VocoderData train = data(opened, Split.TRAIN, recipe.cropFrames());
      List<VocoderData.Crop> development =
          data(opened, Split.DEV, recipe.cropFrames()).clips(recipe.developmentClips());
      try (VocoderTrainer trainer = open(train)) {
        loop(trainer, development);
      }
    }
  }

  private VocoderData data(Corpus corpus, Split split, int fewestFrames) {
    return new VocoderData(corpus, split, recipe.wavefit().features(), fewestFrames);
  }

  private VocoderTrainer open(VocoderData train) {
    Optional<Path> latest = Checkpoint.latest(folder);
    if (latest.isEmpty()) {
      return VocoderTrainer.start(recipe, train);
    }
    try (Checkpoint checkpoint = Checkpoint.open(latest.orElseThrow())) {
      VocoderState state = checkpoint.state(VocoderState.class);
      return VocoderTrainer.resume(
          recipe, train, state, checkpoint.weights(), checkpoint.moments());
    }
  }

  private void loop(VocoderTrainer trainer, List<VocoderData.Crop> development) {
    makeFolder();
    MetricsLog<VocoderMeasurement> log =
        MetricsLog.open(
            folder.resolve("metrics.jsonl"), VocoderMeasurement.class, trainer.state().steps());
    VocoderLosses sum = VocoderLosses.zero();
    int count = 0;
    long start = System.nanoTime();
    long saved = start;
    while (!trainer.isDone()) {
      VocoderTrainer.StepReport report = trainer.step();
      sum = sum.plus(report.losses());
      count++;
      VocoderState state = trainer.state();
      listener.stepped(state, report);
      boolean due = System.nanoTime() - saved > recipe.checkpointSeconds() * 1_000_000_000L;
      if (state.steps() % REPORT_STEPS == 0 || due || trainer.isDone()) {
        double norm = Double.isFinite(report.gradientNorm()) ? report.gradientNorm() : -1;
        log.add(line(state, "train", report.rate(), norm, sum.times(1.0 / count), start));
        sum = VocoderLosses.zero();
        count = 0;
      }
      if (due || trainer.isDone()) {
        save(trainer, development, log, report.rate(), start);
        saved = System.nanoTime();
      }
    }
  }

  private void save(
      VocoderTrainer trainer,
      List<VocoderData.Crop> development,
      MetricsLog<VocoderMeasurement> log,
      double rate,
      long start) {
    VocoderState state = trainer.state();
    Checkpoint.write(folder, state.steps(), state, trainer.parameters(), trainer.moments());
    List<Sample> samples = new ArrayList<>();
    VocoderLosses sum = VocoderLosses.zero();
    for (VocoderData.Crop clip : development) {
      Waveform made = trainer.synthesize(clip.logMel(), samples.size());
      sum = sum.plus(trainer.measure(made.samples(), clip.samples()));
      Waveform speech = new Waveform(clip.samples(), made.sampleRate());
      samples.add(new Sample(speech, made, clip.logMel()));
    }
    log.add(line(state, "development", rate, 0, sum.times(1.0 / samples.size()), start));
    listener.saved(state, samples, log);
  }

  private static VocoderMeasurement line(
      VocoderState state, String set, double rate, double norm, VocoderLosses losses, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return new VocoderMeasurement(state.steps(), set, rate, norm, losses, seconds);
  }

  private void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new TrainingException(folder + ": cannot be made: " + e.getMessage(), e);
    }
  }
}
