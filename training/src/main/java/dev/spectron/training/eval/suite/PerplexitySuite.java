package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.EvaluatedItem;
import dev.spectron.training.eval.EvaluatedModel;
import dev.spectron.training.eval.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** How likely what the model says is as text. */
final class PerplexitySuite implements Suite {
  private static final Map<String, Function<EvaluatedItem, String>> TEXTS = texts();

  @Override
  public String name() {
    return "perplexity";
  }

  @Override
  public String about() {
    return "How unlikely the recognised speech is to a language model: here the model's own decoder,"
        + " on text, after the right question in text. It knows nothing but the domain and judges"
        + " itself, so that figures of different models do not compare; the right answers and the"
        + " same with shuffled words give the scale.";
  }

  @Override
  public boolean needsRecogniser() {
    return true;
  }

  @Override
  public Findings measure(SuiteRun run) {
    List<EvaluatedItem> items = run.heard(QuestionKind.DOMAIN);
    List<FigureTable.Row> rows = new ArrayList<>();
    TEXTS.forEach((name, text) -> rows.add(row(name, text, items, run.model())));
    FigureTable table =
        new FigureTable(
            "text", List.of("nats a token", "perplexity", "nats an answer"), rows, true);
    return Findings.of(this, List.of(table), List.of());
  }

  private static FigureTable.Row row(
      String name,
      Function<EvaluatedItem, String> text,
      List<EvaluatedItem> items,
      EvaluatedModel model) {
    double[] sums = new double[items.size()];
    double[] tokens = new double[items.size()];
    for (int i = 0; i < sums.length; i++) {
      EvaluatedItem item = items.get(i);
      double[] losses = model.answerLosses(item.question(), text.apply(item));
      sums[i] = Arrays.stream(losses).sum();
      tokens[i] = losses.length;
    }
    Figure token = Figure.ratio(sums, tokens, 1, Figure.Unit.NUMBER);
    return new FigureTable.Row(
        name, List.of(token, token.exponential(), Figure.mean(sums, 1, Figure.Unit.NUMBER)));
  }

  private static Map<String, Function<EvaluatedItem, String>> texts() {
    Map<String, Function<EvaluatedItem, String>> texts = new LinkedHashMap<>();
    texts.put("speech, recognised", item -> item.heard().getFirst().answer());
    texts.put("the model's own text", EvaluatedItem::text);
    texts.put("right answer", EvaluatedItem::answer);
    texts.put("right answer's speech, recognised", item -> item.heard().getFirst().reference());
    texts.put("control: right answer, words shuffled", PerplexitySuite::shuffled);
    return Collections.unmodifiableMap(texts);
  }

  private static String shuffled(EvaluatedItem item) {
    List<String> words = new ArrayList<>(Words.of(item.answer()));
    Collections.shuffle(words, new Random(item.id().hashCode()));
    return String.join(" ", words);
  }
}
