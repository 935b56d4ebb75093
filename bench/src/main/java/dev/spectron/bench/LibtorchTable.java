package dev.spectron.bench;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link LibtorchBenchmark} and logs a table: for each workload and number of threads the time
 * of {@code cpu} over that of libtorch, median and 5th to 95th percentile of the iterations, and
 * the median times of a call. Some five minutes; an idle machine is best.
 *
 * <pre>{@code
 * mvn -q -pl bench -am package -DskipTests
 * mvn -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp bench/target/classes:$(cat bench/target/classpath) dev.spectron.bench.LibtorchTable
 * }</pre>
 *
 * <p>Takes JMH's options, for instance {@code -p threads=2 -p workload=STEP_UP}. Beside other work
 * set {@code OMP_WAIT_POLICY=PASSIVE}: libtorch's threads spin while they wait, and on cores that
 * they share they do so in place of the work.
 */
public final class LibtorchTable {
  private static final Logger LOGGER = System.getLogger(LibtorchTable.class.getName());

  private LibtorchTable() {}

  /** Runs all workloads. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(args))
                    .include(LibtorchBenchmark.class.getName())
                    .build())
            .run();
    StringBuilder table = new StringBuilder();
    table.append("| workload | threads | cpu / libtorch | p5–p95 | cpu µs | libtorch µs |\n");
    table.append("|---|---|---|---|---|---|\n");
    results.forEach(result -> table.append(row(result)));
    LOGGER.log(Level.INFO, "{0}", "\n" + table);
  }

  private static String row(RunResult result) {
    BenchmarkParams params = result.getParams();
    double[] cpu = micros(result, "cpu");
    double[] libtorch = micros(result, "djl");
    double[] ratios = new double[cpu.length];
    Arrays.setAll(ratios, i -> cpu[i] / libtorch[i]);
    return "| %s | %s | %.2f | %.2f–%.2f | %.1f | %.1f |%n"
        .formatted(
            Workload.valueOf(params.getParam("workload")).title(),
            params.getParam("threads"),
            quantile(ratios, 0.5),
            quantile(ratios, 0.05),
            quantile(ratios, 0.95),
            quantile(cpu, 0.5),
            quantile(libtorch, 0.5));
  }

  /** The mean time of a call of one side, iteration by iteration. */
  private static double[] micros(RunResult result, String side) {
    return result.getBenchmarkResults().stream()
        .map(BenchmarkResult::getIterationResults)
        .flatMap(Collection::stream)
        .mapToDouble(
            iteration ->
                counter(iteration, side + "Nanos") / counter(iteration, side + "Calls") / 1e3)
        .toArray();
  }

  private static double counter(IterationResult iteration, String name) {
    return iteration.getSecondaryResults().get(name).getScore();
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
