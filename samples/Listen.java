import dev.spectron.sdk.Answer;
import dev.spectron.sdk.AnswerListener;
import dev.spectron.sdk.Spectron;
import java.util.Locale;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Hears the answer while it is being made: the first sound is there before the last is known. */
void main(String[] files) throws Exception {
  try (Spectron spectron = Spectron.openDefault()) {
    for (String file : files) {
      float[] question = samples(file);
      long start = System.nanoTime();
      Answer answer = spectron.answer(question, 16_000, new Clock(start));
      IO.println(line("%.0f ms  all, %.1f s of speech", start, answer.speech().seconds()));
    }
  }
}

/** A player would take the samples to its sound card; this one looks at the clock. */
record Clock(long start) implements AnswerListener {
  @Override
  public void text(String transcript, String text) {
    IO.println(line("%.0f ms  %s -> %s", start, transcript, text));
  }

  @Override
  public void speech(float[] samples, int sampleRate) {
    IO.println(line("%.0f ms  %.2f s of sound", start, samples.length / (double) sampleRate));
  }
}

static String line(String format, long start, Object... values) {
  Object[] all = new Object[values.length + 1];
  all[0] = (System.nanoTime() - start) / 1e6;
  System.arraycopy(values, 0, all, 1, values.length);
  return String.format(Locale.ROOT, format, all);
}

/** A WAV file of 16-bit samples, mono, 16 kHz. */
static float[] samples(String file) throws Exception {
  try (AudioInputStream in = AudioSystem.getAudioInputStream(new java.io.File(file))) {
    byte[] bytes = in.readAllBytes();
    float[] samples = new float[bytes.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (bytes[2 * i] & 0xFF | bytes[2 * i + 1] << 8) / 32768f;
    }
    return samples;
  }
}
