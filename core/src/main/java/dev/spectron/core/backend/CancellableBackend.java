package dev.spectron.core.backend;

import dev.spectron.core.error.Cancellation;
import dev.spectron.core.error.CancelledException;
import dev.spectron.core.tensor.Tensor;

/**
 * Asks after every operation whether its result is still wanted, so that no stage of a model needs
 * to: between two questions lies one operation.
 */
public final class CancellableBackend extends ForwardingBackend {
  private final Cancellation cancellation;

  /**
   * Makes a back end cancellable.
   *
   * @param inner the back end that does the work; whoever opened it closes it
   * @param cancellation asked by the thread that computes; once requested, every operation throws
   *     {@link CancelledException}
   */
  public CancellableBackend(Backend inner, Cancellation cancellation) {
    super(inner);
    this.cancellation = cancellation;
  }

  @Override
  protected Tensor made(String operation, Weight weight, Tensor result) {
    cancellation.check();
    return result;
  }
}
