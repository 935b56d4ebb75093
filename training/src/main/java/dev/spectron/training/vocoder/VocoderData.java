package dev.spectron.training.vocoder;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import dev.spectron.training.data.FeatureStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Speech of one side of a corpus to train or judge a vocoder on: every answer once, and every
 * undisturbed question. Safe for several threads.
 */
public final class VocoderData {
  private static final int STATISTICS_CLIPS = 400;

  private final Corpus corpus;
  private final List<List<Clip>> kinds;
  private final LogMelExtractor extractor;

  /** A clip: the question or the answer of an item. */
  private record Clip(CorpusItem item, boolean isAnswer) {
    int samples() {
      return (isAnswer ? item.answerAudio() : item.questionAudio()).samples();
    }
  }

  /**
   * Speech of one side.
   *
   * @param corpus stays open as long as this is used
   * @param spec what a vocoder is given
   * @param fewestFrames shorter clips are left out
   * @throws TrainingException if nothing is left, or the corpus has another sample rate
   */
  public VocoderData(Corpus corpus, Split split, FeatureSpec spec, int fewestFrames) {
    if (spec.sampleRate() != Corpus.SAMPLE_RATE) {
      throw new TrainingException(
          "recipe: wavefit.features.sample_rate: expected the corpus's %d Hz, found %d Hz"
              .formatted(Corpus.SAMPLE_RATE, spec.sampleRate()));
    }
    this.corpus = corpus;
    this.extractor = new LogMelExtractor(spec);
    int fewest = Math.multiplyExact(fewestFrames, spec.hopLength());
    List<Clip> answers = new ArrayList<>();
    List<Clip> questions = new ArrayList<>();
    Set<String> texts = new HashSet<>();
    for (CorpusItem item : corpus.items(split)) {
      if (item.answerAudio().samples() >= fewest && texts.add(item.answer())) {
        answers.add(new Clip(item, true));
      }
      if (item.questionAudio().samples() >= fewest && item.condition() == Condition.CLEAN) {
        questions.add(new Clip(item, false));
      }
    }
    this.kinds = Stream.of(answers, questions).filter(clips -> !clips.isEmpty()).toList();
    if (kinds.isEmpty()) {
      throw new TrainingException(
          "corpus: expected an answer or an undisturbed question of at least %d frames, found none; render a larger corpus or shorten crop_frames"
              .formatted(fewestFrames));
    }
  }

  /** Per-bin statistics of a fixed sample of the clips. */
  Normalisation statistics() {
    FeatureStatistics statistics = new FeatureStatistics(extractor.spec().nMels());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < STATISTICS_CLIPS; i++) {
      statistics.add(extractor.extract(waveform(samples(draw(random)))));
    }
    return statistics.normalisation();
  }

  /**
   * A piece of speech and its spectrogram.
   *
   * @param samples {@code time · hopLength}
   * @param logMel {@code [time, n_mels]}
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Crop(float[] samples, LogMel logMel) {}

  /** A crop of a clip drawn by chance, answers as often as questions. */
  Crop crop(int frames, SplittableRandom random) {
    Clip clip = draw(random);
    int hop = extractor.spec().hopLength();
    int first = random.nextInt(clip.samples() / hop - frames + 1);
    return crop(samples(clip), first, frames);
  }

  /** Some whole clips, always the same ones. */
  List<Crop> clips(int count) {
    SplittableRandom random = new SplittableRandom(2);
    List<Crop> clips = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] samples = samples(draw(random));
      clips.add(crop(samples, 0, samples.length / extractor.spec().hopLength()));
    }
    return clips;
  }

  /** The spectrogram is that of the whole clip: frames at a crop's edge see beyond it. */
  private Crop crop(float[] samples, int first, int frames) {
    FeatureSpec spec = extractor.spec();
    int hop = spec.hopLength();
    int margin = Math.ceilDiv(spec.nFft() / 2, hop);
    int from = Math.max(0, first - margin);
    int to = Math.min(samples.length, (first + frames + margin) * hop);
    LogMel around = extractor.extract(waveform(Arrays.copyOfRange(samples, from * hop, to)));
    return new Crop(
        Arrays.copyOfRange(samples, first * hop, (first + frames) * hop),
        around.slice(first - from, first - from + frames));
  }

  private Clip draw(SplittableRandom random) {
    List<Clip> clips = kinds.get(random.nextInt(kinds.size()));
    return clips.get(random.nextInt(clips.size()));
  }

  private float[] samples(Clip clip) {
    return clip.isAnswer ? corpus.answerSamples(clip.item) : corpus.questionSamples(clip.item);
  }

  private static Waveform waveform(float[] samples) {
    return new Waveform(samples, Corpus.SAMPLE_RATE);
  }
}
