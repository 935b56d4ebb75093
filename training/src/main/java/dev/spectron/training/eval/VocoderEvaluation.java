package dev.spectron.training.eval;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.core.backend.Backend;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.vocoder.Vocoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Compares vocoders on speech nobody trained on: each makes a waveform of the same log-mel
 * spectrograms, which is held against the speech they were taken from.
 */
public final class VocoderEvaluation {
  private VocoderEvaluation() {}

  /** A clip of the development set. */
  private record Clip(CorpusItem item, Waveform speech, LogMel logMel) {}

  /** Hears every waveform. */
  @FunctionalInterface
  public interface Sounds {
    /** Name of the speech that the spectrograms were taken from. */
    String REFERENCE = "reference";

    /**
     * Called by the thread that evaluates.
     *
     * @param index of the clip, from 0
     * @param name of the vocoder, or {@link #REFERENCE}
     */
    void made(int index, String name, Waveform sound);

    /** Hears nothing. */
    static Sounds none() {
      return (index, name, sound) -> {};
    }
  }

  /**
   * Compares.
   *
   * @param vocoders by the name they have in the report, at least one
   * @param spec what they are given
   * @param backend holds their weights
   * @param corpus with development items; the answers among them are the clips
   * @param listener hears the reference and what each vocoder makes of it
   * @throws dev.spectron.core.error.TrainingException if there are no such items, or the judge is
   *     wanted and not installed
   */
  public static VocoderReport run(
      Map<String, Vocoder> vocoders,
      FeatureSpec spec,
      Backend backend,
      Corpus corpus,
      EvaluationOptions options,
      Evaluation.Progress progress,
      Sounds listener) {
    List<Clip> clips = clips(corpus, spec, options);
    for (int i = 0; i < clips.size(); i++) {
      listener.made(i, Sounds.REFERENCE, clips.get(i).speech);
    }
    List<Waveform> sounds = new ArrayList<>();
    Map<String, List<Resynthesis>> results = new LinkedHashMap<>();
    int done = 0;
    for (Map.Entry<String, Vocoder> vocoder : vocoders.entrySet()) {
      List<Resynthesis> made = new ArrayList<>();
      // The first is for the compiler, and is not timed.
      vocoder.getValue().synthesize(backend, clips.getFirst().logMel, new SplittableRandom(0));
      for (Clip clip : clips) {
        long start = System.nanoTime();
        Waveform sound =
            vocoder.getValue().synthesize(backend, clip.logMel, new SplittableRandom(0));
        double seconds = (System.nanoTime() - start) / 1e9;
        sounds.add(sound);
        listener.made(made.size(), vocoder.getKey(), sound);
        made.add(
            Resynthesis.of(
                clip.item.id(), clip.speech, sound, clip.logMel, seconds, clip.item.answer()));
        progress.evaluated(++done, clips.size() * vocoders.size());
      }
      results.put(vocoder.getKey(), made);
    }
    return VocoderReport.of(
        options, options.judge() ? heard(corpus, options, results, sounds) : results);
  }

  private static Map<String, List<Resynthesis>> heard(
      Corpus corpus,
      EvaluationOptions options,
      Map<String, List<Resynthesis>> results,
      List<Waveform> sounds) {
    TrigramModel language = TrigramModel.of(SpokenDomain.of(corpus).sentences());
    try (PocketSphinx recogniser = new PocketSphinx(language, options.jobs())) {
      recogniser.requireInstalled();
      List<String> texts = new ArrayList<>(recogniser.recognise(sounds));
      Map<String, List<Resynthesis>> heard = new LinkedHashMap<>();
      results.forEach(
          (name, made) ->
              heard.put(name, made.stream().map(one -> one.heardAs(texts.removeFirst())).toList()));
      return heard;
    }
  }

  private static List<Clip> clips(Corpus corpus, FeatureSpec spec, EvaluationOptions options) {
    LogMelExtractor extractor = new LogMelExtractor(spec);
    Set<String> answers = new HashSet<>();
    List<Clip> clips = new ArrayList<>();
    for (CorpusItem item : DevelopmentSample.of(corpus, options)) {
      if (answers.add(item.answer())) {
        float[] samples = corpus.answerSamples(item);
        int time = samples.length / spec.hopLength();
        Waveform speech =
            new Waveform(Arrays.copyOf(samples, time * spec.hopLength()), Corpus.SAMPLE_RATE);
        clips.add(new Clip(item, speech, extractor.extract(speech).slice(0, time)));
      }
    }
    return clips;
  }
}
