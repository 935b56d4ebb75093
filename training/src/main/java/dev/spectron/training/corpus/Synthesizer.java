package dev.spectron.training.corpus;

import dev.spectron.audio.WavFile;
import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.process.ExternalCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Speaks batches of utterances with the installed engines. One thread at a time: it owns its work
 * folder.
 */
final class Synthesizer implements Speaker {
  private static final Duration CLIP_LIMIT = Duration.ofSeconds(20);
  private static final String REMEDY =
      "install the packages flite, espeak-ng, festival, festvox-us-slt-hts, festvox-kdlpc16k and"
          + " htsengine";
  private static final float QUIETEST_SPEECH = 0.001f;
  private static final double ESPEAK_WORDS_PER_MINUTE = 165;
  private static final int ESPEAK_MIDDLE_PITCH = 50;

  private final Path folder;

  /**
   * Makes a synthesizer.
   *
   * @param folder existing folder for files in passing
   */
  Synthesizer(Path folder) {
    this.folder = folder;
  }

  @Override
  public List<Waveform> speak(List<Utterance> utterances) {
    prepareFestival(utterances);
    List<Waveform> spoken = new ArrayList<>(utterances.size());
    for (int i = 0; i < utterances.size(); i++) {
      spoken.add(speak(utterances.get(i), i));
    }
    return spoken;
  }

  private void prepareFestival(List<Utterance> utterances) {
    FestivalScript script = new FestivalScript();
    for (int i = 0; i < utterances.size(); i++) {
      Utterance utterance = utterances.get(i);
      switch (utterance.voice()) {
        case Voice.FestivalKed _ -> script.speakKed(utterance, wavFile(i));
        case Voice.HtsSlt _ -> script.labelSlt(utterance, labelFile(i));
        case Voice.Flite _, Voice.EspeakNg _ -> {}
      }
    }
    if (script.isEmpty()) {
      return;
    }
    try {
      Files.writeString(folder.resolve("batch.scm"), script.text());
    } catch (IOException e) {
      throw new TrainingException("festival: the batch file cannot be written", e);
    }
    ExternalCommand.run(
        List.of("festival", "-b", "batch.scm"),
        folder,
        CLIP_LIMIT.plusSeconds(script.lines()),
        REMEDY);
  }

  private Waveform speak(Utterance utterance, int index) {
    Path wav = folder.resolve(wavFile(index));
    try {
      switch (utterance.voice()) {
        case Voice.Flite flite -> run(fliteCommand(flite, utterance, wavFile(index)));
        case Voice.EspeakNg espeak -> run(espeakCommand(espeak, utterance, wavFile(index)));
        case Voice.HtsSlt _ -> run(htsCommand(utterance, labelFile(index), wavFile(index)));
        case Voice.FestivalKed _ -> {} // spoken in the batch
      }
      Waveform waveform = read(wav);
      Files.delete(wav);
      return waveform;
    } catch (TrainingException | AudioException | IOException e) {
      throw new TrainingException(
          "voice "
              + utterance.voice().id()
              + ": \""
              + utterance.sentence()
              + "\": "
              + e.getMessage(),
          e);
    }
  }

  /** What an engine wrote. An engine that fails quietly writes silence. */
  static Waveform read(Path wav) {
    Waveform waveform = WavFile.read(wav);
    if (ClipShaper.peak(waveform.samples()) < QUIETEST_SPEECH) {
      throw new AudioException(wav.getFileName() + ": expected speech, found silence");
    }
    return waveform;
  }

  private static List<String> fliteCommand(Voice.Flite voice, Utterance utterance, String wav) {
    List<String> command = new ArrayList<>(List.of("flite", "-voice", voice.name()));
    if (!utterance.isPlain()) {
      command.addAll(List.of("--setf", decimal("duration_stretch=%.4f", 1 / utterance.rate())));
      command.addAll(List.of("--setf", decimal("f0_shift=%.4f", utterance.pitch())));
    }
    command.addAll(List.of("-t", utterance.sentence(), "-o", wav));
    return command;
  }

  /** Pitch is on a scale of 0 to 99 that doubles the frequency every 50 steps. */
  private static List<String> espeakCommand(Voice.EspeakNg voice, Utterance utterance, String wav) {
    long speed = Math.round(ESPEAK_WORDS_PER_MINUTE * utterance.rate());
    long pitch =
        ESPEAK_MIDDLE_PITCH
            + Math.round(50 * StrictMath.log(utterance.pitch()) / StrictMath.log(2));
    return List.of(
        "espeak-ng",
        "-v",
        voice.accent() + "+" + voice.variant(),
        "-s",
        Long.toString(speed),
        "-p",
        Long.toString(Math.clamp(pitch, 0L, 99L)),
        "-w",
        wav,
        utterance.sentence());
  }

  private List<String> htsCommand(Utterance utterance, String label, String wav)
      throws IOException {
    String voice = Files.readString(folder.resolve(FestivalScript.HTS_VOICE_FILE)).strip();
    double halfTones = 12 * StrictMath.log(utterance.pitch()) / StrictMath.log(2);
    return List.of(
        "hts_engine",
        "-m",
        voice,
        "-u",
        "0.5",
        "-fm",
        decimal("%.4f", halfTones),
        "-r",
        decimal("%.4f", utterance.rate()),
        "-ow",
        wav,
        label);
  }

  private void run(List<String> command) {
    ExternalCommand.run(command, folder, CLIP_LIMIT, REMEDY);
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String wavFile(int index) {
    return index + ".wav";
  }

  private static String labelFile(int index) {
    return index + ".lab";
  }
}
