package dev.spectron.training.eval;

import dev.spectron.audio.Resampler;
import dev.spectron.core.error.TrainingException;
import dev.spectron.core.signal.Waveform;
import dev.spectron.training.process.FileTree;
import edu.cmu.sphinx.api.AbstractSpeechRecognizer;
import edu.cmu.sphinx.api.Configuration;
import edu.cmu.sphinx.api.Context;
import edu.cmu.sphinx.api.SpeechResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sphinx-4 inside this process, with its own acoustic model and dictionary and a language model of
 * the domain. Each clip is heard by itself: its cepstral mean is taken over the clip, where the
 * library's standard would go on from the clip before. Slower than {@link PocketSphinx} and needs
 * no program.
 */
final class Sphinx4 implements Recogniser {
  private static final int SAMPLE_RATE = 16_000;
  private static final String CORE = "edu/cmu/sphinx/api/Configuration.class";
  private static final String DATA = "edu/cmu/sphinx/models/en-us/en-us/mdef";
  private static final String MODELS = "resource:/edu/cmu/sphinx/models/en-us/";
  private static final String STANDARD = "edu/cmu/sphinx/api/default.config.xml";

  /**
   * Quiet; the mean of the clip; and all of the clip, as its endpointer cuts soft beginnings off.
   */
  private static final Map<String, String> CHANGES =
      Map.of(
          "name=\"logLevel\" value=\"INFO\"", "name=\"logLevel\" value=\"SEVERE\"",
          "<item>liveCMN </item>", "<item>batchCMN </item>",
          "<item>speechClassifier </item>", "",
          "<item>speechMarker </item>", "");

  private final Path folder;
  private final ParallelHearing hearing;

  /**
   * Prepares a work folder.
   *
   * @param model what may be said
   * @param jobs clips heard at once, at least 1
   */
  Sphinx4(TrigramModel model, int jobs) {
    this.hearing = new ParallelHearing("sphinx4", jobs);
    try {
      this.folder = Files.createTempDirectory("spectron-sphinx4");
      // Its reader goes by the ending.
      try (Writer out = Files.newBufferedWriter(folder.resolve("domain.lm"))) {
        model.writeArpa(out);
      }
    } catch (IOException e) {
      throw new TrainingException("sphinx4: its work folder cannot be written", e);
    }
  }

  @Override
  public void requireInstalled() {
    ClassLoader loader = Sphinx4.class.getClassLoader();
    for (String resource : List.of(CORE, DATA)) {
      if (loader.getResource(resource) == null) {
        String artifact = resource.equals(CORE) ? "sphinx4-core" : "sphinx4-data";
        throw new TrainingException(
            "sphinx4: expected %s on the class path, found none; run: mvn dependency:copy -Dartifact=de.sciss:%s:1.0.0 -DoutputDirectory=. and set SPECTRON_CLASSPATH=%s-1.0.0.jar, or choose the recogniser pocketsphinx"
                .formatted(artifact, artifact, artifact));
      }
    }
  }

  @Override
  public List<String> recognise(List<Waveform> clips) {
    requireInstalled();
    writeConfiguration();
    return hearing.hear(clips, (part, _) -> recognisePart(part));
  }

  /** Deletes the work folder. */
  @Override
  public void close() {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      throw new TrainingException("sphinx4: its work folder cannot be deleted", e);
    }
  }

  private List<String> recognisePart(List<Waveform> clips) throws IOException {
    Configuration configuration = new Configuration();
    configuration.setAcousticModelPath(MODELS + "en-us");
    configuration.setDictionaryPath(MODELS + "cmudict-en-us.dict");
    configuration.setLanguageModelPath(address("domain.lm"));
    configuration.setSampleRate(SAMPLE_RATE);
    Decoder decoder = new Decoder(new Context(address("config.xml"), configuration));
    List<String> texts = new ArrayList<>();
    for (Waveform clip : clips) {
      texts.add(decoder.text(pcm(clip)));
    }
    return texts;
  }

  private void writeConfiguration() {
    try {
      Files.writeString(folder.resolve("config.xml"), configuration());
    } catch (IOException e) {
      throw new TrainingException("sphinx4: its configuration cannot be written", e);
    }
  }

  private String address(String file) {
    return folder.resolve(file).toUri().toString();
  }

  /** The library's standard configuration with our changes. */
  private static String configuration() throws IOException {
    try (InputStream in = Sphinx4.class.getClassLoader().getResourceAsStream(STANDARD)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> change : CHANGES.entrySet()) {
        if (!text.contains(change.getKey())) {
          throw new TrainingException(
              "sphinx4: expected %s in its configuration, found none; put sphinx4-core 1.0.0 on the class path"
                  .formatted(change.getKey()));
        }
        text = text.replace(change.getKey(), change.getValue());
      }
      return text;
    }
  }

  /** The library's recogniser with a configuration of ours. */
  private static final class Decoder extends AbstractSpeechRecognizer {
    Decoder(Context context) throws IOException {
      super(context);
    }

    String text(byte[] clip) {
      recognizer.allocate();
      try {
        context.setSpeechSource(new ByteArrayInputStream(clip));
        List<String> words = new ArrayList<>();
        for (SpeechResult result = getResult(); result != null; result = getResult()) {
          words.addAll(Words.of(result.getHypothesis().toLowerCase(Locale.ROOT)));
        }
        return String.join(" ", words);
      } finally {
        recognizer.deallocate();
      }
    }
  }

  /** Signed 16-bit samples, little-endian. */
  private static byte[] pcm(Waveform clip) {
    float[] samples = Resampler.resample(clip, SAMPLE_RATE).samples();
    ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : samples) {
      bytes.putShort(
          (short) Math.clamp(Math.round(sample * 32_768f), Short.MIN_VALUE, Short.MAX_VALUE));
    }
    return bytes.array();
  }
}
