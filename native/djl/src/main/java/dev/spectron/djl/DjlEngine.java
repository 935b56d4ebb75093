package dev.spectron.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtEngine;
import dev.spectron.core.error.BackendException;

/** Loads DJL's PyTorch engine. */
final class DjlEngine {
  private DjlEngine() {}

  /**
   * The engine. DJL reads its settings from system properties when it loads: offline, so that it
   * neither downloads nor reports use, and one thread between operations, since a model is a chain.
   * A property the user has set stays.
   */
  static Engine load() {
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    setDefault("ai.djl.pytorch.num_interop_threads", "1");
    try {
      return Engine.getEngine(PtEngine.ENGINE_NAME);
    } catch (EngineException e) {
      throw new BackendException(
          "djl: libtorch does not load: "
              + e.getMessage()
              + "; check the pytorch-jni and pytorch-native jars",
          e);
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
