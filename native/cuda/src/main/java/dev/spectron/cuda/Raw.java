package dev.spectron.cuda;

import jcuda.Pointer;

/** An address as JCuda's pointer. */
final class Raw extends Pointer {
  Raw(long address) {
    super(address);
  }
}
