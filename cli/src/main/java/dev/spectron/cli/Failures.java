package dev.spectron.cli;

import dev.spectron.core.error.AudioException;
import dev.spectron.core.error.CapacityException;
import dev.spectron.core.error.SpokenLmException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final int FAILED = 1;
  private static final int WRONG_COMMAND_LINE = 2;

  private final Console console;
  private final BooleanSupplier trace;

  Failures(Console console, BooleanSupplier trace) {
    this.console = console;
    this.trace = trace;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    print(withHelp(message(e), e.getCommandLine()), e);
    return WRONG_COMMAND_LINE;
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return e.getMessage() + ", perhaps " + unmatched.getSuggestions().getFirst();
    }
    return e.getMessage().replaceFirst("^Error: ", "");
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof UsageException) {
      print(withHelp(e.getMessage(), command), e);
      return WRONG_COMMAND_LINE;
    }
    return report(e);
  }

  /** Prints a failure; returns the exit code. */
  int report(Throwable e) {
    print(
        switch (e) {
          case SpokenLmException known -> known.getMessage();
          case OutOfMemoryError memory ->
              "out of memory (%s); give Java more, such as SPECTRON_JAVA_OPTS=-Xmx8g"
                  .formatted(memory.getMessage());
          default -> "unexpected " + e + "; run again with --trace and report it";
        },
        e);
    return FAILED;
  }

  /**
   * Works on one recording of several; a bad one is reported and does not keep the others from
   * being worked on.
   *
   * @return whether it was a good one
   */
  boolean survived(String recording, Runnable work) {
    try {
      work.run();
      return true;
    } catch (AudioException e) {
      report(e);
    } catch (CapacityException e) {
      report(new CapacityException(recording + ": " + e.getMessage(), e));
    }
    return false;
  }

  private static String withHelp(String message, CommandLine command) {
    return message + "; see " + command.getCommandSpec().qualifiedName() + " --help";
  }

  private void print(String message, Throwable e) {
    console.flush();
    console.err().println("spectron: " + oneLine(message));
    if (trace.getAsBoolean()) {
      e.printStackTrace(console.err());
    }
  }

  /** A file's name may hold line breaks and escape sequences; a message must not. */
  static String oneLine(String message) {
    return message.replaceAll("\\R+\\s*", " ").replaceAll("\\p{Cntrl}", "?");
  }
}
