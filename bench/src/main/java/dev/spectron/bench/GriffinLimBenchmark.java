package dev.spectron.bench;

import dev.spectron.audio.LogMelExtractor;
import dev.spectron.audio.WavFile;
import dev.spectron.core.signal.FeatureSpec;
import dev.spectron.core.signal.LogMel;
import dev.spectron.core.signal.Normalisation;
import dev.spectron.core.signal.Stft;
import dev.spectron.core.signal.Waveform;
import dev.spectron.vocoder.griffinlim.GriffinLimConfig;
import dev.spectron.vocoder.griffinlim.GriffinLimVocoder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Griffin–Lim on a recording, first cold (one call in a fresh JVM), then warm. What it costs is the
 * score; what it gains is logged: the mean distance between the log-mel of the result and the one
 * asked for, in nepers, and the spectral convergence ‖|STFT(y)| − |STFT(x)|‖ / ‖|STFT(x)|‖ to the
 * recording itself. On a busy machine the CPU time of the thread, logged too, tells more than the
 * score. One thread. Run from the root of the repository.
 */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class GriffinLimBenchmark {
  private static final Logger LOGGER = System.getLogger(GriffinLimBenchmark.class.getName());

  /** Iterations of the vocoder. */
  @Param({"8", "16", "32", "60"})
  public int iterations;

  /** Mel bins; 80 with FFT 1024 and floor 1e-3, 128 with FFT 2048 and floor 1e-5. */
  @Param({"80", "128"})
  public int nMels;

  /** The recording. */
  @Param("samples/questions/capital-of-france.wav")
  public String wav;

  private FeatureSpec spec;
  private Waveform waveform;
  private LogMel logMel;
  private GriffinLimVocoder vocoder;

  /** Reads the recording and logs what the iterations gain. */
  @Setup
  public void extract() {
    spec =
        nMels == 128
            ? FeatureSpec.spectron()
            : new FeatureSpec(16_000, 1024, 800, 200, nMels, 20, 8000, 1e-3, Normalisation.none());
    waveform = WavFile.read(Path.of(wav));
    logMel = new LogMelExtractor(spec).extract(waveform);
    vocoder = new GriffinLimVocoder(new GriffinLimConfig(iterations, 0.99f), spec);
  }

  /** One answer in a fresh JVM. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(5)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public Waveform cold() {
    return synthesize();
  }

  /** One of many answers. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Fork(1)
  @Warmup(iterations = 3, time = 3)
  @Measurement(iterations = 5, time = 3)
  public Waveform warm(Quality quality) {
    return synthesize();
  }

  private Waveform synthesize() {
    return vocoder.synthesize(logMel);
  }

  /** Logs, once for each warm trial, how good the result is and what CPU time it took. */
  @State(Scope.Benchmark)
  public static class Quality {
    /** Synthesizes and compares. */
    @Setup
    public void measure(GriffinLimBenchmark benchmark) {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long[] cpuTimes = new long[21];
      float[] samples = {};
      for (int i = 0; i < cpuTimes.length; i++) {
        long start = threads.getCurrentThreadCpuTime();
        samples = benchmark.synthesize().samples();
        cpuTimes[i] = threads.getCurrentThreadCpuTime() - start;
      }
      long cold = cpuTimes[0];
      Arrays.sort(cpuTimes, 10, cpuTimes.length);
      LogMel found =
          new LogMelExtractor(benchmark.spec)
              .extract(new Waveform(samples, benchmark.spec.sampleRate()));
      float[] wanted = benchmark.logMel.frames();
      double distance = 0;
      for (int i = 0; i < wanted.length; i++) {
        distance += Math.abs(found.frames()[i] - wanted[i]) / wanted.length;
      }
      LOGGER.log(
          Level.INFO,
          "%d iterations, %d mel bins, %.2f s of speech: log-mel distance %.4f, spectral convergence %.4f, CPU time %.0f ms cold, %.0f ms warm"
              .formatted(
                  benchmark.iterations,
                  benchmark.nMels,
                  benchmark.waveform.seconds(),
                  distance,
                  convergence(benchmark, samples),
                  cold / 1e6,
                  cpuTimes[15] / 1e6));
    }

    private static double convergence(GriffinLimBenchmark benchmark, float[] samples) {
      Stft stft = new Stft(benchmark.spec);
      float[] truth = stft.magnitude(benchmark.waveform.samples());
      float[] found = stft.magnitude(samples);
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < truth.length; i++) {
        difference += Math.pow(found[i] - truth[i], 2);
        norm += Math.pow(truth[i], 2);
      }
      return Math.sqrt(difference / norm);
    }
  }
}
