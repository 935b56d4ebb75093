package dev.spectron.core.backend;

/** The parts of the contract that say something about the reference itself. */
class ReferenceLawTest implements CacheContract, LawContract, ScopeContract {
  private final ReferenceBackend reference = new ReferenceBackend();
  private final SideBySide sides =
      new SideBySide(new CheckedBackend(reference), 1e-7, System.nanoTime());

  @Override
  public SideBySide sides() {
    return sides;
  }

  @Override
  public int liveTensors() {
    return reference.liveTensors();
  }
}
