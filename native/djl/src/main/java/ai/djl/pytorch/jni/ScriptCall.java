package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * Calls a TorchScript method with any arguments and with gradients. It stands in DJL's package
 * because DJL's public ways give only one of the two: {@link IValueUtils#runMethod} takes scalars
 * and lists but runs in inference mode, whose results can never join a graph; {@link
 * IValueUtils#forward(PtSymbolBlock, ai.djl.ndarray.NDList, boolean)} records gradients but takes
 * tensors only and picks the method by array names.
 */
public final class ScriptCall {
  private ScriptCall() {}

  /**
   * Runs one method; whether gradients are recorded is the calling thread's gradient mode.
   *
   * @param module the module that has the method
   * @param method its name
   * @param arguments all but {@code self}
   * @return the result, to be closed by the caller
   */
  public static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
    long[] handles = new long[arguments.length];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = arguments[i].getHandle();
    }
    boolean recordable = true;
    boolean ownCudaStream = false;
    return new IValue(
        PyTorchLibrary.LIB.moduleRunMethod(
            module.getHandle(), method, handles, recordable, ownCudaStream));
  }
}
