package dev.spectron.live;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/** The sound devices of this machine, as Java Sound knows them. */
public final class SoundDevices {
  /** Where a device says that it takes any rate. */
  private static final List<Integer> USUAL_RATES = List.of(48_000, 44_100, 16_000);

  private SoundDevices() {}

  /** All that can be listened to or played on, the system's default first. */
  public static List<SoundDevice> list() {
    return mixers()
        .map(
            mixer ->
                new SoundDevice(
                    mixer.getMixerInfo().getName(),
                    mixer.getMixerInfo().getDescription(),
                    !formats(mixer, TargetDataLine.class).isEmpty(),
                    !formats(mixer, SourceDataLine.class).isEmpty(),
                    first(formats(mixer, TargetDataLine.class)),
                    first(formats(mixer, SourceDataLine.class))))
        .filter(device -> device.input() || device.output())
        .toList();
  }

  /**
   * Opens a device to listen to, in its own format.
   *
   * @param name all or part of its name, in any case; empty for the first
   * @param dispatcher who cuts its sound into blocks
   * @throws AudioException with {@link ErrorCode#AUDIO_DEVICE} if there is none, or it cannot be
   *     opened
   */
  public static SoundInput openInput(String name, Dispatcher dispatcher) {
    return open(
        "microphone",
        name,
        TargetDataLine.class,
        (line, format) -> Microphone.open(line, format, dispatcher));
  }

  /**
   * Opens a device to play on, in its own format.
   *
   * @param name all or part of its name, in any case; empty for the first
   * @throws AudioException with {@link ErrorCode#AUDIO_DEVICE} if there is none, or it cannot be
   *     opened
   */
  public static SoundOutput openOutput(String name) {
    return open("loudspeaker", name, SourceDataLine.class, Loudspeaker::open);
  }

  private interface Opening<L, T> {
    T open(L line, AudioFormat format) throws LineUnavailableException;
  }

  private static <L extends DataLine, T> T open(
      String what, String name, Class<L> kind, Opening<L, T> opening) {
    List<Mixer> able = mixers().filter(mixer -> !formats(mixer, kind).isEmpty()).toList();
    String wanted = name.toLowerCase(Locale.ROOT);
    List<Mixer> named =
        able.stream()
            .filter(
                mixer -> mixer.getMixerInfo().getName().toLowerCase(Locale.ROOT).contains(wanted))
            .toList();
    if (able.isEmpty()) {
      throw failure(
          what
              + ": expected a sound device, found none; connect one, check that a sound server runs"
              + " and that you may use it (group audio), or let a file take its place",
          List.of());
    }
    if (named.isEmpty()) {
      throw failure(
          "%s %s: expected a part of one of %s, found none like it; choose one of them"
              .formatted(what, name, names(able)),
          List.of());
    }
    Mixer mixer = named.getFirst();
    List<Exception> reasons = new ArrayList<>();
    for (AudioFormat format : formats(mixer, kind)) {
      try {
        return opening.open(kind.cast(mixer.getLine(new DataLine.Info(kind, format))), format);
      } catch (LineUnavailableException | IllegalArgumentException | SecurityException e) {
        reasons.add(e);
      }
    }
    throw failure(
        "%s %s: expected a device that can be opened, found none (%s); close what else uses it, or choose another"
            .formatted(what, mixer.getMixerInfo().getName(), reasons.getFirst().getMessage()),
        reasons);
  }

  private static AudioException failure(String message, List<Exception> reasons) {
    return reasons.isEmpty()
        ? new AudioException(message, ErrorCode.AUDIO_DEVICE)
        : new AudioException(message, ErrorCode.AUDIO_DEVICE, reasons.getFirst());
  }

  private static String names(List<Mixer> mixers) {
    return mixers.stream().map(mixer -> mixer.getMixerInfo().getName()).toList().toString();
  }

  private static Stream<Mixer> mixers() {
    return Stream.of(AudioSystem.getMixerInfo()).map(AudioSystem::getMixer);
  }

  /** What a device may be opened in, the best first; none if it has no such lines. */
  private static List<AudioFormat> formats(Mixer mixer, Class<? extends DataLine> kind) {
    Line.Info wanted = new Line.Info(kind);
    Line.Info[] infos =
        kind == TargetDataLine.class
            ? mixer.getTargetLineInfo(wanted)
            : mixer.getSourceLineInfo(wanted);
    return best(
        Stream.of(infos)
            .filter(DataLine.Info.class::isInstance)
            .flatMap(info -> Stream.of(((DataLine.Info) info).getFormats()))
            .toList());
  }

  /**
   * Formats by preference: 48 kHz before others, 16 bits before more and more before fewer, then as
   * few channels as can be, little-endian first. Those that cannot be decoded are left out.
   */
  static List<AudioFormat> best(List<AudioFormat> formats) {
    return formats.stream()
        .filter(PcmBytes::isOne)
        .flatMap(
            format ->
                format.getSampleRate() > 0
                    ? IntStream.of((int) format.getSampleRate()).mapToObj(r -> at(format, r))
                    : USUAL_RATES.stream().map(rate -> at(format, rate)))
        .filter(format -> format.getSampleRate() >= Hearing.RATE / 2f)
        .sorted(
            Comparator.comparingDouble((AudioFormat f) -> Math.abs(f.getSampleRate() - 48_000))
                .thenComparing(f -> f.getSampleSizeInBits() < 16)
                .thenComparingInt(AudioFormat::getSampleSizeInBits)
                .thenComparingInt(AudioFormat::getChannels)
                .thenComparing(AudioFormat::isBigEndian))
        .toList();
  }

  private static AudioFormat at(AudioFormat format, int rate) {
    return new AudioFormat(
        rate, format.getSampleSizeInBits(), format.getChannels(), true, format.isBigEndian());
  }

  private static String first(List<AudioFormat> formats) {
    return formats.stream()
        .findFirst()
        .map(
            format ->
                "%.0f Hz, %d bits, %d channels"
                    .formatted(
                        format.getSampleRate(), format.getSampleSizeInBits(), format.getChannels()))
        .orElse("");
  }
}
