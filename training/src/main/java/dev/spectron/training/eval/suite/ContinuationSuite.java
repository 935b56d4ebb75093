package dev.spectron.training.eval.suite;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.Share;
import dev.spectron.training.eval.TimeWarping;
import dev.spectron.training.eval.WordErrors;
import dev.spectron.training.speaker.SpeakerEmbedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * How the model goes on with a sentence.
 *
 * @param embedder knows voices
 */
record ContinuationSuite(SpeakerEmbedder embedder) implements Suite {
  private static final double LEAST_SECONDS = 0.2;

  @Override
  public String name() {
    return "continuation";
  }

  @Override
  public String about() {
    return "Sentences cut after the prompt, of which training had some and never had others. Text:"
        + " word error rate of prompt and continuation in one against the sentence. Speech: word"
        + " error rate of what a recogniser hears in the continuation against the tail of the"
        + " model's own text that fits it best. Voice: cosine of the embeddings of prompt and"
        + " continuation, beside the true continuation (same speaker) and the true continuation of"
        + " another speaker's sentence; and how often the prompt's voice is nearer than another"
        + " prompt's of another voice, where chance is 50 %. Copy: distance of log-mel spectrograms"
        + " to the prompt, warped in time, beside that of the true continuation, which is none.";
  }

  @Override
  public QuestionKind asks() {
    return QuestionKind.CONTINUATION;
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.heard(QuestionKind.CONTINUATION);
    List<Spoken> all = spoken(run, items);
    Map<String, List<Spoken>> groups = new LinkedHashMap<>();
    groups.put("all", all);
    addGroup(groups, "sentence seen, voice of training", all, s -> !s.heldOut() && !s.newVoice());
    addGroup(
        groups, "sentence held out, voice of training", all, s -> s.heldOut() && !s.newVoice());
    addGroup(groups, "voice held out", all, Spoken::newVoice);
    List<FigureTable.Row> rows = new ArrayList<>();
    add(rows, "prompts", groups, group -> Figure.count(group.size()));
    add(rows, "finite and longer than 0.2 s", groups, group -> share(group, Spoken::sound));
    add(rows, "ended by the stop rule", groups, group -> share(group, Spoken::stopped));
    add(rows, "text, word error rate", groups, group -> rate(group, Spoken::text));
    if (run.judged()) {
      add(rows, "speech against own text, WER", groups, group -> rate(group, Spoken::speech));
    }
    FigureTable words = new FigureTable("", List.copyOf(groups.keySet()), rows, false);
    List<FigureTable.Row> voices = new ArrayList<>();
    add(voices, "similarity to the prompt", groups, group -> mean(group, Spoken::own));
    add(voices, "same speaker: true continuation", groups, group -> mean(group, Spoken::same));
    add(voices, "other speaker", groups, group -> mean(group, Spoken::other));
    add(voices, "prompt's voice nearer than another, %", groups, ContinuationSuite::nearer);
    add(voices, "log-mel distance to the prompt", groups, group -> mean(group, Spoken::copy));
    add(voices, "of the true continuation", groups, group -> mean(group, Spoken::trueCopy));
    return Findings.of(
        this,
        List.of(words, new FigureTable("voice", List.copyOf(groups.keySet()), voices, false)),
        Findings.some(items, item -> !item.heldOut()));
  }

  /**
   * What is known of one continuation.
   *
   * @param own similarity to its prompt; 0 where there is too little speech to tell
   * @param nearer share of other voices' prompts that it is less similar to
   */
  private record Spoken(
      boolean heldOut,
      boolean newVoice,
      boolean sound,
      boolean stopped,
      WordErrors text,
      WordErrors speech,
      double own,
      double same,
      double other,
      double nearer,
      double copy,
      double trueCopy) {}

