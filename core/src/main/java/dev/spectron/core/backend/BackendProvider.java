package dev.spectron.core.backend;

/** How a back end announces itself to {@code ServiceLoader}. */
public interface BackendProvider {
  /** The name users choose it by, such as {@code cpu}. */
  String name();

  /** Preference under {@code auto}: the available back end with the highest rank wins. */
  int rank();

  /** Whether it can open on this machine; cheap, and never throws. */
  Availability probe();

  /**
   * Opens it for answering.
   *
   * @throws dev.spectron.core.error.BackendException if it is not available
   */
  Backend open();

  /**
   * Result of a probe.
   *
   * @param available whether {@link #open()} will work
   * @param detail what was found (such as the vector width), or the reason why not and the remedy
   */
  record Availability(boolean available, String detail) {}
}
