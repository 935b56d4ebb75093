package dev.spectron.cli;

import dev.spectron.audio.Resampler;
import dev.spectron.audio.WavFile;
import dev.spectron.core.bundle.Json;
import dev.spectron.core.error.BundleException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.sdk.Answer;
import dev.spectron.sdk.Spectron;
import dev.spectron.sdk.SpectronOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spectron continue}: the beginning of an utterance in, its continuation out. */
@Command(
    name = "continue",
    description = {
      "Continue recorded speech.",
      "",
      "The model hears the first seconds of each recording and speaks on in the same voice. Prints"
          + " the text of prompt and continuation, which it writes first.",
      ""
    },
    footer = {
      "  spectron continue prompt.wav -o continuation.wav",
      "  spectron continue long.wav --prompt-seconds 4 --with-prompt -o whole.wav",
      "  spectron continue samples/prompts/*.wav -o continuations --json"
    })
final class ContinueCommand implements Callable<Integer> {
  private static final double LONGEST_PROMPT = 600;

  private final Console console;
  private final Failures failures;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "WAV files of any rate, shorter than 10 minutes; - for standard input.")
  private List<String> files = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the continuation here; with several prompts, or if it is one, a folder.")
  private Path output;

  @Option(
      names = "--prompt-seconds",
      paramLabel = "S",
      description = "Hear so much of each recording; default 3, or all of a shorter one.")
  private double promptSeconds = 3;

  @Option(names = "--with-prompt", description = "Write what was heard before the continuation.")
  private boolean withPrompt;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Mixin private ModelChoice model;

  @Mixin private SamplingChoice sampling;

  ContinueCommand(Console console, Failures failures) {
    this.console = console;
    this.failures = failures;
  }

  @Override
  public Integer call() {
    if (!(promptSeconds > 0 && promptSeconds <= LONGEST_PROMPT)) {
      throw new UsageException(
          "--prompt-seconds: expected above 0 and at most 600, found " + promptSeconds);
    }
    if (withPrompt && output == null) {
      throw new UsageException("--with-prompt: expected with -o, found without");
    }
    AnswerFiles outputs = AnswerFiles.plan(files, Stream.ofNullable(output).toList(), List.of());
    SpectronOptions options =
        sampling.options(
            model.orElse(new SpectronOptions.Model.EmbeddedContinuation()), model.backend());
    try (LazyModel lazy = new LazyModel(options, ContinueCommand::requireContinuation)) {
      boolean failed = false;
      for (AnswerFiles.Item item : outputs.items()) {
        failed |= !failures.survived(item.question(), () -> goOn(lazy, item));
      }
      return failed ? 1 : 0;
    }
  }

  private void goOn(LazyModel lazy, AnswerFiles.Item item) {
    Waveform prompt = head(console.read(item.question()));
    Answer answer = lazy.spectron().answer(prompt.samples(), prompt.sampleRate());
    item.speech().forEach(path -> write(path, prompt, answer));
    console.line(json ? json(item, prompt, answer) : text(item, prompt, answer));
  }

  private static void requireContinuation(Spectron spectron) {
    if (!spectron.continuesSpeech()) {
      throw new BundleException(
          "model %s: expected one that continues speech, found one that answers; use spectron answer or another --model"
              .formatted(spectron.model()));
    }
  }

  private Waveform head(Waveform recording) {
    int samples = (int) Math.min(promptSeconds * recording.sampleRate(), Integer.MAX_VALUE);
    return samples >= recording.samples().length
        ? recording
        : new Waveform(
            Arrays.copyOf(recording.samples(), Math.max(1, samples)), recording.sampleRate());
  }

  private void write(Path path, Waveform prompt, Answer answer) {
    if (!withPrompt) {
      answer.speech().writeWav(path);
      return;
    }
    float[] heard = Resampler.resample(prompt, answer.speech().sampleRate()).samples();
    float[] spoken = answer.speech().samples();
    float[] whole = Arrays.copyOf(heard, heard.length + spoken.length);
    System.arraycopy(spoken, 0, whole, heard.length, spoken.length);
    WavFile.write(path, new Waveform(whole, answer.speech().sampleRate()));
  }

  private static String text(AnswerFiles.Item item, Waveform prompt, Answer answer) {
    return Failures.oneLine(
        String.format(
            Locale.ROOT,
            "%s: %.2f s heard, %.2f s spoken%s: %s",
            item.question(),
            prompt.seconds(),
            answer.speech().seconds(),
            answer.ended() ? "" : ", cut off at the limit of frames",
            answer.text()));
  }

  private static String json(AnswerFiles.Item item, Waveform prompt, Answer answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", item.question());
    fields.put("text", answer.text());
    fields.put(
        "continuation_wav", item.speech().stream().map(Object::toString).findFirst().orElse(null));
    fields.put("seconds_in", prompt.seconds());
    fields.put("seconds_out", answer.speech().seconds());
    fields.put("ended", answer.ended());
    fields.put("total_ms", answer.timings().total());
    return Json.line(fields);
  }
}
