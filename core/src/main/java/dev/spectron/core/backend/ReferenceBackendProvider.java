package dev.spectron.core.backend;

/** Announces {@link ReferenceBackend}: there on every machine, slow on all. */
public final class ReferenceBackendProvider implements BackendProvider {
  static final String NAME = "reference";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Availability probe() {
    return new Availability(true, "scalar double precision, for checking other back ends");
  }

  @Override
  public Backend open() {
    return new ReferenceBackend();
  }
}
