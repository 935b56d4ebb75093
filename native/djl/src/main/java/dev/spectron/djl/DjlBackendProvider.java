package dev.spectron.djl;

import dev.spectron.core.backend.Backend;
import dev.spectron.core.backend.BackendProvider;
import java.util.Locale;

/** Offers {@link DjlBackend} for answering. Its rank is low: it is made for training. */
public final class DjlBackendProvider implements BackendProvider {
  static final String NAME = "djl";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 5;
  }

  @Override
  public Availability probe() {
    return probe(
        System.getProperty("os.name").toLowerCase(Locale.ROOT), System.getProperty("os.arch"));
  }

  static Availability probe(String system, String processor) {
    String platform = system + " " + processor;
    if (!platform.equals("linux amd64")) {
      return new Availability(
          false, "djl: expected Linux on x86-64, found " + platform + "; choose another back end");
    }
    ClassLoader loader = DjlBackendProvider.class.getClassLoader();
    for (String resource :
        new String[] {
          "jnilib/linux-x86_64/cpu/libdjl_torch.so", "pytorch/cpu/linux-x86_64/libtorch_cpu.so"
        }) {
      if (loader.getResource(resource) == null) {
        return new Availability(
            false,
            "djl: "
                + resource
                + " is not on the class path; add the pytorch-jni and pytorch-native-cpu jars");
      }
    }
    return new Availability(true, "libtorch for " + platform);
  }

  @Override
  public Backend open() {
    return DjlBackend.open(DjlOptions.answering());
  }
}
