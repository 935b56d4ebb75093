package dev.spectron.core.bundle;

import dev.spectron.core.error.BundleException;
import dev.spectron.core.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files of a bundle come from. */
sealed interface BundleFiles {
  /** Whether there is a file {@code name}. */
  boolean exists(String name);

  /** The text of file {@code name}, of at most {@code maxBytes}. */
  String text(String name, int maxBytes);

  /** The tensors of file {@code name}. */
  Safetensors tensors(String name);

  /** Takes the bytes of file {@code name} into a hash. */
  void addTo(ContentHash hash, String name);

  /** Files in a folder; tensors are mapped. */
  record InFolder(Path folder) implements BundleFiles {
    @Override
    public boolean exists(String name) {
      return Files.exists(folder.resolve(name));
    }

    @Override
    public String text(String name, int maxBytes) {
      return Json.text(folder.resolve(name), maxBytes);
    }

    @Override
    public Safetensors tensors(String name) {
      return Safetensors.open(folder.resolve(name));
    }

    @Override
    public void addTo(ContentHash hash, String name) {
      hash.add(folder.resolve(name));
    }
  }

  /** Resources of a class loader, which may lie inside a jar; tensors are read into memory. */
  record InResources(ClassLoader loader, String folder) implements BundleFiles {
    private static final int MAX_BYTES = 256 << 20;

    @Override
    public boolean exists(String name) {
      return loader.getResource(folder + "/" + name) != null;
    }

    @Override
    public String text(String name, int maxBytes) {
      try (InputStream in = open(name)) {
        return Json.text(name, in, maxBytes);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    @Override
    public Safetensors tensors(String name) {
      try (InputStream in = open(name)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new BundleException(
              "%s: expected at most %d bytes in a resource, found more; unpack the bundle into a folder"
                  .formatted(name, MAX_BYTES));
        }
        return Safetensors.of(name, bytes);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    @Override
    public void addTo(ContentHash hash, String name) {
      try (InputStream in = open(name)) {
        hash.add(in);
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }

    private InputStream open(String name) {
      InputStream in = loader.getResourceAsStream(folder + "/" + name);
      if (in == null) {
        throw new BundleException(
            folder + "/" + name + ": no such resource; put the model's jar on the class path",
            ErrorCode.BUNDLE_MISSING);
      }
      return in;
    }

    private BundleException unreadable(String name, IOException e) {
      return new BundleException(folder + "/" + name + ": cannot be read (" + e + ")", e);
    }
  }
}
