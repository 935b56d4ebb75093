package dev.spectron.core.backend;

enum AbsentKvCache implements KvCache {
  NONE;

  static final Layer LAYER = () -> 0;

  @Override
  public int position() {
    return 0;
  }

  @Override
  public int capacity() {
    return 0;
  }

  @Override
  public Layer layer(int index) {
    return LAYER;
  }

  @Override
  public void advance(int frames) {}

  @Override
  public void close() {}
}
