package dev.spectron.audio;

import be.tarsos.dsp.AudioDispatcher;
import be.tarsos.dsp.AudioEvent;
import be.tarsos.dsp.AudioProcessor;
import be.tarsos.dsp.io.TarsosDSPAudioFormat;
import be.tarsos.dsp.io.TarsosDSPAudioInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;

/**
 * Cuts live sound into blocks by TarsosDSP's dispatcher. It is for those who use that library
 * anyway: like {@link PitchTrack}, this class is loaded only by whoever asks for it, as TarsosDSP
 * is GPL-3 and an optional dependency. Nothing of TarsosDSP is in its signatures.
 */
public final class BlockDispatcher {
  private BlockDispatcher() {}

  /**
   * Reads a stream to its end, or until enough was heard.
   *
   * @param pcm signed 16-bit samples, mono, little-endian; not closed
   * @param rate Hz
   * @param block samples of a block; what is left at the end is a shorter one
   * @param receiver takes each block, an array of its own, and says whether more is wanted
   */
  public static void run(InputStream pcm, int rate, int block, Predicate<float[]> receiver) {
    AudioDispatcher dispatcher = new AudioDispatcher(stream(pcm, rate), block, 0);
    dispatcher.setZeroPadLastBuffer(false);
    dispatcher.addAudioProcessor(
        new AudioProcessor() {
          @Override
          public boolean process(AudioEvent event) {
            if (!receiver.test(event.getFloatBuffer().clone())) {
              dispatcher.stop();
            }
            return true;
          }

          @Override
          public void processingFinished() {}
        });
    dispatcher.run();
  }

  private static TarsosDSPAudioInputStream stream(InputStream pcm, int rate) {
    TarsosDSPAudioFormat format = new TarsosDSPAudioFormat(rate, Short.SIZE, 1, true, false);
    return new TarsosDSPAudioInputStream() {
      @Override
      public long skip(long bytes) throws IOException {
        return pcm.skip(bytes);
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        return pcm.read(bytes, from, length);
      }

      @Override
      public void close() {}

      @Override
      public TarsosDSPAudioFormat getFormat() {
        return format;
      }

      @Override
      public long getFrameLength() {
        return TarsosDSPAudioFormat.NOT_SPECIFIED;
      }
    };
  }
}
