package dev.spectron.cli;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.plot.SpeakerPictures;
import dev.spectron.training.run.MetricsLog;
import dev.spectron.training.speaker.SpeakerMeasurement;
import dev.spectron.training.speaker.SpeakerRecipe;
import dev.spectron.training.speaker.SpeakerRun;
import dev.spectron.training.speaker.SpeakerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron train-speaker}: runs a recipe of a speaker encoder. */
@Command(
    name = "train-speaker",
    description = {
      "Train a speaker encoder, which judges who speaks, as a recipe says.",
      "",
      "It learns from the undisturbed questions of the corpus and from recordings. Held-out voices"
          + " and half of all other speakers are never heard. The folder of the run gets"
          + " checkpoints, metrics.jsonl, loss.png, and at the end the encoder in the folder"
          + " encoder. Started again on the same folder, training goes on from the newest"
          + " checkpoint as if it had never stopped.",
      ""
    },
    footer = {
      "  spectron train-speaker training/recipes/speaker-mini.json --corpus corpus --out speaker",
      "  spectron train-speaker training/recipes/speaker-mini.json --corpus corpus"
          + " --recordings \\",
      "    train-clean-100 --out speaker"
    })
final class TrainSpeakerCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RunChoice choice;

  @Option(
      names = "--recordings",
      paramLabel = "PATH",
      description =
          "Recordings by speaker: a .jsonl manifest with the key speaker, Lhotse cuts, or a folder"
              + " with FLAC files named as in LibriSpeech. May be given several times.")
  private List<Path> recordings = new ArrayList<>();

  TrainSpeakerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SpeakerRecipe opened = Json.read(choice.recipe(), SpeakerRecipe.class);
    try (Progress progress = Progress.of("train-speaker", console)) {
      Listener listener = new Listener(progress, new SpeakerPictures(choice.out()));
      new SpeakerRun(opened, choice.out(), listener).run(choice.corpus(), recordings);
    }
    console.line("trained; the encoder is in " + choice.out().resolve("encoder"));
    return 0;
  }

  /** Moves the bar. */
  private record Listener(Progress progress, SpeakerPictures pictures)
      implements SpeakerRun.Listener {
    @Override
    public void stepped(SpeakerState state, double loss, double accuracy) {
      progress.at(state.steps(), state.recipe().steps());
      progress.say(String.format(Locale.ROOT, "loss %.3f, right %.2f", loss, accuracy));
    }

    @Override
    public void saved(SpeakerState state, MetricsLog<SpeakerMeasurement> log) {
      pictures.saved(state, log);
    }
  }
}