  private List<Spoken> spoken(SuiteRun run, List<EvaluatedItem> items) {
    List<CorpusItem> questions = run.questions(QuestionKind.CONTINUATION);
    List<float[]> prompts = new ArrayList<>();
    for (CorpusItem question : questions) {
      prompts.add(embedder.embed(run.question(question)));
    }
    List<Spoken> all = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      all.add(spoken(run, questions, prompts, i, items.get(i)));
    }
    return all;
  }

  private Spoken spoken(
      SuiteRun run, List<CorpusItem> questions, List<float[]> prompts, int i, EvaluatedItem item) {
    CorpusItem question = questions.get(i);
    Waveform prompt = run.question(question);
    Waveform reference = run.reference(question);
    Waveform speech = run.speech(question);
    boolean sound = speech.seconds() > LEAST_SECONDS && isFinite(speech);
    List<float[]> others = new ArrayList<>();
    for (int j = 0; j < questions.size(); j++) {
      if (!questions.get(j).voice().equals(question.voice())) {
        others.add(prompts.get(j));
      }
    }
    Likeness found = sound ? Likeness.of(voice(speech), prompts.get(i), others) : Likeness.NONE;
    Likeness due = Likeness.of(voice(reference), prompts.get(i), others);
    return new Spoken(
        question.heldOut(),
        question.voiceHeldOut(),
        sound,
        item.stopped(),
        WordErrors.between(question.question() + " " + question.answer(), item.text()),
        item.heard().isEmpty()
            ? WordErrors.NONE
            : WordErrors.atEndOf(item.text(), item.heard().getFirst().answer()),
        found.own,
        due.own,
        due.others,
        found.nearer,
        TimeWarping.distance(run.model().logMel(speech), run.model().logMel(prompt)),
        TimeWarping.distance(run.model().logMel(reference), run.model().logMel(prompt)));
  }

  /** The voice of some speech; none if there is too little of it to know. */
  private List<float[]> voice(Waveform speech) {
    try {
      return List.of(embedder.embed(speech));
    } catch (AudioException e) {
      return List.of();
    }
  }

  /**
   * How alike a voice is to a prompt's, and to those of other voices.
   *
   * @param own cosine to the prompt
   * @param others mean cosine to the others
   * @param nearer share of the others that are less alike than the prompt
   */
  private record Likeness(double own, double others, double nearer) {
    static final Likeness NONE = new Likeness(0, 0, 0);

    static Likeness of(List<float[]> voice, float[] prompt, List<float[]> others) {
      if (voice.isEmpty() || others.isEmpty()) {
        return NONE;
      }
      double own = SpeakerEmbedder.cosine(voice.getFirst(), prompt);
      double[] cosines =
          others.stream()
              .mapToDouble(other -> SpeakerEmbedder.cosine(voice.getFirst(), other))
              .toArray();
      return new Likeness(
          own,
          Arrays.stream(cosines).average().orElseThrow(),
          Arrays.stream(cosines).filter(other -> other < own).count() / (double) cosines.length);
    }
  }

  private static boolean isFinite(Waveform speech) {
    for (float sample : speech.samples()) {
      if (!Float.isFinite(sample)) {
        return false;
      }
    }
    return true;
  }

  private static void addGroup(
      Map<String, List<Spoken>> groups, String name, List<Spoken> all, Predicate<Spoken> some) {
    List<Spoken> group = all.stream().filter(some).toList();
    if (!group.isEmpty()) {
      groups.put(name, group);
    }
  }

  private static void add(
      List<FigureTable.Row> rows,
      String name,
      Map<String, List<Spoken>> groups,
      Function<List<Spoken>, Figure> figure) {
    rows.add(new FigureTable.Row(name, groups.values().stream().map(figure).toList()));
  }

  private static Figure share(List<Spoken> group, Predicate<Spoken> holds) {
    return Figure.of(new Share((int) group.stream().filter(holds).count(), group.size()));
  }

  private static Figure rate(List<Spoken> group, Function<Spoken, WordErrors> errors) {
    return Figure.of(group.stream().map(errors).toList());
  }

  private static Figure mean(List<Spoken> group, ToDoubleFunction<Spoken> value) {
    return Figure.mean(group.stream().mapToDouble(value).toArray(), 1, Figure.Unit.NUMBER);
  }

  private static Figure nearer(List<Spoken> group) {
    return Figure.mean(
        group.stream().mapToDouble(Spoken::nearer).toArray(), 100, Figure.Unit.PERCENT);
  }
}
