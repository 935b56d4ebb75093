package dev.spectron.training.eval.suite;

import dev.spectron.core.bundle.Json;
import dev.spectron.training.corpus.AudioRange;
import dev.spectron.training.corpus.Condition;
import dev.spectron.training.corpus.Corpus;
import dev.spectron.training.corpus.CorpusItem;
import dev.spectron.training.corpus.Sentences;
import dev.spectron.training.corpus.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    corpus.addDev("color", "color leaf", "do you know what color a leaf is", "green");
    corpus.addDev("color", "color ash", "do you know what color ash is", "gray");
    for (String topic : new String[] {"weather", "football", "dinner"}) {
      corpus.addDev("outside", "outside " + topic, "how was the " + topic, "i don't know");
    }
    return corpus.close(folder);
  }

  /** Three sentences of three voices to go on with. */
  static Corpus writeContinuations(Path folder) {
    SmallCorpus corpus = new SmallCorpus();
    List<String> sentences = Sentences.mini().subList(0, 3);
    List<String> voices = List.of("flite/rms", "flite/slt", "flite/kal16");
    for (int i = 0; i < sentences.size(); i++) {
      List<String> words = List.of(sentences.get(i).split(" "));
      String rest = String.join(" ", words.subList(5, words.size()));
      corpus.add(
          Split.DEV,
          Sentences.CATEGORY,
          "sentence " + sentences.get(i),
          String.join(" ", words.subList(0, 5)),
          rest,
          voices.get(i),
          Condition.CLEAN);
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
    String voice = split == Split.DEV ? "flite/kal16" : "flite/rms";
    add(split, category, key, question, answer, voice, condition);
  }

  private void add(
      Split split,
      String category,
      String key,
      String question,
      String answer,
      String voice,
      Condition condition) {
    boolean equal =
        category.equals(Sentences.CATEGORY); // one frame of equal size: see KnowingModel
    int prompt = equal ? 3 * SAMPLES : SAMPLES;
    int spoken = equal ? 3 * SAMPLES : SAMPLES + 10 * (items + 1);
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
            voice,
            voice.equals("flite/kal16"),
            condition,
            noise(prompt),
            noise(spoken));
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
