package dev.spectron.bench.peer;

import dev.spectron.core.bundle.Json;
import dev.spectron.cpu.MachineLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has all contenders of a {@link Contest} do its work in turn, in one process, and logs one JSON
 * object: the machine, and for each contender the time of each round and its ratio to that of the
 * first, median, least and most. A round of a contender takes {@link #ROUND_NANOS} or one call.
 *
 * <pre>{@code
 * mvn -q -pl bench -am package -DskipTests
 * mvn -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Dai.djl.offline=true \
 *   -cp bench/target/classes:$(cat bench/target/classpath) dev.spectron.bench.peer.PeerTable DECODE 12
 * }</pre>
 *
 * <p>The first third of the rounds is there for the just-in-time compiler and is left out. {@code
 * ENCODER} needs 8 GB beside a heap of {@code -Xmx2g}.
 */
public final class PeerTable {
  private static final Logger LOGGER = System.getLogger(PeerTable.class.getName());
  private static final long ROUND_NANOS = 250_000_000;

  private PeerTable() {}

  /** Runs a contest for some rounds. */
  public static void main(String[] args) {
    Contest contest = Contest.valueOf(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int threads = Runtime.getRuntime().availableProcessors();
    List<Contender> contenders = contest.contenders(threads);
    double[][] seconds = new double[contenders.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < seconds.length; i++) {
        seconds[i][round] = seconds(contenders.get(i).work());
      }
      LOGGER.log(Level.INFO, "round {0} of {1}", round + 1, rounds);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("contest", contest.name());
    report.put("machine", machine(threads));
    report.put("contenders", contenders(contenders, seconds, rounds / 3));
    contenders.forEach(contender -> contender.close().run());
    LOGGER.log(Level.INFO, "{0}", Json.document(report));
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    int calls = 0;
    do {
      work.run();
      calls++;
    } while (System.nanoTime() - start < ROUND_NANOS);
    return (System.nanoTime() - start) / 1e9 / calls;
  }

  private static Map<String, Object> machine(int threads) {
    MachineLimits limits = MachineLimits.measure(threads);
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("java", Runtime.version().toString());
    machine.put("threads", threads);
    machine.put("read_gigabytes_per_second", limits.readGigabytes());
    machine.put("gigaflops", limits.gigaflops());
    return machine;
  }

  private static List<Map<String, Object>> contenders(
      List<Contender> contenders, double[][] seconds, int warmUp) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      double[] own = Arrays.copyOfRange(seconds[i], warmUp, seconds[i].length);
      double[] ratios = new double[own.length];
      for (int round = 0; round < own.length; round++) {
        ratios[round] = own[round] / seconds[0][warmUp + round];
      }
      Map<String, Object> contender = new LinkedHashMap<>();
      contender.put("name", contenders.get(i).name());
      contender.put("median_seconds", quantile(own, 0.5));
      contender.put("median_ratio", quantile(ratios, 0.5));
      contender.put("least_ratio", quantile(ratios, 0));
      contender.put("most_ratio", quantile(ratios, 1));
      contender.put("seconds", own);
      all.add(contender);
    }
    return all;
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
