package dev.spectron.cli;

import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.Waveform;
import dev.spectron.live.Dispatcher;
import dev.spectron.live.Echo;
import dev.spectron.live.LiveOptions;
import dev.spectron.live.LiveSession;
import dev.spectron.live.SoundDevice;
import dev.spectron.live.SoundDevices;
import dev.spectron.live.SoundInput;
import dev.spectron.live.SoundOutput;
import dev.spectron.live.VirtualSound;
import dev.spectron.sdk.Conversation;
import dev.spectron.sdk.Spectron;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectron listen}: a spoken conversation. */
@Command(
    name = "listen",
    description = {
      "Talk: questions from the microphone, answers from the loudspeaker, until interrupted.",
      "",
      "While an answer sounds nothing is listened to, as the microphone would hear it. With"
          + " headphones, or where the system cancels the echo, --full-duplex lets you speak into an"
          + " answer, which ends it. With --input-file a recording takes the place of the"
          + " microphone, and time passes as fast as the model answers.",
      ""
    },
    footer = {
      "  spectron listen",
      "  spectron listen --devices",
      "  spectron listen --full-duplex --input headset --output headset",
      "  spectron listen --input-file talk.wav --output-file answers.wav --json"
    })
final class ListenCommand implements Callable<Integer> {
  private static final int LONGEST_STOP_SECONDS = 5;

  private final Console console;

  @Option(names = "--devices", description = "List the sound devices and end.")
  private boolean devices;

  @Option(names = "--json", description = "Print one JSON object a line for all that happens.")
  private boolean json;

  @Option(
      names = "--input",
      paramLabel = "NAME",
      description = "Part of the name of the microphone; without it, the system's choice.")
  private String input = "";

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "Part of the name of the loudspeaker; without it, the system's choice.")
  private String output = "";

  @Option(
      names = "--input-file",
      paramLabel = "FILE",
      description = "Hear this WAV file in place of a microphone; nothing is played aloud.")
  private Path inputFile;

  @Option(
      names = "--output-file",
      paramLabel = "FILE",
      description = "With --input-file, write what would have been played, second by second.")
  private Path outputFile;

  @Option(
      names = "--full-duplex",
      description = "Listen while an answer sounds; wants headphones or an echo canceller.")
  private boolean fullDuplex;

  @Option(
      names = "--silence",
      paramLabel = "MS",
      description = "Silence that ends a question, 100 to 5000; default 600.")
  private int silence = LiveOptions.defaults().silence();

  @Option(
      names = "--confirm",
      paramLabel = "MS",
      description = "What is shorter is a cough, no speech; 100 to 2000, default 300.")
  private int confirm = LiveOptions.defaults().confirm();

  @Option(
      names = "--threshold",
      paramLabel = "T",
      description = "Score above which sound is speech, up to 0.5; default 0.2.")
  private double threshold = LiveOptions.defaults().threshold();

  @Option(
      names = "--dispatcher",
      paramLabel = "NAME",
      description = "Who cuts the microphone's sound: own, the default, or tarsos (GPL-3).")
  private Dispatcher dispatcher = Dispatcher.OWN;

  @Mixin private ModelChoice model;

  @Mixin private SamplingChoice sampling;

  ListenCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (devices) {
      list();
      return 0;
    }
    LiveOptions options = options();
    if (inputFile == null) {
      if (outputFile != null) {
        throw new UsageException(
            "listen: --output-file: expected with --input-file, found without it");
      }
      converse(
          options,
          () -> SoundDevices.openInput(input, dispatcher),
          () -> SoundDevices.openOutput(output));
      return 0;
    }
    VirtualSound device = virtual();
    converse(options, () -> device, () -> device);
    write(device.played());
    return 0;
  }

  private void list() {
    List<SoundDevice> found = SoundDevices.list();
    if (json) {
      found.forEach(device -> console.line(LiveJson.line(device)));
      return;
    }
    if (found.isEmpty()) {
      console.line("no sound device; --input-file works without one");
    }
    for (SoundDevice device : found) {
      console.line(device.name() + ": " + device.description());
      Stream.of("input  " + device.inputFormat(), "output " + device.outputFormat())
          .filter(line -> line.length() > "output ".length())
          .forEach(line -> console.line("  " + line));
    }
  }

  private LiveOptions options() {
    try {
      return LiveOptions.defaults().toBuilder()
          .echo(fullDuplex ? Echo.FULL_DUPLEX : Echo.HALF_DUPLEX)
          .silence(silence)
          .confirm(confirm)
          .threshold(threshold)
          .build();
    } catch (IllegalArgumentException e) {
      throw new UsageException("listen: " + e.getMessage());
    }
  }

  private VirtualSound virtual() {
    if (!input.isEmpty() || !output.isEmpty()) {
      throw new UsageException(
          "listen: --input and --output: expected without --input-file, found with it");
    }
    if (outputFile != null && !Files.isDirectory(outputFile.toAbsolutePath().getParent())) {
      throw new UsageException(
          "--output-file %s: expected an existing folder, found none; make it first"
              .formatted(outputFile));
    }
    return new VirtualSound(WavFile.read(inputFile), VirtualSound.Setting.usual());
  }

  /** Devices are opened before the model, as that takes longer. */
  private void converse(LiveOptions options, Supplier<SoundInput> from, Supplier<SoundOutput> to) {
    CountDownLatch ended = new CountDownLatch(1);
    try (SoundInput microphone = from.get();
        SoundOutput loudspeaker = to.get();
        Spectron spectron = Spectron.open(sampling.options(model.model(), model.backend()));
        Conversation conversation = spectron.newConversation();
        LiveSession session =
            new LiveSession(
                microphone,
                loudspeaker,
                conversation::answerEvents,
                options,
                json ? new LiveJson(console) : new LivePrinter(console))) {
      if (!json && inputFile == null) {
        console.line("%s listens; Ctrl-C ends it".formatted(spectron.model()));
      }
      run(session, ended);
    } finally {
      ended.countDown();
    }
  }

  /** Runs until the end, or until Ctrl-C, which waits until all is closed. */
  private static void run(LiveSession session, CountDownLatch ended) {
    Thread stop = Thread.ofPlatform().name("spectron-stop").unstarted(() -> stop(session, ended));
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      session.run();
    } finally {
      boolean _ = forget(stop);
    }
  }

  private static void stop(LiveSession session, CountDownLatch ended) {
    session.close();
    try {
      boolean _ = ended.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean forget(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false; // it is what ended the session
    }
  }

  private void write(Waveform played) {
    if (outputFile != null) {
      WavFile.write(outputFile, played);
    }
  }
}
