package dev.spectron.training.eval.suite;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.corpus.AudioRange;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** A corpus of a few questions in noise, each clip another. */
final class SmallCorpus {
  private static final String FILE = "answers.pcm";
  private static final int SAMPLES = 1600;

  private final StringBuilder manifest = new StringBuilder();
  private final ByteBuffer sound = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final Random random = new Random(5);
  private int items;

  private SmallCorpus() {}

  /** Eight questions of the domain, two in other words, three outside. */
  static Corpus write(Path folder) {
    SmallCorpus corpus = new SmallCorpus();
    corpus.add(
        Split.TRAIN, "color", "color grass", "what color is grass", "green", Condition.CLEAN);
    for (String thing : new String[] {"grass", "snow", "blood", "coal"}) {
      corpus.addDev("color", "color " + thing, "what color is " + thing, color(thing));
    }
    for (String number : new String[] {"two", "five", "six"}) {
      corpus.addDev("next-number", "next " + number, "what comes after " + number, number + " one");
    }
    corpus.add(Split.DEV, "color", "color ink", "what color is ink", "blue", Condition.NOISE);
    corpus.addDev("color-paraphrase", "color leaf", "tell me the color of a leaf", "green");
    corpus.addDev("color", "paraphrase color ash", "ash has which color", "gray");
    for (String topic : new String[] {"weather", "football", "dinner"}) {
      corpus.addDev("outside", "outside " + topic, "how was the " + topic, "i don't know");
    }
    return corpus.close(folder);
  }

  private static String color(String thing) {
    return switch (thing) {
      case "snow" -> "white";
      case "blood" -> "red";
      case "coal" -> "black";
      default -> "green";
    };
  }

  private void addDev(String category, String key, String question, String answer) {
    add(Split.DEV, category, key, question, answer, Condition.CLEAN);
  }

  private void add(
      Split split,
      String category,
      String key,
      String question,
      String answer,
      Condition condition) {
    boolean dev = split == Split.DEV;
    CorpusItem item =
        new CorpusItem(
            String.format(Locale.ROOT, "%s-%06d", split.label(), items++),
            split,
            category,
            key,
            Split.isHeldOut(category, key),
            question,
            answer,
            answer,
            dev ? "flite/kal16" : "flite/rms",
            dev,
            condition,
            noise(SAMPLES),
            noise(SAMPLES + 10 * items));
    manifest.append(Json.line(item)).append('\n');
  }

  private AudioRange noise(int samples) {
    long offset = sound.position() / 2;
    for (int i = 0; i < samples; i++) {
      sound.putShort((short) (3000 * random.nextGaussian()));
    }
    return new AudioRange(FILE, offset, samples);
  }

  private Corpus close(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("corpus.json"), "{\"format\": 1, \"sample_rate\": 16000}");
      Files.writeString(folder.resolve("manifest.jsonl"), manifest);
      byte[] bytes = new byte[sound.position()];
      sound.flip().get(bytes);
      Files.write(folder.resolve(FILE), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("small corpus", e);
    }
    return Corpus.open(folder);
  }
}
