package dev.spectron.core.backend;

import dev.spectron.core.backend.BackendProvider.Availability;
import dev.spectron.core.error.BackendException;
import dev.spectron.core.error.ErrorCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds the back ends on the class path and opens one of them. */
public final class Backends {
  /** The name that asks for the best back end this machine can open. */
  public static final String AUTO = "auto";

  private static final Logger LOGGER = System.getLogger(Backends.class.getName());

  private final List<BackendProvider> providers;
  private final Logger logger;

  /** Highest rank first; equal ranks by name. */
  Backends(List<BackendProvider> providers, Logger logger) {
    this.providers =
        providers.stream()
            .sorted(
                Comparator.comparingInt(BackendProvider::rank)
                    .reversed()
                    .thenComparing(BackendProvider::name))
            .toList();
    this.logger = logger;
  }

  /**
   * Opens a back end for answering, wrapped in {@link CheckedBackend}.
   *
   * @param name a back end's name, or {@link #AUTO} for the available one with the highest rank
   * @throws BackendException if there is none of that name or it cannot open; the message holds the
   *     reason and the remedy
   */
  public static Backend open(String name) {
    Backends backends = new Backends(providers(), LOGGER);
    return AUTO.equals(name) ? backends.openBest() : backends.openNamed(name);
  }

  /** Every back end on the class path and whether it can open here, highest rank first. */
  public static List<Listing> list() {
    return new Backends(providers(), LOGGER).listings();
  }

  /** A provider that cannot be loaded is reported and left out: it must not block the others. */
  private static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    try {
      for (ServiceLoader.Provider<BackendProvider> found :
          ServiceLoader.load(BackendProvider.class).stream().toList()) {
        load(found).ifPresent(providers::add);
      }
    } catch (ServiceConfigurationError e) {
      throw new BackendException(
          "backends: expected readable provider lists on the class path, found "
              + e.getMessage()
              + "; remove the faulty jar",
          e);
    }
    return providers;
  }

  private static Optional<BackendProvider> load(ServiceLoader.Provider<BackendProvider> found) {
    try {
      return Optional.of(found.get());
    } catch (ServiceConfigurationError e) {
      LOGGER.log(Level.WARNING, "a back end cannot be loaded: " + found.type().getName(), e);
      return Optional.empty();
    }
  }

  Backend openNamed(String name) {
    BackendProvider provider =
        providers.stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
    Availability availability = provider.probe();
    if (!availability.available()) {
      throw new BackendException(
          "backend " + name + ": " + availability.detail(), ErrorCode.BACKEND_UNAVAILABLE);
    }
    return new CheckedBackend(provider.open());
  }

  private BackendException unknown(String name) {
    String known = providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
    return new BackendException(
        "backend %s: expected %s or one of [%s], found no such back end; put its jar on the class path"
            .formatted(name, AUTO, known),
        ErrorCode.BACKEND_UNKNOWN);
  }

  Backend openBest() {
    List<String> passedOver = new ArrayList<>();
    for (BackendProvider provider : providers) {
      Availability availability = provider.probe();
      if (!availability.available()) {
        passedOver.add(provider.name() + ": " + availability.detail());
        continue;
      }
      try {
        Backend backend = provider.open();
        logChoice(provider, availability, passedOver);
        return new CheckedBackend(backend);
      } catch (BackendException e) {
        logger.log(Level.WARNING, "backend " + provider.name() + " failed to open", e);
        passedOver.add(provider.name() + ": " + e.getMessage());
      }
    }
    throw new BackendException(
        "backend auto: expected one that can open, found none; passed over: " + passedOver,
        ErrorCode.BACKEND_UNAVAILABLE);
  }

  private void logChoice(
      BackendProvider provider, Availability availability, List<String> passedOver) {
    logger.log(Level.INFO, "backend auto: chose {0} ({1})", provider.name(), availability.detail());
    passedOver.forEach(reason -> logger.log(Level.DEBUG, "backend auto: passed over {0}", reason));
    if (provider.name().equals(ReferenceBackendProvider.NAME)) {
      logger.log(
          Level.WARNING,
          "backend auto: only the slow reference can open, expect minutes for an answer; passed over: {0}",
          passedOver);
    }
  }

  private List<Listing> listings() {
    return providers.stream().map(p -> new Listing(p.name(), p.rank(), p.probe())).toList();
  }

  /**
   * One back end on the class path.
   *
   * @param name the name to open it by
   * @param rank its preference under {@link #AUTO}
   * @param availability whether it can open here, and why or why not
   */
  public record Listing(String name, int rank, Availability availability) {}
}
